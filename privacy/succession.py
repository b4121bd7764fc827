"""A round that is released again: who stood in which release, and what the ledger lets nobody publish.

Each certificate says by how many people, first counted when, it was made. From these rows, and nothing else, everybody
who holds the ledger tells how many came and how many left between any two releases of a round. Who left had to say so:
of those a bundle no longer holds, each is known to be withdrawn.
"""

from collections.abc import Mapping, Sequence

from privacy.audit.figures import Stay
from privacy.candidate import Candidate
from privacy.certificate import Certificate
from privacy.errors import ReleaseRefused
from privacy.planned import MOST_CROSSES
from privacy.release import Release

NEW = 50
"""New responses that a further snapshot of an open round needs, as its bundle does."""
MOST_TABLES = 40
"""Tables of one question that a release may show."""

People = tuple[int, ...]
"""People counted in a release, by the release of their round in which they first were."""


def before(round_id: str, releases: Sequence[Release]) -> tuple[Release, ...]:
    """Releases of a round that hold figures, in their order: its line."""
    return tuple(
        each for each in releases if each.candidate.round == round_id and each.candidate.respondents is not None
    )


def people_of(certificate: Certificate) -> People:
    """The row of a certificate."""
    return certificate.since or (certificate.people,)


def rows(line: Sequence[Release], now: People) -> tuple[People, ...]:
    """The row of each release of a line, and of the one that follows it.

    Raises ReleaseRefused: `earlier-bundle` where the last row does not speak of every release, `other-people` where
    rows contradict each other.
    """
    every = (*(people_of(each.candidate.certificate) for each in line if each.candidate.certificate is not None), now)
    if len(now) != len(every):
        raise ReleaseRefused("earlier-bundle", tuple(f"release {each.number}" for each in line))
    for number, row in enumerate(every):
        earlier = every[number - 1] if number else ()
        if len(row) != number + 1 or any(later > sooner for later, sooner in zip(row, earlier, strict=False)):
            raise ReleaseRefused("other-people")
    return every


def patterns(every: Sequence[People]) -> dict[Stay, tuple[int, int]]:
    """How many people stand in which snapshots, exactly."""
    last = len(every) - 1
    sizes = {
        Stay(first, until): every[until][first] - (every[until + 1][first] if until < last else 0)
        for until in range(last + 1)
        for first in range(until + 1)
    }
    return {stay: (size, size) for stay, size in sizes.items() if size or stay == Stay(0, last)}


def joined(sizes: Mapping[Stay, tuple[int, int]], sooner: int, after: int) -> int:
    """People of snapshot `after` who did not stand in the earlier one `sooner`."""
    return sum(size for stay, (size, _) in sizes.items() if sooner < stay.first <= after <= stay.last)


def left(sizes: Mapping[Stay, tuple[int, int]], sooner: int, after: int) -> int:
    """People of snapshot `sooner` who no longer stand in the later one `after`."""
    return sum(size for stay, (size, _) in sizes.items() if stay.first <= sooner <= stay.last < after)


def check_succession(candidate: Candidate, releases: Sequence[Release], now: People) -> dict[Stay, tuple[int, int]]:
    """The patterns of a candidate's round, if as a whole it may be released again.

    Raises ReleaseRefused.
    """
    line = before(candidate.round, releases)
    for each in line:
        _check_same(candidate, each)
    _check_budget(candidate, line)
    sizes = patterns(rows(line, now))
    least, last = candidate.rules.threshold, len(line)
    for place, each in enumerate(line):
        where = (f"release {each.number}",)
        if 0 < left(sizes, place, last) < least:
            raise ReleaseRefused("few-left", where)
        if 0 < joined(sizes, place, last) < least:
            raise ReleaseRefused("few-joined", where)
    if line and candidate.method.snapshot and 0 < joined(sizes, last - 1, last) < NEW:
        raise ReleaseRefused("few-new", (f"release {line[-1].number}",))
    return sizes


def _check_same(candidate: Candidate, earlier: Release) -> None:
    """One round has one form, one key, one server and one set of thresholds, through all its releases."""
    if _of_round(candidate) != _of_round(earlier.candidate):
        raise ReleaseRefused("other-round", (f"release {earlier.number}",))


def _of_round(candidate: Candidate) -> tuple[object, ...]:
    return candidate.subject.hash, candidate.method.key_id, candidate.method.server_key, candidate.rules


def _check_budget(candidate: Candidate, line: Sequence[Release]) -> None:
    """The crosses of a round, by opinion group too, are the same few in all its releases."""
    every = [each.candidate for each in line] + [candidate]
    crosses = {cross.id for each in every for cross in each.crosses if cross.cells}
    if len(crosses) > MOST_CROSSES or sum(bool(table.rows) for table in candidate.every_table) > MOST_TABLES:
        raise ReleaseRefused("too-many-tables")
    found_before = [
        each
        for each in every[:-1]
        if each.method.bundle_root != candidate.method.bundle_root and any(cross.cells for cross in each.groups)
    ]
    if found_before and (again := tuple(cross.id for cross in candidate.groups if cross.cells)):
        raise ReleaseRefused("other-groups", again)

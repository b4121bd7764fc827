"""What is released, and what a release must stand: pure, so that whoever holds ledger and candidate can try it again.

The desk judges on true counts, which accomplices' answers can be told by; anybody else judges what is published as a
reader would. Both read exactly the same figures: the certificate carries their fingerprint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from flows.model import Frozen, Slug
from privacy.candidate import Candidate
from privacy.certificate import Hash, Vote
from privacy.errors import ReleaseRefused
from privacy.rules import T_FLOOR, Rules
from privacy.tables import Counts, Earlier, Head, Row

MOST_RELEASES = 4
"""Releases of one consultation. A choice: whoever needs more asks a new consultation, with its own consent."""


class Release(Frozen):
    """One line of the ledger, as its own file: a candidate that passed audit and two votes."""

    format: Literal["sauti-release"]
    version: Literal[1]
    consultation: Slug
    number: int = Field(ge=1)
    """Counter within the ledger; printed in every document, so that a ledger which lost its end is noticed."""
    previous: Hash
    """Head of the ledger before it."""
    candidate: Candidate
    votes: tuple[Vote, Vote]
    """In the order of their keys, so that one release is written in one way only."""

    @property
    def week(self) -> str:
        """ISO week in which the later vote was cast: its date, which nobody can change who has not both keys."""
        return max(vote.week for vote in self.votes)

    def to_json(self) -> bytes:
        """The file: indented, one field a line, a newline at the end."""
        return self.model_dump_json(indent=2).encode() + b"\n"


def rules_of(candidate: Candidate) -> Rules:
    """The rules that a candidate says it was made by.

    Raises ReleaseRefused `lax-rules` where they are weaker than this program allows.
    """
    said = candidate.rules
    rules = Rules(t=said.threshold - said.s, t_sensitive=said.threshold_sensitive - said.s, s=said.s)
    floor = Rules()
    shown = said.base, said.min_numbers, said.percent_from
    if rules.t < T_FLOOR or rules.t_sensitive < floor.t_sensitive:
        raise ReleaseRefused("lax-rules")
    if shown != (rules.base, rules.min_numbers, rules.percent_from) or said.s < 0:
        raise ReleaseRefused("lax-rules")
    return rules


def check_order(candidate: Candidate, releases: Sequence[Release]) -> None:
    """Raises ReleaseRefused where a rule about releases forbids this one, whatever its figures are.

    What lies between two releases of one round, those who came and those who took back what they had said, is
    `privacy.succession`'s and `privacy.moves`'.
    """
    if len(releases) >= MOST_RELEASES:
        raise ReleaseRefused("budget")
    if any(each.candidate.rehearsal is not candidate.rehearsal for each in releases):
        raise ReleaseRefused("rehearsal-and-live")
    if other := other_schemes(candidate, releases):
        raise ReleaseRefused("other-scheme", other)


def other_schemes(candidate: Candidate, releases: Sequence[Release]) -> tuple[str, ...]:
    """Tables that were published in other categories before: bands that shift can be subtracted from each other."""
    known = {name: scheme for each in releases for name, scheme in _schemes(each.candidate)}
    return tuple(name for name, scheme in _schemes(candidate) if known.get(name, scheme) != scheme)


Scheme = frozenset[frozenset[str]]


def _schemes(candidate: Candidate) -> Iterator[tuple[str, tuple[Scheme, ...]]]:
    """Each table that is shown, and its categories. Opinion groups are found anew each time: they have none."""
    for table in candidate.every_table:
        if table.rows:
            yield table.id, (_scheme(table.rows),)
    for cross in candidate.pairs:
        if cross.cells:
            yield cross.id, (_scheme(cross.rows), _scheme(cross.columns))


def _scheme(heads: Sequence[Row | Head]) -> Scheme:
    return frozenset(frozenset(head.of or (head.code,)) for head in heads)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of the people of a candidate: how many, and at the desk their counts."""

    people: int
    counts: Counts = field(default_factory=Counts, repr=False)
    since: tuple[int, ...] = ()
    """Of a round that was released before: these people by the release in which they were first counted."""
    earlier: tuple[Earlier, ...] = field(default=(), repr=False)
    """The same round's earlier releases, in their order."""


def published_as(candidate: Candidate, releases: Sequence[Release]) -> Release | None:
    """The release that this very candidate has become."""
    return next((each for each in releases if each.candidate == candidate), None)


def next_release(candidate: Candidate, votes: tuple[Vote, Vote], head: str, releases: Sequence[Release]) -> Release:
    """The release of a checked candidate behind a ledger of this head and these releases, or the one it is already.

    Raises ReleaseRefused `moved-on` where something came in between since it was checked.
    """
    before = published_as(candidate, releases)
    if before is not None:
        return before
    if candidate.method.ledger_head != head:
        raise ReleaseRefused("moved-on")
    first, second = sorted(votes, key=lambda vote: vote.key)
    return Release(
        format="sauti-release", version=1, consultation=candidate.subject.id, number=len(releases) + 1, previous=head,
        candidate=candidate, votes=(first, second),
    )  # fmt: skip

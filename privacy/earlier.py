"""Who of a bundle stood in which earlier release of its round: read from the bundles they were counted from.

Which bundle that is, its root says. Only ids are compared, which stand outside of what is sealed. A response that is no
longer there must have been withdrawn, and is not opened: what its giver had said is known as it was printed, and no
further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from privacy.bundles import Bundle, ranges, read_range, verify
from privacy.errors import ReleaseRefused
from privacy.release import Release
from storage.envelope import response


@dataclass(frozen=True, slots=True)
class Standing:
    """For each response of a bundle, in its order, the first release of the line it stood in; the last for none."""

    firsts: bytes
    groups: int
    """Releases of the line, and the one that is being made."""


def standing(bundle: Bundle, line: Sequence[Release], paths: Sequence[Path], withdrawn: frozenset[bytes]) -> Standing:
    """Where each response of `bundle` first stood.

    Args:
        bundle: what is being counted.
        line: earlier releases of its round.
        paths: the bundles of these, in any order.
        withdrawn: every response of the round that is known to be withdrawn.

    Raises:
        BundleRefused, ResponseRefused: a bundle is not what the server signed.
        ReleaseRefused: `earlier-bundle`, `not-earlier`, `gone` or `came-back`.
    """
    if not line:
        if paths:
            raise ReleaseRefused("not-earlier")
        return Standing(bytes(bundle.manifest.count), 1)
    before = _matched(line, [verify(path, bundle.manifest.server_key) for path in paths])
    here = tuple(_ids(bundle))
    now = frozenset(here)
    for release, then in zip(line, before, strict=True):
        if not then - now <= withdrawn:
            raise ReleaseRefused("gone", (f"release {release.number}",))
    first = dict.fromkeys(here, len(line))
    for place in reversed(range(len(line))):
        first.update(dict.fromkeys(before[place] & now, place))
    for place, (release, then) in enumerate(zip(line, before, strict=True)):
        if any(first[each] < place for each in now - then):
            raise ReleaseRefused("came-back", (f"release {release.number}",))
    return Standing(bytes(first[each] for each in here), len(line) + 1)


def _matched(line: Sequence[Release], bundles: Sequence[Bundle]) -> list[frozenset[bytes]]:
    """Ids of the bundle of each release."""
    by_root = {each.manifest.root.hex(): each for each in bundles}
    wanted = [each.candidate.method.bundle_root for each in line]
    missing = tuple(f"release {each.number}" for each in line if each.candidate.method.bundle_root not in by_root)
    if missing:
        raise ReleaseRefused("earlier-bundle", missing)
    if not by_root.keys() <= set(wanted):
        raise ReleaseRefused("not-earlier")
    return [frozenset(_ids(by_root[root])) for root in wanted]


def _ids(bundle: Bundle) -> Iterator[bytes]:
    return (response.read_header(blob).response_id for part in ranges(bundle, 1) for blob in read_range(part))

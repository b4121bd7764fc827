"""Who of a bundle stood in which earlier release of its round: told by the bundles they were counted from.

Which bundle that is, its root says. Only ids are compared, which stand outside of what is sealed. A response that is no
longer there must have been withdrawn, and is not opened: what its giver had said is known as it was printed, and no
further.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from privacy.errors import ReleaseRefused
from privacy.release import Release


@dataclass(frozen=True, slots=True)
class Standing:
    """For each response of a bundle, in its order, the first release of the line it stood in; the last for none."""

    firsts: bytes
    groups: int
    """Releases of the line, and the one that is being made."""


def standing(
    here: Sequence[bytes], line: Sequence[Release], bundles: Mapping[str, frozenset[bytes]], withdrawn: frozenset[bytes]
) -> Standing:
    """Where each response first stood.

    Args:
        here: ids of the responses of the bundle that is being counted, in its order.
        line: earlier releases of its round.
        bundles: ids in the bundles of these, by root.
        withdrawn: every response of the round that is known to be withdrawn.

    Raises ReleaseRefused: `earlier-bundle`, `not-earlier`, `gone` or `came-back`.
    """
    before = _matched(line, bundles)
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


def _matched(line: Sequence[Release], bundles: Mapping[str, frozenset[bytes]]) -> list[frozenset[bytes]]:
    """Ids in the bundle of each release."""
    wanted = [each.candidate.method.bundle_root for each in line]
    missing = tuple(f"release {each.number}" for each in line if each.candidate.method.bundle_root not in bundles)
    if missing:
        raise ReleaseRefused("earlier-bundle", missing)
    if not bundles.keys() <= set(wanted):
        raise ReleaseRefused("not-earlier")
    return [bundles[root] for root in wanted]

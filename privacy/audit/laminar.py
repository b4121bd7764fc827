"""When flow is exact: sets of people that fall into two families, in each of which any two are nested or apart.

A constraint matrix of two laminar families is a network matrix and so totally unimodular (Edmonds and Giles 1977;
Schrijver, *Combinatorial Optimization*, section 13.4): bounds in whole numbers are those of a flow. A table of two
questions with its margins is of this kind, and so are the tables of one question through releases from which nobody
went away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from privacy.audit.flow import Arc, Network

Bits = int
"""A set of columns."""


def cross(one: Bits, other: Bits) -> bool:
    """Whether two sets overlap and neither holds the other."""
    both = one & other
    return bool(both) and both not in {one, other}


def two_families(sets: Sequence[Bits]) -> tuple[list[Bits], list[Bits]] | None:
    """The sets in two laminar families; None where there are none such."""
    conflicts = {each: [other for other in sets if cross(each, other)] for each in sets}
    side: dict[Bits, int] = {}
    for start in sets:
        if start in side:
            continue
        side[start] = 0
        line = [start]
        while line:
            each = line.pop()
            for other in conflicts[each]:
                if other not in side:
                    side[other] = 1 - side[each]
                    line.append(other)
                elif side[other] == side[each]:
                    return None
    return [each for each in sets if not side[each]], [each for each in sets if side[each]]


@dataclass(slots=True)
class _Tree:
    """A laminar family as a tree, from its root down to the columns."""

    sets: list[Bits]
    first: int
    """Number of the root's node."""
    node: dict[Bits, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sets.sort(key=int.bit_count)
        self.node = {each: self.first + 1 + place for place, each in enumerate(self.sets)}

    def above(self, inner: Bits) -> int:
        """Node of the smallest set that holds `inner` and more, or the root."""
        return next((self.node[each] for each in self.sets if each != inner and each & inner == inner), self.first)


class Transport:
    """Bounds of sets of columns as flow. `exact` says of which sets it can tell."""

    def __init__(self, sets: Sequence[Bits], bounds: Sequence[tuple[int, int]], columns: int) -> None:
        """Takes each set with the bounds of its sum.

        Raises:
            ValueError: the sets do not fall into two laminar families, or nothing fits all bounds.
        """
        wide = [each for each in sets if each.bit_count() > 1]
        families = two_families(wide)
        if families is None:
            raise ValueError("not two laminar families")
        known = dict(zip(sets, bounds, strict=True))
        most = sum(high for _, high in bounds)
        down, up = _Tree(families[0], 0), _Tree(families[1], 1 + len(families[0]))
        self._arc: dict[Bits, int] = {}
        arcs = [Arc(up.first, down.first, 0, most)]
        for tree in (down, up):
            for each in tree.sets:
                ends = (tree.above(each), tree.node[each])
                self._arc[each] = len(arcs)
                arcs.append(Arc(*(ends if tree is down else ends[::-1]), *known[each]))
        self._columns = range(len(arcs), len(arcs) + columns)
        for column in range(columns):
            single = 1 << column
            self._arc[single] = len(arcs)
            arcs.append(Arc(down.above(single), up.above(single), *known.get(single, (0, most))))
        self._network = Network(2 + len(families[0]) + len(families[1]), arcs)

    def tells(self, each: Bits) -> bool:
        """Whether `bounds` can be asked of this set."""
        return each in self._arc

    def bounds(self, each: Bits) -> tuple[int, int]:
        """Smallest and largest number of people that can stand in a set."""
        return self._network.bounds(self._arc[each])

    def worlds(self, each: Bits) -> tuple[list[int], list[int]]:
        """People in each column in a world where fewest stand in a set, and in one where most do."""
        return self._network.extremes(self._arc[each], self._columns)


def with_targets(sets: Sequence[Bits], wanted: Iterable[Bits]) -> list[Bits] | None:
    """`sets`, and as many of the sets wanted as two laminar families can take in; None where not even `sets` fit."""
    families = two_families(sets)
    if families is None:
        return None
    taken = set(sets)
    for each in wanted:
        fits = next((family for family in families if not any(cross(each, other) for other in family)), None)
        if each not in taken and fits is not None:
            fits.append(each)
            taken.add(each)
    return [*families[0], *families[1]]

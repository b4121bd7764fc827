"""When flow is exact: sets of people that fall into two families, in each of which any two are nested or apart.

A constraint matrix of two laminar families is a network matrix and so totally unimodular (Edmonds and Giles 1977;
Schrijver, *Combinatorial Optimization*, section 13.4): bounds in whole numbers are those of a flow. A table of two
questions with its margins is of this kind, and so are the tables of one question through releases from which nobody
went away.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from privacy.audit.flow import Arc, Network

Bits = int
"""A set of columns."""


def cross(one: Bits, other: Bits) -> bool:
    """Whether two sets overlap and neither holds the other."""
    both = one & other
    return bool(both) and both not in {one, other}


def two_families(sets: Sequence[Bits]) -> tuple[list[Bits], list[Bits]] | None:
    """The sets in two laminar families; None where there are none such."""
    conflicts = _conflicts(sets)
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


def _conflicts(sets: Sequence[Bits]) -> dict[Bits, list[Bits]]:
    """For each set those that it overlaps; a single column overlaps nothing."""
    found: dict[Bits, list[Bits]] = {each: [] for each in sets}
    for one, other in combinations([each for each in sets if each & (each - 1)], 2):
        if cross(one, other):
            found[one].append(other)
            found[other].append(one)
    return found


class _Tree:
    """A laminar family as a tree, from its root down to the columns."""

    def __init__(self, sets: Sequence[Bits], first: int, columns: int) -> None:
        """Takes a family, the number of the root's node, and how many columns there are."""
        self.first = first
        self.ends: dict[Bits, tuple[int, int]] = {}
        """For each set the node of the smallest one around it, or the root, and its own."""
        self.above = [first] * columns
        """For each column the node of the smallest set that holds it, or the root."""
        for node, each in enumerate(sorted(sets, key=int.bit_count, reverse=True), first + 1):
            members = _columns(each)
            self.ends[each] = self.above[members[0]], node
            for column in members:
                self.above[column] = node


def _columns(each: Bits) -> list[int]:
    """The columns of a set, in order."""
    return [place for place, digit in enumerate(reversed(f"{each:b}")) if digit == "1"]


class Transport:
    """Bounds of sets of columns as flow. `exact` says of which sets it can tell."""

    def __init__(self, sets: Sequence[Bits], bounds: Sequence[tuple[int, int]], columns: int) -> None:
        """Takes each set with the bounds of its sum.

        Raises:
            ValueError: the sets do not fall into two laminar families, or nothing fits all bounds.
        """
        wide = [each for each in sets if each & (each - 1)]
        families = two_families(wide)
        if families is None:
            raise ValueError("not two laminar families")
        known = dict(zip(sets, bounds, strict=True))
        most = sum(high for _, high in bounds)
        down = _Tree(families[0], 0, columns)
        up = _Tree(families[1], 1 + len(families[0]), columns)
        self._arc: dict[Bits, int] = {}
        arcs = [Arc(up.first, down.first, 0, most)]
        for tree in (down, up):
            for each, (outer, inner) in tree.ends.items():
                self._arc[each] = len(arcs)
                ends = (outer, inner) if tree is down else (inner, outer)
                arcs.append(Arc(*ends, *known[each]))
        self._columns = range(len(arcs), len(arcs) + columns)
        for column, (tail, head) in enumerate(zip(down.above, up.above, strict=True)):
            single = 1 << column
            self._arc[single] = len(arcs)
            arcs.append(Arc(tail, head, *known.get(single, (0, most))))
        self._arcs, self._nodes = arcs, 2 + len(wide)
        self._network = Network(self._nodes, arcs)

    def tells(self, each: Bits) -> bool:
        """Whether `bounds` can be asked of this set."""
        return each in self._arc

    def bounds(self, each: Bits) -> tuple[int, int]:
        """Smallest and largest number of people that can stand in a set."""
        return self._network.bounds(self._arc[each])

    def room(self, known: int) -> list[bool]:
        """For each column whether it may hold fewer than so many, so that knowing them there tells anything."""
        return [self._arcs[arc].low < known for arc in self._columns]

    def bounds_holding(self, each: Bits, known: Sequence[int]) -> tuple[int, int]:
        """The same as `bounds` for whoever knows so many people of each column.

        Raises:
            ValueError: so many people cannot stand there.
        """
        arcs = self._arcs.copy()
        for arc, people in zip(self._columns, known, strict=True):
            if people > arcs[arc].low:
                arcs[arc] = arcs[arc]._replace(low=people)
        return Network(self._nodes, arcs).bounds(self._arc[each])

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

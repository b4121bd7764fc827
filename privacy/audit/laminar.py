"""When flow is exact: sets of people that fall into two families, in each of which any two are nested or apart.

A constraint matrix of two laminar families is a network matrix and so totally unimodular (Edmonds and Giles 1977;
Schrijver, *Combinatorial Optimization*, section 13.4): bounds in whole numbers are those of a flow. A table of two
questions with its margins is of this kind, and so are the tables of one question through releases from which nobody
went away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from privacy.audit.atoms import Mask
from privacy.audit.flow import Arc, Network

Bits = int
"""A set of columns."""


def bits(mask: Mask) -> Bits:
    """A set of columns as one number."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


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


PATTERNS = 512
"""Families of sets that are remembered; a choice. Tables of one form share a few, and no count stands in them."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """Two families laid out as a network, whatever the bounds are."""

    nodes: int
    ends: tuple[tuple[int, int], ...]
    """Of each arc."""
    arc: Mapping[Bits, int]
    """Of each set, and of each column by itself."""
    columns: range
    """Arcs of the columns, in order."""


@lru_cache(PATTERNS)
def _laid(sets: tuple[Bits, ...], columns: int) -> _Laid:
    families = two_families(sets)
    if families is None:
        raise ValueError("not two laminar families")
    down = _Tree(families[0], 0, columns)
    up = _Tree(families[1], 1 + len(families[0]), columns)
    arc: dict[Bits, int] = {}
    ends = [(up.first, down.first)]
    for tree in (down, up):
        for each, (outer, inner) in tree.ends.items():
            arc[each] = len(ends)
            ends.append((outer, inner) if tree is down else (inner, outer))
    singles = range(len(ends), len(ends) + columns)
    for column, place in enumerate(singles):
        arc[1 << column] = place
    ends += zip(down.above, up.above, strict=True)
    return _Laid(2 + len(sets), tuple(ends), arc, singles)


class Transport:
    """Bounds of sets of columns as flow. `exact` says of which sets it can tell."""

    def __init__(self, sets: Sequence[Bits], bounds: Sequence[tuple[int, int]], columns: int) -> None:
        """Takes each set with the bounds of its sum.

        Raises:
            ValueError: the sets do not fall into two laminar families, or nothing fits all bounds.
        """
        laid = _laid(tuple(each for each in sets if each & (each - 1)), columns)
        most = sum(high for _, high in bounds)
        arcs = [Arc(tail, head, 0, most) for tail, head in laid.ends]
        for each, (low, high) in zip(sets, bounds, strict=True):
            if each:  # in a set without columns nobody can stand
                place = laid.arc[each]
                arcs[place] = arcs[place]._replace(low=low, high=high)
        self._arc, self._columns = laid.arc, laid.columns
        self._arcs, self._nodes = arcs, laid.nodes
        self._network = Network(self._nodes, arcs)

    def tells(self, each: Bits) -> bool:
        """Whether `bounds` can be asked of this set."""
        return each in self._arc

    def bounds(self, each: Bits) -> tuple[int, int]:
        """Smallest and largest number of people that can stand in a set."""
        return self._network.bounds(self._arc[each])

    def worlds_holding(self, each: Bits, known: Sequence[int]) -> tuple[list[int], list[int]]:
        """The same as `worlds` where so many people, at least, stand in each column.

        Raises:
            ValueError: so many people cannot stand there.
        """
        arcs = self._arcs.copy()
        for arc, people in zip(self._columns, known, strict=True):
            if people > arcs[arc].low:
                arcs[arc] = arcs[arc]._replace(low=people)
        return Network(self._nodes, arcs).extremes(self._arc[each], self._columns)

    def worlds(self, each: Bits) -> tuple[list[int], list[int]]:
        """People in each column in a world where fewest stand in a set, and in one where most do."""
        return self._network.extremes(self._arc[each], self._columns)


@lru_cache(PATTERNS)
def with_targets(sets: tuple[Bits, ...], wanted: tuple[Bits, ...]) -> tuple[Bits, ...] | None:
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
    return (*families[0], *families[1])

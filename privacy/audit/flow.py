"""Exact smallest and largest value of a number in a network where everything else is known only between bounds.

One circulation that keeps all bounds is found first. From there an arc can rise by whatever can still flow from its
head back to its tail, and fall by what can flow the other way (Ahuja, Magnanti and Orlin, *Network Flows*, chapters 6
and 7); each answer is the starting point of the next. All numbers are whole. `privacy.circulation`, whose search serves
here, answers the same for the desk, which knows one circulation that holds: the truth.
"""

from collections.abc import Sequence
from typing import NamedTuple

from privacy.circulation import shortest


class Arc(NamedTuple):
    """A number: from which node it comes, into which it goes, and between what it must stay."""

    tail: int
    head: int
    low: int
    high: int


class Network:
    """Nodes numbered from 0, and arcs; parallel ones are fine."""

    def __init__(self, nodes: int, arcs: Sequence[Arc]) -> None:
        """Finds a circulation. Raises ValueError where none keeps the bounds."""
        self._arcs = arcs
        self._out: list[list[int]] = [[] for _ in range(nodes)]
        self._to: list[int] = []
        self._room: list[int] = []
        excess = [0] * nodes
        for number, (tail, head, low, high) in enumerate(arcs):
            if low > high:
                raise ValueError("an arc without room")
            excess[tail] -= low
            excess[head] += low
            self._to += (head, tail)
            self._room += (high - low, 0)
            # Two entries an arc, so that the way back is one bit away; an arc that cannot move is on no way at all.
            if low < high:
                self._out[tail].append(2 * number)
                self._out[head].append(2 * number + 1)
        self._level(excess)
        # Edges without room in some circulation found so far: that arc's bound is attained, and need not be looked for.
        self._attained = {edge for edge, room in enumerate(self._room) if not room}

    def bounds(self, arc: int) -> tuple[int, int]:
        """Smallest and largest value of an arc."""
        tail, head, low, high = self._arcs[arc]
        there, back = 2 * arc, 2 * arc + 1
        if there not in self._attained:
            self._push(head, tail, self._room[there], arc)
            high = low + self._room[back]
        if back not in self._attained:
            self._push(tail, head, self._room[back], arc)
            low += self._room[back]
        return low, high

    def extremes(self, arc: int, of: range) -> tuple[list[int], list[int]]:
        """Values of some arcs where `arc` is smallest, and where it is largest."""
        tail, head, _, _ = self._arcs[arc]
        self._push(head, tail, self._room[2 * arc], arc)
        most = self._values(of)
        self._push(tail, head, self._room[2 * arc + 1], arc)
        return self._values(of), most

    def _values(self, of: range) -> list[int]:
        return [self._arcs[arc].low + self._room[2 * arc + 1] for arc in of]

    def _push(self, source: int, sink: int, wanted: int, arc: int) -> None:
        """Moves at most `wanted` round `arc`: from source to sink without it, and through it the other way."""
        room, pushed = self._room, 0
        through = 2 * arc if self._to[2 * arc] == source else 2 * arc + 1
        # The number itself moves with every unit that goes round, so that what is left is a circulation again; while
        # ways are looked for it is no way.
        own = room[through], room[through ^ 1]
        room[through] = room[through ^ 1] = 0
        while pushed < wanted and (path := shortest(self._out, self._to, room, source, (sink,))):
            step = min(wanted - pushed, *[room[edge] for edge in path])
            self._move(path, step)
            self._attained.update([edge for edge in path if not room[edge]])
            pushed += step
        room[through], room[through ^ 1] = own[0] - pushed, own[1] + pushed
        if pushed == own[0]:
            self._attained.add(through)

    def _move(self, path: Sequence[int], step: int) -> None:
        for edge in path:
            self._room[edge] -= step
            self._room[edge ^ 1] += step

    def _level(self, excess: list[int]) -> None:
        """Sends what is too much where it is missing, until every node passes on what enters it."""
        missing = {node for node, too_much in enumerate(excess) if too_much < 0}
        for source in range(len(excess)):
            while excess[source] > 0:
                path = shortest(self._out, self._to, self._room, source, missing)
                if not path:
                    raise ValueError("no circulation keeps these bounds")
                sink = self._to[path[0]]
                step = min(excess[source], -excess[sink], *[self._room[edge] for edge in path])
                self._move(path, step)
                excess[source] -= step
                excess[sink] += step
                if not excess[sink]:
                    missing.remove(sink)

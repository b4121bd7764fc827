"""How far one count can move while everything that was shown stays true: circulations with bounds on every arc.

A table of two questions with bounds on its cells and margins is a transportation problem, whose extremes are whole
numbers by themselves. The desk knows one circulation that holds, the truth. From there the largest value of an arc is
the truth plus whatever can still flow from its head back to its tail in the residual network, and the smallest is the
truth less what can flow the other way (Ahuja, Magnanti and Orlin, *Network Flows*, chapters 6 and 9).
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[str, ...]
"""Name of an arc."""
TRIALS = 200
"""Flows that are tried before a number counts as exposed; some milliseconds."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One number of a table: from which sum it comes, into which it goes, what it is, and between what it must stay."""

    tail: str
    head: str
    flow: int
    low: int
    high: int

    def __repr__(self) -> str:
        return f"<Arc {self.tail} to {self.head}>"


class Circulation:
    """A network in which a circulation is known. Nodes are named; parallel arcs are fine."""

    def __init__(self, arcs: Mapping[Key, Arc]) -> None:
        """Takes arcs by name.

        Raises:
            ValueError: the flow of an arc, by its ends, lies outside its bounds, or a node does not pass on what
                enters it: then this is no circulation and every answer would be wrong.
        """
        self._node: dict[str, int] = {}
        self._out: list[list[int]] = []
        self._to: list[int] = []
        self._room: list[int] = []
        self._edge: dict[Key, int] = {}
        self._trials = 0
        balance: list[int] = []
        for name, arc in arcs.items():
            if not arc.low <= arc.flow <= arc.high:
                raise ValueError(f"{arc!r} is outside its bounds")
            tail, head = self._at(arc.tail), self._at(arc.head)
            balance += [0] * (len(self._out) - len(balance))
            balance[tail] -= arc.flow
            balance[head] += arc.flow
            self._edge[name] = len(self._to)
            for end, start, room in ((head, tail, arc.high - arc.flow), (tail, head, arc.flow - arc.low)):
                self._out[start].append(len(self._to))
                self._to.append(end)
                self._room.append(room)
        if any(balance):
            raise ValueError("a node does not pass on what enters it")

    def _at(self, name: str) -> int:
        if name not in self._node:
            self._node[name] = len(self._out)
            self._out.append([])
        return self._node[name]

    def slack(self, name: Key, fall: int, rise: int) -> tuple[int, int]:
        """By how much the arc `name` can fall and rise, each at most so far, whatever its own bounds are."""
        forward = self._edge[name]
        head, tail = self._to[forward], self._to[forward ^ 1]
        return self._pushed(tail, head, fall, forward), self._pushed(head, tail, rise, forward)

    def firm(self, name: Key, step: int, taken: Mapping[Key, int], units: int) -> bool:
        """Whether an arc can move by `step` whichever `units` are kept from falling, of each arc up to `taken`.

        Whoever wants to stop a flow must take more from some arc than that flow leaves over there; every such choice is
        tried, and the flow sought anew. What needs too many trials counts as stopped.
        """
        forward = self._edge[name]
        ends = self._to[forward], self._to[forward ^ 1]
        source, sink = ends if step > 0 else ends[::-1]
        room = self._room.copy()
        room[forward] = room[forward ^ 1] = 0
        left = {self._edge[key] ^ 1: number for key, number in taken.items() if key != name and number}
        self._trials = TRIALS
        return self._stands(room, (source, sink), abs(step), left, units)

    def _stands(self, room: list[int], ends: tuple[int, int], wanted: int, left: dict[int, int], units: int) -> bool:
        self._trials -= 1
        after = room.copy()
        if self._trials < 0 or self._flow(after, *ends, wanted) < wanted:
            return False
        for edge, number in left.items():
            need = after[edge] + 1
            if after[edge] < room[edge] and need <= min(number, units):
                fewer = room.copy()
                fewer[edge] -= need
                if not self._stands(fewer, ends, wanted, {**left, edge: number - need}, units - need):
                    return False
        return True

    def _pushed(self, source: int, sink: int, wanted: int, without: int) -> int:
        room = self._room.copy()
        room[without] = room[without ^ 1] = 0
        return self._flow(room, source, sink, wanted)

    def _flow(self, room: list[int], source: int, sink: int, wanted: int) -> int:
        """Flow of at most `wanted` from source to sink, taken from `room`, by shortest paths (Edmonds and Karp)."""
        pushed = 0
        while pushed < wanted:
            path = shortest(self._out, self._to, room, source, (sink,))
            if not path:
                break
            step = min(wanted - pushed, *(room[edge] for edge in path))
            for edge in path:
                room[edge] -= step
                room[edge ^ 1] += step
            pushed += step
        return pushed


def shortest(
    out: Sequence[Sequence[int]], to: Sequence[int], room: Sequence[int], source: int, ends: Container[int]
) -> list[int]:
    """Edges of a shortest way with room from `source` to the nearest of `ends`, last first; empty where there is none.

    Edge `2a` leads along arc `a` and `2a + 1` back; `out` are the edges from each node, `to` is where each leads.
    """
    came = [-1] * len(out)
    came[source] = -2
    line = [source]
    for node in line:
        for edge in out[node]:
            end = to[edge]
            if came[end] == -1 and room[edge]:
                came[end] = edge
                if end in ends:
                    return _traced(came, to, end)
                line.append(end)
    return []


def _traced(came: Sequence[int], to: Sequence[int], node: int) -> list[int]:
    path = []
    while (edge := came[node]) >= 0:
        path.append(edge)
        node = to[edge ^ 1]
    return path

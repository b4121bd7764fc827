"""What a reader can work out about a hidden count of a cross whose rows and columns are both partitions.

She sees the cross and the tables of both questions; she knows exactly how many people there are, the exact size of
every group that another table is about, and the answers of any `s` respondents. All of that is one network: people
flow into the rows as the first table shows them, through the cells, and out of the columns as the second table shows
them. `privacy.circulation` then gives the exact smallest and largest value of each number. Categories that only the
cross brings together are one step more on the way, so that nothing their own table tells of them is forgotten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from privacy.circulation import Arc, Circulation, Key
from privacy.intervals import Limits
from privacy.tables import SafeCell, Shown, Small

Displays = Mapping[Key, SafeCell]
"""What stands for each number: `("cell", row, column)`; for a total that only the cross has, `("rows", code)` or
`("columns", code)`."""


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """A category as its own table shows it, with what a reader must reckon with, and where it stands in the cross."""

    code: str
    head: str
    """The row or column of the cross it is in."""
    count: int
    low: int
    high: int
    block: int
    """Groups of one block have a sum that is known exactly."""
    small: bool
    """Whether its own table hides it as small."""


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """Rows or columns of a cross."""

    name: str
    """`rows` or `columns`."""
    groups: tuple[Group, ...]
    limits: Limits
    """Of the question's own table."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Codes of the rows or columns, in order."""
        return tuple(dict.fromkeys(group.head for group in self.groups))

    def total(self, head: str) -> int:
        """True size of a row or column."""
        return sum(group.count for group in self.groups if group.head == head)

    def merged(self, head: str) -> bool:
        """Whether a row or column exists in the cross only, so that its total is a figure of its own."""
        return sum(group.head == head for group in self.groups) > 1

    def arcs(self, displays: Displays, people: int) -> Iterator[tuple[Key, Arc]]:
        """From everybody to the rows of the cross; for columns the same, to be walked the other way."""
        gate = "out" if self.name == "columns" else "in"
        blocks = {group.block: 0 for group in self.groups}
        for group in self.groups:
            blocks[group.block] += group.count
            inner, outer = f"{self.name} block {group.block}", f"{self.name} of {group.head}"
            yield (f"own {self.name}", group.code), Arc(inner, outer, group.count, group.low, group.high)
        for block, size in blocks.items():
            yield ("block", self.name, str(block)), Arc(gate, f"{self.name} block {block}", size, size, size)
        for head in self.heads:
            display = displays.get((self.name, head))
            low, high = (0, people) if display is None else seen(display, people, self.limits)
            yield (self.name, head), Arc(f"{self.name} of {head}", f"{self.name} {head}", self.total(head), low, high)


@dataclass(frozen=True, slots=True, repr=False)
class Grid:
    """A cross on its way through the door: true counts by row and column, and what stands around them."""

    rows: Side
    columns: Side
    counts: Mapping[tuple[str, str], int]
    """Cells that can hold somebody."""
    people: int
    limits: Limits

    def primary(self) -> dict[Key, SafeCell]:
        """Each figure of the cross judged by itself: its cells, and totals that only the cross has."""
        cells: dict[Key, SafeCell] = {
            ("cell", *place): judged(count, self.limits) for place, count in self.counts.items()
        }
        for side in (self.rows, self.columns):
            for head in filter(side.merged, side.heads):
                cells[side.name, head] = judged(side.total(head), side.limits)
        return cells

    def count(self, key: Key) -> int:
        """The true value of a number of the cross."""
        if key[0] == "cell":
            return self.counts[key[1], key[2]]
        return (self.rows if key[0] == "rows" else self.columns).total(key[1])

    def exposed(self, displays: Displays) -> Iterator[Key]:
        """Hidden small numbers that a reader could narrow too far."""
        hidden = list(self._hidden(displays))
        if not hidden:
            return
        friends = Friends(self.arcs(displays), displays, self.limits.rules.s)
        for key, limits in hidden:
            if not friends.leave_doubt(key, limits):
                yield key

    def doubt(self, key: Key, displays: Displays) -> int:
        """How many values besides its own a number could have."""
        arcs = self.arcs(displays)
        return sum(Circulation(arcs).slack(key, *_room(arcs[key], self.people)))

    def bounds(self, key: Key, displays: Displays) -> tuple[int, int]:
        """The smallest and the largest value that a number could have for whoever computes."""
        arcs = self.arcs(displays)
        fall, rise = Circulation(arcs).slack(key, *_room(arcs[key], self.people))
        return arcs[key].flow - fall, arcs[key].flow + rise

    def may_give_up(self, displays: Displays, exposed: Key) -> list[Key]:
        """Shown figures that could be withheld for a number: those in its row or column, else any."""
        shown = [key for key, cell in displays.items() if isinstance(cell, Shown)]
        near = [key for key in shown if len(key) == len(exposed) and set(key[1:]) & set(exposed[1:])]
        return near or shown

    def _hidden(self, displays: Displays) -> Iterator[tuple[Key, Limits]]:
        for key, cell in displays.items():
            if isinstance(cell, Small):
                yield key, {"rows": self.rows.limits, "columns": self.columns.limits}.get(key[0], self.limits)
        yield from self.own()

    def own(self) -> Iterator[tuple[Key, Limits]]:
        """Numbers of the questions' own tables that are hidden there as small."""
        for side in (self.rows, self.columns):
            yield from (((f"own {side.name}", group.code), side.limits) for group in side.groups if group.small)

    def arcs(self, displays: Displays) -> dict[Key, Arc]:
        """All that is told, as a network in which the truth flows."""
        arcs: dict[Key, Arc] = {("everybody",): Arc("out", "in", self.people, self.people, self.people)}
        for side, turned in ((self.rows, False), (self.columns, True)):
            for key, arc in side.arcs(displays, self.people):
                arcs[key] = replace(arc, tail=arc.head, head=arc.tail) if turned else arc
        for (row, column), count in self.counts.items():
            low, high = seen(displays["cell", row, column], self.people, self.limits)
            arcs["cell", row, column] = Arc(f"rows {row}", f"columns {column}", count, low, high)
        return arcs


class Friends:
    """What is left open to somebody who knows the answers of `s` respondents, whoever they are."""

    def __init__(self, arcs: Mapping[Key, Arc], displays: Displays, s: int) -> None:
        self._arcs, self._s = arcs, s
        least = {key: max(arcs[key].low, min(s, arcs[key].flow)) for key in displays if key in arcs}
        self._known = {key: least[key] - arcs[key].low for key in least if key[0] == "cell"}
        self._loose = Circulation(arcs)
        self._tight = Circulation(dict(arcs) | {key: replace(arcs[key], low=low) for key, low in least.items()})

    def leave_doubt(self, key: Key, limits: Limits) -> bool:
        """Whether a hidden number stays in doubt, however many of the `s` stand in it."""
        arc = self._arcs[key]
        fall, rise = self._loose.slack(key, *_room(arc, limits.reach))
        return limits.leaves_room(arc.flow - fall, arc.flow + rise) and all(
            limits.leaves_doubt(max(known, arc.flow - fall), arc.flow + rise, known)
            or self._on_a_second_look(key, limits, known)
            for known, fall, rise in self.ways(key, limits.reach)
        )

    def ways(self, key: Key, most: int) -> Iterator[tuple[int, int, int]]:
        """For each number of known respondents who stand in it: how far it can surely fall and rise.

        One who stands elsewhere takes away one step at most; and if `s` stood in every other hidden number at once,
        that would be more than she can know. The larger of the two may be relied on.
        """
        room = _room(self._arcs[key], most)
        loose, tight = self._loose.slack(key, *room), self._tight.slack(key, *room)
        for known in range(min(self._s, self._arcs[key].flow) + 1):
            less = self._elsewhere(key, known)
            yield known, max(loose[0] - less, tight[0], 0), max(loose[1] - less, tight[1], 0)

    def _elsewhere(self, key: Key, known: int) -> int:
        """Known respondents who close a way; whoever stands in a margin stands in one of its cells as well."""
        return self._s - known if key[0] == "cell" else self._s

    def _on_a_second_look(self, key: Key, limits: Limits, known: int) -> bool:
        """Whether it stays in doubt if every choice of respondents is tried."""
        arc, less = self._arcs[key], self._elsewhere(key, known)
        fall, rise = (self._firm(key, way, less, _room(arc, limits.reach)) for way in (-1, 1))
        return limits.leaves_doubt(max(known, arc.flow - fall), arc.flow + rise, known)

    def _firm(self, key: Key, way: int, less: int, room: tuple[int, int]) -> int:
        """How far a number can move one way, whoever is known."""
        steps = range(room[way > 0], 0, -1)
        return next((step for step in steps if self._loose.firm(key, way * step, self._known, less)), 0)


def _room(arc: Arc, most: int) -> tuple[int, int]:
    return min(arc.flow - arc.low, most), min(arc.high - arc.flow, most)


def judged(count: int, limits: Limits) -> SafeCell:
    """A figure by itself: small, or shown rounded."""
    if count < limits.threshold:
        return Small(below=limits.threshold)
    return Shown(count=limits.rules.rounded(count))


def seen(display: SafeCell, people: int, limits: Limits) -> tuple[int, int]:
    """Smallest and largest count that a display of a cross can stand for."""
    match display:
        case Shown():
            low, high = limits.rules.unrounded(display.count)
            return max(low, limits.threshold), high
        case Small():
            return 0, limits.threshold - 1
        case _:
            return limits.threshold, people

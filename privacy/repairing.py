"""The search for repairs: each is tried on the very tables, by control and audit, before anybody hears of it.

It goes through the kinds from the mildest on. A repair begins with one step beside a number that could be worked out
and grows, a step at a time, until nothing can be, or nothing is left to try; then every step that turns out not to be
needed is taken back. Which figure is withheld hangs on a secret lot wherever figures are nearly alike, as in the tables
themselves: whoever knows the rule cannot run it backwards.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from privacy.audit.run import Finding
from privacy.repairs import Cost, Kind, Repair, Step, Tables, cost, named
from privacy.tables import SafeCross, SafeTable, Shown
from privacy.withholding import NEAR_TIE, Lots

MOST_STEPS = 8
"""Steps of one repair; what needs more is better planned anew."""
MOST_BEGINNINGS = 4
"""Repairs of one kind that are followed up. Each of their steps is a whole audit."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Tables as control let them through, and what an audit found; None where it would not judge them at all."""

    shown: Tables
    found: tuple[Finding, ...] | None

    @property
    def safe(self) -> bool:
        """Whether these tables may be published."""
        return self.found == ()


Judge = Callable[[Repair], Judged]
"""Makes the tables again under a repair, and audits them beside everything published."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A repair that passed."""

    repair: Repair
    cost: Cost

    @property
    def kind(self) -> Kind:
        """What it does."""
        return self.repair[0].kind

    @property
    def id(self) -> str:
        """The name by which it is chosen."""
        return named(self.repair)


@dataclass(frozen=True, slots=True)
class Offers:
    """What a search has come to."""

    found: tuple[Offer, ...] = ()
    """Mildest kind first, then what costs least."""
    unfinished: tuple[Kind, ...] = ()
    """Kinds of which a repair was given up after MOST_STEPS steps: more of them might have been enough."""


def offers(judge: Judge, seed: bytes, progress: Callable[[str], None] = lambda _name: None) -> Offers:
    """Repairs after each of which nothing can be worked out any more, and which kinds were not looked at to the end.

    `judge` is asked for one repair after the other, and `progress` told which. Nothing is offered for tables that may
    be published as they are.
    """
    search = _Search(judge, seed, progress)
    before = search.judged(())
    if before.safe:
        return Offers()
    found: list[Offer] = []
    for kind in Kind:
        repairs = {_key(repair): repair for repair in map(search.enough, search.beginnings(kind, before)) if repair}
        shown = {key: search.judged(repair).shown for key, repair in repairs.items()}
        # Nobody is asked to choose between losing a table and losing the same one with another.
        lean = [key for key, left in shown.items() if not any(left.ids < other.ids for other in shown.values())]
        made = (Offer(repairs[key], cost(before.shown, shown[key])) for key in lean)
        found += sorted(made, key=lambda one: (_weight(one.cost), one.id))
    return Offers(tuple(found), tuple(kind for kind in Kind if kind in search.unfinished))


def _key(repair: Repair) -> tuple[str, ...]:
    """The same for the same steps in any order."""
    return tuple(sorted(map(str, repair)))


def _weight(lost: Cost) -> tuple[int, int, int]:
    return lost.tables, lost.groups, lost.cells


class _Search:
    """Tries repairs, each once."""

    def __init__(self, judge: Judge, seed: bytes, progress: Callable[[str], None]) -> None:
        self._judge, self._seed, self._progress = judge, seed, progress
        self._known: dict[tuple[str, ...], Judged] = {}
        self.unfinished: set[Kind] = set()

    def judged(self, repair: Repair) -> Judged:
        """What becomes of the tables under a repair."""
        key = _key(repair)
        if key not in self._known:
            if repair:
                self._progress(named(repair))
            self._known[key] = self._judge(repair)
        return self._known[key]

    def beginnings(self, kind: Kind, before: Judged) -> list[Step]:
        """First steps of different repairs."""
        return list(dict.fromkeys(_steps(kind, before, self._seed)))[:MOST_BEGINNINGS]

    def enough(self, first: Step) -> Repair | None:
        """A repair that begins with this step and is enough; None where none was found."""
        repair: Repair = (first,)
        now = self.judged(repair)
        if now.shown == self.judged(repair[:-1]).shown:
            return None  # there is nothing left to bring together here
        while not now.safe:
            if len(repair) == MOST_STEPS:
                if any(_steps(first.kind, now, self._seed)):
                    self.unfinished.add(first.kind)
                return None
            step = self._next(repair, now)
            if step is None:
                return None
            repair = (*repair, step)
            now = self.judged(repair)
        return self._needed(repair)

    def _next(self, repair: Repair, now: Judged) -> Step | None:
        """The next step of the same kind that changes anything."""
        steps = _steps(repair[0].kind, now, self._seed)
        return next((step for step in steps if self.judged((*repair, step)).shown != now.shown), None)

    def _needed(self, repair: Repair) -> Repair:
        """The repair without the steps that it does without."""
        for step in repair[:-1]:
            fewer = list(repair)
            fewer.remove(step)
            if self.judged(tuple(fewer)).safe:
                repair = tuple(fewer)
        return repair


def _steps(kind: Kind, judged: Judged, seed: bytes) -> Iterator[Step]:
    """Steps of one kind near what was found, the nearest first."""
    near = list(_near(judged))
    crosses = [each for each in judged.shown.crosses if each.id in judged.shown.ids]
    match kind:
        case Kind.COLLAPSE | Kind.DROP:
            yield from (Step(kind, name) for name in near)
        case Kind.MARGIN:
            sides = {name for each in crosses for name in (each.by, each.question)}
            yield from (Step(kind, name) for name in near if name in sides)
        case Kind.WITHHOLD:
            for name in near:
                yield from _to_withhold(name, judged, seed)


def _near(judged: Judged) -> Iterator[str]:
    """Tables that are still shown and stand in what was found: crosses first, then the tables of their questions.

    Where the audit would not judge, every cross is near: what links too many questions is one of them.
    """
    shown, crosses = judged.shown.ids, {each.id: each for each in judged.shown.crosses}
    found = crosses if judged.found is None else dict.fromkeys(name for one in judged.found for name in _told_of(one))
    first = [name for name in found if name in crosses and name in shown]
    sides = [side for name in first for side in (crosses[name].by, crosses[name].question)]
    yield from dict.fromkeys(name for name in (*first, *found, *sides) if name in shown)


def _told_of(one: Finding) -> Iterator[str]:
    yield one.table
    yield from (cell.partition(": ")[0] for cell in one.cells if ": " in cell)


def _to_withhold(name: str, judged: Judged, seed: bytes) -> Iterator[Step]:
    """The figure of one table to withhold: by lot among the smallest beside what was found, else among the smallest."""
    every: tuple[SafeTable | SafeCross, ...] = (*judged.shown.tables, *judged.shown.crosses)
    figures = dict(_figures(next(each for each in every if each.id == name)))
    exposed = {code for one in judged.found or () for cell in one.cells for code in cell.rpartition(": ")[2].split()}
    near = {cell: count for cell, count in figures.items() if exposed & set(cell)} or figures
    if near:
        smallest = min(near.values())
        lots = Lots(f"repair {name}", seed)
        alike = [cell for cell, count in near.items() if count <= NEAR_TIE * smallest]
        yield Step(Kind.WITHHOLD, name, min(alike, key=lots))


def _figures(table: SafeTable | SafeCross) -> Iterable[tuple[tuple[str, ...], int]]:
    """Figures that are shown, by row and, in a cross, column."""
    if isinstance(table, SafeTable):
        return [((row.code,), row.cell.count) for row in table.rows if isinstance(row.cell, Shown)]
    return [
        ((row.code, column.code), cell.count)
        for row, line in zip(table.rows, table.cells, strict=True)
        for column, cell in zip(table.columns, line, strict=True)
        if isinstance(cell, Shown)
    ]

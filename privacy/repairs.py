"""What can be done about a candidate that may not be released, as orders to the door, and what it costs its reader.

There are four kinds of repair, mildest first: bring categories together; withhold a figure; no longer tell how large a
question's groups are, its own table included; leave a table out. A repair is one or more steps of one kind. The first
two are orders to the one door, `privacy.control`, which makes the tables again and withholds beside them what has to
be; the others take away what the door let through, so that a reader knows less than was judged. Nothing is applied but
what a person has chosen by its name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from privacy.errors import PrivacyError
from privacy.tables import (
    Head,
    Impossible,
    RawCross,
    RawTable,
    Refusal,
    SafeCross,
    SafeTable,
    Shown,
    Small,
    Withheld,
)

_NAME = r"[A-Za-z0-9_.-]+"
_STEP = re.compile(rf"(?P<kind>[a-z]+):(?P<table>{_NAME}(\*{_NAME})?)(/(?P<one>{_NAME})(/(?P<other>{_NAME}))?)?")


class Kind(StrEnum):
    """Kinds of repair, in the order in which they are offered (R3)."""

    COLLAPSE = "collapse"
    WITHHOLD = "withhold"
    MARGIN = "margin"
    DROP = "drop"


class UnknownRepair(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """A name that is no repair of these tables. Carries nothing of what was typed."""

    def __str__(self) -> str:
        return "unknown-repair: give a name as a refusal of `sauti tabulate` offers it, about these tables."


@dataclass(frozen=True, slots=True)
class Step:
    """One change: of a table or a cross by its id; of one cell in it where a figure is withheld."""

    kind: Kind
    table: str
    cell: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "/".join((f"{self.kind}:{self.table}", *self.cell))


Repair = tuple[Step, ...]


def named(repair: Repair) -> str:
    """The name by which a person chooses a repair."""
    return "+".join(map(str, repair))


def read(name: str) -> Repair:
    """The repair of this name. Raises UnknownRepair where it is none."""
    return tuple(map(_step, name.split("+")))


def _step(name: str) -> Step:
    found = _STEP.fullmatch(name)
    if found is None or found["kind"] not in set(Kind):
        raise UnknownRepair
    cell = tuple(code for code in (found["one"], found["other"]) if code is not None)
    crossed = "*" in found["table"]
    if len(cell) != (0 if found["kind"] != Kind.WITHHOLD else 2 if crossed else 1):
        raise UnknownRepair
    return Step(Kind(found["kind"]), found["table"], cell)


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that a candidate shows."""

    tables: tuple[SafeTable, ...]
    crosses: tuple[SafeCross, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of tables and crosses that are not withheld as a whole."""
        shown = {each.id for each in self.tables if each.rows}
        return frozenset(shown | {each.id for each in self.crosses if each.cells})


def check(repair: Repair, tables: Iterable[RawTable], crosses: Iterable[RawCross]) -> None:
    """Raises UnknownRepair where a step names no table, no cross, no cell of these, or a total that is none."""
    raw = {each.id: frozenset((code,) for code in _codes(each)) for each in tables}
    cross = {
        each.id: frozenset((row, column) for row in _codes(each.by) for column in _codes(each.question))
        for each in crosses
    }  # fmt: skip
    for step in repair:
        cells = raw.get(step.table, cross.get(step.table))
        if cells is None or (step.cell and step.cell not in cells):
            raise UnknownRepair
        if step.kind is Kind.MARGIN and step.table not in raw:
            raise UnknownRepair


def _codes(raw: RawTable) -> frozenset[str]:
    return frozenset((*raw.codes, *(merge[0] for merge in raw.merges), "_not_asked"))


def ordered(raw: RawTable, repair: Repair) -> RawTable:
    """A raw table with the orders that a repair has for the door."""
    merged = raw.merged + repair.count(Step(Kind.COLLAPSE, raw.id))
    kept = {step.cell[0] for step in repair if step.kind is Kind.WITHHOLD and step.table == raw.id}
    return replace(raw, merged=merged, kept_back=raw.kept_back | kept)


def ordered_cross(raw: RawCross, repair: Repair) -> RawCross:
    """A raw cross with the orders that a repair has for the door; those for its questions are in their own tables."""
    merged = raw.merged + repair.count(Step(Kind.COLLAPSE, raw.id))
    kept = {step.cell[:2] for step in repair if step.kind is Kind.WITHHOLD and step.table == raw.id}
    cells = {(one, other) for one, other in kept}
    return replace(raw, merged=merged, kept_back=raw.kept_back | cells)


_EMPTY: Mapping[str, object] = MappingProxyType({"asked": None, "rows": (), "refusal": Refusal.PROTECTED})


def told_less(safe: Tables, repair: Repair) -> Tables:
    """What the door has let through, without the totals and tables that a repair takes away.

    Whoever may not see a question's own table sees no total of it in a cross either; and a table that is left out takes
    along the crosses in which its figures stand as totals.
    """
    dropped = {step.table for step in repair if step.kind is Kind.DROP}
    margins = {step.table for step in repair if step.kind is Kind.MARGIN}
    tables = tuple(
        each.model_copy(update={**_EMPTY, "mean": None, "places": ()})
        if each.id in dropped | margins and each.rows
        else each
        for each in safe.tables
    )
    crosses = tuple(
        each.model_copy(update={**_EMPTY, "columns": (), "cells": ()})
        if dropped & {each.id, each.by, each.question} and each.cells
        else _without_totals(each, margins)
        for each in safe.crosses
    )
    return Tables(tables, crosses)


def _without_totals(cross: SafeCross, questions: set[str]) -> SafeCross:
    found = cross
    if cross.by in questions:
        # A share of a row would tell how large the row is.
        cells = tuple(tuple(map(_without_share, line)) for line in cross.cells)
        found = found.model_copy(update={"rows": _untold(cross.rows), "cells": cells})
    if cross.question in questions:
        found = found.model_copy(update={"columns": _untold(cross.columns)})
    return found


def _without_share(cell: Shown | Small | Withheld | Impossible) -> Shown | Small | Withheld | Impossible:
    return Shown(count=cell.count) if isinstance(cell, Shown) else cell


def _untold(heads: Iterable[Head]) -> tuple[Head, ...]:
    # What is small goes on saying so: as `withheld` it would say that it is not.
    return tuple(
        head if isinstance(head.total, Small) else head.model_copy(update={"total": Withheld()}) for head in heads
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a reader loses."""

    cells: int
    """Figures that no longer stand in tables which are still shown."""
    groups: int
    """Categories that no longer stand apart in these."""
    tables: int
    """Tables and crosses that are no longer shown."""


def cost(before: Tables, after: Tables) -> Cost:
    """What the reader of one loses who gets the other."""
    left = before.ids & after.ids
    hidden = _hidden(after, left) - _hidden(before, left)
    groups = _groups(before, left) - _groups(after, left)
    return Cost(max(0, hidden), max(0, groups), len(before.ids - after.ids))


def _hidden(safe: Tables, left: frozenset[str]) -> int:
    heads = [head for cross in safe.crosses if cross.id in left for head in (*cross.rows, *cross.columns)]
    cells = sum(each.hidden for each in safe.tables if each.id in left)
    cells += sum(each.hidden for each in safe.crosses if each.id in left)
    return cells + sum(not isinstance(head.total, Shown) for head in heads)


def _groups(safe: Tables, left: frozenset[str]) -> int:
    tables = sum(len(each.rows) for each in safe.tables if each.id in left)
    return tables + sum(len(each.rows) + len(each.columns) for each in safe.crosses if each.id in left)

"""One question through several rounds, from what each of them has already shown.

Nothing is counted anew: a round that was told keeps its figures, and a change is the difference of two displayed
shares. So a trend tells a reader no more than the documents in her hand. It is only made where every round has the same
categories: shifted bands or merged choices look like a change and are none, and two schemes side by side could be
subtracted from one another.
"""

from collections.abc import Sequence
from itertools import pairwise

from flows.model import Frozen
from privacy.tables import SafeTable, Shown


class SchemeDiffers(Exception):  # noqa: N818 - named for what happened
    """Rounds that have not the same categories: `number` says which is the first to differ, counted from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return f"scheme-differs (round {self.number} of those given): compare rounds that have the same categories."


class Wave(Frozen):
    """What one round has shown of a question."""

    round: str
    week: str
    """ISO week in which the round's period ended."""
    table: SafeTable


class Change(Frozen):
    """By how many points a displayed share went up or down from one round to the next; None where one is not shown."""

    code: str
    points: int | None


class Trend(Frozen):
    """A table through rounds, earliest first, with the changes between neighbours."""

    id: str
    waves: tuple[Wave, ...]
    changes: tuple[tuple[Change, ...], ...]
    """For each pair of neighbouring rounds, one change for each category; none beside a withheld table."""


def trend(waves: Sequence[Wave]) -> Trend:
    """The rounds of one question, in the order of their weeks.

    Raises:
        SchemeDiffers: their categories, or what these bring together, are not the same.
        ValueError: fewer than two rounds, one of them twice, or tables of different questions.
    """
    ordered = sorted(waves, key=lambda wave: wave.week)
    if len({wave.round for wave in ordered}) != len(ordered) or len(ordered) < 2:  # noqa: PLR2004 - a trend needs two
        raise ValueError("a trend is of several rounds, each of them once")
    if len({wave.table.id for wave in ordered}) > 1:
        raise ValueError("a trend is of one question")
    _check_schemes(ordered)
    changes = tuple(_changes(before.table, after.table) for before, after in pairwise(ordered))
    return Trend(id=ordered[0].table.id, waves=tuple(ordered), changes=changes)


def _check_schemes(waves: Sequence[Wave]) -> None:
    """Every table that shows anything has the categories of the first that does."""
    shown = [(number, wave.table) for number, wave in enumerate(waves, 1) if wave.table.rows]
    for number, table in shown[1:]:
        if not same_scheme(table, shown[0][1]):
            raise SchemeDiffers(number)


def same_scheme(one: SafeTable, other: SafeTable) -> bool:
    """Whether two tables have the same categories, and these bring together the same answers of the form."""
    return _scheme(one) == _scheme(other)


def _scheme(table: SafeTable) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.code, row.of) for row in table.rows]


def _changes(before: SafeTable, after: SafeTable) -> tuple[Change, ...]:
    return tuple(
        Change(code=old.code, points=_points(old.cell, new.cell))
        for old, new in zip(before.rows, after.rows, strict=False)
    )


def _points(before: object, after: object) -> int | None:
    if not isinstance(before, Shown) or not isinstance(after, Shown):
        return None
    if before.percent is None or after.percent is None:
        return None
    return after.percent - before.percent

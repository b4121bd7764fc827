"""One question through several rounds, from what each of them has already shown.

Nothing is counted anew: a round that was told keeps its figures, and a change is the difference of two displayed
shares. So a trend tells a reader no more than the documents in her hand. It is only made where every round was asked in
the same words and has the same categories: shifted bands or merged choices look like a change and are none, and two
schemes side by side could be subtracted from one another.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from pydantic import Field

from flows.model import Frozen, Slug
from privacy.candidate import Candidate, HexText
from privacy.certificate import Week
from privacy.errors import PrivacyError
from privacy.release import Release
from privacy.tables import SafeTable, Shown

FEWEST = 2
"""Rounds of a trend."""

_REMEDY = {
    "scheme-differs": "compare rounds that have the same categories",
    "asked-otherwise": "compare rounds in which the question, its answers and who is asked are the same",
    "one-round": "a trend takes two rounds in which this question was told in figures; name another question, or wait",
}


class NoTrend(PrivacyError):  # noqa: N818 - named for what happened, as its kin are
    """Rounds that are no trend: `code` says why, `number` which is the first that differs, counted from 1."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code, number)
        self.code = code
        self.number = number

    def __str__(self) -> str:
        where = f" (round {self.number} of those given)" if self.number else ""
        return f"{self.code}{where}: {_REMEDY[self.code]}."


class Wave(Frozen):
    """What one round has shown of a question."""

    round: HexText
    week: Week
    """ISO week in which the round's period ended."""
    table: SafeTable


class Change(Frozen):
    """By how many points a displayed share went up or down from one round to the next; None where one is not shown."""

    code: str
    points: int | None


class Trend(Frozen):
    """A table through rounds, earliest first, with the changes between neighbours."""

    format: Literal["sauti-trend"]
    version: Literal[1]
    id: Slug
    waves: tuple[Wave, ...] = Field(min_length=FEWEST)
    changes: tuple[tuple[Change, ...], ...]
    """For each pair of neighbouring rounds, one change for each category; none beside a withheld table."""


def trend(waves: Sequence[Wave]) -> Trend:
    """The rounds of one question, in the order of their weeks.

    Raises:
        NoTrend: fewer than two rounds, or other categories, or the same ones for other answers.
        ValueError: one round twice, or tables of different questions.
    """
    ordered = sorted(waves, key=lambda wave: wave.week)
    if len({wave.round for wave in ordered}) != len(ordered):
        raise ValueError("a trend is of several rounds, each of them once")
    if len({wave.table.id for wave in ordered}) > 1:
        raise ValueError("a trend is of one question")
    if len(ordered) < FEWEST:
        raise NoTrend("one-round")
    _check_schemes(ordered)
    changes = tuple(_changes(before.table, after.table) for before, after in pairwise(ordered))
    return Trend(
        format="sauti-trend", version=1, id=ordered[0].table.id, waves=tuple(ordered), changes=changes
    )  # fmt: skip


def wave(candidate: Candidate, question: str) -> Wave:
    """What the round of `candidate` shows of a question it asked. Raises LookupError where it shows no tables."""
    return Wave(round=candidate.round, week=candidate.method.until_week, table=candidate.table(question))


def released(releases: Iterable[Release], question: str) -> Trend:
    """A question through the rounds of a ledger that asked it; of a round that was released again, its last release.

    A round of so few people that it was told in words only has no figures, and is passed over.

    Raises NoTrend.
    """
    last = {each.candidate.round: each.candidate for each in releases if each.candidate.respondents is not None}
    told = [each for each in last.values() if any(asked.id == question for asked in each.subject.questions)]
    told.sort(key=lambda each: each.method.until_week)
    words = [next(asked for asked in each.subject.questions if asked.id == question) for each in told]
    for number, asked in enumerate(words, 1):
        if asked != words[0]:
            raise NoTrend("asked-otherwise", number)
    return trend([wave(each, question) for each in told])


def _check_schemes(waves: Sequence[Wave]) -> None:
    """Every table that shows anything has the categories of the first that does."""
    shown = [(number, wave.table) for number, wave in enumerate(waves, 1) if wave.table.rows]
    for number, table in shown[1:]:
        if not same_scheme(table, shown[0][1]):
            raise NoTrend("scheme-differs", number)


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

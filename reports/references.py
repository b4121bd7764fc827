"""Figures enter prose by reference only: `{{question.code.count}}` becomes what the table of that question shows.

A reference is looked up and nothing else: there is no expression in it, so that no file of words can compute, and what
a table withholds cannot be had by asking for it in a sentence.
"""

import datetime as dt
import re
from collections.abc import Mapping

from locales.catalog import isolate
from privacy.candidate import Candidate
from privacy.tables import SafeCell, SafeTable, Shown
from reports.words import Words
from reports.writer import Writer

REFERENCE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_DAY = re.compile(r"date\.(\d{4}-\d{2}-\d{2})")
_PLAIN = re.compile(r"plain\.(\d{1,6})")

REFUSALS = {
    "unknown-reference": (
        "This reference names nothing that the tables show.",
        "Write {{question.code.count}}, .percent or .label, {{question.asked}}, {{respondents}}; ids are in the data.",
    ),
    "figure-withheld": (
        "The table withholds this figure, because showing it would point at too few people.",
        "Say it without a number, or leave it out.",
    ),
    "no-percent": (
        "The table gives no share here, because too few people were asked.",
        "Use .count instead.",
    ),
}
"""Code → why, and what to do."""


class ReferenceRefused(Exception):  # noqa: N818 - named for what happened
    """A reference that cannot be filled in; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class References:
    """What references mean in one document: displayed figures in its language."""

    def __init__(self, candidate: Candidate, writer: Writer) -> None:
        self._candidate = candidate
        self._writer = writer
        self._questions = {question.id: question for question in candidate.subject.questions}

    @property
    def _words(self) -> Words:
        return self._writer.words

    def filled(self, text: str) -> str:
        """`text` with every reference filled in. Raises ReferenceRefused."""
        return REFERENCE.sub(lambda found: isolate(self._said(found.group(1))), text)

    def _said(self, name: str) -> str:
        if day := _DAY.fullmatch(name):
            return self._day(day.group(1))
        if plain := _PLAIN.fullmatch(name):
            return self._words.number(int(plain.group(1)))
        if name == "respondents":
            return self._count(self._candidate.respondents)
        question, *rest = name.split(".")
        if question not in self._questions:
            raise ReferenceRefused("unknown-reference")
        if rest == ["label"]:
            return self._writer.asked_words(self._questions[question].text).text
        return self._figure(self._table(question), rest)

    def _table(self, question: str) -> SafeTable:
        try:
            return self._candidate.table(question)
        except LookupError:
            raise ReferenceRefused("figure-withheld") from None

    def _figure(self, table: SafeTable, rest: list[str]) -> str:
        if rest == ["asked"]:
            return self._count(table.asked)
        if len(rest) != len(("code", "what")) or rest[1] not in {"count", "percent", "label"}:
            raise ReferenceRefused("unknown-reference")
        code, what = rest
        if what == "label":
            return self._label(table.id, code)
        cells: Mapping[str, SafeCell] = {row.code: row.cell for row in table.rows}
        if cells and code not in cells:
            raise ReferenceRefused("unknown-reference")
        cell = cells.get(code)
        return self._count(cell) if what == "count" else self._percent(cell)

    def _label(self, question: str, code: str) -> str:
        try:
            return self._writer.labels(self._questions[question])(code).text
        except KeyError:
            raise ReferenceRefused("unknown-reference") from None

    def _count(self, cell: SafeCell | None) -> str:
        if not isinstance(cell, Shown):
            raise ReferenceRefused("figure-withheld")
        return self._words.number(cell.count)

    def _percent(self, cell: SafeCell | None) -> str:
        if not isinstance(cell, Shown):
            raise ReferenceRefused("figure-withheld")
        if cell.percent is None:
            raise ReferenceRefused("no-percent")
        return self._words.percent(cell.percent / 100)

    def _day(self, day: str) -> str:
        try:
            return self._words.date(dt.date.fromisoformat(day))
        except ValueError:
            raise ReferenceRefused("unknown-reference") from None

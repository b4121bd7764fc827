"""A cross laid out in some categories, with everything about it that a reader knows from elsewhere, ready to be judged.

The finest categories are those in which the questions' own tables are shown; then come coarser ones, rows first, in the
order that the consultation declares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.model import Sensitivity
from privacy.crossing import Grid, Group, Side
from privacy.intervals import Limits
from privacy.overlapping import Column
from privacy.rules import Rules
from privacy.schemes import Scheme, schemes
from privacy.tables import NOT_ASKED, Picks, RawCross, RawTable, SafeCell, Shape, Shown, Small
from privacy.worlds import ByGroup


@dataclass(frozen=True, slots=True, repr=False)
class Published:
    """How a table of one question is shown: in which categories, and what stands in each."""

    scheme: Scheme
    displays: tuple[SafeCell, ...]
    bounds: tuple[tuple[int, int], ...]
    """For each category, the smallest and largest count that a reader of this table must reckon with."""
    blocks: tuple[tuple[int, ...], ...]
    """Categories in groups whose exact sizes a reader must be assumed to know."""


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """A cross in two schemes."""

    rows: Scheme
    columns: Scheme
    table: Grid | ByGroup
    totals: Mapping[tuple[str, str], SafeCell]
    """Displays of rows and columns that stand in their question's own table: side and code."""

    @property
    def inner(self) -> int:
        """Cells of people who answered both questions."""
        return len([code for code in self.rows.codes if _named(code)]) * len(
            [code for code in self.columns.codes if _named(code)]
        )

    @property
    def heads(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes of rows and columns, those to whom a question was not put last."""
        counts = self.table.counts
        rows, columns = (
            tuple(code for code in (*scheme.codes, NOT_ASKED) if any(place[side] == code for place in counts))
            for side, scheme in enumerate((self.rows, self.columns))
        )
        return rows, columns

    def agrees(self, rules: Rules) -> bool:
        """Whether nearly everybody in some row or column gave one same answer where that could harm them."""
        return any(self._agree(side, rules) for side in (0, 1))

    def _agree(self, side: int, rules: Rules) -> bool:
        """Whether groups of one side agree about the other question."""
        asked = (self.columns, self.rows)[side].table
        if asked.sensitivity is Sensitivity.OPINION:
            return False
        least = rules.threshold(asked.sensitivity)
        for head in self.heads[side]:
            said = [
                count for place, count in self.table.counts.items() if place[side] == head and _named(place[1 - side])
            ]
            answered = self.table.answered(head) if isinstance(self.table, ByGroup) and side == 0 else sum(said)
            if answered >= least and answered - max(said, default=0) < least:
                return True
        return False


@dataclass(frozen=True, slots=True, repr=False)
class Margin:
    """One of the two questions of a cross, as its own table tells of it."""

    side: str
    """`rows` or `columns`."""
    raw: RawTable
    published: Published
    limits: Limits
    outside: int
    """People to whom it was not put; they make a row or column of their own."""

    @property
    def schemes(self) -> list[Scheme]:
        """The schemes from the published one on."""
        every = list(schemes(self.raw))
        return every[[scheme.codes for scheme in every].index(self.published.scheme.codes) :]

    def parts(self, scheme: Scheme) -> Side:
        """The rows or columns that a scheme makes."""
        of, found = self.published.scheme.of, []
        shown = zip(self._codes(), self._cells(), self.published.bounds, strict=True)
        blocks = {index: block for block, members in enumerate(self.published.blocks) for index in members}
        for index, (code, (count, display), (low, high)) in enumerate(shown):
            head, small = scheme.holds(of[code][0]), isinstance(display, Small)
            found.append(Group(code, head, count, low, high, blocks[index], small))
        if self.outside:
            # How many were asked is taken as known exactly, so that how many were not is known as well.
            found.append(Group(NOT_ASKED, NOT_ASKED, self.outside, self.outside, self.outside, len(found), small=False))
        return Side(self.side, tuple(found), self.limits)

    def overlapping(self) -> tuple[Column, ...]:
        """The columns that a multiple question makes."""
        shown = zip(self._codes(), self._cells(), self.published.bounds, strict=True)
        found = [Column(code, low, high, isinstance(display, Small)) for code, (_, display), (low, high) in shown]
        if self.outside:
            found.append(Column(NOT_ASKED, self.outside, self.outside, small=False))
        return tuple(found)

    def totals(self) -> dict[tuple[str, str], SafeCell]:
        """How large each category is, as its own table shows it."""
        found = {(self.side, code): display for code, (_, display) in zip(self._codes(), self._cells(), strict=True)}
        if self.outside:
            found[self.side, NOT_ASKED] = Shown(count=self.limits.rules.rounded(self.outside))
        return found

    def _codes(self) -> tuple[str, ...]:
        return self.published.scheme.codes

    def _cells(self) -> list[tuple[int, SafeCell]]:
        return list(zip(self.published.scheme.table.counts, self.published.displays, strict=True))


def frames(raw: RawCross, by: Published, question: Published, rules: Rules) -> Iterator[Frame]:
    """The cross in ever coarser categories: rows first, then columns."""
    left = _margin("rows", raw.by, by, raw.people if NOT_ASKED in raw.rows else raw.by.asked, rules)
    above = _margin(
        "columns", raw.question, question, raw.people if NOT_ASKED in raw.columns else raw.question.asked, rules
    )
    limits = Limits(max(left.limits.threshold, above.limits.threshold), rules)
    rows, columns = left.schemes, above.schemes
    steps = [(scheme, columns[0]) for scheme in rows] + [(rows[-1], scheme) for scheme in columns[1:]]
    for row, column in steps:
        counts, side = _counts(raw, row, column), left.parts(row)
        table: Grid | ByGroup = Grid(side, above.parts(column), counts, raw.people, limits)
        if raw.question.shape is Shape.CHOICES:
            picks = raw.question.picks or Picks(1, len(raw.question.codes) - 1, frozenset())
            table = ByGroup(side, above.overlapping(), counts, raw.people, limits, above.limits, picks)
        yield Frame(row, column, table, left.totals() | above.totals())


def _margin(side: str, raw: RawTable, published: Published, people: int, rules: Rules) -> Margin:
    return Margin(side, raw, published, Limits(rules.threshold(raw.sensitivity), rules), people - raw.asked)


def _counts(raw: RawCross, rows: Scheme, columns: Scheme) -> dict[tuple[str, str], int]:
    """The cells that can hold somebody, in the categories of two schemes."""
    found: dict[tuple[str, str], int] = {}
    for row, line in zip(raw.rows, raw.counts, strict=True):
        for column, count in zip(raw.columns, line, strict=True):
            if (row, column) not in raw.impossible:
                place = _category(rows, row), _category(columns, column)
                found[place] = found.get(place, 0) + count
    return found


def _category(scheme: Scheme, code: str) -> str:
    return code if code == NOT_ASKED else scheme.holds(code)


def _named(code: str) -> bool:
    """Whether a code is an answer, rather than none."""
    return not code.startswith("_")

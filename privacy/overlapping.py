"""True counts of a multiple question by group, and which of them are small by themselves.

Columns overlap: whoever picks one choice may pick others. Everybody in a row gave no answer, or one that stands alone,
or picked among the choices that go together; and each choice has a rest, those who answered and did not pick it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from privacy.circulation import Key
from privacy.crossing import Side, judged
from privacy.intervals import Limits
from privacy.tables import Picks, SafeCell, Withheld


@dataclass(frozen=True, slots=True, repr=False)
class Column:
    """One column as the multiple question's own table shows it."""

    code: str
    low: int
    high: int
    small: bool
    """Whether it is hidden there as small."""


@dataclass(frozen=True, slots=True, repr=False)
class Overlap:
    """A cross with overlapping columns on its way through the door."""

    rows: Side
    columns: tuple[Column, ...]
    """Choices, then NO_ANSWER, then perhaps NOT_ASKED."""
    counts: Mapping[tuple[str, str], int]
    """Cells that can hold somebody."""
    people: int
    limits: Limits
    own: Limits
    """Of the multiple question's own table."""
    picks: Picks

    @property
    def together(self) -> list[Column]:
        """Choices that go together."""
        return [
            each for each in self.columns if not each.code.startswith("_") and each.code not in self.picks.exclusive
        ]

    @property
    def apart(self) -> list[Column]:
        """Columns in which a person stands alone: exclusive choices, no answer, not asked."""
        return [each for each in self.columns if each.code.startswith("_") or each.code in self.picks.exclusive]

    def at(self, row: str, column: str) -> int:
        """A true count; 0 where the form lets nobody stand."""
        return self.counts.get((row, column), 0)

    def answered(self, row: str) -> int:
        """People of a row who answered."""
        return self.rows.total(row) - sum(self.at(row, each.code) for each in self.columns if each.code.startswith("_"))

    def pickers(self, row: str) -> int:
        """People of a row who picked among the choices that go together."""
        return self.rows.total(row) - sum(self.at(row, each.code) for each in self.apart)

    def rest(self, row: str, column: str) -> int | None:
        """People of a row who answered something else, where that is small and must be hidden; else None."""
        if column.startswith("_") or self.at(row, column) < self.limits.threshold:
            return None
        rest = self.answered(row) - self.at(row, column)
        return rest if rest < self.limits.threshold else None

    def primary(self) -> dict[Key, SafeCell]:
        """Each figure by itself: small, a choice whose rest is small, or shown rounded."""
        found: dict[Key, SafeCell] = {}
        for (row, column), count in self.counts.items():
            withheld = self.rest(row, column) is not None
            found["cell", row, column] = Withheld() if withheld else judged(count, self.limits)
        for head in filter(self.rows.merged, self.rows.heads):
            found["rows", head] = judged(self.rows.total(head), self.rows.limits)
        return found

    def count(self, key: Key) -> int:
        """The true value of a number."""
        match key:
            case ("cell", row, column):
                return self.at(row, column)
            case ("rest", row, column):
                return self.answered(row) - self.at(row, column)
            case ("rows", row):
                return self.rows.total(row)
            case ("own rows", code):
                return next(group.count for group in self.rows.groups if group.code == code)
            case (kind, column):
                whole = sum(self.at(row, column) for row in self.rows.heads)
                return whole if kind == "own columns" else sum(map(self.answered, self.rows.heads)) - whole
        raise LookupError(key[0])

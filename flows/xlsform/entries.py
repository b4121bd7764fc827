"""One row of a sheet while it is mapped: what was asked of it, what nobody asked, and where each value stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flows.findings import Path, Places
from flows.plain_yaml import Tree
from flows.xlsform.account import Account
from flows.xlsform.book import Sheet
from flows.xlsform.columns import Column, fields_of

YES = frozenset({"yes", "true", "true()", "1"})
NO = frozenset({"no", "false", "false()", "0", ""})


class At(NamedTuple):
    """A value of the consultation, and the cell that it comes from."""

    value: Any
    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Entry:
    """A row, and which of its fields have been used."""

    sheet: str
    number: int
    cells: Mapping[tuple[str, str | None], tuple[int, str]]
    used: set[tuple[str, str | None]] = field(default_factory=set)

    def get(self, name: str) -> str:
        """The text in a field; empty without one."""
        self.used.add((name, None))
        return self.peek(name)

    def peek(self, name: str) -> str:
        """The same, without counting as a use of it."""
        return self.cells.get((name, None), (0, ""))[1]

    def value(self, name: str, value: object) -> At:
        """`value`, as coming from this field."""
        return At(value, *self.place(name))

    def texts(self, name: str) -> At | None:
        """What a field says in each language."""
        said = {}
        first = 0
        for (known, language), (column, text) in self.cells.items():
            if known == name and language:
                self.used.add((known, language))
                said[language] = At(text, self.sheet, self.number, column)
                first = first or column
        return At(said, self.sheet, self.number, first) if said else None

    def place(self, name: str) -> tuple[str, int, int]:
        """Sheet, row and column of a field; the first column where the field is empty."""
        columns = [column for (known, _), (column, _text) in self.cells.items() if known == name]
        return self.sheet, self.number, min(columns, default=1)

    def rest(self) -> list[tuple[str, int]]:
        """Fields that nobody asked for, with their columns."""
        return sorted(
            (name, column) for key, (column, _) in self.cells.items() if key not in self.used for name in [key[0]]
        )


def entries(sheet: Sheet, every: tuple[Column, ...], account: Account) -> list[Entry]:
    """The rows of a sheet, with the cells of those columns that were taken over."""
    columns = tuple(one for one in every if account.columns.get((sheet.name, one.number)))
    return [Entry(sheet.name, row.number, fields_of(row, columns)) for row in sheet.rows]


def remark_on_rest(entry: Entry, account: Account, kind: str) -> None:
    """Says of each cell that nobody asked for that it is not in the consultation."""
    for name, column in entry.rest():
        account.findings.append(
            account.remark(
                (entry.sheet, entry.number, column),
                "not-used",
                f"'{name}' means nothing for '{kind}' here.",
                "Remove it, or move it to the row that it belongs to.",
            )
        )


def in_language(every: tuple[Column, ...]) -> list[str]:
    """The languages of a sheet's labels, in their order."""
    return list(dict.fromkeys(one.language for one in every if one.field == "label" and one.language))


def tree(value: object, file: str) -> Tree:
    """The plain values of a consultation, and the cell that each of them comes from."""
    marks: dict[Path, tuple[int, int]] = {}
    sheets: dict[Path, str] = {}

    def plain(part: Any, path: Path) -> Any:  # noqa: ANN401 - values of any depth
        while isinstance(part, At):
            marks[path], sheets[path] = (part.row, part.column), part.sheet
            part = part.value
        if isinstance(part, dict):
            return {name: plain(one, (*path, name)) for name, one in part.items() if one is not None}
        if isinstance(part, list | tuple):
            return [plain(one, (*path, number)) for number, one in enumerate(part)]
        return part

    whole = plain(value, ())
    return Tree(whole, Places(file, marks, sheets), {})

"""A workbook as plain text in cells: what is left of it once the formats of spreadsheets are dealt with."""

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """One row with something in it; numbers count from 1, as a spreadsheet shows them."""

    number: int
    cells: Mapping[int, str]
    """Column → text. Cells without text are not here."""


class Sheet(NamedTuple):
    """One sheet: its header is its first row, or in a text the first row below its name."""

    name: str
    header: Row
    rows: tuple[Row, ...]


class Book(NamedTuple):
    """All sheets in which something stands, in their order."""

    file: str
    sheets: tuple[Sheet, ...]
    apart: tuple[int, ...] = ()
    """Of a text: lines that belong to no sheet."""
    lists: tuple[Sheet, ...] = ()
    """Files beside the form that questions take their choices from, each called as the form calls it."""

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name, in whichever case it is written; one without rows where there is none."""
        for one in self.sheets:
            if one.name.strip().lower() == name:
                return one
        return Sheet(name, Row(1, {}), ())

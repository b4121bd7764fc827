"""Translators' files as workbooks: the same units as in a PO file, one row for each form of a text.

The first sheet is for people: what to translate, where it stands, how much room there is, and a column to write in. The
second says what the file is for. Columns are found by their headers, so that a translator may move or hide them.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from flows.messages.brought import Brought, Entry, unreadable, version
from flows.messages.units import Unit
from flows.xlsform.book import Book, Row, Sheet

_NAME = "texts.xlsx"
"""What findings call the workbook until somebody saves it under a name."""
TEXTS, ABOUT = "texts", "file"
COLUMNS = ("name", "form", "where", "source", "note", "room", "translation", "unsure")
"""Headers of the sheet `texts`. `form` counts the forms of a text that changes with a number; else it is empty."""
_NEEDED = ("name", "source", "translation")
_NO_CELL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML 1.0 has no way to write (2.2), and carriage returns, which come back as line ends."""
_YES = frozenset({"yes", "y", "x", "1", "true", "✓"})
OF, LANGUAGE, VERSION = "of", "language", "version"


class _Cells(NamedTuple):
    """One row of the sheet, by header."""

    number: int
    cells: dict[str, str]


def book(units: Iterable[Unit], of: str, language: str) -> Book:
    """The workbook of these units."""
    every = tuple(units)
    for unit in every:
        if any(map(_NO_CELL.search, (*unit.source, *unit.said))):
            message = f"A control character stands in the text '{unit.context}', and no cell can hold it."
            raise unreadable(_NAME, "control-character", message, "Type the text again without it, or export as PO.")
    header = Row(1, dict(enumerate(COLUMNS, start=1)))
    rows = [cells for unit in every for cells in _rows(unit)]
    texts = Sheet(TEXTS, header, tuple(_row(number, cells) for number, cells in enumerate(rows, start=2)))
    told = ((OF, of), (LANGUAGE, language), (VERSION, version(every)))
    about = (Row(number, {1: field, 2: value}) for number, (field, value) in enumerate(told, start=2))
    return Book(_NAME, (texts, Sheet(ABOUT, Row(1, {1: "what", 2: "value"}), tuple(about))))


def brought(read: Book) -> Brought:
    """The entries of a workbook. Raises ConsultationError where it has not the columns of a translator's file."""
    sheet, about = read.sheet(TEXTS), read.sheet(ABOUT)
    headers = {name.strip().lower(): column for column, name in sheet.header.cells.items()}
    if missing := [name for name in _NEEDED if name not in headers]:
        message = f"On the sheet '{TEXTS}' these columns are missing: {', '.join(missing)}."
        raise unreadable(read.file, "no-columns", message, "Translate in the file that `sauti messages export` wrote.")
    said = {row.cells.get(1, "").strip(): row.cells.get(2, "").strip() for row in about.rows}
    rows = [
        _Cells(row.number, {name: row.cells.get(column, "") for name, column in headers.items()}) for row in sheet.rows
    ]
    column = headers["translation"]
    return Brought(
        file=read.file,
        of=said.get(OF, ""),
        language=said.get(LANGUAGE, ""),
        version=said.get(VERSION, ""),
        entries=tuple(_entries(rows, column)),
    )


def _rows(unit: Unit) -> Iterator[dict[str, str]]:
    many = len(unit.source) > 1
    for number, said in enumerate(unit.said, start=1):
        yield {
            "name": unit.context,
            "form": str(number) if many else "",
            "where": unit.where,
            "source": _SEPARATOR.join(unit.source),
            "note": unit.note,
            "room": str(unit.room or ""),
            "translation": said,
            "unsure": "yes" if unit.unsure else "",
        }


_SEPARATOR = "\n---\n"
"""Between the singular and the plural of a source."""


def _row(number: int, cells: dict[str, str]) -> Row:
    return Row(number, {place: cells[name] for place, name in enumerate(COLUMNS, start=1) if cells[name]})


def _entries(rows: list[_Cells], column: int) -> Iterator[Entry]:
    """Rows that are forms of one text stand below each other; they count in the order of their numbers."""
    for (name, source, _), together in groupby(rows, key=_together):
        several = sorted(together, key=lambda row: _form(row) or 0)
        said = tuple(_lines(row.cells["translation"]) for row in several)
        yield Entry(
            context=name,
            source=tuple(_lines(source).split(_SEPARATOR)),
            said=said if any(said) else ("",),
            unsure=any(row.cells.get("unsure", "").strip().lower() in _YES for row in several),
            line=several[0].number,
            column=column,
            sheet=TEXTS,
        )


def _together(row: _Cells) -> tuple[str, str, int]:
    return row.cells["name"], row.cells["source"], 0 if _form(row) is not None else row.number


def _form(row: _Cells) -> int | None:
    said = row.cells.get("form", "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 3 else None  # noqa: PLR2004 - two digits count every form


def _lines(text: str) -> str:
    """Line ends as spreadsheet programs write them become plain ones."""
    return text.replace("_x000D_\n", "\n").replace("\r\n", "\n")

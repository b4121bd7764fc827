"""Forms as plain text: CSV as spreadsheet programs save it, and tables of Markdown, as pyxform reads both.

The first cell of a row names a sheet; the row of headers and the rows of the sheet follow, each beginning with an empty
cell. Rows and columns count from the top of the file, as a spreadsheet program or an editor shows them. Nothing is
guessed at: a quotation mark that never closes would swallow all rows below it, and is told; so is each line that
belongs to no sheet. What a file is follows from its first words; its name is not asked.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from typing import NamedTuple

SHEETS = frozenset(
    {"survey", "choices", "settings", "consultation", "merges", "external_choices", "entities", "osm", "cascades"}
)
"""Names of sheets with which a form may begin: ours, and those that pyxform knows."""

HEAD = 4096
"""Bytes that tell what a file is."""

DELIMITERS = ",;\t"
"""Where a comma parts decimals, spreadsheet programs part cells with a semicolon."""

_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:\-]+")


class NotATable(ValueError):  # noqa: N818 - says what it is not
    """The text is no form. `code` says why, `row` where; 0 where that is not known."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code, row)
        self.code = code
        self.row = row


class Line(NamedTuple):
    """One row: its number from the top of the file, and its cells, of which the first may name a sheet."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """One sheet of a text: its name, and its rows, the row of headers first; cells without the name's."""

    name: str
    rows: list[tuple[int, dict[int, str]]]


class Tables(NamedTuple):
    """All sheets of a text, and the numbers of lines that belong to none of them."""

    tables: list[Table]
    apart: list[int]


def is_table(data: bytes) -> bool:
    """Whether a text begins as a form does."""
    head = data[:HEAD].decode(_coding(data), errors="ignore")
    return _is_markdown(head) or any(_named(_first(head), sign) in SHEETS for sign in DELIMITERS)


def is_one_sheet(data: bytes) -> bool:
    """Whether a text is the sheet `survey` alone, saved without its name, so that its choices are not there."""
    head = _first(data[:HEAD].decode(_coding(data), errors="ignore")).lower()
    return any({"type", "name"} <= {cell.strip(' "') for cell in head.split(sign)} for sign in DELIMITERS)


def tables(data: bytes) -> Tables:
    """The sheets of a text.

    Raises:
        NotATable: no UTF-8, no form, or a quotation mark that does not close.
    """
    text = _text(data)
    if _is_markdown(text[:HEAD]):
        return _parted(*_of_markdown(text))
    return _parted(_of_csv(text), [])


def rows(data: bytes) -> list[Line]:
    """The rows of CSV without any sheet's name. Raises NotATable: no UTF-8, or a quotation mark that does not close."""
    return _of_csv(_text(data))


def _text(data: bytes) -> str:
    try:
        return data.decode(_coding(data))
    except UnicodeDecodeError as error:
        raise NotATable("not-utf-8", data.count(b"\n", 0, error.start) + 1) from None


def _coding(data: bytes) -> str:
    return "utf-16" if data.startswith(_MARKS) else "utf-8-sig"


def _is_markdown(head: str) -> bool:
    """Whether one of the first lines opens a sheet; words may stand before it."""
    lines = (line.strip() for line in head.split("\n"))
    return any(line.startswith("|") and _named(line[1:], "|") in SHEETS for line in lines)


def _first(text: str) -> str:
    """The first line in which something stands, comments left out."""
    lines = (line.strip() for line in text.split("\n"))
    return next((line for line in lines if line and not line.startswith("#")), "")


def _named(line: str, sign: str) -> str:
    return line.partition(sign)[0].strip(' "').lower()


def _of_csv(text: str) -> list[Line]:
    sign = next((sign for sign in DELIMITERS if sign in _first(text)), None)
    if sign is None:  # the name of the sheet stands alone: the row of headers begins with the sign
        seconds = (two.lstrip(" ")[:1] for one, two in pairwise(text.split("\n")) if one.strip())
        sign = next((two for two in seconds if two and two in DELIMITERS), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True, skipinitialspace=sign != "\t")
    rows: list[Line] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(map(str.strip, cells)):
                rows.append(Line(number, cells))
    except csv.Error as error:
        raise NotATable("not-csv", number + 1) from error
    return rows


def _of_markdown(text: str) -> tuple[list[Line], list[int]]:
    rows: list[Line] = []
    apart: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        inner = line.strip()
        if not inner or inner.startswith("#") or (inner.startswith("|") and _RULE.fullmatch(inner)):
            continue
        if not inner.startswith("|"):
            apart.append(number)
            continue
        *cells, tail = _PIPE.split(inner[1:])
        if tail.strip() and not tail.strip().startswith("#"):  # without a closing sign, the last cell is still a cell
            cells.append(tail)
        rows.append(Line(number, [cell.replace(r"\|", "|") for cell in cells]))
    return rows, apart


def _parted(lines: list[Line], apart: list[int]) -> Tables:
    """The rows of each sheet, in their order."""
    found: list[Table] = []
    for number, name, cells in _filled(lines):
        repeated = bool(found) and name.lower() == found[-1].name.lower() and bool(found[-1].rows) and bool(cells)
        if name and not repeated:
            found.append(Table(name, []))
        if cells and not found:
            apart.append(number)
        elif cells:
            found[-1].rows.append((number, cells))
    return Tables(found, sorted(apart))


def _filled(lines: list[Line]) -> Iterator[tuple[int, str, dict[int, str]]]:
    """Number, name of a sheet and further cells of each row in which something stands."""
    for number, row in lines:
        cells = {column: text.strip() for column, text in enumerate(row, start=1) if text.strip()}
        name = cells.pop(1, "")
        if name or cells:
            yield number, name, cells

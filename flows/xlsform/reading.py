"""From the bytes of a form to the text of its cells, or to one reason why the file is not opened.

openpyxl and xlrd read, pyxform's own conversions say what a number or a date is called, so that a form means here what
it means to Kobo and ODK. pyxform's readers are not used as they are: they stop after sixty empty rows, leave columns
without a name out and trust the size that a sheet claims, and each of these loses questions without a word. What the
file claims to be is not asked: its first bytes are.
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile, ZipInfo

from openpyxl import load_workbook
from pyxform.xls2json_backends import xls_value_to_unicode, xlsx_value_to_str
from xlrd import open_workbook

from flows.findings import ConsultationError, Finding, Severity
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.tables import NotATable, is_one_sheet, is_table, rows, tables

MAX_BYTES = 8 << 20
MAX_UNPACKED = 24 << 20
MAX_PARTS = 1000
MAX_SHEETS = 40
MAX_CELLS = 200_000
MAX_SCANNED = 2_000_000
"""Cells looked at, most of them empty: a single one far to the right makes a whole row."""
MAX_TEXT = 10_000
"""Characters in one cell: a card holds less than half of it."""

MAX_LIST, MAX_LISTED = 1 << 20, 1000
"""Bytes and rows of a list in a file of its own: a card offers a hundred choices at most, and a filter thins them."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Open it in a spreadsheet program and save it as a workbook without macros (.xlsx), without a password."
_FORMS = "Save the form as a workbook (.xlsx). In a form as text, the first cell names the sheet: survey."
_TEXTS = {
    "not-utf-8": ("The file is not UTF-8 text from this row on.", "Save it as 'CSV UTF-8', or as a workbook (.xlsx)."),
    "not-csv": (
        "From this row on cells cannot be told apart: a quotation mark opens or closes where it should not.",
        'Put the whole text between quotation marks, and write those within it twice: "She said ""yes""."',
    ),
}
_RIGHT = "Check that it is the right file; a form has a few hundred rows."
_DOCTYPES = tuple("<!DOCTYPE".encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))
_LOCKS = ("~$", ".~lock.")


class Value(NamedTuple):
    """A cell with something in it."""

    row: int
    column: int
    text: str


class Page(NamedTuple):
    """A sheet as it was found: its name, the number of its row of headers, and its cells."""

    name: str
    header: int
    values: Iterable[Value]


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of a spreadsheet program, whatever the name says."""
    return data.startswith((ZIP, OLE))


def read(data: bytes, name: str) -> Book:
    """The text of all cells.

    Raises:
        ConsultationError: no workbook, too large, or something in it that a form has no use for and that can do harm.
    """
    if name.startswith(_LOCKS):
        raise _refused(
            name,
            "lock-file",
            "This is the mark of a workbook that is open elsewhere, not the workbook.",
            "Choose the file without the signs before its name; close it first.",
        )
    if not data:
        raise _refused(name, "empty", "The file is empty.", "Save the workbook again; perhaps a copy was cut off.")
    if len(data) > MAX_BYTES:
        raise _refused(name, "too-large", f"The file is larger than {MAX_BYTES >> 20} MiB.", _RIGHT)
    if not is_workbook(data):
        return _written(data, name)
    sheets = _zipped(data, name) if data.startswith(ZIP) else _older(data, name)
    return Book(name, tuple(_bounded((Page(title, 1, values) for title, values in sheets), name)))


def _written(data: bytes, name: str) -> Book:
    """A form that is a text: CSV, or tables of Markdown."""
    if not is_table(data):
        if is_one_sheet(data):
            message = "This is the sheet 'survey' alone: its choices and its consent are not there."
            raise _refused(name, "one-sheet", message, "Save the whole workbook (.xlsx) instead of one of its sheets.")
        raise _refused(name, "no-workbook", "This is neither a workbook nor a form as text.", _FORMS)
    try:
        found = tables(data)
    except NotATable as error:
        raise ConsultationError((_broken_text(error, name),)) from None
    if sum(len(cells) for table in found.tables for _, cells in table.rows) > MAX_CELLS:
        raise _too_much(name)
    pages = (
        Page(
            table.name,
            table.rows[0][0],
            (Value(row, column, text) for row, cells in table.rows for column, text in cells.items()),
        )
        for table in found.tables
        if table.rows
    )
    return Book(name, tuple(_bounded(pages, name)), tuple(found.apart))


def listed(data: bytes, name: str, file: str) -> Sheet:
    """A list of choices in a CSV file beside the form `name`, as a sheet that is called like the file.

    Raises:
        ConsultationError: no CSV, too large, or cells that cannot be told apart.
    """
    if is_workbook(data):
        raise _list_refused(name, file, 0, "no-list", "This is no CSV.", "Save the list as 'CSV UTF-8'.")
    try:
        lines = rows(data) if len(data) < MAX_LIST else []
    except NotATable as error:
        message, remedy = _TEXTS[error.code]
        raise _list_refused(name, file, error.row, error.code, message, remedy) from None
    cells = [Row(one.number, _filled(one.cells)) for one in lines]
    if len(data) >= MAX_LIST or len(cells) > MAX_LISTED + 1 or any(map(_too_long, cells)):
        message = f"This list is longer than any that a chat can offer ({MAX_LISTED} rows)."
        raise _list_refused(name, file, 0, "too-large", message, "Keep the choices that are asked for.")
    if not cells:
        raise _list_refused(name, file, 0, "empty", "There is nothing in this list.", "Save it again.")
    return Sheet(file, cells[0], tuple(cells[1:]))


def _filled(cells: list[str]) -> dict[int, str]:
    return {column: text.strip() for column, text in enumerate(cells, start=1) if text.strip()}


def _too_long(row: Row) -> bool:
    return len(row.cells) > MAX_LISTED or any(len(text) > MAX_TEXT for text in row.cells.values())


def _list_refused(name: str, file: str, row: int, code: str, message: str, remedy: str) -> ConsultationError:
    return ConsultationError((Finding(Severity.ERROR, code, row, 1, "", message, remedy, name, file),))


def _broken_text(error: NotATable, name: str) -> Finding:
    message, remedy = _TEXTS[error.code]
    return Finding(Severity.ERROR, error.code, error.row, 1, "", message, remedy, name)


def _refused(name: str, code: str, message: str, remedy: str) -> ConsultationError:
    return ConsultationError((Finding(Severity.ERROR, code, 0, 0, "", message, remedy, name),))


def _too_much(name: str) -> ConsultationError:
    return _refused(name, "too-large", "There is more in this workbook than any form needs.", _RIGHT)


def _few(sheets: int, name: str) -> None:
    if sheets > MAX_SHEETS:
        raise _too_much(name)


def _broken(name: str) -> ConsultationError:
    return _refused(name, "unreadable", "The workbook is damaged or locked with a password.", _SAVE)


def _bounded(pages: Iterable[Page], name: str) -> Iterator[Sheet]:
    """The sheets with something in them. Raises ConsultationError where there is more than any form needs."""
    cells = 0
    for number, (title, first, values) in enumerate(pages, start=1):
        _few(number, name)
        rows: dict[int, dict[int, str]] = {}
        for row, column, text in values:
            cells += 1
            if cells > MAX_CELLS or len(text) > MAX_TEXT:
                raise _too_much(name)
            rows.setdefault(row, {})[column] = text
        if rows:
            header = Row(first, rows.pop(first, {}))
            yield Sheet(title, header, tuple(Row(*one) for one in sorted(rows.items())))


def _zipped(data: bytes, name: str) -> list[tuple[str, list[Value]]]:
    """An .xlsx. Everything that can be told from the list of its parts is looked at before anything is unpacked."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            _looked_over(archive, name)
        return _cells(data, name)
    except ConsultationError:
        raise
    except Exception as error:  # a broken workbook makes openpyxl stumble in any way there is
        raise _broken(name) from error


def _looked_over(archive: ZipFile, name: str) -> None:
    """Raises ConsultationError for a bomb, macros, or a part with a document type, which no workbook has."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refused(name, "too-large", "Unpacked, this workbook is far larger than any form.", _RIGHT)
    names = [part.filename for part in parts]
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise _refused(name, "macros", "There are macros in this workbook.", _SAVE)
    if "xl/workbook.xml" not in names:
        raise _refused(name, "no-workbook", "This is a file of another program.", _SAVE)
    for part in parts:
        _no_doctype(archive, part, name)


def _no_doctype(archive: ZipFile, part: ZipInfo, name: str) -> None:
    """A document type can define names that unfold without end, or that fetch files from elsewhere."""
    with archive.open(part) as file:
        tail = b""
        while block := file.read(1 << 16):
            seen = tail + block
            if part.filename.lower().endswith((".xml", ".rels", ".vml")) and any(one in seen for one in _DOCTYPES):
                raise _refused(name, "document-type", "A part of this workbook defines names of its own.", _SAVE)
            tail = block[-20:]


def _cells(data: bytes, name: str) -> list[tuple[str, list[Value]]]:
    """All cells. Formulas give the value that was worked out last; a second reading looks for them."""
    sheets, formulas = _values(data, name, formulas=True)
    if formulas:
        sheets, _ = _values(data, name, formulas=False)
        known = {(title, one.row, one.column) for title, values in sheets for one in values}
        empty = [place for place in formulas if place not in known]
        if empty:
            raise ConsultationError(tuple(_formula(name, *place) for place in empty[:20]))
    return sheets


def _formula(name: str, sheet: str, row: int, column: int) -> Finding:
    message = "A formula stands here without the value that it gives."
    remedy = "Open the workbook in a spreadsheet program and save it, or write the value itself."
    return Finding(Severity.ERROR, "formula", row, column, "", message, remedy, name, sheet)


def _values(
    data: bytes, name: str, *, formulas: bool
) -> tuple[list[tuple[str, list[Value]]], list[tuple[str, int, int]]]:
    """What stands in the sheets, and where formulas stand (if they are asked for)."""
    book = load_workbook(BytesIO(data), read_only=True, data_only=not formulas, keep_links=False)
    sheets, found, scanned = [], [], 0
    _few(len(book.worksheets), name)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet claims of its size is a claim
        values: list[Value] = []
        for row in sheet.iter_rows():
            scanned += len(row)
            if scanned > MAX_SCANNED:
                raise _too_much(name)
            for cell in (one for one in row if one.value is not None):
                if cell.data_type == "f":
                    found.append((sheet.title, int(cell.row), int(cell.column)))
                values += _value(cell.row, cell.column, _text(cell.value))
        sheets.append((sheet.title, values))
    book.close()
    return sheets, found


def _value(row: int | None, column: int | None, text: str) -> list[Value]:
    return [Value(row or 0, column or 0, text.strip())] if text.strip() else []


def _text(value: object) -> str:
    """As pyxform has it, but a text stays as it is: the space before a French question mark does not break."""
    return value if isinstance(value, str) else str(xlsx_value_to_str(value))


def _older(data: bytes, name: str) -> list[tuple[str, list[Value]]]:
    """An .xls, from before 2007; a workbook with a password comes in the same wrapping."""
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise _refused(name, "macros", "There are macros in this workbook.", _SAVE)
    try:
        with open_workbook(file_contents=data, on_demand=True, logfile=BytesIO()) as book:
            _few(book.nsheets, name)
            return [(sheet.name, _of_sheet(sheet, book.datemode)) for sheet in map(_opener(book), range(book.nsheets))]
    except ConsultationError:
        raise
    except Exception as error:  # as for the newer kind
        raise _broken(name) from error


def _opener(book: Any) -> Callable[[int], Any]:  # noqa: ANN401 - xlrd publishes no types
    opened: Callable[[int], Any] = book.sheet_by_index
    return opened


def _of_sheet(sheet: Any, dates: int) -> list[Value]:  # noqa: ANN401 - as above
    values: list[Value] = []
    for row, cells in enumerate(sheet.get_rows(), start=1):
        for column, cell in enumerate(cells, start=1):
            if cell.ctype and cell.value != "":
                text = cell.value
                if not isinstance(text, str):
                    text = xls_value_to_unicode(text, cell.ctype, dates)
                values += _value(row, column, text)
    return values

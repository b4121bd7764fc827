"""The data annex as a workbook and as CSV: headings, a row of HXL tags, then figures; withheld ones are empty fields.

Both are written from displayed figures alone. There is no formula, no hidden row or sheet, no cache and no name of
whoever wrote it; the workbook's second sheet says what the figures are and are not.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from io import BytesIO, StringIO

import xlsxwriter

from reports.data import HEADS, TAGS, check_tags
from reports.document import Datum, Document, phrases

_NO_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the first day that a ZIP file can name: no time of making
_WIDTHS = (16, 44, 18, 18, 16, 36, 9, 9, 16, 14)


def rows(document: Document) -> Iterator[tuple[str | int | None, ...]]:
    """One row for each figure, in the order of HEADS; the last field says of which release, and whether of a draft."""
    # A file of figures has no page to say DRAFT on: each row says whether it is a draft's, or a rehearsal's.
    release = " · ".join(filter(None, (document.number, document.stamp)))
    for datum in document.data:
        yield (*_words(datum), datum.count, datum.percent, datum.display.value, release)


def _words(datum: Datum) -> tuple[str, ...]:
    return (datum.table, datum.question, datum.by, datum.group, datum.code, datum.answer)


def render_csv(document: Document) -> bytes:
    """The figures as CSV with a row of tags, UTF-8; a text that a spreadsheet would take for a formula is disarmed."""
    check_tags(TAGS)
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([HEADS, TAGS])
    for row in rows(document):
        writer.writerow("" if value is None else _harmless(value) for value in row)
    return out.getvalue().encode()


def _harmless(value: str | int) -> str | int:
    """A text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def render_xlsx(document: Document) -> bytes:
    """The figures as a workbook of two sheets, both in sight."""
    check_tags(TAGS)
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": document.title.text, "author": "", "comments": "", "created": _NO_DAY})
        _figures(book, document)
        _about(book, document)
    return out.getvalue()


def _figures(book: xlsxwriter.Workbook, document: Document) -> None:
    sheet = book.add_worksheet("data")
    head, tag = book.add_format({"bold": True, "bottom": 1}), book.add_format({"italic": True, "font_color": "#56616e"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, HEADS, head)
    sheet.write_row(1, 0, TAGS, tag)
    for place, row in enumerate(rows(document), start=2):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(place, column, value, wrapped)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 0)
    _printing(sheet, document)


def _about(book: xlsxwriter.Workbook, document: Document) -> None:
    """What a reader must know before using the figures, in the document's own words."""
    sheet = book.add_worksheet("about")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    said = [*document.marks, document.title.text, document.subtitle, *phrases(document.parts)]
    for place, text in enumerate(text for text in said if text):
        sheet.write_string(place, 0, text, wrapped)
    sheet.set_column(0, 0, 110)
    _printing(sheet, document)


def _printing(sheet: xlsxwriter.worksheet.Worksheet, document: Document) -> None:
    """Every printed page says what it is; right-to-left languages begin at the right."""
    if document.direction == "rtl":
        sheet.right_to_left()
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{document.stamp.replace('&', '&&')}")

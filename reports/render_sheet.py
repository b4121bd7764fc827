"""The data annex as a workbook and as CSV: headings, a row of HXL tags, then figures; withheld ones are empty fields.

Both are written from displayed figures alone. There is no formula, no hidden row or sheet, no cache and no name of
whoever wrote it; the workbook's second sheet says what the figures are and are not.

Each cell is told in which direction it reads and each row how high it is: programs guess the one from a cell's first
letter, and not all of them work out the other.
"""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from math import ceil
from typing import assert_never
from unicodedata import category

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.data import HEADS, TAGS, check_tags
from reports.document import (
    ISOLATE,
    Asks,
    Block,
    Bullets,
    Callout,
    Datum,
    Document,
    Facts,
    Notes,
    Paragraph,
    Quotes,
    Table,
    explained,
    side_by_side,
    without_isolates,
)

_NO_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the first day that a ZIP file can name: no time of making
_WIDTHS = (27, 46, 26, 20, 17, 32, 14, 20, 15, 22)
"""Letters that a column of figures has room for: its tag, and the longest word that stands in it."""
_WORDS, _FIGURES = 84, 14
"""The same on the second sheet: its first column, and those to which a table there goes on."""
_CODES = frozenset({0, 4, 8})
"""Columns that hold words for machines, which read from left to right in every language."""
_BROAD = {"my": 1.4, "am": 1.6, "zh": 2.1}
"""Language → width of its letters by that of Latin ones."""
_HIGH = {"my": 24, "am": 19, "ar": 19, "ckb": 19, "prs": 19}
"""Language → points that a line of it needs."""
_LINE = 15.5
_HIGHEST = 409
"""Points that a row may have."""
_NUMBERS = frozenset({"people", "percent"})
_PLAIN: Mapping[str, object] = {}
_HEAD: Mapping[str, object] = {"bold": True, "bottom": 1}
_TAG: Mapping[str, object] = {"italic": True, "font_color": "#56616e", "text_wrap": False}
_RIGHT = {"align": "right"}
_TITLE, _STRONG, _SOFT = {"bold": True, "font_size": 14}, {"bold": True}, {"font_color": "#56616e"}


def rows(document: Document) -> Iterator[tuple[str | int | None, ...]]:
    """One row for each figure, in the order of HEADS; the last field says of which release, and whether of a draft."""
    # A file of figures has no page to say DRAFT on: each row says whether it is a draft's, or a rehearsal's.
    release = side_by_side(filter(None, (document.number, document.stamp)), document.direction)
    for datum in document.data:
        *words, last = (ISOLATE.sub("", each) for each in (*_words(datum), release))
        yield (*words, datum.count, datum.percent, datum.display.value, last)


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
        _Sheets(book, document).made()
    return out.getvalue()


class _Sheets:
    """The two sheets in the making."""

    def __init__(self, book: xlsxwriter.Workbook, document: Document) -> None:
        self._book = book
        self._document = document
        self._rtl = document.direction == "rtl"

    def made(self) -> None:
        """Writes both."""
        self._figures(self._book.add_worksheet("data"))
        self._about(self._book.add_worksheet("about"))

    def _look(self, more: Mapping[str, object] = _PLAIN, *, codes: bool = False) -> Format:
        """How a cell looks: it begins where the sheet's lines begin, and reads as its language or its codes do."""
        order = 2 if self._rtl and not codes else 1
        align = "right" if self._rtl else "left"
        return self._book.add_format(
            {"text_wrap": True, "valign": "top", "align": align, "reading_order": order, **more}
        )

    def _figures(self, sheet: Worksheet) -> None:
        self._heads(sheet)
        looks = [self._look(codes=column in _CODES) for column in range(len(HEADS))]
        number = self._book.add_format({"valign": "top", "align": "right"})
        for place, row in enumerate(rows(self._document), start=2):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(place, column, value, number if isinstance(value, int) else looks[column])
            sheet.set_row(place, self._height([str(value or "") for value in row], _WIDTHS))
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(0, 1)
        self._printing(sheet)

    def _heads(self, sheet: Worksheet) -> None:
        """What stands above the figures; above numbers on the right, as they do."""
        for place, (texts, look) in enumerate(((HEADS, _HEAD), (TAGS, _TAG))):
            words, numbers = self._look(look, codes=True), self._look({**look, **_RIGHT}, codes=True)
            for column, text in enumerate(texts):
                sheet.write_string(place, column, text, numbers if HEADS[column] in _NUMBERS else words)

    def _about(self, sheet: Worksheet) -> None:
        """What a reader must know before using the figures, in the document's own words."""
        beside = self._look(_RIGHT)
        said = [(self._look(look), cells) for look, cells in self._said() if any(cells)]
        widths = (_WORDS, *[_FIGURES] * (max(len(cells) for _, cells in said) - 1))
        for place, (look, cells) in enumerate(said):
            bare = [without_isolates(text, rtl=self._rtl) for text in cells]
            for column, text in enumerate(bare):
                sheet.write_string(place, column, text, beside if column else look)
            sheet.set_row(place, self._height(bare, widths))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self._printing(sheet)

    def _said(self) -> Iterator[tuple[Mapping[str, object], tuple[str, ...]]]:
        """Each row of the second sheet: its look, and its cells."""
        document = self._document
        yield from ((_STRONG, (mark,)) for mark in document.marks)
        yield _TITLE, (document.title.text,)
        yield _SOFT, (document.subtitle,)
        for section in document.parts:
            yield _STRONG, (section.heading.text,)
            for block in section.blocks:
                yield from ((_PLAIN, cells) for cells in _cells(block, document.direction))

    def _height(self, cells: Sequence[str], widths: Sequence[int]) -> float:
        """Points that a row needs for the longest of its cells."""
        language = self._document.language
        broad = _BROAD.get(language, 1)
        lines = max(_lines(text, width, broad) for text, width in zip(cells, widths, strict=False))
        return min(lines * _HIGH.get(language, _LINE), _HIGHEST)

    def _printing(self, sheet: Worksheet) -> None:
        """Every printed page says what it is; right-to-left languages begin at the right."""
        if self._rtl:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{self._document.stamp.replace('&', '&&')}")
        sheet.set_footer("&C&P / &N")


def _lines(text: str, width: int, broad: float) -> int:
    """Lines on which `text` stands in a column: signs above and below letters take no room, and lines end early."""
    room = sum(broad if category(sign) in {"Lo", "Mc"} else 1 for sign in text if category(sign) not in {"Mn", "Cf"})
    return max(1, ceil(1.15 * room / width)) if room > width * 0.9 else 1


def _cells(block: Block, direction: str) -> Iterator[tuple[str, ...]]:
    """A block as rows of cells: words in the first, and to the side of them only what stands beside them in a table."""
    match block:
        case Paragraph(text, number=number):
            yield (f"{number} {text.text}".strip(),)
        case Bullets(items) | Callout(items) | Notes(items):
            yield from ((f"• {item.text}",) for item in items)
        case Facts(pairs):
            yield from ((explained(term.text, value.text),) for term, value in pairs)
        case Quotes(items):
            yield from ((f"{words.text} — {who}",) for words, who in items)
        case Asks(items=items):
            yield from ((side_by_side((ask.to.text, ask.what.text, ask.by), direction),) for ask in items)
        case Table():
            yield (block.caption,)
            yield tuple(head.text for head in block.heads)
            yield from ((row.label.text, *row.cells) for row in block.rows)
        case _:
            assert_never(block)

"""A document for word processors: real styles, real tables, pictures with alternative text, right-to-left where needed.

Everything stays editable on purpose: a note to the Commission is worked on by several people before anyone votes. What
is published is the PDF or HTML; both can be made again from the release and compared.
"""

import datetime as dt
import json
from dataclasses import asdict, replace
from functools import lru_cache, partial
from io import BytesIO
from typing import Any

import docx
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Mm, Pt

from locales.catalog import direction
from reports import word_parts
from reports.document import (
    ISOLATE,
    NO_LANGUAGE,
    Asks,
    Block,
    Bullets,
    Callout,
    Document,
    Drawn,
    Facts,
    Notes,
    Paragraph,
    Phrase,
    Quotes,
    Row,
    Section,
    Table,
    leads,
    side_by_side,
    without_isolates,
)
from reports.packing import repacked
from reports.typesetting import typeset
from reports.word_parts import Look

MARK, SOFT = "8A1C1C", "56616E"
PLAIN = Look()
_UNWANTED = ("/customXml", "/metadata/thumbnail", "/extended-properties", "/stylesWithEffects")
"""Kinds of parts that the library's template brings and no document needs: notes of programs, a picture of a page."""


_SIZES = {
    "Normal": (0, 10.5), "List Bullet": (0, 10.5), "Title": (0, 20),
    "Heading 2": (12, 13), "Heading 3": (9, 11), "Heading 4": (8, 11),
}  # fmt: skip
"""Style → points before a paragraph, and of its letters."""


_TIGHT = {"my": (0.9, 1.75)}
"""Language → size of its letters by that of Latin ones, height of its lines by that of its letters. Burmese fonts ask
for lines of two and a half, which is room for letters that Burmese does not have: nine pages of four."""
_DRAWINGS = {Drawn.BARS: 3.8, Drawn.DIVERGING: 3.6, Drawn.SLOPES: 3.2}
"""Centimetres that a drawing is wide."""
_LABELS = 4.2
"""The least that labels have."""
_WHOLE = 9
"""Rows of a table that stays on one page."""
_SHORT = 4
"""The same of facts."""
_LONG = 60
"""Letters of a term that needs as much room as what it is."""
_ASIDE = 0.25
"""Centimetres between what stands side by side."""


def render_docx(document: Document) -> bytes:
    """The file. Raises DocumentRefused where a picture cannot be drawn."""
    return _Writing(document).made()


class _Writing:
    """One file in the making."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._rtl = document.direction == "rtl"
        self._leans = document.language not in word_parts.UPRIGHT
        self._pictures = 0
        self._after_table = False
        self._file: Any = docx.Document()
        self._prepare()

    def made(self) -> bytes:
        """Writes everything and packs it."""
        document = self._document
        self._text(self._file.add_paragraph(), self._own(document.subtitle), Look(color=SOFT))
        self._text(self._file.add_paragraph(style="Title"), document.title, Look(bold=True, size=20, color="1B2430"))
        self._marks()
        for section in document.sections:
            self._section(section)
        for place, section in enumerate(document.annex):
            self._section(section, fresh_page=place == 0)
        # What is said at the end stands with what it closes, and not on a page of its own.
        if self._file.tables and self._after_table:
            word_parts.keep_with_next(self._file.tables[-1])
        self._gap()
        self._marks()
        for paragraph in self._file.paragraphs[len(self._file.paragraphs) - len(document.marks) : -1]:
            paragraph.paragraph_format.keep_with_next = True
        out = BytesIO()
        self._file.save(out)
        return repacked(out.getvalue())

    def _prepare(self) -> None:
        package = self._file.part.package
        for relations in (package.rels, self._file.part.rels):
            for name in [name for name, each in relations.items() if each.reltype.endswith(_UNWANTED)]:
                del relations[name]
        word_parts.forget_edits(self._file.settings.element, self._file.styles.element, self._file.element)
        properties = self._file.core_properties
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.created = properties.modified = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
        properties.revision, properties.title = 1, self._document.title.text
        properties.language = self._document.language
        sheet = self._file.sections[0]
        sheet.page_width, sheet.page_height = Mm(210), Mm(297)
        sheet.left_margin = sheet.right_margin = Mm(20)
        sheet.top_margin, sheet.bottom_margin, sheet.footer_distance = Mm(20), Mm(17), Mm(9)
        for name, (before, size) in _SIZES.items():
            style = self._file.styles[name]
            smaller, line = _TIGHT.get(self._document.language, (1, None))
            letters = round(2 * size * smaller) / 2
            style.font.name, style.font.size = word_parts.LATIN, Pt(letters)
            style.font.italic = style.font.cs_italic = False
            word_parts.plain_style(style)
            form = style.paragraph_format
            form.space_before, form.space_after = Pt(before), Pt(4)
            if line:
                form.line_spacing = Pt(letters * line)
        self._edges(sheet)

    def _edges(self, sheet: Any) -> None:  # noqa: ANN401 - python-docx's section, used by name only
        """Header and footer: what the document is and which page this is, on every page."""
        if self._document.stamp:
            header = sheet.header.paragraphs[0]
            header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self._text(header, self._own(self._document.stamp), Look(bold=True, color=MARK, size=8.5))
        footer = sheet.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.LEFT  # where lines begin: in Arabic on the right
        look = Look(color=SOFT, size=8.5)
        if self._document.release:
            # A field of a page's number knows European digits only: beside it stand no others.
            release = self._document.release.translate(str.maketrans(self._document.digits, "0123456789"))
            self._text(footer, self._own(f"{release}   "), look)
        # Isolates would be parted by the fields they stand around, and numbers of the language need none.
        before, _, rest = ISOLATE.sub("", self._document.page).partition("{page}")
        between, _, after = rest.partition("{pages}")
        self._text(footer, self._own(before), look)
        field = partial(word_parts.field, footer, language=self._document.language, rtl=self._rtl, look=look)
        field(code="PAGE")
        self._text(footer, self._own(between), look, turned=True)
        field(code="NUMPAGES")
        self._text(footer, self._own(after), look, turned=True)

    def _own(self, text: str) -> Phrase:
        return Phrase(text, self._document.language)

    def _text(self, paragraph: Any, said: Phrase, look: Look = PLAIN, *, turned: bool = False) -> None:  # noqa: ANN401 - as above
        """Words at the end of a paragraph, which reads in the document's direction."""
        if self._rtl and not turned:
            word_parts.turn_paragraph(paragraph)
        foreign = said.language not in {self._document.language, NO_LANGUAGE}
        rtl = direction(said.language) == "rtl" if foreign else self._rtl and said.language != NO_LANGUAGE
        if said.text:
            # What the paragraph's own direction makes needless goes; what reads the other way is kept apart in it.
            bare = without_isolates(said.text, rtl=self._rtl)
            look = replace(look, page=self._document.language)
            word_parts.add_run(paragraph, bare, said.language, rtl=rtl, look=look)

    def _marks(self) -> None:
        for mark in self._document.marks:
            self._text(self._file.add_paragraph(), self._own(mark), Look(bold=True, color=MARK))

    def _section(self, section: Section, *, fresh_page: bool = False) -> None:
        if section.heading.text:
            heading = self._file.add_paragraph(style=f"Heading {section.level}")
            heading.paragraph_format.page_break_before = fresh_page
            self._text(heading, section.heading, Look(bold=True, color="1B2430"))
            self._after_table = False
        for place, block in enumerate(section.blocks):
            self._gap()
            self._block(block)
            if leads(section.blocks, place):
                self._file.paragraphs[-1].paragraph_format.keep_with_next = True

    def _block(self, block: Block) -> None:  # noqa: C901 - one line for each kind of block
        match block:
            case Paragraph():
                self._paragraph(block)
            case Bullets(items):
                self._points(items, Look())
            case Notes(items):
                self._points(items, Look(size=9, color=SOFT))
            case Callout(items):
                self._callout(items)
            case Facts(pairs):
                rows = [[term, replace(value, text=word_parts.kept_together(value))] for term, value in pairs]
                long = any(len(term.text) > _LONG for term, _ in pairs)
                self._grid(rows, (8.0, 9.0) if long else (6.0, 11.0), first=Look(color=SOFT))
            case Quotes(items):
                self._quotes(items)
            case Asks(heads, items):
                rows = [[ask.to, ask.what, self._own(ask.by)] for ask in items]
                self._grid(rows, (4.3, 9.1, 3.6), heads=tuple(map(self._own, heads)), first=Look(bold=True))
            case Table():
                self._table(block)

    def _quotes(self, items: tuple[tuple[Phrase, str], ...]) -> None:
        for words, who in items:
            self._text(self._file.add_paragraph(style="Quote"), words)
            self._text(self._file.add_paragraph(), self._own(who), Look(color=SOFT))

    def _paragraph(self, told: Paragraph) -> None:
        paragraph = self._file.add_paragraph()
        self._text(paragraph, self._own(f"{told.number} " if told.number else ""), Look(color=SOFT))
        self._text(paragraph, told.text, Look(bold=told.strong), turned=True)

    def _points(self, items: tuple[Phrase, ...], look: Look) -> None:
        for item in items:
            self._text(self._file.add_paragraph(style="List Bullet"), item, look)

    def _callout(self, items: tuple[Phrase, ...]) -> None:
        table = self._new_table(1, (17.0,))
        cell = table.rows[0].cells[0]
        word_parts.cell_border(cell, "start", 18, MARK)
        word_parts.shade(cell, "FAF5F4")
        self._row(table.rows[0], head=False)
        for place, item in enumerate(items):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            self._text(paragraph, item)
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(_ASIDE)
        self._after_table = True

    def _grid(
        self, rows: list[list[Phrase]], widths: tuple[float, ...], *, heads: tuple[Phrase, ...] = (), first: Look
    ) -> None:
        """Rows of words side by side, the first of each in its own look; lines only where there are heads."""
        all_rows = [list(heads), *rows] if heads else rows
        table = self._new_table(len(all_rows), widths)
        short = not heads and len(rows) <= _SHORT
        for place, (row, texts) in enumerate(zip(table.rows, all_rows, strict=True)):
            head = bool(heads) and place == 0
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                look = Look(color=SOFT, size=9) if head else first if column == 0 else Look()
                if text.language == NO_LANGUAGE:
                    look = Look(size=8)
                self._text(cell.paragraphs[0], text, look)
                form = cell.paragraphs[0].paragraph_format
                form.keep_with_next = short and place + 1 < len(rows)
                form.space_before = Pt(0 if heads else 2)
                form.right_indent = Cm(_ASIDE)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.TOP
                if heads:
                    word_parts.cell_border(cell, "bottom", 8 if head else 4, "1B2430" if head else "C3C9D1")
            self._row(row, head=head)
        self._after_table = True

    def _new_table(self, rows: int, widths: tuple[float, ...]) -> Any:  # noqa: ANN401 - as above
        table = self._file.add_table(rows=rows, cols=len(widths))
        table.autofit = False
        word_parts.plain_margins(table)
        if self._rtl:
            word_parts.turn_table(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
                cell.paragraphs[0].paragraph_format.space_after = Pt(1)
        return table

    def _gap(self) -> None:
        """A little room after a table: without a paragraph between them, word processors join two tables into one.

        A heading has room of its own, and before a new page a paragraph that no longer fits would be an empty one.
        """
        if self._after_table:
            form = self._file.add_paragraph().paragraph_format
            form.space_after, form.line_spacing, form.keep_with_next = Pt(0), Pt(5), True
        self._after_table = False

    def _row(self, row: Any, *, head: bool) -> None:  # noqa: ANN401 - as above
        word_parts.whole_row(row)
        if head:
            word_parts.head_row(row)

    def _table(self, told: Table) -> None:
        caption = self._file.add_paragraph()
        caption.paragraph_format.keep_with_next, caption.paragraph_format.space_before = True, Pt(4)
        self._text(caption, self._own(told.caption), Look(size=9, color=SOFT))
        drawn = told.drawn is not Drawn.NOTHING
        table = self._new_table(len(told.rows) + 1, _widths(told, self._document.language))
        for cell, head in zip(table.rows[0].cells, told.heads, strict=False):
            self._text(cell.paragraphs[0], head, Look(size=9, color=SOFT))
        for row, values in zip(table.rows[1:], told.rows, strict=True):
            look = Look(italic=values.aside and self._leans, color=SOFT if values.aside else None)
            self._text(row.cells[0].paragraphs[0], values.label, look)
            row.cells[0].paragraphs[0].paragraph_format.right_indent = Cm(_ASIDE)
            for cell, value in zip(row.cells[1:], values.cells, strict=False):
                self._text(cell.paragraphs[0], self._own(value), look)
            if drawn:
                self._picture(row.cells[-1].paragraphs[0], values, told.drawn)
        for place, row in enumerate(table.rows):
            self._row(row, head=place == 0)
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = place < len(told.rows) <= _WHOLE
                word_parts.cell_border(cell, "bottom", 8 if place == 0 else 4, "C3C9D1" if place else "1B2430")
            for cell in row.cells[1 : len(told.heads)]:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT if self._rtl else WD_ALIGN_PARAGRAPH.RIGHT
        self._after_table = True

    def _picture(self, paragraph: Any, row: Row, drawn: Drawn) -> None:  # noqa: ANN401 - as above
        if not row.drawing and row.slope is None:
            return
        described = {
            "drawing": [asdict(stroke) for stroke in row.drawing], "slope": asdict(row.slope) if row.slope else None,
            "drawn": drawn, "backwards": self._rtl,
        }  # fmt: skip
        self._pictures += 1
        paragraph.paragraph_format.line_spacing = 1.0
        if self._rtl:
            word_parts.turn_paragraph(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # where lines end: in Arabic on the left
        picture = paragraph.add_run().add_picture(
            BytesIO(_png(json.dumps(described, sort_keys=True))), width=Cm(_DRAWINGS[drawn])
        )
        word_parts.describe(picture, f"{row.label.text}: {self._beside(row.cells)}", self._pictures)

    def _beside(self, cells: tuple[str, ...]) -> str:
        return side_by_side(filter(None, cells), self._document.direction)


def _widths(told: Table, language: str) -> tuple[float, ...]:
    """Widths of a table's columns in centimetres, 17 together: labels, numbers, drawing.

    A column of numbers has room for the longest word above it, or it would be torn there.
    """
    drawing = (_DRAWINGS[told.drawn] + _ASIDE,) if told.drawn in _DRAWINGS else ()
    heads = [head.text for head in told.heads[1:]]
    wanted = [max(1.6, word_parts.room(head, language) + _ASIDE) for head in heads]
    narrow = min(1, (17.0 - _LABELS - sum(drawing)) / sum(wanted))
    numbers = [each * narrow for each in wanted]
    return (17.0 - sum(numbers) - sum(drawing), *numbers, *drawing)


@lru_cache(maxsize=512)
def _png(described: str) -> bytes:
    return typeset("drawing.typ", {"drawing": described}, "png")

"""What Word needs to be told and python-docx does not say: directions, languages, letters, alternative text, fields.

The order of elements is the schema's (ECMA-376, part 1, 17.3 and 17.4); Word repairs or refuses what stands elsewhere.
"""

from dataclasses import dataclass
from typing import Any
from unicodedata import category

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from reports.document import Phrase, listed
from reports.lines import unbroken

LATIN = "Times New Roman"
LETTERS = {"my": "Myanmar Text", "am": "Ebrima", "zh": "SimSun"}
"""Language → the font that office programs have for it; all others are in Times New Roman."""

UPRIGHT = frozenset({"am", "ar", "ckb", "my", "prs", "zh"})
"""Languages whose letters do not lean: a program that is told to lean them distorts them."""

_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
    "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
_AFTER_BIDI_VISUAL = (
    "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders",
    "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook",
)  # fmt: skip
_AFTER_SHADE = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")
_AFTER_BORDERS = ("w:shd", *_AFTER_SHADE)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of letters looks."""

    bold: bool = False
    italic: bool = False
    size: float | None = None
    color: str | None = None
    page: str = ""
    """The document's language."""


def element(name: str, **attributes: str) -> Any:  # noqa: ANN401 - elements of lxml have no type of their own
    """A new element of WordprocessingML with its attributes."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def add_run(paragraph: Any, text: str, language: str, *, rtl: bool, look: Look) -> None:  # noqa: ANN401 - as above
    """`text` at the end of `paragraph`, in its language and direction, so that no program turns it.

    Letters of Europe are in the font of the page where that has them, so that a line has one face.
    """
    run = paragraph.add_run(unbroken(text, language))
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - the library has no other way to these properties
    font = LETTERS.get(language, LATIN)
    european = LETTERS.get(look.page, font) if language not in LETTERS else font
    properties.append(element("w:rFonts", ascii=european, hAnsi=european, eastAsia=LETTERS["zh"], cs=font))
    run.bold, run.italic = look.bold or None, look.italic or None
    if look.bold:
        run.font.cs_bold = True
    if look.color:
        run.font.color.rgb = RGBColor.from_string(look.color)
    if look.size:
        run.font.size = Pt(look.size)
        properties.append(element("w:szCs", val=str(int(2 * look.size))))
    if rtl:
        properties.append(element("w:rtl"))
    if language != "zxx":
        # Of letters that are called Chinese, digits too, any may begin a line.
        latin = "en-US" if language == "zh" else language
        properties.append(element("w:lang", val=latin, eastAsia=language, bidi=language))


def kept_together(phrase: Phrase) -> str:
    """Names or figures side by side: none of them is broken by a line, nor parted from its point."""
    parts = listed(phrase)
    if len(parts) == 1:
        return phrase.text
    return " ".join(part.replace(" ·", "\u00a0·") if long else part.replace(" ", "\u00a0") for part, long in parts)


def forget_edits(*roots: Any) -> None:  # noqa: ANN401 - as above
    """Takes out the numbers of the sessions in which the library's template was edited."""
    for root in roots:
        for each in list(root.iter()):
            for name in [name for name in each.attrib if "}rsid" in name]:
                del each.attrib[name]
        for each in list(root.iter(qn("w:rsids"), qn("w:rsid"))):
            each.getparent().remove(each)


def plain_style(style: Any) -> None:  # noqa: ANN401 - as above
    """Takes spaced letters and a line below from a style of the template: space tears Arabic letters apart."""
    for name in ("w:pPr/w:pBdr", "w:rPr/w:spacing", "w:rPr/w:kern"):
        for each in style.element.xpath(name):
            each.getparent().remove(each)


def turn_paragraph(paragraph: Any) -> None:  # noqa: ANN401 - as above
    """Makes a paragraph read from right to left, however often it is told."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - as above
    if properties.find(qn("w:bidi")) is None:
        properties.insert_element_before(element("w:bidi"), *_AFTER_BIDI)


def turn_table(table: Any) -> None:  # noqa: ANN401 - as above
    """Makes a table's first column its rightmost."""
    table._tbl.tblPr.insert_element_before(element("w:bidiVisual"), *_AFTER_BIDI_VISUAL)  # noqa: SLF001 - as above


def head_row(row: Any) -> None:  # noqa: ANN401 - as above
    """Repeats a row on every page and tells screen readers that it is the head."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001 - as above


def whole_row(row: Any) -> None:  # noqa: ANN401 - as above
    """Keeps a row on one page."""
    row._tr.get_or_add_trPr().insert(0, element("w:cantSplit"))  # noqa: SLF001 - as above


def cell_border(cell: Any, side: str, size: int, color: str) -> None:  # noqa: ANN401 - as above
    """A line along one side of a cell, in eighths of a point."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - as above
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = element("w:tcBorders")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    borders.append(element(f"w:{side}", val="single", sz=str(size), space="0", color=color))


def keep_with_next(table: Any) -> None:  # noqa: ANN401 - as above
    """Keeps a table whole and with what follows it."""
    for paragraph in (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def plain_margins(table: Any) -> None:  # noqa: ANN401 - as above
    """Cells without margins: which side of a right-to-left table they belong to, programs do not agree."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="0", type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - as above


_BROAD = {"my": 1.3, "am": 1.2, "zh": 1.8}
_LETTER = 0.215
"""Centimetres that a letter above a column is wide."""


def room(head: str, language: str) -> float:
    """Centimetres that the longest word of a head needs."""
    words = (sum(category(sign) not in {"Mn", "Cf"} for sign in word) for word in head.split(" "))
    return max(words, default=0) * _LETTER * _BROAD.get(language, 1)


def shade(cell: Any, color: str) -> None:  # noqa: ANN401 - as above
    """A cell's ground."""
    ground = element("w:shd", val="clear", color="auto", fill=color)
    cell._tc.get_or_add_tcPr().insert_element_before(ground, *_AFTER_SHADE)  # noqa: SLF001 - as above


def field(paragraph: Any, code: str, language: str, *, rtl: bool, look: Look) -> None:  # noqa: ANN401 - as above
    """A number that the program counts itself, PAGE or NUMPAGES, and that looks like the words beside it."""
    add_run(paragraph, "1", language, rtl=rtl, look=look)
    run = paragraph.runs[-1]._r  # noqa: SLF001 - as above
    simple = element("w:fldSimple", instr=code)
    run.addprevious(simple)
    simple.append(run)


def describe(picture: Any, text: str, number: int) -> None:  # noqa: ANN401 - as above
    """Alternative text of a picture, and a name that says nothing of where it came from."""
    properties = picture._inline.docPr  # noqa: SLF001 - as above
    properties.set("descr", text)
    properties.set("name", f"drawing {number}")
    properties.set("id", str(number))
    inner = picture._inline.graphic.graphicData.pic.nvPicPr.cNvPr  # noqa: SLF001 - as above
    inner.set("name", f"drawing {number}")
    # Where nothing is said of it, some programs leave room beside a picture, and then it hangs out of its cell.
    for side in ("distT", "distB", "distL", "distR"):
        picture._inline.set(side, "0")  # noqa: SLF001 - as above

"""Word files as the schema has them: Word repairs or refuses a file whose parts stand in another order."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from locales import compile as compile_catalogues
from locales.catalog import languages
from reports.compose import Told
from reports.narrative import ProductName
from reports.rendering import document, written
from tests.reports.test_files import W
from tests.reports.test_opinions import grouped

ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tcBorders": "top start left bottom end right insideH insideV tl2br tr2bl",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "p": "pPr r",
}
"""Elements and what may stand in them, in the order of ECMA-376, part 1, annex A; only what our files may hold."""
SEVERAL = {"headerReference", "footerReference", "tr", "tc", "r"}


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


@cache
def roots(language: str) -> dict[str, ET.Element]:
    """The parts of a Word file that has tables, votes, groups and, as a release, a number in its footer."""
    made = document(grouped(), ProductName.PBC, language, Told(number="12"))
    with ZipFile(BytesIO(written(made, "docx"))) as file:
        names = [
            name for name in file.namelist() if re.fullmatch(r"word/(?:document|styles|header\d|footer\d).xml", name)
        ]
        return {name: ET.fromstring(file.read(name)) for name in names}  # noqa: S314 - our own file


def misplaced(root: ET.Element) -> Iterator[str]:
    """Elements whose children the schema would refuse: in another order, or twice."""
    for element in root.iter():
        order = ORDERS.get(element.tag.removeprefix(W), "").split()
        names = ["r" if name == "fldSimple" else name for name in (child.tag.removeprefix(W) for child in element)]
        if not order:
            continue
        strange = [name for name in names if name not in order]
        twice = {name for name in names if names.count(name) > 1} - SEVERAL
        if strange or twice or names != sorted(names, key=order.index):
            yield f"{element.tag.removeprefix(W)}: {' '.join(names)}"


@pytest.mark.parametrize("language", languages())
def test_every_property_stands_where_the_schema_has_it(language: str) -> None:
    """Properties of paragraphs, runs, tables, cells and pages stand once and in the schema's order."""
    found = {name: sorted(set(misplaced(root))) for name, root in roots(language).items()}

    assert len(found) >= 4
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_no_part_of_a_word_file_tells_its_editing_sessions() -> None:
    """The library's template was edited in sessions of its own, whose numbers no document carries. Proves: R8."""
    named = [key for root in roots("en").values() for each in root.iter() for key in each.attrib if "rsid" in key]

    assert named == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_letters_are_spaced_out(language: str) -> None:
    """Space between letters tears Arabic ones apart: no style in use asks for it, nor for a coloured line."""
    styles = roots(language)["word/styles.xml"]
    used = {"Normal", "Title", "ListBullet", "Quote", "Header", "Footer", *(f"Heading{level}" for level in (2, 3, 4))}
    ours = [style for style in styles.iter(f"{W}style") if style.get(f"{W}styleId") in used]

    assert len(ours) == len(used)
    for style in ours:
        assert style.find(f"{W}rPr/{W}spacing") is None
        assert style.find(f"{W}rPr/{W}kern") is None
        assert style.find(f"{W}pPr/{W}pBdr") is None


@pytest.mark.parametrize("language", languages())
def test_the_foot_of_a_page_begins_where_lines_begin(language: str) -> None:
    """Office programs disagree on where an unaligned foot stands in Arabic; no sign is left around a page's number."""
    foot = next(root for name, root in roots(language).items() if name.startswith("word/footer"))
    aligned = foot.find(f"{W}p/{W}pPr/{W}jc")

    assert aligned is not None
    assert aligned.get(f"{W}val") == "left"
    assert not re.search("[\u2066-\u2069]", "".join(foot.itertext()))

"""Files as others may open them: nothing of their making in them, the same bytes each time, readable by everybody."""

import html
import itertools
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import catalogue
from reports import texts, typesetting
from reports.compose import Told
from reports.document import Document, Facts, Phrase, without_isolates
from reports.errors import DocumentRefused
from reports.narrative import ProductName
from reports.products import PLANS
from reports.rendering import FORMATS, document, written
from tests.architecture.house import ROOT
from tests.reports.samples import candidate, rounds

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE = ("docx", "xlsx")
SET = ("en", "fr", "es", "ar", "ru", "zh", "my", "sw", "uk", "am", "ckb", "prs")
every_office = pytest.mark.parametrize("form", OFFICE)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def made(product: ProductName = ProductName.PBC, language: str = "en") -> Document:
    """A document of the sample."""
    return document(candidate(), product, language)


def parts(form: str, language: str = "en") -> dict[str, bytes]:
    """The parts of an office file."""
    with ZipFile(BytesIO(written(made(language=language), form))) as file:
        return {name: file.read(name) for name in file.namelist()}


def body(language: str = "en") -> ET.Element:
    """The text part of a Word file."""
    return ET.fromstring(parts("docx", language)["word/document.xml"])  # noqa: S314 - our own file


@every_office
def test_office_files_say_nothing_of_their_making(form: str) -> None:
    """No author, time, program, thumbnail, comment or tracked change is in an office file. Proves: R8."""
    content = parts(form)
    core = content["docProps/core.xml"].decode()

    assert not [name for name in content if re.search(r"thumbnail|comments|customXml|people|revision|drawing", name)
                and not name.startswith("word/media/")]  # fmt: skip
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}
    assert not re.search(r"<(?:dc:creator|cp:lastModifiedBy)>[^<]", core)
    everything = b"".join(content.values())
    assert not re.search(rb"<w:(?:ins|del|moveFrom|moveTo|comment\w*|trackRevisions|rsid\w*)[ />]", everything)
    assert b"python-docx" not in everything
    with ZipFile(BytesIO(written(made(), form))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_workbook_hides_nothing() -> None:
    """All sheets, rows and columns are in sight; there is no formula, chart, cache, link or name. Proves: R8."""
    content = parts("xlsx")
    book = openpyxl.load_workbook(BytesIO(written(made(), "xlsx")))

    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [("data", "visible"), ("about", "visible")]
    assert not [name for name in content if re.search(r"chart|pivot|external|calc|vml|media|connections", name)]
    for sheet in book:
        assert not [row for row, how in sheet.row_dimensions.items() if how.hidden]
        assert not [column for column, how in sheet.column_dimensions.items() if how.hidden]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.comment]
    assert len(book.defined_names) == 0


def test_a_workbook_says_what_it_is_and_leaves_hidden_figures_empty() -> None:
    """Marks and limits stand on the second sheet; a withheld figure is an empty cell with its reason. Proves: R8."""
    book = openpyxl.load_workbook(BytesIO(written(made(ProductName.DATA), "xlsx")))
    head, _tags, *rows = book["data"].iter_rows(values_only=True)
    people, display = head.index("people"), head.index("display")
    said = [row[0] for row in book["about"].iter_rows(values_only=True)]

    assert {row[display] for row in rows} == {"rounded5", "withheld_small"}
    assert all((row[people] is None) is (row[display] != "rounded5") for row in rows)
    assert all(int(str(row[people])) % 5 == 0 for row in rows if row[people] is not None)
    assert texts.DRAFT(catalogue("en", "reports")) in said
    assert texts.NOT_REPRESENTATIVE(catalogue("en", "reports")) in said


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_release_gives_the_same_bytes(form: str) -> None:
    """Made twice, in two processes and at two moments, a file is the same, so that anybody can check it. Proves: R8."""
    code = (
        "import sys; from tests.reports.test_files import made; from reports.rendering import written; "
        f"sys.stdout.buffer.write(written(made(), '{form}'))"
    )
    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True).stdout

    assert again == written(made(), form)


@pytest.mark.parametrize("language", SET)
def test_the_page_is_tagged_and_knows_its_language(language: str) -> None:
    """A PDF is tagged, titled, in its language, without author and time; every letter was found. Proves: R8."""
    reader = PdfReader(BytesIO(written(made(language=language), "pdf")))
    root: Any = reader.trailer["/Root"]
    about: Any = reader.metadata or {}

    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/Lang"]).startswith({"prs": "fa", "ckb": "ku"}.get(language, language))
    assert about.get("/Title") == made(language=language).title.text
    assert not {"/Author", "/CreationDate", "/ModDate"} & set(about)
    assert not re.search(rb"<xmp:(?:CreateDate|ModifyDate)>|<dc:creator>", written(made(language=language), "pdf"))


def roles(element: Any) -> list[str]:  # noqa: ANN401 - pypdf's objects have no types of their own
    """What the tags of a page are, in the order in which it is read out."""
    if isinstance(element, list):
        return [role for each in element for role in roles(each)]
    found = element.get_object() if hasattr(element, "get_object") else element
    if not isinstance(found, dict):
        return roles(list(found)) if isinstance(found, list) else []
    return [str(found.get("/S", "")), *roles(found.get("/K", []))]


@pytest.mark.parametrize("language", ["en", "ar", "my"])
def test_the_tags_of_a_page_are_those_of_a_document(language: str) -> None:
    """Who listens to a PDF meets headings that step down one by one, lists, and tables with heads. Proves: R8."""
    root: Any = PdfReader(BytesIO(written(made(language=language), "pdf"))).trailer["/Root"]
    found = roles(root["/StructTreeRoot"]["/K"])
    levels = [int(role[2:]) for role in found if re.fullmatch(r"/H\d", role)]

    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD"} <= set(found)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_slope_is_drawn_in_every_format(language: str) -> None:
    """From one round to the next each format draws a line; Word says both shares beside it, to whoever listens."""
    trend = document(candidate(), ProductName.PBC, language, Told(earlier=rounds(1)))
    page = written(trend, "html").decode()
    with ZipFile(BytesIO(written(trend, "docx"))) as file:
        body = file.read("word/document.xml").decode()

    assert len(re.findall(r'<svg class="slopes".*?<line ', page)) >= 3
    assert catalogue(language, "reports").percent(0.55) in html.unescape(" ".join(re.findall(r'descr="([^"]*)"', body)))
    assert written(trend, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_line_through_four_rounds_is_drawn_in_every_format(language: str) -> None:
    """Three stretches and four points a row; every share stands beside them, in Word's alternative text too."""
    trend = document(candidate(), ProductName.PBC, language, Told(earlier=rounds(3)))
    page = written(trend, "html").decode()
    with ZipFile(BytesIO(written(trend, "docx"))) as file:
        body = file.read("word/document.xml").decode()
    first = re.findall(r'<svg class="slopes".*?</svg>', page)[0]
    said = html.unescape(re.findall(r'descr="([^"]*)"', body)[0])
    percent = catalogue(language, "reports").percent

    assert re.findall(r'<line x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)"', first) == [
        ("20", "109", "140", "104"), ("140", "104", "260", "97"), ("260", "97", "380", "92"),
    ]  # fmt: skip
    assert first.count("<path ") == 4
    assert re.split(" · |؛ ", said.split(": ")[-1]) == [percent(share) for share in (0.45, 0.48, 0.52, 0.55)]
    assert len(PdfReader(BytesIO(written(trend, "pdf"))).pages) >= 3


def test_every_page_says_that_it_is_a_draft() -> None:
    """DRAFT stands on each page of a PDF, in the header of a Word file and of each printed sheet."""
    words = catalogue("en", "reports")
    for product in PLANS:
        pages = PdfReader(BytesIO(written(made(product), "pdf"))).pages
        assert all(texts.DRAFT_STAMP(words) in page.extract_text() for page in pages)
    assert any(b"DRAFT" in part for name, part in parts("docx").items() if "header" in name)
    assert all(b"DRAFT" in part for name, part in parts("xlsx").items() if "worksheets/sheet" in name)


def test_a_missing_letter_stops_the_page() -> None:
    """A letter that no font has refuses the document and is not named: it may be part of a name."""
    title = Phrase("Ostraka \U00013000", "en")

    with pytest.raises(DocumentRefused, match="letter-missing") as refused:
        written(Document(**{**_fields(made()), "title": title}), "pdf")

    assert "\U00013000" not in str(refused.value)


def _fields(of: Document) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__dataclass_fields__}


def test_a_missing_font_names_the_line_that_brings_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:  # noqa: ANN401 - pytest's folder
    """Without Debian's fonts, English is set all the same and Burmese says what to install."""
    monkeypatch.setattr(typesetting, "FOLDER", tmp_path)
    typesetting._fonts.cache_clear()
    try:
        assert written(made(), "pdf").startswith(b"%PDF")
        with pytest.raises(DocumentRefused, match=r"apt-get install --no-install-recommends fonts-noto-core$"):
            written(made(language="my"), "pdf")
    finally:
        typesetting._fonts.cache_clear()


def test_a_word_file_reads_from_right_to_left() -> None:
    """In Arabic, paragraphs, tables and runs of a Word file are turned, and hashes are not. Proves: R8."""
    arabic, english = body("ar"), body("en")
    paragraphs = [each for each in arabic.iter(f"{W}p") if "".join(each.itertext()).strip()]

    assert all(each.find(f"{W}pPr/{W}bidi") is not None for each in paragraphs)
    assert all(each.find(f"{W}tblPr/{W}bidiVisual") is not None for each in arabic.iter(f"{W}tbl"))
    runs = [run for run in arabic.iter(f"{W}r") if (run.findtext(f"{W}t") or "").startswith("1212")]
    assert runs
    assert all(run.find(f"{W}rPr/{W}rtl") is None for run in runs)
    assert english.find(f".//{W}bidi") is None


def test_a_word_file_has_real_headings_tables_and_described_pictures() -> None:
    """Headings are styles, tables have a repeated head, and each picture says in words what its row shows."""
    file = docx.Document(BytesIO(written(made(), "docx")))
    pictures = [properties for properties in body().iter() if properties.tag.endswith("}docPr")]

    assert [p.style.name for p in file.paragraphs if p.style and p.style.name.startswith(("Title", "Heading"))]
    assert any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in body().iter(f"{W}tr"))
    assert {p.attrib["descr"] for p in pictures} >= {"Safe daily life: 330 · 55%", "I am not sure: < \u206815\u2069"}
    assert len({p.attrib["id"] for p in pictures}) == len(pictures)


@pytest.mark.parametrize(
    ("text", "rtl", "bare"),
    [
        ("نحو \u2068125\u2069", True, "نحو 125"),
        ("نحو \u2068North\u2069", True, "نحو \u2068North\u2069"),
        ("about \u2068125\u2069", False, "about 125"),
        ("\u2068نعم\u2069, by", False, "\u2068نعم\u2069, by"),
        ("نحو \u2067\u20681\u2069: \u2068صعب\u2069\u2069", True, "نحو 1: صعب"),
        ("نحو \u2067\u20681\u2069: \u2068Hard\u2069\u2069", True, "نحو \u20671: \u2068Hard\u2069\u2069"),
    ],
)
def test_word_files_keep_isolates_only_where_direction_changes(text: str, rtl: bool, bare: str) -> None:
    """Older word processors draw isolates as boxes, so they stay only around what would turn its sentence."""
    assert without_isolates(text, rtl=rtl) == bare


def standing(document: Document) -> list[tuple[float, float, str]]:
    """What stands on the pages of a PDF: how far from the left, how far from the bottom, what."""
    found: list[tuple[float, float, str]] = []

    def seen(text: str, turned: list[float], put: list[float], *_font: object) -> None:
        if text.strip():
            found.append((put[4] * turned[0] + turned[4], put[5] * turned[3] + turned[5], text.strip()))

    for page in PdfReader(BytesIO(written(document, "pdf"))).pages:
        page.extract_text(visitor_text=seen)
    return found


def test_units_stand_below_units_in_arabic_as_well() -> None:
    """Digits run from left to right in every script, so a column of figures ends on the right."""
    found = standing(made(language="ar"))
    hundreds = next(x for x, _, said in found if said == "330")
    tens = [x for x, _, said in found if re.fullmatch(r"\d\d", said) and abs(x - hundreds) < 8]

    assert tens
    assert min(tens) > hundreds + 3
    assert re.search(r"td\.figure, th\.figure {[^}]*text-align: right", written(made(language="ar"), "html").decode())


@pytest.mark.parametrize(("language", "long", "next_one"), [("en", "long ", "next"), ("ar", "صوت ", "بيت")])
def test_facts_stand_further_apart_than_the_lines_of_one(language: str, long: str, next_one: str) -> None:
    """A reader sees where one fact ends and the next begins."""
    page = made(language=language)
    facts = Facts(tuple((Phrase(term, language), Phrase("1", language)) for term in (long * 12, next_one)))
    found = standing(replace(page, sections=(replace(page.sections[0], blocks=(facts,)),), annex=()))
    lines = sorted({round(y, 1) for _, y, said in found if long.strip() in said}, reverse=True)
    below = max(y for _, y, said in found if said == next_one)

    assert len(lines) > 1
    assert lines[-1] - below > 1.1 * (lines[0] - lines[1])

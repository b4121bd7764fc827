"""Letters and signs as those read them who grew up with them: shapes of digits, bold letters, lines, spaces."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import catalogue, languages
from privacy.candidate import Candidate
from privacy.tables import Refusal
from reports import texts
from reports.compose import Told
from reports.document import Document, Facts, Paragraph, Phrase, Section, Table, listed, phrases, run_on, side_by_side
from reports.lines import unbroken
from reports.narrative import ProductName
from reports.render_message import message
from reports.rendering import document, written
from tests.reports.samples import candidate, rounds
from tests.reports.test_files import standing


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def saying(text: str, language: str, *, strong: bool = False) -> Document:
    """A document that says nothing else."""
    made = document(candidate(), ProductName.SUMMARY, language)
    section = Section(Phrase("", language), (Paragraph(Phrase(text, language), strong=strong),))
    return replace(made, title=Phrase(".", language), subtitle="", marks=(), stamp="", page="", sections=(section,))


def fonts(made: Document) -> dict[str, Any]:
    """Families of a PDF's letters, without the tag of a subset, and the programs that draw them."""
    found = {}
    for page in PdfReader(BytesIO(written(made, "pdf"))).pages:
        for each in page["/Resources"]["/Font"].values():  # type: ignore[index]  # a page's fonts, which pypdf does not type
            (inner,) = each["/DescendantFonts"]
            told = inner.get_object()["/FontDescriptor"]
            found[str(told["/FontName"]).partition("+")[2]] = told.get("/FontFile2", told.get("/FontFile3")).get_data()
    return found


@pytest.mark.parametrize("language", ["ckb", "prs"])
@pytest.mark.parametrize("form", ["md", "html", "docx", "csv", "bot"])
def test_no_point_stands_beside_a_nought_that_is_a_point(language: str, form: str) -> None:
    """The nought of these digits is a dot: a point that divides a list would be read as one more digit. Proves: P10."""
    for product in ProductName:
        if form in {"bot", "csv"} and product is not (ProductName.DATA if form == "csv" else ProductName.COMMUNITY):
            continue
        made = document(candidate(), product, language, Told(earlier=rounds(2) if product is ProductName.PBC else ()))
        told = message(made, "") if form == "bot" else _read(written(made, form), form)
        assert any(sign in told for sign in made.digits)
        assert not re.search(rf"[{made.digits}0-9][^\w·]*·|·[^\w·]*[{made.digits}0-9]", told)


def _read(file: bytes, form: str) -> str:
    """What stands in a file, alternative texts of drawings too."""
    if form != "docx":
        return file.decode()
    with ZipFile(BytesIO(file)) as parts:
        return parts.read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("direction", "line"),
    [
        ("rtl", "\u2068English\u2069؛ العربية؛ 中文 العربية؛ ١٩٠؛ \u2068中文\u2069"),
        ("ltr", "English · \u2068العربية\u2069 · 中文 العربية · ١٩٠ · 中文"),
    ],
)
def test_names_side_by_side_keep_their_order(direction: str, line: str) -> None:
    """What reads the other way is kept apart: else a run of such names would stand in the contrary order.

    Proves: P10
    """
    names = ("English", "العربية", "中文 العربية", "١٩٠", "中文")

    assert side_by_side(names, direction) == line
    assert " ".join(part for part, _ in listed(Phrase(line, "en"))) == line
    assert len(listed(Phrase(line, "en"))) == len(names)


def test_words_that_nobody_translated_are_kept_apart_wherever_they_stand() -> None:
    """An English question in an Arabic document keeps its stop behind it: in captions, rows, headings and lists."""
    made = document(_untranslated(candidate()), ProductName.PBC, "ar")
    summary = document(_untranslated(candidate()), ProductName.SUMMARY, "ar")
    captions = [b.caption for s in made.sections for b in s.blocks if isinstance(b, Table) and "?" in b.caption]
    headings = [section.heading.text for section in summary.sections if section.heading.language == "en"]
    with ZipFile(BytesIO(written(made, "docx"))) as parts:
        word = parts.read("word/document.xml").decode()

    assert captions
    assert headings
    assert all(re.match("\u2068[A-Z][^\u2069]*[?.]\u2069 ", caption) for caption in captions)
    assert all(re.fullmatch("\u2068[^\u2069]*\u2069", heading) for heading in headings)
    assert re.search("<w:t[^>]*>\u2068[A-Z][^\u2069<]*[.?]\u2069</w:t>", word)


def _untranslated(made: Candidate) -> Candidate:
    """The same round, its questions in English alone."""
    asked = tuple(
        question.model_copy(update={"text": {"en": question.text["en"]}}) for question in made.subject.questions
    )
    return made.model_copy(update={"subject": made.subject.model_copy(update={"questions": asked})})


@pytest.mark.parametrize(
    ("language", "said", "whole"),
    [
        ("ru", "Отказ в услугах и в доме, он же", "Отказ в~услугах и~в~доме, он~же"),
        ("uk", "Що зробило б життя, і чому", "Що зробило~б життя, і~чому"),
        ("en", "a house in a place", "a house in a place"),
    ],
)
def test_no_line_ends_with_a_word_of_one_letter(language: str, said: str, whole: str) -> None:
    """Russian and Ukrainian keep it with the next word, and a particle with the one before."""
    assert unbroken(said, language).replace("\u00a0", "~") == whole
    assert whole.replace("~", "\u00a0") in written(saying(said, language), "html").decode()


def test_dari_digits_have_the_shapes_that_dari_knows() -> None:
    """Four, six and seven are not drawn as in Urdu, which the font does to Persian: its six is then the Arabic one."""
    drawn = {six: fonts(saying(six, "prs"))["NotoNaskhArabic-Regular"] for six in ("۶", "٦")}
    rule = re.search(r":lang\(prs\) {([^}]*)}", written(saying("", "prs"), "html").decode())

    assert len(set(drawn.values())) == 2
    assert rule is not None
    assert '"locl" 0' in rule.group(1)


def test_burmese_has_bold_letters() -> None:
    """What must not be overlooked is bold in Burmese too, where a font says of its bold letters that they are not."""
    assert "NotoSansMyanmar-Bold" in fonts(saying("အစမ်း", "my", strong=True))
    assert "NotoSansMyanmar-Bold" not in fonts(saying("အစမ်း", "my"))


def test_burmese_names_keep_to_their_line() -> None:
    """Among other letters they are smaller, or they would touch the lines of a table above and below."""
    sizes: dict[bool, set[float]] = {True: set(), False: set()}

    def noticed(text: str, _: object, matrix: list[float], font: dict[str, str], size: float) -> None:
        if text.strip():
            sizes["Myanmar" in str((font or {}).get("/BaseFont"))].add(round(abs(size * matrix[0]), 1))

    PdfReader(BytesIO(written(saying("Name မြန်မာ", "en"), "pdf"))).pages[0].extract_text(visitor_text=noticed)
    assert max(sizes[True]) < 0.85 * min(sizes[False])


@pytest.mark.parametrize("language", ["ar", "prs", "ckb"])
def test_a_figure_stands_on_the_line_of_its_words(language: str) -> None:
    """Figures come from another font than Arabic letters, and are no higher than the words beside them."""
    facts = Facts(((Phrase("سلام", language), Phrase("49", language)),))
    made = replace(saying("", language), sections=(Section(Phrase("", language), (facts,)),))
    heights = [height for _, height, told in standing(made) if told != "."]

    assert len(heights) == 2
    assert max(heights) - min(heights) < 0.3


def test_no_space_follows_a_stop_as_wide_as_a_letter() -> None:
    """Chinese sentences follow each other at once; others keep their space."""
    assert run_on("一。", "二？", "三") == "一。二？三"
    assert run_on("一？\u2069", "二") == "一？\u2069二"
    assert run_on("One.", "", "Two.") == "One. Two."

    told = "\n".join(phrases(document(candidate(), ProductName.PBC, "zh").parts))
    assert not re.search("[。？！]\u2069? [^·]", told)


@pytest.mark.parametrize(("language", "number"), [("my", "၁၂"), ("ckb", "١٢"), ("en", "12")])
def test_a_release_has_one_number(language: str, number: str) -> None:
    """Where the figures come from, a release is numbered in the same digits as at the foot of each page."""
    made = document(candidate(), ProductName.PBC, language, Told(number="12"))
    facts = next(block for block in made.annex[-1].blocks if isinstance(block, Facts))

    assert facts.pairs[0][1].text == number
    assert number in made.release


@pytest.mark.parametrize("language", languages())
def test_no_product_of_a_release_calls_itself_a_draft(language: str) -> None:
    """What may stand in a release speaks of itself as neither draft nor summary, in no language."""
    words = catalogue(language, "reports")
    draft = texts.DRAFT_STAMP(words).casefold()
    tangled = candidate().tables[0].model_copy(update={"rows": (), "refusal": Refusal.TANGLED})
    release = candidate().model_copy(update={"tables": (tangled, *candidate().tables[1:])})

    for product in ProductName:
        made = document(release, product, language, Told(number="1"))
        assert draft not in "\n".join(phrases(made.parts)).casefold(), product


def test_the_points_of_a_scale_are_told_once_each() -> None:
    """A sentence says what both ends mean, in brackets, and the mean is of the same points."""
    told = "\n".join(phrases(document(candidate(), ProductName.PBC, "en").sections))
    sentence = next(line for line in told.splitlines() if "on the scale" in line)

    assert ": Very" not in sentence
    assert re.sub("[\u2066-\u2069]", "", sentence).startswith(
        "Given most often: 1 (Very hard) on the scale from 1 (Very hard) to 5 (Very easy), by about 42%"
    )

"""Pages as they lie before a reader: what stands together, where it begins, how large it is."""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import catalogue
from reports import texts
from reports.compose import Told
from reports.document import Bullets, Drawn, Facts, Paragraph, Phrase, Row, Section, Table, leads, stepped
from reports.narrative import Head, Narrative, ProductName
from reports.rendering import document, written
from tests.reports.samples import candidate
from tests.reports.test_files import W, body, made, standing


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def test_a_narrative_may_begin_with_a_heading() -> None:
    """Without a paragraph above its first heading, the part about what was said is that heading's; figures follow."""
    head = Head.model_validate({"format": "sauti-narrative", "version": 1, "product": "pbc", "language": "en",
                                "figures": ["good_idea", "meaning"]})  # fmt: skip
    parts = (Section(Phrase("First", "en"), (said("One."),), 3), Section(Phrase("Second", "en"), (said("Two."),), 4))
    told = document(candidate(), ProductName.PBC, "en", Told(Narrative(head, parts)))

    names = [section.heading.text for section in told.sections]
    at = names.index("First")
    assert names[at - 1 : at + 2] == [texts.SAID(catalogue("en", "reports")), "First", "Second"]
    assert told.sections[at - 1].blocks == ()
    drawn = [[block.drawn for block in section.blocks if isinstance(block, Table)] for section in told.sections]
    assert drawn[at : at + 2] == [[Drawn.DIVERGING], [Drawn.BARS]]


def test_headings_step_down_one_by_one() -> None:
    """A part without a title, or a narrative that begins with a small heading, leaves no step out."""
    given = [
        Section(Phrase(name, "en"), (), level) for name, level in (("a", 4), ("b", 4), ("", 4), ("c", 4), ("d", 2))
    ]

    assert [section.level for section in stepped(given) if section.heading.text] == [2, 2, 2, 2]


def said(text: str) -> Paragraph:
    """A paragraph."""
    return Paragraph(Phrase(text, "en"))


TABLE = Table("Of those asked", (Phrase("Answer", "en"), Phrase("People", "en")), (Row(Phrase("Yes", "en"), ("50",)),))


def test_a_question_and_its_sentence_lead_to_their_table() -> None:
    """Both stand on the page of the table; a long paragraph, and one before something else, may stay behind."""
    blocks = (said("How?"), said("Like this."), TABLE, said("x" * 400), TABLE, said("And"), Bullets(()),
              said("Who"), Facts(()), said("End"))  # fmt: skip

    assert [place for place in range(len(blocks)) if leads(blocks, place)] == [0, 1, 7]


def test_a_question_is_never_parted_from_its_table() -> None:
    """Wherever a page of the summary ends, the head of a question's table stands on the page of its heading."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(written(made(ProductName.DATA), "pdf"))).pages]

    for question in candidate().subject.questions:
        table = candidate().table(question.id)
        if question.kind == "text" or not table.rows:
            continue
        page = next(page for page in pages if question.text["en"][:40] in page)
        after = page.split(question.text["en"][:40], 1)[1]
        assert re.search(r"^(?:Answer|In first place)", after, re.MULTILINE), question.id


def test_what_is_said_at_the_end_has_no_page_of_its_own() -> None:
    """However long a document is, its last page holds facts beside the mark that ends it."""
    summary = document(candidate(), ProductName.SUMMARY, "en")
    mark = texts.REHEARSAL(catalogue("en", "reports"))
    for lines in range(0, 44, 4):
        filler = Section(Phrase("", "en"), tuple(said("A line.") for _ in range(lines)))
        longer = replace(summary, sections=(filler, *summary.sections))
        last = PdfReader(BytesIO(written(longer, "pdf"))).pages[-1].extract_text()

        assert mark in " ".join(last.split())
        assert candidate().method.key_id in last


def test_labels_begin_where_the_lines_of_the_page_begin() -> None:
    """A language that calls itself in Arabic letters stands on the left of an English table, where English names do."""
    found = standing(document(candidate(), ProductName.SUMMARY, "en"))
    at = {name: next(x for x, _, told in reversed(found) if name in told) for name in ("Français", "العربية")}

    assert abs(at["Français"] - at["العربية"]) < 60


def footer(language: str) -> list[Any]:
    """The runs of a Word file's footer, fields among them, that say something."""
    file = docx.Document(BytesIO(written(document(candidate(), ProductName.PBC, language, Told(number="1")), "docx")))
    paragraph = file.sections[0].footer.paragraphs[0]._p
    return [run for run in paragraph.iter(f"{W}r") if run.findtext(f"{W}t")]


@pytest.mark.parametrize("language", ["en", "ar", "my"])
def test_page_numbers_look_like_the_words_beside_them(language: str) -> None:
    """Numbers that the word processor counts have the size, letters and direction of the rest of the footer."""
    runs = footer(language)
    fields = [run for run in runs if run.getparent().tag == f"{W}fldSimple"]

    assert [run.getparent().get(f"{W}instr") for run in fields] == ["PAGE", "NUMPAGES"]
    for wanted in ("sz", "szCs", "color", "rFonts", "rtl"):
        assert len({_value(run, wanted) for run in runs}) == 1, wanted


def _value(run: Any, name: str) -> str:  # noqa: ANN401 - elements of lxml have no types of their own
    element = run.find(f"{W}rPr/{W}{name}")
    return "" if element is None else repr(sorted(element.attrib.items()))


def test_burmese_lines_in_a_word_file_are_as_high_as_its_letters() -> None:
    """Lines are 1.75 of their letters, not the two and a half that the font asks for; a drawing has all its room."""
    file = docx.Document(BytesIO(written(made(language="my"), "docx")))
    pictured = [paragraph for paragraph in body("my").iter(f"{W}p") if paragraph.find(f".//{W}drawing") is not None]

    for name in ("Normal", "List Bullet", "Heading 2"):
        style = file.styles[name]
        assert style.paragraph_format.line_spacing.pt == pytest.approx(style.font.size.pt * 1.75, abs=0.5)
    assert pictured
    for paragraph in pictured:
        spacing = paragraph.find(f"{W}pPr/{W}spacing")
        assert spacing is not None
        assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("240", "auto")


def test_short_tables_of_a_word_file_stay_whole() -> None:
    """Each row but the last keeps the next one, the caption and the question above keep the table."""
    for table in body().iter(f"{W}tbl"):
        if table.find(f".//{W}tblHeader") is None:
            continue
        rows = [[_kept(p) for p in row.iter(f"{W}p")] for row in table.iter(f"{W}tr")]
        whole = len(rows) <= 10 and table.find(f".//{W}drawing") is not None
        assert all(all(row) is whole for row in rows[:-1])
        assert not any(rows[-1])


def _kept(paragraph: Any) -> bool:  # noqa: ANN401 - as above
    kept = paragraph.find(f"{W}pPr/{W}keepNext")
    return kept is not None and kept.get(f"{W}val") not in {"0", "false"}


def page(language: str) -> str:
    """The note as a page of HTML."""
    return written(document(candidate(), ProductName.PBC, language, Told()), "html").decode()


def test_no_french_line_begins_with_a_question_mark() -> None:
    """A Word file and a page in French keep the mark with its word; in other languages spaces stay as they are."""
    french, spanish = (
        "".join(body(language).itertext()) + re.sub("<style>.*?</style>|<[^>]*>", "", page(language), flags=re.DOTALL)
        for language in ("fr", "es")
    )

    assert "pour vous\u00a0?" in french
    assert not re.search(r" [?!;:»]|« ", french)
    assert not re.search(r"\u00a0[?!;:»]|«\u00a0", spanish)


LEANS = [("en", True), ("ru", True), ("zh", False), ("my", False), ("ar", False)]


@pytest.mark.parametrize(("language", "leans"), LEANS)
def test_letters_lean_only_where_the_script_knows_it(language: str, leans: bool) -> None:
    """Those who gave no answer stand apart in letters that lean; a script that has none is left upright."""
    assert (body(language).find(f".//{W}i") is not None) is leans
    rule = next(line for line in written(made(language=language), "html").decode().splitlines()
                if "font-style: normal" in line)  # fmt: skip
    assert (f":lang({language})" in rule) is not leans


def test_no_heading_of_a_word_file_leans() -> None:
    """Letters that lean are read badly in most scripts, and most scripts have none."""
    file = docx.Document(BytesIO(written(document(candidate(), ProductName.SUMMARY, "my"), "docx")))

    assert not any(file.styles[f"Heading {level}"].font.italic for level in (2, 3, 4))


def chunks(png: bytes) -> Iterator[bytes]:
    """Kinds of the parts of a picture."""
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind
        at += 12 + length


def test_pictures_are_nothing_but_pixels() -> None:
    """No text, time, place or program lies in a picture of a Word file. Proves: R8."""
    with ZipFile(BytesIO(written(made(), "docx"))) as file:
        pictures = [file.read(name) for name in file.namelist() if name.startswith("word/media/")]

    assert pictures
    assert {kind for png in pictures for kind in chunks(png)} <= {b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_does_nothing(language: str) -> None:
    """A PDF has no script, action, form, attachment, link or layer that could be switched on. Proves: R8."""
    reader = PdfReader(BytesIO(written(made(language=language), "pdf")))
    root: Any = reader.trailer["/Root"]

    assert not {"/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/JavaScript", "/AF"} & set(root)
    assert not {"/EmbeddedFiles", "/JavaScript"} & set(root.get("/Names", {}))
    assert not [page for page in reader.pages if "/Annots" in page or "/AA" in page]


def test_a_fact_and_its_term_stand_on_one_line() -> None:
    """Names of languages in twelve scripts do not push their line below the word that they belong to."""
    summary = document(candidate(), ProductName.SUMMARY, "en")
    names = "English · Français · العربية · 中文 · မြန်မာ"
    facts = Facts(((Phrase("Offered here", "en"), Phrase(names, "en")),))
    found = standing(replace(summary, sections=(Section(Phrase("", "en"), (facts,)),)))
    lines = {told: y for _, y, told in found}

    assert lines["Offered here"] == pytest.approx(next(y for told, y in lines.items() if "English" in told), abs=0.5)

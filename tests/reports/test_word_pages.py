"""Word files as they come out on paper: nothing hangs out of its cell, is torn, or stands on a page of its own."""

import re
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from locales import compile as compile_catalogues
from locales.catalog import languages
from reports.compose import Told
from reports.narrative import ProductName
from reports.rendering import document, written
from tests.reports.samples import candidate, rounds
from tests.reports.test_opinions import grouped

EMU = 360_000
"""Of its own units, Word has so many in a centimetre."""


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def opened(language: str, told: Told | None = None) -> Any:  # noqa: ANN401 - python-docx's file, used by name only
    """The note with votes, groups and, where earlier rounds are told, slopes."""
    made = document(candidate() if told else grouped(), ProductName.PBC, language, told or Told(number="12"))
    return docx.Document(BytesIO(written(made, "docx")))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_picture_stands_within_its_cell(language: str) -> None:
    """Programs that are told nothing leave room beside a picture, push it out, and cut off where bars begin."""
    found = 0
    for file in (opened(language), opened(language, Told(earlier=rounds(3)))):
        for cell in (cell for table in file.tables for row in table.rows for cell in row.cells):
            for picture in cell._tc.iter(qn("wp:inline")):
                found += 1
                assert [picture.get(side) for side in ("distT", "distB", "distL", "distR")] == ["0"] * 4
                assert int(picture.extent.cx) <= int(cell.width)
    assert found > 10


@pytest.mark.parametrize("language", languages())
def test_the_longest_word_of_a_head_fits_its_column(language: str) -> None:
    """No head is broken within a word, at a fifth of a centimetre for a letter."""
    heads = [
        (cell, sign)
        for table in opened(language).tables
        if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        for cell in table.rows[0].cells[1:]
        for sign in cell.text.split()
    ]

    assert len(heads) > 5
    for cell, word in heads:
        letters = len(re.findall(r"\w", word))
        assert int(cell.width) / EMU > 0.2 * letters, word


@pytest.mark.parametrize("language", languages())
def test_letters_lean_only_where_they_can(language: str) -> None:
    """The library's styles lean letters of other scripts by a switch of their own."""
    styles = opened(language).styles
    leaning = [
        style.name for style in styles for switch in style.element.iter(qn("w:i"), qn("w:iCs"))
        if style.name.startswith(("Heading", "Normal", "Title", "List Bullet")) and switch.get(qn("w:val")) != "0"
        and style.name.removeprefix("Heading ") in {"2", "3", "4", "Normal", "Title", "List Bullet"}
    ]  # fmt: skip

    assert styles["Heading 4"].element.findall(f".//{qn('w:iCs')}")
    assert leaning == []


def test_tables_begin_where_their_captions_begin() -> None:
    """Cells have no margins, which programs move tables by; callouts and labels are indented by themselves."""
    for table in opened("ar").tables:
        margins = table._tbl.tblPr.find(qn("w:tblCellMar"))
        assert {each.get(qn("w:w")) for each in margins} == {"0"}


def test_callouts_are_not_torn_and_marks_stand_with_what_they_close() -> None:
    """Each row stays on one page; the last facts and all closing marks but the last stay with what follows."""
    made = document(candidate(), ProductName.PBC, "en")
    file = docx.Document(BytesIO(written(made, "docx")))
    rows = [row for table in file.tables for row in table.rows]
    marks = [paragraph for paragraph in file.paragraphs if paragraph.text in made.marks][-len(made.marks) :]
    last = [paragraph for row in file.tables[-1].rows for cell in row.cells for paragraph in cell.paragraphs]

    assert len(made.marks) > 1
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in (*last, *marks[:-1]))


def test_a_list_of_languages_keeps_its_order() -> None:
    """Each name that reads in the other direction is read by itself."""
    assert "\u2068العربية\u2069" in opened_summary("en")
    assert "\u2068English\u2069" in opened_summary("ar")


def opened_summary(language: str) -> str:
    """All words of a summary's tables."""
    file = docx.Document(BytesIO(written(document(candidate(), ProductName.SUMMARY, language), "docx")))
    return " ".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)


def test_a_number_of_a_date_is_not_parted_from_the_word_after_it() -> None:
    """In the narrow heads of rounds no line ends between a day and its month."""
    page = written(document(candidate(), ProductName.PBC, "ru", Told(earlier=rounds(3))), "html").decode()
    heads = re.findall(r'<th scope="col" class="figure[^"]*">(\d[^<]*)<', page)

    assert [re.sub("\u202f", " ", head) for head in heads] == [
        "13\u00a0апреля 2026 г.", "22\u00a0июня 2026 г.", "31\u00a0августа 2026 г."
    ]  # fmt: skip


def runs(language: str) -> list[Any]:
    """All runs in the body of a trend, whose questions are in English."""
    body = opened(language, Told(earlier=rounds(3))).element.body
    return [run for run in body.iter(qn("w:r")) if run.find(qn("w:t")) is not None]


def test_digits_among_chinese_signs_are_not_chinese() -> None:
    """Of letters said to be Chinese any may begin a line, and 140 would become 1 and 40; the signs still are."""
    marked = [run.find(f"{qn('w:rPr')}/{qn('w:lang')}") for run in runs("zh")]
    chinese = [each for each in marked if each is not None and each.get(qn("w:eastAsia")) == "zh"]

    assert len(chinese) > 20
    assert {each.get(qn("w:val")) for each in chinese} == {"en-US"}


@pytest.mark.parametrize(("language", "font"), [("am", "Ebrima"), ("zh", "SimSun"), ("sw", "Times New Roman")])
def test_a_page_has_one_face_for_european_letters(language: str, font: str) -> None:
    """Words in English stand in the font of the page where that has such letters."""
    fonts = {
        run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:ascii"))
        for run in runs(language)
        if "hard" in run.findtext(qn("w:t")) or "safety" in run.findtext(qn("w:t"))
    }

    assert fonts == {font}


@pytest.mark.parametrize("language", ["ckb", "my", "prs"])
def test_a_footer_has_digits_of_one_kind(language: str) -> None:
    """A field counts pages in European digits, so the release beside it is told in them too."""
    footer = opened(language).sections[0].footer.paragraphs[0]

    assert "12" in footer.text
    assert not re.search(r"[^\D0-9]", footer.text)

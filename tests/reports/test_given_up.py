"""What somebody chose to give up so that a summary could be released is told to every reader, in every document."""

import re
from io import BytesIO

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import catalogue
from privacy.candidate import Candidate
from privacy.raw import LANGUAGES, REPEATS
from privacy.repairs import Kind
from reports import texts
from reports.document import phrases
from reports.narrative import ProductName
from reports.rendering import document, written
from reports.writer import GIVEN_UP
from tests.reports.samples import candidate
from tests.reports.test_files import SET

STEPS = (
    "collapse:age", "collapse:age", "withhold:age*vote_worth/old/agree", f"withhold:{REPEATS}/again", "margin:meaning",
    f"drop:{LANGUAGES}", "drop:opinion_groups*vote_worth",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def repaired(*steps: str) -> Candidate:
    """The sample, released under these steps."""
    base = candidate()
    return base.model_copy(update={"method": base.method.model_copy(update={"repairs": steps})})


def plain(text: str) -> str:
    """Words alone: no line breaks, and no marks of Markdown or direction."""
    return " ".join(re.sub(r"[\u2066-\u2069\\*]", "", text).split())


def read(content: bytes, form: str) -> str:
    """What a person reads in a file."""
    match form:
        case "pdf":
            return plain(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
        case "docx":
            return plain(" ".join(each.text for each in docx.Document(BytesIO(content)).paragraphs))
        case "xlsx":
            sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
            return plain(" ".join(str(cell.value) for sheet in sheets for row in sheet for cell in row))
        case _:
            return plain(re.sub(r"<[^>]*>", " ", content.decode()))


@pytest.mark.parametrize("language", SET)
@pytest.mark.parametrize("product", ProductName)
def test_every_document_says_what_was_given_up(product: ProductName, language: str) -> None:
    """Each kind of repair stands in each product's method, in each language, in words of its own. Proves: R7, R3."""
    words = catalogue(language, "reports")
    made = document(repaired(*STEPS), product, language)
    said = [plain(each) for each in phrases(made.parts)]

    assert plain(texts.GIVEN_UP(words)) in said
    for kind in Kind:
        begins = plain(GIVEN_UP[kind](words, tables="|").split("|")[0])
        assert len([each for each in said if begins in each]) == 1, kind
    if language != "en":
        assert texts.GIVEN_UP(words) != texts.GIVEN_UP.text


@pytest.mark.parametrize("form", ["html", "md", "pdf", "docx", "xlsx"])
def test_every_form_says_what_was_given_up(form: str) -> None:
    """Whatever a document is opened with, the tables that lost something are named, each once a kind. Proves: R7."""
    said = read(written(document(repaired(*STEPS), ProductName.PBC, "en"), form), form)

    assert "the following was given up." in said
    assert said.count("Brought together, so that fewer answers stand apart: How old are you?") == 1
    assert "Figures that are not given although there were enough people: " in said
    assert "By: How old are you? Only the age group is kept. · How many sets of answers came from an" in said
    assert "Left out as a whole: Language in which people answered · " in said
    assert "By: Groups that vote alike" in said


def test_nothing_is_said_where_nothing_was_given_up() -> None:
    """A summary that needed no repair has no line about one."""
    words = catalogue("en", "reports")

    for product in ProductName:
        said = phrases(document(candidate(), product, "en").parts)
        assert texts.GIVEN_UP(words) not in said


def test_a_name_that_no_question_has_is_told_as_it_stands() -> None:
    """A candidate of another program, whose repairs name what it does not ask, is told and not crashed over."""
    said = list(phrases(document(repaired("drop:elsewhere", "drop:a*b"), ProductName.SUMMARY, "en").parts))

    assert [each for each in said if plain(each).startswith("Left out as a whole: elsewhere · b By: Groups")]

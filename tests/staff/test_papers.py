"""Sheets of invitations: all slips the same, without numbers, for twenty people or more."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.staff import texts
from bot.staff.papers import PaperRefused, Typeset
from locales.catalog import catalogue
from storage.results import Results

LINK = "https://t.me/quiet_bot?start=K7QDABCD"
PAPERS = Typeset("quiet_bot")


def pages(content: bytes) -> list[str]:
    """What stands on each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_sheet_has_a_slip_for_each(language: str) -> None:
    """As many slips as people, each with the same link and the same words; and one of them as a picture.

    Proves: F4
    """
    (picture, drawn, is_picture), (sheet, content, _) = PAPERS.sheet("K7QDABCD", language, 25)
    said = "\n".join(pages(content))

    assert (picture, sheet, is_picture) == ("list.png", "list.pdf", True)
    assert drawn.startswith(b"\x89PNG")
    assert said.replace("\n", "").count(LINK) == 25
    slips = {re.sub(r"\s+", "", slip) for slip in re.sub(r"\s+", "", said).split(LINK) if slip}
    assert len(slips) == 1, "a slip that differs could be told from the others"


def test_few_are_never_invited_alone() -> None:
    """Nineteen are refused, and so is a crowd that no printer is for.

    Proves: F4
    """
    for people in (1, 19, 501):
        with pytest.raises(PaperRefused, match="batch-too-"):
            PAPERS.sheet("K7QDABCD", "en", people)


def test_without_the_bots_name_there_is_no_sheet() -> None:
    """A link that leads nowhere is not printed; what to set is said."""
    with pytest.raises(PaperRefused, match="no-bot-name: set SAUTI_BOT_NAME"):
        Typeset(None).sheet("K7QDABCD", "en", 20)


def test_the_words_of_a_document_are_those_that_were_published() -> None:
    """In the language that was asked for, or else in one that there is; nothing is added but a title."""
    results = Results(summary={"ar": "ما نتج", "en": "Wells come first.\n\nThen #schools *and* roads."})

    name, content = PAPERS.document(results, "en")
    said = " ".join(pages(content))

    assert name == "list.pdf"
    assert catalogue("en", texts.DOMAIN).text(*texts.DOCUMENT) in said
    assert "Wells come first." in said
    assert "#schools *and* roads" in said
    assert len(PdfReader(BytesIO(PAPERS.document(results, "fr")[1])).pages) == 1

"""Sheets of invitations: all slips the same or each for one person, without numbers."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.staff import texts
from bot.staff.papers import PaperRefused, Typeset
from locales.catalog import catalogue, languages
from rounds.inviting import Batch
from storage.invitation_codes import new_code
from storage.results import Results

LINK = "https://t.me/quiet_bot?start="
CODE = "K7QDABCD-ABCDEFGHJKLMNPQR"
PAPERS = Typeset("quiet_bot")
SAME = Batch(25, (CODE,))
SINGLE = Batch(20, tuple(new_code("K7QDABCD") for _ in range(20)))


def pages(content: bytes) -> list[str]:
    """What stands on each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def slips(content: bytes, codes: tuple[str, ...]) -> list[str]:
    """What stands between links, without spaces."""
    said = re.sub(r"\s+", "", "".join(pages(content)))
    return re.split("|".join(re.escape(LINK + code) for code in codes), said)


@pytest.mark.parametrize("language", languages())
def test_a_sheet_has_a_slip_for_each(language: str) -> None:
    """As many slips as people, each with the same link and the same words; and one of them as a picture.

    Proves: F4
    """
    (picture, drawn, is_picture), (sheet, content, _) = PAPERS.sheet(SAME, language)
    between = slips(content, SAME.codes)

    assert (picture, sheet, is_picture) == ("list.png", "list.pdf", True)
    assert drawn.startswith(b"\x89PNG")
    assert len(between) == 26
    assert len({slip for slip in between if slip}) == 1, "a slip that differs could be told from the others"


@pytest.mark.parametrize("language", languages())
def test_a_sheet_for_single_use_has_each_code_once(language: str) -> None:
    """Each slip has a code of its own and the same words, no number, and nothing of it is a picture for a screen.

    Proves: F4
    """
    ((name, content, is_picture),) = PAPERS.sheet(SINGLE, language)
    said = re.sub(r"\s+", "", "".join(pages(content)))

    assert (name, is_picture) == ("list.pdf", False)
    assert [said.count(code) for code in SINGLE.codes] == [1] * 20
    assert len({slip for slip in slips(content, SINGLE.codes) if slip}) == 1, "slips are told apart by codes alone"


def test_without_the_bots_name_there_is_no_sheet() -> None:
    """A link that leads nowhere is not printed; what to set is said."""
    with pytest.raises(PaperRefused, match="no-bot-name: set SAUTI_BOT_NAME"):
        Typeset(None).sheet(SAME, "en")


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

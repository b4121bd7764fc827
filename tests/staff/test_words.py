"""Whoever finds the phone, or the paper, learns next to nothing."""

import re

import pytest

from bot.staff import texts
from locales.catalog import catalogue
from locales.extract import template
from reports.texts import SLIP_LINES, SLIP_SINGLE, SLIP_TITLE
from rounds.signed import holds

TELLING = {
    "en": r"surviv|victim|atroc|consult|interview|respond|particip|answer|secret|war\b|crime|violen|referral|round",
    "fr": r"surviv|victim|atroc|consult|entretien|particip|répond|réponse|secret|guerre|crime|violen|référen",
    "es": r"superviv|víctim|atroc|consult|entrevist|particip|respond|respuest|secret|guerra|crimen|violen",
    "ar": "ناج|ضحاي|ضحية|فظائع|استشار|مقابل|مشارك|إجاب|سرّ|حرب|جريم|عنف",
}
"""What would tell a stranger what the bot is for."""


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_word_tells_what_this_is_for(language: str) -> None:
    """No text of the staff bot, nor of a slip of paper, names who is asked, what they are asked, or that they were.

    Proves: Q6
    """
    words = catalogue(language, texts.DOMAIN)
    said = [
        words.text(one.context or "", one.id) for one in template(texts.DOMAIN) if one.id and isinstance(one.id, str)
    ]
    paper = catalogue(language, "reports")
    said += [line(paper) for line in (SLIP_TITLE, *SLIP_LINES, SLIP_SINGLE)]

    assert len(said) > 50
    assert [text for text in said if re.search(TELLING[language], text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_draft_counts_as_read(language: str) -> None:
    """Nobody who speaks the language has signed these words yet, and the catalogue says so."""
    assert not holds(language, texts.DOMAIN)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_buttons_fit_on_a_phone(language: str) -> None:
    """No label is longer than 24 signs."""
    words = catalogue(language, texts.DOMAIN)
    buttons = [words.text("button", str(one.id)) for one in template(texts.DOMAIN) if one.context == "button"]

    assert [label for label in buttons if len(label) > 24] == []

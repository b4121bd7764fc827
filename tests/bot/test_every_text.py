"""No word reaches a chat but through the catalogues, in a language that exists for this test alone."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations

import pytest

from bot.participant import keeping, profile, render, texts, toast
from flows.events import Control
from locales.catalog import Catalogue, autonym
from storage.referrals import Help, Service
from tests.bot.everything import ELSEWHERE, LANGUAGES, cards, every_message, sessions

MARKED = re.compile("⟦[^⟦⟧]*⟧")


class Pseudo(NullTranslations):
    """Says every text in marks, so that whatever stands outside marks came by another way."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the library's interface
        return f"⟦{message}⟧"


@cache
def _pseudo(language: str, domain: str) -> Catalogue:
    assert domain == texts.DOMAIN
    # Catalogue only asks for translations, and NullTranslations gives them.
    return Catalogue(language, Pseudo())  # type: ignore[arg-type]  # a stand-in for gettext


@pytest.fixture
def _pseudo_locale(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (render, profile, keeping, toast):
        monkeypatch.setattr(module, "catalogue", _pseudo)
    kept = (render.card, render.line, toast.line)
    for one in kept:
        one.cache_clear()
    yield
    for one in kept:
        one.cache_clear()


def bare(text: str) -> str:
    """The letters outside marks, but for languages' names for themselves, which are data."""
    outside = MARKED.sub(" ", text)
    for name in sorted(map(autonym, LANGUAGES), key=len, reverse=True):
        outside = outside.replace(name, " ")
    return "".join(filter(str.isalpha, outside))


@pytest.mark.usefixtures("_pseudo_locale")
def test_every_word_in_a_chat_comes_from_the_catalogues() -> None:
    """Every card, line, button, toast and receipt, of a consultation without letters, has letters inside marks only.

    Proves: Q7
    """
    help_ = render.help_text(("ar",), "…")
    seen = 0
    for language in ("en", "ar"):
        for _, card in cards(language):
            seen += bool(MARKED.search(card.text))
            assert bare(card.text) == "", card.text
            assert [label for row in card.rows for label, _ in row if bare(label)] == []
    for message in (*ELSEWHERE, *texts.NOTICES.values()):
        assert bare(toast.line(message, ("en", "my"))) == ""
    assert bare(render.receipt_card(("en", "ar"), "00000 00000", rehearsal=True).text + help_) == ""
    kept = keeping.Kept("0" * 30, "ar", rehearsal=True)
    for action in (Control.RECEIPT_KEPT, keeping.AGAIN, keeping.WRONG[0], keeping.LATER):
        card = keeping.answer(bytes(32), kept, action)
        assert bare(card.text + "".join(label for row in card.rows for label, _ in row)) == ""
    assert seen > len(list(sessions("en")))


@pytest.mark.usefixtures("_pseudo_locale")
def test_every_ending_and_the_profile_come_from_the_catalogues() -> None:
    """Endings that name places of help, and what strangers see of the bot, have letters inside marks only."""
    places = (("en", (Help(next(iter(Service)), "…", "…", "…"),)),)
    for state in texts.ENDINGS:
        assert bare(render.ending(state, ("en",), places).text) == ""
    for message in profile.LIMITS:
        assert bare(_pseudo("en", texts.DOMAIN).text(*message)) == ""


@pytest.mark.usefixtures("_pseudo_locale")
def test_a_word_written_into_the_code_is_seen() -> None:
    """The search would find a label that bypasses the catalogues, and it knows every text there is."""
    card = render.line(texts.HARMLESS, ("en",), Control.HIDE)

    assert bare(card.text) == ""
    assert bare(f"{card.text} Next") == "Next"
    assert {text.context for text in every_message()} >= {"button", "card", "line", "notice", "vote", "profile"}

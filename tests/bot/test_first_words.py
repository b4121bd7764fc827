"""What may stand on a locked phone, in a search or on somebody else's screen gives nothing away (Q6)."""

import pytest

from bot.participant import profile, texts
from flows.checks.wording import NOTIFICATION, revealing
from flows.screens import ScreenKind
from locales.catalog import Catalogue, catalogues
from tests.bot.everything import LANGUAGES, cards, every_message
from tests.bot.first_words import PROMISES, REVEALING


def _found(stems: tuple[str, ...], text: str) -> list[str]:
    return [stem for stem in stems if stem in text.casefold()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_words_of_every_card_give_nothing_away(language: str) -> None:
    """In no language do the first sixty characters of any card say what this is about, and nothing is promised at all.

    Proves: Q6, P6
    """
    kinds = set()
    for kind, card in cards(language):
        kinds.add(kind)
        assert _found(REVEALING[language], card.text[:NOTIFICATION]) == [], kind
        assert revealing(card.text[:NOTIFICATION], language) is None, kind
        labels = " ".join(label for row in card.rows for label, _ in row)
        assert _found(PROMISES[language], card.text + labels) == [], kind

    assert kinds >= set(ScreenKind) - {ScreenKind.NOTE}


@pytest.mark.parametrize(("code", "words"), list(profile.languages()), ids=lambda each: str(each)[:20])
def test_the_profile_gives_nothing_away(code: str | None, words: Catalogue) -> None:
    """Name and descriptions fit, name no subject and promise nothing, in every language and for everybody else.

    Proves: Q6
    """
    stems = REVEALING[code or "en"] + PROMISES[code or "en"]
    for message, limit in profile.LIMITS.items():
        text = words.text(*message)
        assert 0 < len(text.encode("utf-16-le")) // 2 <= limit
        assert _found(stems, text) == []
        assert revealing(text, code or "en") is None


@pytest.mark.parametrize("words", list(catalogues(texts.DOMAIN)), ids=lambda words: str(words.language))
def test_no_text_of_the_interface_reveals_anything_at_all(words: Catalogue) -> None:
    """Not only where a text begins: the linter's own lists find nothing in any of them, in any language. Proves: Q6."""
    for message in every_message():
        assert revealing(words.text(*message), words.language) is None, message.text

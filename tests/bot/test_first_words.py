"""What may stand on a locked phone, in a search or on somebody else's screen gives nothing away (Q6)."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.participant import profile, render, texts
from flows.card import screen
from flows.events import Control
from flows.model import PURPOSES, Consultation
from flows.screens import Notice, ScreenKind
from flows.session import Session as Place
from flows.session import State
from locales.catalog import Catalogue, catalogues
from tests.bot.first_words import PROMISES, REVEALING
from tests.storage.asked import CONSULTATION

NOTIFIED = 60
"""Characters of a message that a notification may show."""
LANGUAGES = [words.language for words in catalogues(texts.DOMAIN)]


def _everywhere() -> Consultation:
    """The small consultation, with a region, in every language there is; its own words say nothing."""

    def in_all(value: object) -> object:
        if isinstance(value, dict):
            if "en" in value and isinstance(value["en"], str):
                return dict.fromkeys(LANGUAGES, "…")
            return {name: in_all(each) for name, each in value.items()}
        return [in_all(each) for each in value] if isinstance(value, list) else value

    plain = in_all(CONSULTATION.model_dump(mode="json"))
    assert isinstance(plain, dict)
    plain["sections"][0]["content_note"] = dict.fromkeys(LANGUAGES, "…")
    reviews = {language: {"reviewed": True, "by": "A. Reader"} for language in LANGUAGES}
    regions = [{"id": "a", "text": dict.fromkeys(LANGUAGES, "…")}, {"id": "b", "text": dict.fromkeys(LANGUAGES, "…")}]
    return Consultation.model_validate(plain | {"languages": LANGUAGES, "reviews": reviews, "regions": regions})


ASKED = _everywhere()


def _sessions(language: str) -> Iterator[Place]:
    """A conversation in every state, at every place, before and after consent, lying over every other."""
    yield Place(State.LANGUAGE)
    yield Place(State.COMMAND, language, 1, spent=1, back_to=State.ASKING, asked=Control.PAUSE, word="…")
    for state, place, spent in itertools.product(State, range(len(PURPOSES)), (0, 1)):
        yield Place(state, language, place=place, spent=spent)
        for beneath in (State.ABOUT, State.ASKING):
            yield Place(state, language, place=place, spent=spent, back_to=beneath, region=place, reader=bool(spent))


def _cards(language: str) -> Iterator[tuple[ScreenKind | None, render.Card]]:
    """Everything that can come into a chat."""
    for place, notice in itertools.product(_sessions(language), (None, *Notice)):
        shown = replace(screen(ASKED, place), notice=notice)
        yield shown.kind, render.card(ASKED, shown, rehearsal=False)
    for message in texts.ENDINGS.values():
        yield None, render.line(message, (language,))
    for message in (texts.HARMLESS, texts.HELP, texts.WITHDRAW, texts.WITHDRAWN, texts.MISTYPED, texts.WIPED,
                    texts.WITHDRAWN_BY_NUMBER, texts.RECEIPT_KEPT):  # fmt: skip
        yield None, render.line(message, (language,), Control.HIDE)
    yield None, render.receipt_card((language,), "0", rehearsal=False)


def _found(stems: tuple[str, ...], text: str) -> list[str]:
    return [stem for stem in stems if stem in text.casefold()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_words_of_every_card_give_nothing_away(language: str) -> None:
    """In no language do the first sixty characters of any card say what this is about, and nothing is promised at all.

    Proves: Q6, P6
    """
    kinds = set()
    for kind, card in _cards(language):
        kinds.add(kind)
        assert _found(REVEALING[language], card.text[:NOTIFIED]) == [], kind
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

"""Everything that the bot can bring into a chat, from a consultation that says nothing itself."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from bot.participant import render, texts
from flows.card import screen
from flows.events import Control
from flows.model import PURPOSES, Consultation
from flows.screens import Notice, ScreenKind
from flows.session import Session, State
from locales.catalog import catalogues
from tests.storage.asked import CONSULTATION

LANGUAGES = tuple(words.language for words in catalogues(texts.DOMAIN))


def every_message() -> tuple[texts.Message, ...]:
    """All texts of the interface."""
    named = list[object]()
    for value in vars(texts).values():
        named += value.values() if isinstance(value, dict) else value if type(value) is tuple else (value,)
    return tuple(dict.fromkeys(text for text in named if isinstance(text, texts.Message)))


ELSEWHERE = tuple(message for message in every_message() if message.context == "line")
"""What is said outside a conversation."""


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


def sessions(language: str) -> Iterator[Session]:
    """A conversation in every state, at every place, before and after consent, lying over every other."""
    yield Session(State.LANGUAGE)
    yield Session(State.COMMAND, language, 1, spent=1, back_to=State.ASKING, asked=Control.PAUSE, word="…")
    for state, place, spent in itertools.product(State, range(len(PURPOSES)), (0, 1)):
        yield Session(state, language, place=place, spent=spent)
        for beneath in (State.ABOUT, State.ASKING):
            yield Session(state, language, place=place, spent=spent, back_to=beneath, region=place, reader=bool(spent))


def cards(language: str) -> Iterator[tuple[ScreenKind | None, render.Card]]:
    """Everything that can come into a chat, with the kind of its screen where there is one."""
    for place, notice in itertools.product(sessions(language), (None, *Notice)):
        shown = replace(screen(ASKED, place), notice=notice)
        yield shown.kind, render.card(ASKED, shown, rehearsal=False)
    for message in (*texts.ENDINGS.values(), *ELSEWHERE):
        yield None, render.line(message, (language,), Control.HIDE)
    yield None, render.receipt_card((language,), "0", rehearsal=False)

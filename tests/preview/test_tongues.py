"""Which language each text of a phone names, so that it is read with the right voice."""

import time
from typing import Any

import pytest

from bot.participant import texts
from bot.preview.phone import Preview
from bot.simulator.chats import Person
from bot.simulator.world import World
from flows.events import Control
from locales.catalog import autonym, catalogue, direction
from sauti.previewing import loaded
from tests.handbook.taking import PROTECTION


@pytest.fixture
def preview() -> Preview:
    """The example's preview."""
    asked, _ = loaded(PROTECTION, drop=False)
    return Preview(asked, World(time.time, history=True), lambda *_happened: None)


def told(preview: Preview, person: Person) -> Any:  # noqa: ANN401 - any JSON
    """What the page is given."""
    return preview.tongues.told(preview.chat(person).view())


async def test_each_text_names_the_language_that_was_chosen(preview: Preview) -> None:
    """Before she chooses, each paragraph and name its own; then card, buttons, phone and her words. Proves: P10."""
    person = preview.person()
    await preview.begin(person)
    first = told(preview, person)
    card = first["messages"][-1]
    spoken = preview.consultation.languages
    parts = [one["lang"] for one in card["entities"] if one["type"] == "language"]

    assert "lang" not in first
    assert "lang" not in card
    assert parts[: len(spoken)] == [key["lang"] for row in card["keyboard"] for key in row] == [*spoken]

    words = catalogue("ar", texts.DOMAIN)
    for label in (autonym("ar"), words.text(*texts.CONTROLS[Control.YES])):
        preview.hands(person).press(None, label=label, index=None, past=None)
        await preview.answer()
    preview.hands(person).say("hello")
    await preview.answer()
    then = told(preview, person)
    *_, card, own = then["messages"]

    assert (then["lang"], then["dir"]) == (card["lang"], card["dir"]) == ("ar", direction("ar"))
    assert {key["lang"] for row in card["keyboard"] for key in row} == {"ar"}
    assert (own["from"], own["lang"], "dir" in own) == ("person", "ar", False)


async def test_buttons_of_an_earlier_card_keep_their_language(preview: Preview) -> None:
    """A card changed from Arabic to English shows English buttons, and Arabic ones as those it had before."""
    person = preview.person("ar")
    await preview.begin(person)
    preview.hands(person).press(
        None, label=catalogue("ar", texts.DOMAIN).text(*texts.CONTROLS[Control.LANGUAGE]), index=None, past=None
    )
    await preview.answer()
    preview.hands(person).press(None, label=autonym("en"), index=None, past=None)
    await preview.answer()
    card = told(preview, person)["messages"][-1]

    assert {key["lang"] for row in card["keyboard"] for key in row} == {"en"}
    assert {key["lang"] for row in card["past_keyboards"][0] for key in row} <= {"ar", *preview.consultation.languages}
    assert card["lang"] == "en"

"""Breaks what makes a language whole: words from the catalogues, values that keep their own direction."""

import pytest

from bot.participant import render, texts
from locales import catalog
from locales.catalog import Catalogue
from tests.sabotage.registry import sabotage


@sabotage("Q7", caught_by="tests/bot/test_every_text.py::test_every_word_in_a_chat_comes_from_the_catalogues")
def words_come_from_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks the catalogue."""

    def english(_words: Catalogue, message: texts.Message, **values: object) -> str:
        return message.text.format(**values)

    monkeypatch.setattr(render, "say", english)


@sabotage("P10", caught_by="tests/locales/test_catalogues.py::test_inserted_values_are_isolated_and_numbers_native")
def values_stand_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name put into a sentence can turn it around."""

    def bare(text: str, values: dict[str, object], _language: str) -> str:
        return text.format_map(values)

    monkeypatch.setattr(catalog, "_filled", bare)


@sabotage("P7", caught_by="tests/bot/test_render.py::test_the_paused_card_says_for_how_long_it_really_is_kept")
def everything_is_kept_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paused card promises a day, whatever the round's record says."""
    honest = Catalogue.duration
    monkeypatch.setattr(Catalogue, "duration", lambda self, _minutes: honest(self, 1_440))


@sabotage("Q5", caught_by="tests/bot/test_render.py::test_every_screen_is_short_and_no_button_is_cut_in_any_language")
def screens_are_as_long_as_translators_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of the interface may be three times as long in some language."""
    honest = Catalogue.text

    def longer(self: Catalogue, context: str, message: str, **values: object) -> str:
        return honest(self, context, message, **values) * (3 if self.language == "fr" else 1)

    monkeypatch.setattr(Catalogue, "text", longer)


@sabotage(
    "Q5", caught_by="tests/bot/test_render.py::test_buttons_that_share_a_row_are_short_enough_for_their_part_of_it"
)
def buttons_stand_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Stop and delete* stands beside two others."""
    from flows import card

    honest = card._last_rows
    monkeypatch.setattr(card, "_last_rows", lambda *given: (*honest(*given)[:-2], tuple(sum(honest(*given)[-2:], ()))))

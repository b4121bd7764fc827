"""Breakages of a preview: what it shows, and that it keeps nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.participant.outcome import Keyboard
from bot.participant.render import Card
from bot.preview import memory, phone, plain, server, sheet, sidebyside, talking, tongues
from bot.preview.record import Happened
from bot.simulator.control import HANDLERS
from bot.simulator.errors import Json
from tests.handbook.likeness import Picture
from tests.sabotage.registry import sabotage

WALKS = "tests/preview/test_same_as_the_bot.py::test_whatever_somebody_does_the_preview_shows_what_the_bot_shows"
SIDE = "tests/preview/test_sidebyside.py::"
TALK = "tests/preview/test_talk.py::"


@sabotage("F8", caught_by=WALKS + "[0]")
def a_preview_has_cards_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """One button is left out."""
    shown = phone._content

    def shorter(card: Card, keyboard: Keyboard) -> Json:
        return shown(card, keyboard[:-1])

    monkeypatch.setattr(phone, "_content", shorter)


@sabotage("F8", caught_by=WALKS + "[3]")
def a_preview_forgets_who_has_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a hidden conversation waits for its code, though the bot would have kept it."""
    monkeypatch.setattr(memory, "_hidden", lambda _kept: ())


@sabotage("F8", caught_by=TALK + "test_words_pictures_and_numbers_that_are_words")
def a_preview_leaves_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened is written into a file beside the consultation."""
    said = talking.Talk._happened

    def traced(talk: talking.Talk, person: int, happened: Happened) -> None:
        with Path("preview.log").open("a", encoding="utf-8") as log:
            log.write(happened.did.words)
        said(talk, person, happened)

    monkeypatch.setattr(talking.Talk, "_happened", traced)


@sabotage("F8", caught_by=TALK + "test_a_whole_conversation_from_a_file_of_lines")
def a_preview_looks_like_a_consultation(monkeypatch: pytest.MonkeyPatch) -> None:
    """No card says that nothing is kept."""
    monkeypatch.setattr(plain, "KEPT", "")


@sabotage("P10", caught_by=TALK + "test_lines_from_right_to_left_keep_their_direction")
def lines_in_a_terminal_lose_their_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arabic labels stand bare beside their numbers."""
    monkeypatch.setattr(plain, "isolate", str)


@sabotage(
    "P10",
    caught_by="tests/preview/test_tongues.py::test_each_text_names_the_language_that_was_chosen",
)
def a_phone_speaks_with_the_voice_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """No card says in which language it is."""
    monkeypatch.setattr(tongues, "_said", lambda _language: {})


@sabotage("F8", caught_by="tests/preview/test_server.py::test_a_preview_has_phones_and_nothing_else_to_steer")
def a_preview_can_be_steered_like_a_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bots, faults and clocks can be made and moved."""
    monkeypatch.setattr(server, "ALLOWED", frozenset(HANDLERS))


@sabotage(
    "F8", caught_by="tests/preview/test_server.py::test_a_name_that_was_bent_to_this_machine_reads_nothing[/languages]"
)
def a_preview_answers_to_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose name was bent to this machine reads what somebody is writing."""
    monkeypatch.setattr(server, "_HOST", re.compile(".*"))


@sabotage("Q7", caught_by=SIDE + "test_what_is_missing_or_too_long_is_marked_where_it_stands")
def gaps_in_a_language_look_like_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing beside a card says what is missing there."""
    monkeypatch.setattr(sidebyside, "_flaws", lambda _card: iter(()))


@sabotage("Q7", caught_by=SIDE + "test_everything_that_is_asked_stands_there_in_every_language[ruled]")
def reviewers_see_what_one_person_would_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choices that a rule hides from somebody without answers are hidden from whoever reads translations."""
    monkeypatch.setattr(sidebyside, "laid_open", lambda consultation: consultation)


@sabotage("T6", caught_by=SIDE + "test_the_file_needs_nothing_and_runs_nothing")
def a_translation_can_be_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on a card is taken for HTML."""
    monkeypatch.setattr(sheet, "escape", str)


@sabotage("F8", caught_by="tests/handbook/test_pictures.py::test_a_picture_shows_what_the_software_shows[languages]")
def the_handbook_shows_what_once_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of all languages has other words than its picture."""
    monkeypatch.setattr(Picture, "read", older(Picture.read))


def older(read: Callable[[str], Picture]) -> Callable[[str], Picture]:
    """A picture that was taken before a button had been renamed."""

    def before(name: str) -> Picture:
        kept = read(name)
        words = (one._replace(text="Cancel") if one.text == "Stop and delete" else one for one in kept.words)
        return kept._replace(words=tuple(words))

    return before

"""Breakages inside child processes: each makes the bot lose, double, tell or fall where it must not.

The bot runs in a process of its own there, so a breakage here only names the function of tests.faults.twists that
bends each child before it starts.
"""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.participant.among import Among
from bot.participant.calls import at_once
from bot.participant.conversation import Conversation
from bot.participant.outcome import Outcome
from bot.participant.plans import Plan
from flows.screens import Screen
from storage import voices
from storage.errors import StorageUnavailable
from storage.values import Draft
from tests.faults import servers
from tests.sabotage.registry import sabotage

FAULTS = "tests/faults/"


def bend(monkeypatch: pytest.MonkeyPatch, twist: str) -> None:
    """Bends every bot that is started from now on."""
    monkeypatch.setattr(servers, "TWIST", [twist])


@sabotage("T3", caught_by=FAULTS + "test_at_once.py::test_twenty_updates_of_one_person_at_once")
def updates_count_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that comes again is taken for a new one."""
    bend(monkeypatch, "updates_count_each_time")


@sabotage("S1", caught_by=FAULTS + "test_kill.py::test_two_bots_take_turns_and_die_in_turn")
def says_yes_before_it_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The webhook answers 200 at once and stores when it finds the time."""
    bend(monkeypatch, "says_yes_before_it_is_stored")


@sabotage("S4", caught_by=FAULTS + "test_kill.py::test_two_bots_take_turns_and_die_in_turn")
def streams_go_on_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream state goes on where this process left it, whatever another one has stored since."""
    bend(monkeypatch, "streams_go_on_unasked")


@sabotage("S2", caught_by=FAULTS + "test_garbage.py::test_garbage_through_telegram_is_survived")
def numbers_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands where a number belongs is taken for one."""
    bend(monkeypatch, "numbers_are_believed")


@sabotage("D1", caught_by=FAULTS + "test_canary.py::test_nothing_that_was_said_or_told_is_found_on_postgresql")
def what_comes_in_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A careful engineer writes every update to the log."""
    bend(monkeypatch, "what_comes_in_is_logged")


@sabotage("D2", caught_by=FAULTS + "test_canary.py::test_nothing_that_was_said_or_told_is_found_on_postgresql")
def drafts_rest_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts are padded and not encrypted."""
    bend(monkeypatch, "drafts_rest_in_the_clear")


@sabotage("S1", caught_by="tests/bot/test_steadfast.py::test_what_was_sent_is_remembered_once_storage_is_back[1]")
def replies_give_up_on_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that was sent while storage was away is never remembered."""
    monkeypatch.setattr("bot.participant.steadfast.TRIES", 1)


@sabotage("S1", caught_by="tests/bot/test_conversation.py::test_a_card_that_hides_the_real_one_goes_when_it_is_pressed")
def strays_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card whose sending was never answered hides the real one for ever."""
    at_card = Conversation._at_card

    def kept(
        self: Conversation, said: Outcome, meant: Plan, draft: Draft, at: int | None, seen: Screen | None
    ) -> Outcome:
        done = at_card(self, said, meant, draft, at, seen)
        return replace(done, delete=tuple(one for one in done.delete if one != at))

    monkeypatch.setattr(Conversation, "_at_card", kept)


@sabotage("S4", caught_by="tests/bot/test_among.py::test_a_slow_card_does_not_come_last")
def cards_come_as_they_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two processes that change a card, the slower one has the last word."""
    monkeypatch.setattr(Among, "turn", lambda _order, _said: at_once())


@sabotage("S4", caught_by="tests/storage/test_voices.py::test_one_speaks_and_the_next_waits")
def voices_speak_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat that another process speaks in is taken for free."""
    monkeypatch.setattr(voices, "_TAKE", text("SELECT :key IS NOT NULL"))


@sabotage("S1", caught_by="tests/bot/test_among.py::test_while_storage_is_away_cards_go_out")
def no_database_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card of which nobody knows whether it is the newest is left out."""
    wanted = Among._wanted

    async def cautious(order: Among, said: Outcome) -> bool:
        try:
            await order._standing.standing(user_id=said.user_id, round_id=said.draft.round_id if said.draft else b"")
        except StorageUnavailable:
            return False
        return await wanted(order, said)

    monkeypatch.setattr(Among, "_wanted", cautious)

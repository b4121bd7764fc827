"""Breakages of the contact box and of what may be sent to whom."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.broadcast.sending import Broadcaster
from bot.broadcast.window import Window
from bot.participant.session import TelegramError
from flows.model import PURPOSES, Purpose
from flows.records import Manifest
from privacy.consent import Consents, Contactable
from rounds import gate
from rounds.deployment import Deployment
from rounds.gap import Gap
from storage import broadcasts, contacts, links, skipping, turns
from storage.rounds import RoundRow
from storage.secrets import Secrets
from tests.sabotage.registry import sabotage

BOX = "tests/storage/test_contacts.py::"
SKIP = "tests/bot/test_skipping.py::"


@sabotage("W5", caught_by=BOX + "test_only_who_allowed_it_can_be_found_in_the_box")
def everybody_enters_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """What she allowed is not looked at."""
    put = contacts.put

    def all_of_them(*given: Any) -> None:  # noqa: ANN401 - the function's own arguments
        put(given[0], given[1], given[2], frozenset(PURPOSES), given[4])

    monkeypatch.setattr(contacts, "put", all_of_them)


@sabotage("W5", caught_by=BOX + "test_entries_wait_for_ten_and_move_shuffled")
def an_entry_moves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bag does not wait, so the box grows with each who sends."""
    move = contacts.move
    monkeypatch.setattr(contacts, "move", lambda *given, **_least: move(*given, least=1))


@sabotage("W5", caught_by=BOX + "test_no_chat_can_be_read_in_the_database")
def entries_lie_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chat stands beside the sealed box."""
    monkeypatch.setattr(contacts, "seal", lambda _key, plain: plain)


@sabotage("W5", caught_by=SKIP + "test_every_way_to_say_no_is_noted_for_everybody[/stop]")
def a_stop_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is put on the skip list."""
    monkeypatch.setattr(skipping, "put", lambda *_given: None)


@sabotage("P12", caught_by=SKIP + "test_every_way_to_say_no_is_noted_for_everybody[blocking]")
def only_participants_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop is noted where somebody has a response, so that a hash on the list says that she took part."""
    honest, put = turns.Turn.run, skipping.put

    def knowing(turn: turns.Turn) -> Any:  # noqa: ANN401 - as `run`
        running, user = turn._running.values(), turn._request.user_id
        known = any(links.read(turn._connection, one.keys.link(user)) for one in running)
        monkeypatch.setattr(skipping, "put", put if known else lambda *_given: None)
        return honest(turn)

    monkeypatch.setattr(turns.Turn, "run", knowing)


@sabotage("W5", caught_by=BOX + "test_a_destroyed_box_leaves_nothing_and_does_not_come_back")
def a_restored_box_is_taken_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark of a destroyed box is not looked at."""
    monkeypatch.setattr(Secrets, "boxless", lambda *_id: False)


@sabotage("W5", caught_by="tests/bot/test_daily.py::test_a_contact_box_is_destroyed_a_year_after_closing")
def boxes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks how old a box is."""
    monkeypatch.setattr("bot.participant.daily.box_overdue", lambda *_given: False)


@sabotage("O1", caught_by="tests/rounds/test_gate.py::test_whoever_asks_to_write_needs_a_box")
def a_round_asks_for_what_it_cannot_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live round opens without the key of its contact box."""
    honest = gate._of_custody

    def careless(row: RoundRow, deployment: Deployment | None, *, proved: bool) -> Iterator[Gap]:
        return (gap for gap in honest(row, deployment, proved=proved) if gap.code != "no-notification-key")

    monkeypatch.setattr(gate, "_of_custody", careless)


SENDING = "tests/bot/test_broadcast.py::"
NOTES = "tests/storage/test_broadcasts.py::"


@sabotage("T4", caught_by=SENDING + "test_no_more_than_thirty_in_any_second")
def messages_go_out_as_fast_as_they_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for her turn."""

    async def at_once(_window: Window, stop: asyncio.Event) -> bool:
        return not stop.is_set()

    monkeypatch.setattr(Window, "turn", at_once)


@sabotage("T4", caught_by="tests/bot/test_window.py::test_no_second_holds_more")
def a_place_is_free_with_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are spaced where they begin, and nobody asks when they may have arrived."""
    monkeypatch.setattr(Window, "answered", lambda window: window._places.append(window._clock.now()))


@sabotage("T4", caught_by=SENDING + "test_what_the_line_lost_is_not_sent_again")
def what_may_have_arrived_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message without an answer is sent once more."""
    honest = Broadcaster._patiently

    async def stubborn(broadcaster: Broadcaster, one: Contactable) -> object:
        try:
            return await honest(broadcaster, one)
        except TelegramError:
            return await honest(broadcaster, one)

    monkeypatch.setattr(Broadcaster, "_patiently", stubborn)


@sabotage("T4", caught_by=SENDING + "test_too_fast_is_waited_for_by_everybody")
def telegram_is_not_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says of how long to wait is not heeded."""
    monkeypatch.setattr(Window, "hold", lambda *_given: None)


@sabotage("T4", caught_by=NOTES + "test_a_chat_is_claimed_once_also_after_a_kill")
def claims_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that begins again knows of nobody who was told."""
    monkeypatch.setattr(broadcasts, "_claim", lambda _connection, **_values: True)


@sabotage("W5", caught_by=NOTES + "test_the_skip_list_is_looked_at_before_each_message")
def the_skip_list_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever said no is written to."""
    monkeypatch.setattr(skipping, "listed", lambda *_given: False)


@sabotage("W5", caught_by=NOTES + "test_two_broadcasts_and_the_box_is_gone")
def broadcasts_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round may tell people as often as it likes."""
    monkeypatch.setattr(broadcasts, "AT_MOST", 1_000)


@sabotage("W5", caught_by=SENDING + "test_everybody_gets_one_message_that_goes_after_a_day")
def messages_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notes that a message has to go."""

    async def forgetful(*_given: object) -> None:
        return None

    monkeypatch.setattr("tests.bot.test_broadcast.Notes.sent", forgetful)


@sabotage("K4", caught_by="tests/privacy/test_contacts.py::test_without_this_consent_nobody_is_written_to")
def whoever_is_in_the_box_may_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The permission is not read for what it allows."""
    honest = Consents._read

    def careless(consents: Consents, record: bytes, needed: Mapping[Purpose, str]) -> Manifest:
        return honest(consents, record, {} if Purpose.RESULTS in needed else needed)

    monkeypatch.setattr(Consents, "_read", careless)


@sabotage("W5", caught_by="tests/functional/test_broadcast.py::test_what_stands_in_the_way_is_said_first")
def open_rounds_tell_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the round's state nor its results are looked at."""
    monkeypatch.setattr("rounds.service.check_broadcast", lambda *_given: None)

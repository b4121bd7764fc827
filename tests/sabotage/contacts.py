"""Breakages of the contact box and of what may be sent to whom."""

from collections.abc import Iterator
from typing import Any

import pytest

from flows.model import PURPOSES
from rounds import gate
from rounds.deployment import Deployment
from rounds.gap import Gap
from storage import contacts, links, skipping, turns
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

"""Ways to break what storage promises."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Column, Integer, MetaData

from storage import closing, database, drafts, links, mailbag, participation, receipts, turns, withdrawal
from storage import times as stored_times
from storage.batch import Batch
from storage.drafts import StoredDraft
from storage.envelope import response
from storage.envelope.response import SealedAnswer, SealedResponse
from storage.errors import StorageUnavailable
from storage.intake_keys import RoundKeys
from storage.rounds import RoundRow
from storage.sealing import Segment
from storage.secrets import Secrets
from storage.streams import StreamCache
from storage.tables import metadata
from storage.tombstones import TombstoneFile
from storage.writer import Writer, _attempt, _Outcome, _Task, _together
from tests.sabotage.registry import sabotage

STORAGE = "tests/storage"


@sabotage("T3", caught_by=f"{STORAGE}/test_turns.py::test_an_update_counts_once")
def an_update_counts_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every update looks new."""
    monkeypatch.setattr(Batch, "fresh", lambda *_given: True)


@sabotage("D1", caught_by=f"{STORAGE}/test_at_rest.py::test_nothing_said_lies_in_the_file_or_its_log")
def answers_are_stored_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk carries its payload in the clear."""
    push = Segment.push

    def leaky(segment: Segment, payload: bytes, **flags: bool) -> SealedAnswer:
        sealed = push(segment, payload, **flags)
        return SealedAnswer((sealed[:3] + payload).ljust(len(sealed), b"\0"))

    monkeypatch.setattr(Segment, "push", leaky)


@sabotage("D2", caught_by=f"{STORAGE}/test_time.py::test_stored_moments_are_coarse_and_never_late")
def moments_are_stored_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Expiry is kept exactly."""

    def exact(now: datetime, after: timedelta, _grain: int = 0) -> int:
        return int((now + after).timestamp())

    monkeypatch.setattr("tests.storage.test_time.before", exact)
    monkeypatch.setattr(stored_times, "before", exact)


@sabotage("D1", caught_by=f"{STORAGE}/test_at_rest.py::test_the_file_and_its_log_are_their_owners_alone")
def anybody_may_read_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite makes its file as the process's umask has it."""
    monkeypatch.setattr(database, "_make_private", lambda *_given: None)


@sabotage("D3", caught_by=f"{STORAGE}/test_closing.py::test_no_refusal_is_seen_beside_a_tombstone")
def refusals_and_tombstones_stay_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """At closing only responses and contact box are written anew."""
    monkeypatch.setattr(closing, "_REWRITTEN", {"responses": "response_id", "contacts": "key"})


@sabotage("D5", caught_by=f"{STORAGE}/test_closing.py::test_one_damaged_draft_keeps_no_round_open")
def one_damaged_draft_stops_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever goes through many drafts fails at the first that does not open."""

    def strict(keys: RoundKeys, row: Any) -> drafts.StoredDraft:  # noqa: ANN401 - a row of SQLAlchemy's
        return drafts.decode(keys, row.key, row.round, row.body, row.expires)

    monkeypatch.setattr(drafts, "opened", strict)


@sabotage("D2", caught_by=f"{STORAGE}/test_closing.py::test_what_was_sent_stays_and_what_was_not_goes")
def salts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way from an account to its responses outlives the round."""
    monkeypatch.setattr(Secrets, "destroy_salt", lambda _self, _round_id: None)


@sabotage("D3", caught_by=f"{STORAGE}/test_mailbag.py::test_fewer_than_ten_wait")
def one_response_moves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mailbag does not wait."""
    move = mailbag.move
    monkeypatch.setattr(mailbag, "move", lambda *given, **_least: move(*given, least=1))


@sabotage("D3", caught_by=f"{STORAGE}/test_turns.py::test_every_response_has_the_size_of_the_longest")
def responses_are_as_long_as_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fills a response up."""

    def short(segment: Segment, _capacity: int) -> list[SealedAnswer]:
        return [segment.push(b"", filler=True, final=True)]

    assemble = response.assemble

    def as_long_as_it_is(*given: Any) -> SealedResponse:  # noqa: ANN401 - the function's own arguments
        return assemble(given[0], given[1], given[2], given[3], len(given[3]))

    monkeypatch.setattr(turns, "fill", short)
    monkeypatch.setattr(response, "assemble", as_long_as_it_is)


@sabotage("K2", caught_by=f"{STORAGE}/test_time.py::test_before_consent_half_an_hour_at_most")
def consent_can_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation without consent lives a day."""
    monkeypatch.setattr("storage.drafts.UNCONSENTED", timedelta(hours=24))


@sabotage("W1", caught_by=f"{STORAGE}/test_receipts.py::test_every_wrong_digit_and_every_exchange_is_noticed")
def slips_go_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A weaker sum checks a receipt."""
    monkeypatch.setattr(receipts, "MODULUS", 9)


@sabotage("W2", caught_by=f"{STORAGE}/test_withdrawal.py::test_a_receipt_takes_its_response_back")
def kept_responses_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawing reaches the mailbag only."""
    monkeypatch.setattr(withdrawal, "_PLACES", withdrawal._PLACES[:1])


@sabotage("W2", caught_by=f"{STORAGE}/test_bundles.py::test_a_closed_round_bundles_whole")
def withdrawing_leaves_no_tombstone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups and bundles never hear of a withdrawal."""
    monkeypatch.setattr(withdrawal, "_bury", lambda _connection, **_values: True)


@sabotage("P12", caught_by=f"{STORAGE}/test_turns.py::test_a_second_response_says_that_it_is_not_the_first")
def every_response_is_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeat is not told."""
    monkeypatch.setattr(links, "read", lambda _connection, _keys: ())


@sabotage("O4", caught_by=f"{STORAGE}/test_rounds.py::test_what_opening_froze_cannot_change")
def terms_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round loads whatever was edited."""
    monkeypatch.setattr(RoundRow, "terms", bytes(32))


@sabotage("F3", caught_by=f"{STORAGE}/test_time.py::test_participation_is_late_and_in_tens")
def participation_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today's number is shown today."""
    monkeypatch.setattr(participation, "_LATE", 0)


@sabotage("F3", caught_by="tests/rounds/test_service.py::test_status_shows_late_tens")
def participation_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is not rounded."""
    monkeypatch.setattr(participation, "STEP", 1)


@sabotage("S1", caught_by=f"{STORAGE}/test_writer.py::test_a_commit_that_fails_keeps_nothing_and_tells_everybody")
def told_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Works are told to be done although nothing was committed."""

    def hasty(writer: Writer, tasks: list[_Task[Any]]) -> list[_Outcome]:
        connection = writer._begin(tasks)
        outcomes = [_attempt(connection, task) for task in tasks]
        try:
            connection.commit()
        except Exception:  # noqa: BLE001 - the rule that is broken here
            writer._forget()
        return outcomes

    monkeypatch.setattr(Writer, "_transact", hasty)


@sabotage("S1", caught_by=f"{STORAGE}/test_batch.py::test_a_poisoned_turn_costs_nobody_else_anything")
def one_that_fails_takes_its_batch_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that could not be stored together is not tried one by one."""

    def all_or_nobody(writer: Writer, tasks: list[_Task[Any]]) -> list[_Outcome]:
        connection = writer._begin(tasks)
        outcomes = _together(connection, tasks)
        if outcomes is None:
            connection.rollback()
            return [_Outcome(task, error=StorageUnavailable()) for task in tasks]
        connection.commit()
        return outcomes

    monkeypatch.setattr(Writer, "_transact", all_or_nobody)


@sabotage("T3", caught_by=f"{STORAGE}/test_batch.py::test_several_turns_of_one_person_keep_their_order")
def everybody_sees_what_was_there_before_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn does not see what the one before it in the same batch has changed."""
    load, first = Batch.load, WeakKeyDictionary[Batch, dict[tuple[bytes, ...], list[StoredDraft]]]()

    def stale(batch: Batch, names: Sequence[bytes]) -> list[StoredDraft]:
        return first.setdefault(batch, {}).setdefault(tuple(names), load(batch, names))

    monkeypatch.setattr(Batch, "load", stale)


@sabotage("S3", caught_by=f"{STORAGE}/test_migrations.py::test_the_steps_make_the_tables_of_today")
def a_migration_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table has a column that no migration makes."""
    ahead = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(ahead)
    ahead.tables["tombstones"].append_column(Column("forgotten", Integer))
    monkeypatch.setattr("tests.storage.test_migrations.metadata", ahead)


@sabotage("S4", caught_by=f"{STORAGE}/test_turns.py::test_any_worker_goes_on")
def workers_trust_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker goes on with the stream it remembers, whatever the database says of another's."""
    take = StreamCache.take

    def trusting(cache: StreamCache, response_id: bytes, *_named: object) -> Segment | None:
        held = cache._segments.get(response_id)
        return take(cache, response_id, held.segment, held.tag, held.next_index) if held else None

    monkeypatch.setattr(StreamCache, "take", trusting)


@sabotage("T3", caught_by=f"{STORAGE}/test_turns.py::test_a_send_that_comes_again_shows_the_same_receipt")
def receipts_are_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A redelivered send finds no receipt."""
    monkeypatch.setattr(turns.Turn, "_receipt_again", lambda _self: None)


@sabotage("W2", caught_by=f"{STORAGE}/test_restoring.py::test_what_was_taken_back_does_not_come_back")
def withdrawals_live_in_the_database_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing outside the database remembers what was taken back."""
    monkeypatch.setattr(TombstoneFile, "add", lambda *_ids: None)


@sabotage("D5", caught_by=f"{STORAGE}/test_restoring.py::test_a_destroyed_round_does_not_come_back")
def restored_rounds_are_taken_for_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark of a destroyed round is not looked at."""
    monkeypatch.setattr(Secrets, "destroyed", lambda *_id: False)

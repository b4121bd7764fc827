"""Ways to break what the life of a round and its clock promise."""

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

import pytest

from bot.participant import settling
from privacy import backups
from privacy.keys import RoundPrivateKey
from rounds import moving
from rounds.life import TRANSITIONS
from rounds.scheduling import Scheduling
from storage import backing, due
from storage.database import writing
from storage.due import Due
from storage.envelope.errors import NotABackup
from storage.secrets import Secrets
from storage.tables import metadata
from storage.tombstones import TombstoneFile
from tests.sabotage.registry import sabotage

MOVING = "tests/rounds/test_moving.py"


@sabotage("O2", caught_by=f"{MOVING}::test_the_gate_looks_again_before_a_round_opens")
def what_was_checked_once_stays_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate is not asked again when a round opens."""
    monkeypatch.setattr(moving, "missing", lambda *_row, **_more: ())


@sabotage("D2, D3", caught_by="tests/bot/test_settling.py::test_the_leader_finishes_a_round_that_was_closed")
def half_closed_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody finishes what the clock has closed."""
    monkeypatch.setattr(settling, "settle", lambda *_all: ())


@sabotage("O3", caught_by=f"{MOVING}::test_a_facilitator_runs_a_checked_round")
def anybody_may_move_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Roles are not asked for."""
    monkeypatch.setattr(moving, "after", lambda state, act, _by: TRANSITIONS[state, act])


PLANS = "tests/rounds/test_scheduling.py"


@sabotage("S1", caught_by=f"{PLANS}::test_each_effect_once_and_none_missed")
def a_slot_is_taken_off_before_its_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan goes in a transaction of its own: a process that dies then has lost it."""
    done = Scheduling._done

    def first_off(work: Scheduling, plan: Due) -> object:
        with writing(work._rounds.engine) as connection:
            due.cancel(connection, plan.job, plan.subject)
        return done(work, plan)

    monkeypatch.setattr(Scheduling, "_done", first_off)


@sabotage("S4", caught_by=f"{PLANS}::test_what_was_done_by_hand_is_not_done_again")
def a_plan_outlives_its_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened by hand, a round is still planned to open."""
    monkeypatch.setattr(moving, "_SPENT", {})


@sabotage("O2", caught_by=f"{PLANS}::test_a_round_that_may_not_open_waits_and_is_told_of_once")
def time_opens_whatever_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is planned opens, and the gate is for people."""
    monkeypatch.setattr(moving, "missing", lambda *_row, **_more: ())


KEPT = "tests/storage/test_backing.py"


@sabotage("D7, D2", caught_by=f"{KEPT}::test_nothing_in_a_backup_leads_to_anybody")
def a_backup_holds_drafts_and_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever table there is goes into a backup."""
    monkeypatch.setattr(backing, "HELD", tuple(metadata.sorted_tables))


@sabotage("D7, W2", caught_by=f"{KEPT}::test_answers_come_back_and_what_was_withdrawn_does_not")
def restoring_forgets_what_was_withdrawn_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was withdrawn since the backup is put back."""
    monkeypatch.setattr(TombstoneFile, "read", lambda _file: frozenset())


@sabotage("D7, D5", caught_by=f"{KEPT}::test_a_destroyed_round_does_not_come_back")
def restoring_brings_destroyed_rounds_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks in the folder of secrets are not asked."""
    monkeypatch.setattr(Secrets, "destroyed", lambda _secrets, _round_id: False)


@sabotage("D7", caught_by=f"{KEPT}::test_a_changed_byte_is_noticed")
def half_a_backup_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that ends in the middle is taken for whole."""
    pieces = backups._pieces

    def lenient(key: RoundPrivateKey, source: BinaryIO) -> Iterator[bytes]:
        with suppress(NotABackup):
            yield from pieces(key, source)

    monkeypatch.setattr(backups, "_pieces", lenient)

"""Breakages of reminders and of the clock: twice, at night, unasked, lost; two that lead, and one that never wakes."""

from datetime import datetime

import pytest

from flows import engine
from flows.events import Control, ReminderDue
from flows.journey import covers
from flows.journey.turn import Turn, go
from flows.screens import Remind, Step
from flows.session import State
from rounds import clock, reminders
from storage import due, turns
from storage import reminders as stored
from storage.conditions import Conditions, QuietHours
from storage.leading import _FileSeat
from tests.sabotage.registry import sabotage

CHAT = "tests/bot/test_reminding.py::"
PLAYED = "tests/bot/test_reminding_properties.py::test_never_lost_never_doubled_never_at_night"
PLANNED = "tests/rounds/test_reminders.py::"


@sabotage("P7", caught_by=CHAT + "test_two_that_both_lead_remind_once")
def reminded_twice_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has seen that something is due believes that she may do it; and the wish stays."""
    monkeypatch.setattr(due, "claim", lambda *_given: True)
    for state in State:
        monkeypatch.setitem(engine.TABLE, (state, ReminderDue), lambda turn: Step(turn.session, (Remind(),)))


@sabotage("P7", caught_by=PLAYED)
def reminded_again_when_she_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """That she has been reminded is forgotten, and the wish with its plan comes back with her next word."""

    def forgetful(turn: Turn) -> Step:
        return Step(turn.session, (Remind(),)) if turn.session.remind else Step(turn.session)

    for state in set(State) - {State.SENT, State.STOPPED}:
        monkeypatch.setitem(engine.TABLE, (state, ReminderDue), forgetful)


@sabotage("P7", caught_by=PLAYED)
def reminded_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Night is what the server's own zone calls so."""

    def by_utc(conditions: Conditions, now: datetime) -> bool:
        hours = conditions.quiet_hours or QuietHours.model_validate({"from": "20:00", "to": "08:00"})
        return hours.hold(now.time())

    monkeypatch.setattr(Conditions, "quiet", by_utc)


@sabotage("P7", caught_by=PLANNED + "test_the_time_is_the_referee_s")
def planned_without_looking_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hours before the end, whatever hour that is."""
    monkeypatch.setattr(Conditions, "quiet", lambda *_given: False)


@sabotage("P7", caught_by=CHAT + "test_a_late_one_waits_for_the_day")
def late_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan looked at the night; whoever is late does not look again."""
    monkeypatch.setattr(turns.Turn, "_quiet", lambda *_given: False)
    slot, quiet = reminders.slot, Conditions.quiet

    def planned(now: datetime, minutes: int, conditions: Conditions) -> int | None:
        monkeypatch.setattr(Conditions, "quiet", quiet)
        found = slot(now, minutes, conditions)
        monkeypatch.setattr(Conditions, "quiet", lambda *_given: False)
        return found

    monkeypatch.setattr(reminders, "slot", planned)


@sabotage("P7", caught_by=CHAT + "test_nobody_is_reminded_unasked")
def reminded_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has paused is reminded, and a wish that was taken back is not heard."""

    def always_on(turn: Turn) -> Step:
        return go(turn, turn.session.but(remind=True))

    monkeypatch.setitem(engine.TABLE, (State.PAUSED, Control.REMIND), always_on)


@sabotage("P12", caught_by=CHAT + "test_nobody_is_reminded_unasked")
def hiding_leaves_the_reminder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is hidden is reminded of all the same."""
    from flows import mending

    for module in (mending, covers, turns):
        monkeypatch.setattr(module, "hidden", mending.resting)
    monkeypatch.setattr(stored, "plan", _only_puts)


def _only_puts(connection: object, key: bytes, slot: int | None, *, planned: bool) -> None:  # noqa: ARG001 - as `plan`
    if slot is not None:
        due.put(connection, due.Due("reminder", key, slot))  # type: ignore[arg-type] # storage's own connection


@sabotage("S1", caught_by=CHAT + "test_while_the_line_is_down_nothing_is_used_up")
def said_into_the_air(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether Telegram is there before a reminder is used up."""
    from bot.participant.speaker import Speaker

    async def believes(_speaker: Speaker) -> bool:
        return True

    monkeypatch.setattr(Speaker, "heard", believes)


@sabotage("P7", caught_by=CHAT + "test_a_message_nobody_can_be_sure_of_is_not_sent_again")
def an_unsure_message_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Like any card, a reminder is tried four times."""
    from bot.participant.calls import Calls

    persistently = Calls.persistently

    async def stubborn(calls: Calls, method: object, *given: object, **more: object) -> object:
        return await persistently(calls, method, *given, **(more | {"once": False}))  # type: ignore[arg-type] # as given

    monkeypatch.setattr(Calls, "persistently", stubborn)


@sabotage("S4", caught_by="tests/storage/test_due.py::test_a_claim_succeeds_once")
def everybody_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is gone counts as claimed."""
    claim = due.claim

    def generous(connection: object, one: due.Due) -> bool:
        claim(connection, one)  # type: ignore[arg-type] # storage's own connection
        return True

    monkeypatch.setattr(due, "claim", generous)


@sabotage("S4", caught_by="tests/storage/test_leading.py::test_one_sits_and_the_next_follows")
def everybody_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether the seat is taken."""
    monkeypatch.setattr(_FileSeat, "held", lambda _seat: True)


@sabotage("S1", caught_by="tests/rounds/test_clock.py::test_a_calendar_that_is_put_back_lets_nobody_sleep")
def the_clock_sleeps_through_a_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar that was put back five hours lets everybody sleep for five hours."""
    monkeypatch.setattr(clock, "JUMP", 86_400.0 * 400)


@sabotage("P8", caught_by=CHAT + "test_one_line_comes_two_hours_before_the_end")
def whoever_was_reminded_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reminder takes her place away."""

    def misplaced(turn: Turn) -> Step:
        again = turn.session.but(remind=False, reminded=True, place=1, veiled=State.REVIEW)
        return Step(again, (Remind(),)) if turn.session.remind else Step(turn.session)

    monkeypatch.setitem(engine.TABLE, (State.HIDDEN, ReminderDue), misplaced)


@sabotage("S1", caught_by="tests/bot/test_daily.py::test_a_day_that_nobody_looked_at_is_told")
def lateness_is_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was missed counts as in time."""
    monkeypatch.setattr(due.Due, "late", lambda _due, _now: 0)

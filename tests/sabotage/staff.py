"""Ways to break what the staff bot promises."""

from datetime import datetime

import pytest

from bot.participant.watching import Watching
from bot.staff import factor, screens, telling
from bot.staff.desk import Guesses
from rounds.life import Act
from storage import staff, staff_guard
from storage.rounds import RoundRow
from storage.staff import StaffStore
from tests.sabotage.registry import sabotage

DESK = "tests/staff/test_desk.py"


@sabotage("F2", caught_by=f"{DESK}::test_a_code_that_was_used_moves_nothing")
def a_code_counts_as_often_as_it_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody remembers which step-up code was the last."""
    monkeypatch.setattr(StaffStore, "step_up", lambda _self, _account, _step: True)


@sabotage("F2", caught_by=f"{DESK}::test_a_wrong_or_late_code_moves_nothing")
def six_digits_are_six_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any six digits pass for the app's."""
    monkeypatch.setattr(factor, "step", lambda _factor, _typed, now: int(now.timestamp()))


@sabotage("F1", caught_by=f"{DESK}::test_who_runs_no_round_can_only_look")
def every_role_runs_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is linked may do everything."""
    monkeypatch.setattr(screens, "allowed", lambda _account, _seen: tuple(Act))


@sabotage("F1", caught_by=f"{DESK}::test_guessing_codes_gets_nobody_in")
def strangers_may_guess_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries are not counted."""
    monkeypatch.setattr(Guesses, "allow", lambda _self, _user, _now: True)


@sabotage("F3", caught_by="tests/storage/test_staff.py::test_participation_is_shown_in_tens_and_a_day_late")
def staff_see_this_mornings_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note of yesterday is shown already."""
    monkeypatch.setattr(staff, "_LATE", 1)


@sabotage("F3", caught_by="tests/storage/test_staff_guard.py::test_answers_drafts_and_links_are_among_what_is_refused")
def the_staff_bot_may_read_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The role is granted one table more."""
    monkeypatch.setitem(staff_guard.MAY, "drafts", ("SELECT", "DELETE"))


@sabotage("F3", caught_by="tests/staff/test_telling.py::test_the_daily_note_is_always_as_long")
def a_quiet_day_has_a_short_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note is as long as its words."""
    monkeypatch.setattr(telling, "_BLANK", "")


@sabotage("F1", caught_by="tests/staff/test_jobs.py::test_alarms_go_to_those_who_run_rounds")
def everybody_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alarms go to whoever is linked."""
    monkeypatch.setattr(telling, "concerned", lambda _account: True)


@sabotage("O2", caught_by="tests/staff/test_telling.py::test_stale_help_alarms_while_a_live_round_runs")
def stale_help_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of any age count as tried."""

    def fresh(_row: RoundRow, _today: datetime) -> int:
        return 0

    monkeypatch.setattr(RoundRow, "stale_referrals", fresh)


@sabotage("T5", caught_by="tests/bot/test_watching.py::test_a_webhook_that_is_not_ours_is_noted")
def a_thiefs_webhook_is_as_good_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Telegram says of the webhook is believed to be meant."""

    async def never(_self: Watching) -> bool:
        return False

    monkeypatch.setattr(Watching, "_hooked", never)


@sabotage("T5", caught_by="tests/bot/test_watching.py::test_somebody_else_who_takes_updates_is_noted")
def a_shared_token_is_nobodys_business(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one is not noted."""
    monkeypatch.setattr(Watching, "heard", lambda _self, _reason: None)


@sabotage("T5", caught_by="tests/staff/test_telling.py::test_what_the_other_bot_has_noticed_alarms_for_a_day")
def what_was_noticed_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The staff bot looks at nothing that the other one has noticed."""
    monkeypatch.setattr(telling, "DAY", 0)

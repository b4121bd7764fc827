"""Ways to break what the life of a round promises."""

from datetime import timedelta

import pytest

from bot.participant import referring
from bot.participant.conversation import Conversation
from flows.model import QuestionBase
from rounds import gate, record, results, service
from rounds.deployment import Deployment
from storage import destroying, referrals
from storage.closing import compact
from storage.database import writing
from storage.rounds import Gone, RoundRow, RoundStore
from storage.secrets import Secrets
from tests.sabotage.registry import sabotage


@sabotage("O3", caught_by="tests/rounds/test_service.py::test_a_key_is_proved_not_declared")
def any_proof_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drill's proof is believed unread."""
    monkeypatch.setattr(service, "meets", lambda _row, _proof: True)


@sabotage("O3", caught_by="tests/rounds/test_gate.py::test_every_gap_of_a_live_round_is_named")
def one_custodian_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold of one passes."""
    monkeypatch.setattr(gate, "LEAST_SHARES", 1)


GATE = "tests/rounds/test_gate.py"
STORED = "tests/storage/test_rounds.py"
GONE = "tests/storage/test_destroying.py"


@sabotage("O1", caught_by=f"{GATE}::test_each_gap_of_the_record_refuses_opening_by_its_name")
def purposes_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the answers are for, and who hears them, is not asked."""
    monkeypatch.setattr(record, "_of_purpose", lambda _deployment, _today: iter(()))


@sabotage("O1", caught_by=f"{GATE}::test_persons_stand_behind_a_live_round")
def nobody_answers_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live round needs no named person."""
    monkeypatch.setattr(record, "_of_persons", lambda _row, _deployment: iter(()))


@sabotage("O2", caught_by=f"{GATE}::test_help_that_nobody_tried_within_30_days_keeps_a_live_round_shut")
def a_year_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A referral holds for a year."""
    monkeypatch.setattr(referrals, "FRESH", timedelta(days=365))


@sabotage("O2", caught_by=f"{GATE}::test_each_kind_of_help_is_named_in_every_region")
def one_region_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry anywhere serves everywhere."""
    monkeypatch.setattr(referrals.Referral, "serves", lambda one, language, _region: language in one.languages)


@sabotage("O2", caught_by="tests/bot/test_daily.py::test_stale_help_is_told_once_a_day")
def stale_help_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears of entries that grow old while a round is open."""
    monkeypatch.setattr(RoundRow, "stale_referrals", lambda _row, _today: 0)


@sabotage("O2, P6", caught_by="tests/bot/test_referrals.py::test_a_renewed_list_is_shown_from_the_next_tap_on")
def the_first_list_is_shown_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot remembers the list that it read first."""
    monkeypatch.setattr(Conversation, "_renewed", Conversation._round)


@sabotage("O4", caught_by=f"{STORED}::test_every_byte_of_a_frozen_record_counts")
def the_record_is_not_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms leave the deployment record out."""
    monkeypatch.setattr(RoundRow, "_of_record", ())


@sabotage("O5", caught_by=f"{GATE}::test_earlier_consultations_are_recorded_or_asked_for")
def nobody_asks_who_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record without earlier consultations brings no caution."""
    monkeypatch.setattr(record, "cautions", lambda _deployment: ())


@sabotage("W6", caught_by=f"{GATE}::test_people_can_complain_outside_in_every_language")
def complaints_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No route for complaints is asked for."""
    monkeypatch.setattr(record, "_of_complaint", lambda _deployment, _consultation: iter(()))


@sabotage("W6", caught_by="tests/bot/test_referrals.py::test_help_says_where_to_complain")
def help_keeps_the_complaint_route_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """/help names commands only."""
    monkeypatch.setattr(referring, "complaint", lambda _known, _language: None)


@sabotage("C1", caught_by="tests/bot/test_referrals.py::test_children_are_sent_to_people_for_children")
def children_are_sent_away_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is under age is told of nobody."""
    monkeypatch.setattr(referring, "at_end", lambda _known, _ended: ())


@sabotage("P6", caught_by="tests/bot/test_referrals.py::test_support_names_places_at_once")
def support_names_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The support card comforts and names nobody."""
    monkeypatch.setattr(referring, "on_card", lambda _known, _shown: ())


@sabotage("D5", caught_by=f"{GONE}::test_the_bot_meets_its_people_as_strangers_at_once")
def a_running_bot_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that had a round's keys in memory goes on with them."""
    monkeypatch.setattr(Secrets, "has_salt", lambda _secrets, _round_id: True)


@sabotage("D5", caught_by=f"{GONE}::test_half_a_destruction_is_finished_by_another")
def rows_go_before_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are left for the end, and so are still there when somebody pulls the plug."""

    def late(store: RoundStore, secrets: Secrets, doomed: Gone) -> Gone:
        with writing(store.engine, alone=True) as connection:
            destroying._erase(connection, doomed)
        compact(store.engine)
        secrets.destroy_round(doomed.id)
        return doomed

    monkeypatch.setattr("tests.storage.test_destroying.destroy", late)


@sabotage("D5", caught_by=f"{GONE}::test_retention_ends_on_its_day")
def answers_are_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """No closed round is ever due."""
    monkeypatch.setattr("tests.storage.test_destroying.overdue", lambda _row, _today: False)


@sabotage("D5", caught_by=f"{GONE}::test_a_destroyed_round_never_gets_a_secret_again")
def an_old_backup_opens_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing beside the database remembers a destruction."""
    monkeypatch.setattr(Secrets, "destroyed", lambda _secrets, _round_id: False)


@sabotage("Q9", caught_by=f"{GATE}::test_a_question_on_own_experience_needs_a_written_reason")
def any_reason_excuses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """One exception in the record sets every rule aside."""
    every = dict.fromkeys(("Q8", "Q9"), "some reason or other")
    monkeypatch.setattr(Deployment, "set_aside", property(lambda one: every if one.exceptions else {}))


@sabotage("Q9", caught_by="tests/bot/test_render.py::test_a_question_that_telegram_should_not_see_says_that_it_does")
def the_card_is_silent_about_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question counts as one that Telegram should not see."""
    monkeypatch.setattr(QuestionBase, "exposed", False)


PUBLISHED = "tests/rounds/test_results.py"


@sabotage("W4", caught_by=f"{PUBLISHED}::test_each_fault_is_refused_at_its_place")
def results_may_leave_a_language_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A summary is taken in whatever languages it has, and whatever stands first in it."""
    monkeypatch.setattr(results, "_of_text", lambda _path, _text, _languages: iter(()))


@sabotage("W4", caught_by=f"{PUBLISHED}::test_a_round_that_is_still_answered_tells_nothing")
def results_while_others_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live round publishes while it is open."""
    monkeypatch.setattr(service, "after", lambda state, _act: state)


@sabotage("Q6", caught_by=f"{PUBLISHED}::test_each_fault_is_refused_at_its_place")
def summaries_may_begin_with_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a locked phone shows of a summary is not looked at."""
    monkeypatch.setattr(results, "revealing", lambda _words, _language: None)

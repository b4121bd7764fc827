"""Breakages of the conversation itself: each takes one promise away from the engine, the cards or the replies."""

from dataclasses import replace

import pytest

from flows import card, engine, replies
from flows.answers import Answer, Said
from flows.engine import Turn
from flows.events import Control, Pick, Typed
from flows.mending import uncovered
from flows.model import PURPOSES, Consultation, Item, Number
from flows.path import record
from flows.replies import Reply
from flows.screens import Notice, Step
from flows.session import Session, State
from tests.sabotage.registry import sabotage

item_controls, counted = card._item_controls, replies._counted


@sabotage("K2", caught_by="tests/flows/test_engine.py::test_only_a_visible_yes_or_no_is_an_answer_to_consent")
def words_are_consent(patch: pytest.MonkeyPatch) -> None:
    """Anything typed where consent is asked counts as a yes."""
    patch.setitem(engine.TABLE, (State.CONSENT, Typed), engine.allow)


@sabotage(
    "K2", caught_by="tests/flows/test_engine.py::test_without_being_counted_nobody_takes_part_and_nothing_is_kept"
)
def a_no_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    """A no to being counted is treated as a no to any other purpose."""
    patch.setitem(engine.TABLE, (State.CONSENT, Control.NO), lambda turn: engine._after_purpose(turn, frozenset()))


@sabotage("K3", caught_by="tests/flows/test_engine.py::test_each_purpose_is_allowed_by_its_own_yes_alone")
def one_yes_allows_all(patch: pytest.MonkeyPatch) -> None:
    """The first yes switches every purpose on."""

    def allow(turn: Turn) -> Step:
        return engine._after_purpose(turn, frozenset(PURPOSES))

    patch.setitem(engine.TABLE, (State.CONSENT, Control.YES), allow)


@sabotage("P2", caught_by="tests/flows/test_engine_properties.py::test_stopping_is_always_possible")
def stopping_is_ignored_at_a_content_note(patch: pytest.MonkeyPatch) -> None:
    """A confirmed stop is an old card's where a content note stands."""
    patch.setitem(engine.TABLE, (State.CONTENT_NOTE, Control.STOP_CONFIRMED), engine.old_card)


@sabotage(
    "P2",
    caught_by="tests/flows/test_engine_properties.py::test_controls_that_always_work_work_from_any_card_however_old",
)
def old_cards_are_dead(patch: pytest.MonkeyPatch) -> None:
    """Stop, pause and language work only while they stand on the current card."""
    patch.setattr(engine, "ALWAYS", frozenset())


@sabotage("P8", caught_by="tests/flows/test_engine_properties.py::test_resuming_equals_never_having_paused")
def a_pause_forgets_the_ticks(patch: pytest.MonkeyPatch) -> None:
    """Coming back from a pause empties the choice in progress."""

    def forgetful(session: Session) -> Session:
        return replace(uncovered(session), chosen=())

    patch.setattr(engine, "uncovered", forgetful)


@sabotage("P10", caught_by="tests/flows/test_engine_properties.py::test_a_change_of_language_keeps_everything_else")
def a_change_of_language_starts_over(patch: pytest.MonkeyPatch) -> None:
    """Choosing a language always leads to who asks and why."""

    def from_the_start(turn: Turn) -> Step:
        chosen = turn.consultation.languages[engine._index(turn)]
        return engine._go(turn, replace(turn.session, state=State.ABOUT, back_to=None, place=0, language=chosen))

    patch.setitem(engine.TABLE, (State.LANGUAGE, Pick), from_the_start)


@sabotage("P10", caught_by="tests/flows/test_replies.py::test_digits_of_every_script_are_read")
def only_ascii_digits_are_digits(patch: pytest.MonkeyPatch) -> None:
    """Digits of other scripts are no number."""

    def ascii_only(question: Number, text: str) -> Reply:
        return counted(question, text) if text.isascii() else Notice.NOT_A_NUMBER

    patch.setattr(replies, "_counted", ascii_only)


@sabotage("Q3", caught_by="tests/flows/test_engine_properties.py::test_every_question_can_be_skipped_and_declined")
def a_question_must_be_answered(patch: pytest.MonkeyPatch) -> None:
    """Votes carry neither skip nor prefer not to say."""

    def without(item: Item, session: Session) -> tuple[tuple[Control, ...], ...]:
        return () if item.kind == "vote" else item_controls(item, session)

    patch.setattr(card, "_item_controls", without)


@sabotage(
    "D3", caught_by="tests/flows/test_engine_properties.py::test_even_the_longest_answers_and_endless_going_back_fit"
)
def going_back_has_no_end(patch: pytest.MonkeyPatch) -> None:
    """Answers may be changed until the response outgrows its size."""
    patch.setattr(engine, "has_room", lambda *_: True)


@sabotage(
    "D1", caught_by="tests/flows/test_engine_properties.py::test_a_session_keeps_no_words_and_only_what_rules_refer_to"
)
def the_session_remembers_words(patch: pytest.MonkeyPatch) -> None:
    """What was written last stays in the session after it was sealed."""

    def remembering(consultation: Consultation, session: Session, position: int, answer: Answer) -> Session:
        after = record(consultation, session, position, answer)
        if not isinstance(answer, Said):
            return after
        return replace(after, purposes=frozenset({answer.text}))  # type: ignore[arg-type]  # no words belong there

    patch.setattr(engine, "record", remembering)

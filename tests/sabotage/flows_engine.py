"""Breakages of the conversation itself: each takes one promise away from the engine, the cards or the replies."""

from dataclasses import replace

import pytest

from flows import card, engine, replies
from flows.answers import Answer, Said
from flows.events import Control, Earlier, Idle, Pick, Returned, Typed, Worded
from flows.journey import among, before, covers
from flows.journey.turn import Turn, go, index
from flows.mending import hidden, uncovered
from flows.model import PURPOSES, Consultation, Item, Number
from flows.path import record
from flows.replies import Reply
from flows.screens import Button, Notice, Step
from flows.session import Session, State
from tests.sabotage.registry import sabotage

item_controls, settings, counted = card._item_controls, card._settings, replies._counted


@sabotage("K2", caught_by="tests/flows/test_engine.py::test_only_a_visible_yes_or_no_is_an_answer_to_consent")
def words_are_consent(patch: pytest.MonkeyPatch) -> None:
    """Anything typed where consent is asked counts as a yes."""
    patch.setitem(engine.TABLE, (State.CONSENT, Typed), before.allow)


@sabotage(
    "K2", caught_by="tests/flows/test_engine.py::test_without_being_counted_nobody_takes_part_and_nothing_is_kept"
)
def a_no_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    """A no to being counted is treated as a no to any other purpose."""
    patch.setitem(engine.TABLE, (State.CONSENT, Control.NO), lambda turn: before.after_purpose(turn, frozenset()))


@sabotage("K3", caught_by="tests/flows/test_engine.py::test_each_purpose_is_allowed_by_its_own_yes_alone")
def one_yes_allows_all(patch: pytest.MonkeyPatch) -> None:
    """The first yes switches every purpose on."""

    def allow(turn: Turn) -> Step:
        return before.after_purpose(turn, frozenset(PURPOSES))

    patch.setitem(engine.TABLE, (State.CONSENT, Control.YES), allow)


@sabotage("P2", caught_by="tests/flows/test_engine_properties.py::test_stopping_is_always_possible")
def stopping_is_ignored_at_a_content_note(patch: pytest.MonkeyPatch) -> None:
    """A confirmed stop is an old card's where a content note stands."""
    patch.setitem(engine.TABLE, (State.CONTENT_NOTE, Control.STOP_CONFIRMED), covers.old_card)


@sabotage(
    "P2",
    caught_by="tests/flows/test_engine_properties.py::test_controls_that_always_work_work_from_any_card_however_old",
)
def old_cards_are_dead(patch: pytest.MonkeyPatch) -> None:
    """Stop, pause, language, support and hide work only while they stand on the current card."""
    patch.setattr(engine, "UNASKED", frozenset())


@sabotage("P8", caught_by="tests/flows/test_engine_properties.py::test_resuming_equals_never_having_paused")
def a_pause_forgets_the_ticks(patch: pytest.MonkeyPatch) -> None:
    """Coming back from a pause empties the choice in progress."""

    def forgetful(session: Session) -> Session:
        return replace(uncovered(session), chosen=())

    patch.setattr(covers, "uncovered", forgetful)


@sabotage("P10", caught_by="tests/flows/test_engine_properties.py::test_a_change_of_language_keeps_everything_else")
def a_change_of_language_starts_over(patch: pytest.MonkeyPatch) -> None:
    """Choosing a language always begins from the start."""

    def from_the_start(turn: Turn) -> Step:
        chosen = turn.consultation.languages[index(turn)]
        return go(turn, replace(turn.session, state=State.SAFE, back_to=None, place=0, language=chosen))

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
    patch.setattr(among, "has_room", lambda *_: True)


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

    patch.setattr(among, "record", remembering)


# The journey before consent


@sabotage("P1", caught_by="tests/flows/test_engine.py::test_who_is_not_safe_leaves_no_trace")
def not_safe_is_kept(patch: pytest.MonkeyPatch) -> None:
    """Whoever is not safe now gets a pause instead of an end."""
    patch.setitem(engine.TABLE, (State.SAFE, Control.NO), covers.pause)


@sabotage("C1", caught_by="tests/flows/test_engine.py::test_under_age_or_no_answer_ends_and_keeps_nothing")
def no_age_is_good_enough(patch: pytest.MonkeyPatch) -> None:
    """Whoever prefers not to say her age goes on like an adult."""
    patch.setitem(engine.TABLE, (State.AGE, Control.DECLINE), before.adult)


@sabotage("C1", caught_by="tests/flows/test_engine.py::test_nobody_passes_the_age_gate_without_its_button")
def a_typed_age_is_good_enough(patch: pytest.MonkeyPatch) -> None:
    """Anything typed at the age gate counts as being of age."""
    patch.setitem(engine.TABLE, (State.AGE, Typed), before.adult)


@sabotage("K1", caught_by="tests/flows/test_engine.py::test_everything_is_read_before_anything_is_asked")
def the_introduction_is_cut_short(patch: pytest.MonkeyPatch) -> None:
    """After its first screen the check comes."""

    def hurried(turn: Turn) -> Step:
        return go(turn, replace(turn.session, state=State.CHECK, place=0))

    patch.setitem(engine.TABLE, (State.ABOUT, Control.NEXT), hurried)


@sabotage("K5", caught_by="tests/flows/test_engine.py::test_a_first_miss_explains_again_and_a_second_ends_kindly")
def misses_are_not_remembered(patch: pytest.MonkeyPatch) -> None:
    """Who asks and why is shown again and again, and nobody is ever let go."""

    def patient(turn: Turn) -> Step:
        after = before.check(turn.at(replace(turn.session, missed=False)))
        return replace(after, session=replace(after.session, missed=False))

    patch.setitem(engine.TABLE, (State.CHECK, Control.NO), patient)
    patch.setitem(engine.TABLE, (State.CHECK, Control.YES), patient)


@sabotage("K5", caught_by="tests/flows/test_engine.py::test_whoever_has_understood_goes_on_to_consent")
def the_check_asks_for_the_wrong_answer(patch: pytest.MonkeyPatch) -> None:
    """Two times yes is right, whatever was explained."""
    patch.setattr(before, "RIGHT", (Control.YES, Control.YES))


# What lies over a place


@sabotage("P2", caught_by="tests/flows/test_engine.py::test_hide_and_stop_win_also_in_a_text_question")
def hiding_waits_for_a_question(patch: pytest.MonkeyPatch) -> None:
    """In a text question she is asked whether *hide* was an answer."""
    patch.setattr(engine, "_WINNING", frozenset())


@sabotage("P2", caught_by="tests/flows/test_engine.py::test_a_command_word_in_a_text_question_may_be_an_answer")
def command_words_are_never_answers(patch: pytest.MonkeyPatch) -> None:
    """In a text question a command word does at once what it says."""
    patch.setitem(engine.TABLE, (State.ASKING, Worded), engine.obey)


@sabotage(
    "P2",
    caught_by="tests/flows/test_engine_properties.py::test_hiding_is_always_possible_and_loses_nothing",
)
def hiding_forgets_what_was_sealed(patch: pytest.MonkeyPatch) -> None:
    """Hiding erases, also after consent."""
    patch.setattr(covers, "consented", lambda _session: False)


@sabotage(
    "P12", caught_by="tests/flows/test_engine_properties.py::test_coming_back_after_hiding_equals_never_having_hidden"
)
def the_code_alone_opens_what_was_hidden(patch: pytest.MonkeyPatch) -> None:
    """Coming back leads to the place at once, in the language of before."""

    def at_once(turn: Turn) -> Step:
        session = turn.session
        return go(turn, replace(session, state=session.veiled or State.LANGUAGE, veiled=None))

    patch.setitem(engine.TABLE, (State.HIDDEN, Returned), at_once)


@sabotage("P12", caught_by="tests/flows/test_engine.py::test_a_paused_card_gives_nothing_away")
def the_paused_card_tells_of_a_consent(patch: pytest.MonkeyPatch) -> None:
    """A reminder is offered on every paused card of whoever took part, also before she has said that she is safe."""

    def telling(session: Session) -> tuple[tuple[Button, ...], ...]:
        offered = session.state is State.PAUSED and session.spent
        return ((Button(Control.REMIND),), (Button(Control.READER),)) if offered else settings(session)

    patch.setattr(card, "_settings", telling)


@sabotage(
    "P6",
    caught_by="tests/flows/test_engine.py::test_words_of_distress_show_support_everywhere",
)
def distress_goes_unheard(patch: pytest.MonkeyPatch) -> None:
    """No words show support."""
    patch.setattr(covers, "distressed", lambda _text: False)


@sabotage(
    "P6",
    caught_by="tests/flows/test_engine_properties.py::test_nobody_there_leaves_one_neutral_line",
)
def support_stays_on_the_screen(patch: pytest.MonkeyPatch) -> None:
    """The list stands there for as long as nobody taps."""
    patch.setitem(engine.TABLE, (State.SUPPORT, Idle), covers.silence)


@sabotage(
    "P7",
    caught_by="tests/flows/test_engine_properties.py::test_nobody_there_leaves_one_neutral_line",
)
def a_card_stays_when_nobody_is_there(patch: pytest.MonkeyPatch) -> None:
    """The question stays on the screen however long nobody answers."""
    patch.setitem(engine.TABLE, (State.ASKING, Idle), covers.silence)


@sabotage(
    "P8", caught_by="tests/flows/test_engine_properties.py::test_coming_back_after_hiding_equals_never_having_hidden"
)
def hiding_forgets_the_place(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes back begins the questions anew."""

    def forgetful(session: Session) -> Session:
        return replace(hidden(session), place=0, chosen=())

    patch.setattr(covers, "hidden", forgetful)


@sabotage("P2", caught_by="tests/flows/test_earlier.py::test_skip_on_an_old_card_of_her_question_skips_it")
def old_skips_are_dead(patch: pytest.MonkeyPatch) -> None:
    """*Skip* belongs to the card on screen alone."""
    patch.setitem(engine.TABLE, (State.ASKING, Earlier), covers.old_card)


class AnyNumber:
    """A position that every card has."""

    __hash__ = None  # type: ignore[assignment]  # what is compared in this way is never hashed

    def __eq__(self, other: object) -> bool:
        return True


@sabotage("P2", caught_by="tests/flows/test_earlier.py::test_skip_on_an_old_card_never_skips_another_question")
def an_old_skip_skips_whatever_is_there(patch: pytest.MonkeyPatch) -> None:
    """*Skip* of any card skips the question she is at."""
    patch.setattr(engine, "position", lambda _session: AnyNumber())

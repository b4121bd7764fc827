import json
from itertools import product

import pytest

from docs.generate_states import NOW, specimen
from flows.answers import Banded, Skipped
from flows.card import screen
from flows.engine import start, step
from flows.events import Attached, Control, Event, Pick, Pressed, Stale, Typed
from flows.model import PURPOSES, Consultation, Purpose
from flows.records import REVISION_PIECES, Answered
from flows.replay import final_answers
from flows.screens import Begin, Erase, Notice, Seal, Send, Show, Step
from flows.session import Session, State
from tests.flows.walks import begun, consented, sealed

PLAIN = specimen(noted_first=False)
HEAVY = specimen(noted_first=True)


def say(consultation: Consultation, session: Session, *events: Event) -> Step:
    """The last of several steps."""
    last = Step(session)
    for event in events:
        last = step(consultation, last.session, event, NOW)
    return last


def notice(answer: Step) -> Notice | None:
    """The calm line on the card that a step shows."""
    shown = answer.effects[-1]
    assert isinstance(shown, Show)
    return shown.screen.notice


def at_consent(place: int = 0) -> Session:
    """Somebody who is asked for one purpose."""
    return Session(State.CONSENT, language="en", place=place, purposes=frozenset(PURPOSES[:place]))


def asking(consultation: Consultation, name: str) -> Session:
    """Somebody at the question of that name."""
    return Session(State.ASKING, language="en", place=consultation.positions[name], spent=1)


def test_a_conversation_starts_with_the_languages_and_knows_nothing() -> None:
    """One button for each language, nothing chosen, nothing sealed."""
    first = start(PLAIN)
    assert first.session == Session(State.LANGUAGE)
    assert screen(PLAIN, first.session).offered == ("en", "ar")
    assert first.effects == (Show(screen(PLAIN, first.session)),)


@pytest.mark.parametrize("place", range(len(PURPOSES)))
@pytest.mark.parametrize(
    "event", [Typed("yes"), Typed("نعم"), Attached(), Stale(), Pressed(Control.NEXT), Pressed(Pick(0))]
)
def test_only_a_visible_yes_or_no_is_an_answer_to_consent(place: int, event: Event) -> None:
    """Words, pictures and old buttons ask again and allow nothing. Proves: K2."""
    session = at_consent(place)
    asked = step(PLAIN, session, event, NOW)
    assert asked.session == session
    assert notice(asked) in {Notice.PICK_A_BUTTON, Notice.WORDS_ONLY, Notice.OLD_CARD}
    assert not begun([asked])


@pytest.mark.parametrize("answers", list(product((True, False), repeat=4)), ids=str)
def test_each_purpose_is_allowed_by_its_own_yes_alone(answers: tuple[bool, ...]) -> None:
    """All start at no; what is begun with is exactly what got a yes, in the language it was read in. Proves: K3."""
    session = at_consent()
    assert not session.purposes
    presses = [Pressed(Control.YES if yes else Control.NO) for yes in (True, *answers)]
    steps = [Step(session)]
    for event in presses:
        steps.append(step(PLAIN, steps[-1].session, event, NOW))
    wanted = frozenset(purpose for purpose, yes in zip(PURPOSES, (True, *answers), strict=True) if yes)
    assert begun(steps) == [Begin(wanted, "en")]
    assert isinstance(steps[-1].effects[0], Begin)
    assert (steps[-1].session.spent, steps[-1].session.purposes) == (1, frozenset())


def test_without_being_counted_nobody_takes_part_and_nothing_is_kept() -> None:
    """No to the first purpose ends at once: nothing was sealed, the row is erased. Proves: K2, K3."""
    refused = step(PLAIN, at_consent(), Pressed(Control.NO), NOW)
    assert refused.session == Session(State.REFUSED, language="en")
    assert refused.effects == (Erase(), Show(screen(PLAIN, refused.session)))


def test_going_back_takes_an_allowance_back() -> None:
    """A purpose that is asked again is off again until the next yes. Proves: K3."""
    again = say(PLAIN, at_consent(), Pressed(Control.YES), Pressed(Control.YES), Pressed(Control.BACK))
    assert again.session.purposes == {Purpose.COUNT}
    first = say(PLAIN, at_consent(), Pressed(Control.BACK))
    assert (first.session.state, first.session.place) == (State.ABOUT, 1)


def test_a_session_before_consent_holds_step_and_language_only() -> None:
    """Nothing else is in its bytes. Proves: K2."""
    session = consented(PLAIN)[3].before
    assert session.state is State.CONSENT
    assert json.loads(session.to_bytes()) == ["consent", "en", 0, [], [], [], 0, None]


def test_a_part_that_is_left_out_is_sealed_as_skipped_question_by_question() -> None:
    """In order, before the card; the notes among them are not answers."""
    noted = consented(HEAVY)[-1].step.session
    assert noted.state is State.CONTENT_NOTE
    left = step(HEAVY, noted, Pressed(Control.SKIP_PART), NOW)
    assert left.effects[:-1] == tuple(Seal(place, Skipped()) for place in range(4))
    assert (left.session.state, left.session.place, left.session.spent) == (State.ASKING, 4, 5)


def test_coming_back_into_a_part_that_was_left_out_shows_its_note_first() -> None:
    """She may have left it out for a reason: no question of it is shown without the note."""
    noted = consented(HEAVY)[-1].step.session
    back = say(HEAVY, noted, Pressed(Control.SKIP_PART), Pressed(Control.BACK))
    assert (back.session.state, back.session.place) == (State.CONTENT_NOTE, 3)


def test_an_answer_that_a_rule_forbids_keeps_the_card() -> None:
    """A number outside the constraint is not possible; the tapped band, the author's own, is."""
    session = asking(PLAIN, "years")
    refused = step(PLAIN, session, Typed("95"), NOW)
    assert (refused.session, notice(refused)) == (session, Notice.NOT_POSSIBLE)
    for event in (Typed("89"), Pressed(Pick(1))):
        assert sealed([step(PLAIN, session, event, NOW)]) == [Answered(session.place, Banded("old"))]


def test_a_change_clears_what_it_makes_irrelevant() -> None:
    """A note that belonged to an earlier answer is passed over once that answer changed; replay clears likewise."""
    session = consented(PLAIN)[-1].step.session
    shown = step(PLAIN, session, Pressed(Pick(0)), NOW).session
    assert (shown.place, shown.kept) == (1, ((0, ("a",)),))
    changed = say(PLAIN, shown, Pressed(Control.BACK), Pressed(Pick(1))).session
    assert (changed.place, changed.kept) == (2, ((0, ("b",)),))
    skipped = say(PLAIN, changed, Pressed(Control.BACK), Pressed(Control.SKIP)).session
    assert (skipped.place, skipped.kept) == (2, ())


def test_records_of_notes_are_passed_over() -> None:
    """A note is nothing that can be answered, whatever was opened."""
    assert final_answers(PLAIN, [Answered(1, Skipped()), Answered(0, Skipped())]) == {0: Skipped()}


def test_going_back_is_allowed_until_the_reserve_is_used_up() -> None:
    """As many answers can be given again as the reserve has pieces; then a calm line says why not. Proves: D3."""
    session = asking(PLAIN, "several")
    changes = 0
    while True:
        session = step(PLAIN, session, Pressed(Control.SKIP), NOW).session
        back = step(PLAIN, session, Pressed(Control.BACK), NOW)
        if back.session == session:
            break
        session, changes = back.session, changes + 1
    assert notice(back) is Notice.NO_MORE_CHANGES
    assert changes >= REVISION_PIECES


def test_sending_ends_with_nothing_kept() -> None:
    """The response is finished before the card says so; the session is forgotten but for the language of its card."""
    review = Session(State.REVIEW, language="ar", place=len(PLAIN.items), kept=((0, ("a",)),), spent=9)
    sent = step(PLAIN, review, Pressed(Control.SEND), NOW)
    assert sent.session == Session(State.SENT, language="ar")
    assert sent.effects == (Send(), Show(screen(PLAIN, sent.session)))


def test_progress_counts_questions_and_not_notes() -> None:
    """The first question has none behind it; a note counts neither before nor in all. Proves: P8."""
    assert screen(PLAIN, asking(PLAIN, "one")).progress == (0, 7)
    assert screen(PLAIN, asking(PLAIN, "several")).progress == (1, 7)
    assert screen(PLAIN, Session(State.REVIEW, language="en", spent=1)).progress is None


def test_a_paused_card_gives_nothing_away() -> None:
    """One button, no place, no progress, no option. Proves: P8."""
    paused = screen(PLAIN, step(PLAIN, asking(PLAIN, "several"), Pressed(Control.PAUSE), NOW).session)
    assert [button.action for row in paused.rows for button in row] == [Control.RESUME]
    assert (paused.place, paused.offered, paused.progress) == (0, (), None)

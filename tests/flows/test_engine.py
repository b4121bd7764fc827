import json
from itertools import product

import pytest

from docs.generate_states import DISTRESS, NOW, specimen
from flows.answers import Banded, Said, Skipped
from flows.card import actions, screen
from flows.engine import start, step
from flows.events import Attached, Control, Event, Idle, Pick, Pressed, Returned, Stale, Typed, Worded
from flows.model import PURPOSES, Consultation, Purpose
from flows.records import REVISION_PIECES, Answered
from flows.replay import final_answers
from flows.screens import Begin, Erase, Hide, Notice, Seal, Send, Show, Step
from flows.session import VERSION, Session, SessionError, State
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
    """All start at no; what is begun with is exactly what got a yes, in the language it was read in.

    Of them the session remembers messages about results alone: at sending, the manifest cannot be read back.

    Proves: K3
    """
    session = at_consent()
    assert not session.purposes
    presses = [Pressed(Control.YES if yes else Control.NO) for yes in (True, *answers)]
    steps = [Step(session)]
    for event in presses:
        steps.append(step(PLAIN, steps[-1].session, event, NOW))
    wanted = frozenset(purpose for purpose, yes in zip(PURPOSES, (True, *answers), strict=True) if yes)
    assert begun(steps) == [Begin(wanted, "en")]
    assert isinstance(steps[-1].effects[0], Begin)
    assert (steps[-1].session.spent, steps[-1].session.purposes) == (1, wanted & {Purpose.RESULTS})


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
    assert (first.session.state, first.session.place) == (State.CHECK, 1)


def test_a_session_before_consent_holds_step_and_language_only() -> None:
    """Nothing else is in its bytes. Proves: K2."""
    session = next(moment.before for moment in consented(PLAIN) if moment.before.state is State.CONSENT)
    nothing = [[], [], [], 0, None, None, 0, [0, 0, 0, 0], None, None, ""]
    assert json.loads(session.to_bytes()) == [VERSION, "consent", "en", 0, *nothing]


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
    """No place, no progress, no option; who came back after hiding is not told of a consent either. Proves: P8, P12."""
    over = step(PLAIN, asking(PLAIN, "several"), Pressed(Control.PAUSE), NOW).session
    paused = screen(PLAIN, over)
    assert [button.action for row in paused.rows for button in row] == [
        Control.RESUME, Control.REMIND, Control.READER,
    ]  # fmt: skip
    returned = say(PLAIN, over, Pressed(Control.HIDE), Returned(), Pressed(Pick(0)), Pressed(Control.PAUSE)).session
    assert Control.REMIND not in actions(screen(PLAIN, returned))
    assert (paused.place, paused.offered, paused.progress) == (0, (), None)


# Before consent


def test_who_is_not_safe_leaves_no_trace() -> None:
    """A no to *safe now* erases, says one neutral line and offers nothing. Proves: P1."""
    asked = say(PLAIN, start(PLAIN).session, Pressed(Pick(0)))
    assert asked.session == Session(State.SAFE, language="en")
    ended = step(PLAIN, asked.session, Pressed(Control.NO), NOW)
    assert ended.session == Session(State.UNSAFE, language="en")
    assert ended.effects == (Erase(), Show(screen(PLAIN, ended.session)))
    assert screen(PLAIN, ended.session).rows == ()


@pytest.mark.parametrize("answer", [Control.UNDER_AGE, Control.DECLINE])
def test_under_age_or_no_answer_ends_and_keeps_nothing(answer: Control) -> None:
    """The age comes before who asks and why; nothing was begun, the row is erased, the age is not in it. Proves: C1."""
    asked = say(PLAIN, start(PLAIN).session, Pressed(Pick(0)), Pressed(Control.YES))
    assert asked.session == Session(State.AGE, language="en")
    ended = step(PLAIN, asked.session, Pressed(answer), NOW)
    assert ended.session == Session(State.UNDER_AGE, language="en")
    assert ended.effects == (Erase(), Show(screen(PLAIN, ended.session)))
    adult = step(PLAIN, asked.session, Pressed(Control.ADULT), NOW)
    assert adult.session == Session(State.ABOUT, language="en")


@pytest.mark.parametrize("event", [Typed("18"), Typed("yes"), Attached(), Stale(), Pressed(Control.YES)])
def test_nobody_passes_the_age_gate_without_its_button(event: Event) -> None:
    """Words, pictures and other buttons ask again. Proves: C1."""
    session = Session(State.AGE, language="en")
    assert step(PLAIN, session, event, NOW).session == session


def test_everything_is_read_before_anything_is_asked() -> None:
    """Every screen of who asks and why stands between the age and the check, in order. Proves: K1."""
    shown = [screen(PLAIN, moment.before) for moment in consented(PLAIN)]
    about = [one.place for one in shown if one.kind == "about"]
    assert about == list(range(len(PLAIN.consent.about)))
    order = ["language", "safe", "age", "about", "about", "check", "check", *["consent"] * 5]
    assert [one.kind for one in shown] == order


def at_check(place: int, *, missed: bool = False) -> Session:
    """Somebody at a question of the check."""
    return Session(State.CHECK, language="en", place=place, missed=missed)


@pytest.mark.parametrize("place", [0, 1])
def test_a_first_miss_explains_again_and_a_second_ends_kindly(place: int) -> None:
    """Who asks and why comes once more from the beginning; then nothing is kept. Proves: K5."""
    wrong = Pressed((Control.NO, Control.YES)[place])
    again = step(PLAIN, at_check(place), wrong, NOW)
    assert again.session == Session(State.ABOUT, language="en", missed=True)
    assert notice(again) is Notice.ONCE_MORE
    ended = step(PLAIN, at_check(place, missed=True), wrong, NOW)
    assert ended.session == Session(State.MISUNDERSTOOD, language="en")
    assert ended.effects == (Erase(), Show(screen(PLAIN, ended.session)))


@pytest.mark.parametrize("missed", [False, True])
def test_whoever_has_understood_goes_on_to_consent(missed: bool) -> None:
    """Both right answers lead on, also after one miss. Proves: K5."""
    asked = say(PLAIN, at_check(0, missed=missed), Pressed(Control.YES), Pressed(Control.NO))
    assert (asked.session.state, asked.session.place) == (State.CONSENT, 0)


# Support, command words, hiding


def test_support_in_the_middle_of_a_question_comes_back_to_it() -> None:
    """Regions first, then the places of one, then the same question with its ticks. Proves: P2, P6."""
    ticked = step(PLAIN, asking(PLAIN, "several"), Pressed(Pick(0)), NOW).session
    over = step(PLAIN, ticked, Pressed(Control.SUPPORT), NOW).session
    assert screen(PLAIN, over).offered == ("north", "south")
    shown = screen(PLAIN, step(PLAIN, over, Pressed(Pick(1)), NOW).session)
    assert (shown.region, shown.offered, shown.place, shown.progress) == ("south", (), 0, None)
    assert say(PLAIN, over, Pressed(Pick(1)), Pressed(Control.RESUME)).session == ticked
    assert say(PLAIN, over, Pressed(Pick(1)), Pressed(Control.BACK)).session == over


@pytest.mark.parametrize(("regions", "shown"), [((), None), (("coast",), "coast")])
def test_without_a_choice_of_regions_support_is_shown_at_once(regions: tuple[str, ...], shown: str | None) -> None:
    """One region needs no choice, and none shows what there is everywhere. Proves: P6."""
    named = [{"id": name, "text": {"en": name, "ar": name}} for name in regions]
    consultation = Consultation.model_validate({**PLAIN.model_dump(), "regions": named})
    over = step(consultation, asking(consultation, "one"), Pressed(Control.SUPPORT), NOW).session
    card = screen(consultation, over)
    assert (card.region, card.offered) == (shown, ())


def test_words_of_distress_show_support_everywhere() -> None:
    """Her answer is kept as any other, support lies over the next question; elsewhere it only shows support.

    Proves: P6
    """
    words = asking(PLAIN, "said")
    heard = step(PLAIN, words, Typed(DISTRESS), NOW)
    assert heard.effects[0] == Seal(words.place, Said(DISTRESS))
    assert (heard.session.state, heard.session.place) == (State.SUPPORT, words.place + 1)
    for session in (asking(PLAIN, "one"), asking(PLAIN, "years"), at_consent(), start(PLAIN).session):
        elsewhere = step(PLAIN, session, Typed(DISTRESS), NOW)
        assert elsewhere.session.state is State.SUPPORT
        assert len(elsewhere.effects) == 1


def test_a_command_word_in_a_text_question_may_be_an_answer() -> None:
    """She is asked without the word being shown; either way the word is the interface's own. Proves: P2."""
    words = asking(PLAIN, "said")
    asked = step(PLAIN, words, Worded(Control.PAUSE, "pause"), NOW)
    assert asked.session.state is State.COMMAND
    assert actions(screen(PLAIN, asked.session)) == {Control.ANSWER, Control.DO_IT}
    answered = step(PLAIN, asked.session, Pressed(Control.ANSWER), NOW)
    assert sealed([answered]) == [Answered(words.place, Said("pause"))]
    assert step(PLAIN, asked.session, Pressed(Control.DO_IT), NOW) == step(PLAIN, words, Pressed(Control.PAUSE), NOW)
    assert step(PLAIN, asking(PLAIN, "one"), Worded(Control.SKIP, "skip"), NOW).session.place > 0


@pytest.mark.parametrize("control", [Control.HIDE, Control.STOP, Control.STOP_CONFIRMED])
def test_hide_and_stop_win_also_in_a_text_question(control: Control) -> None:
    """Nobody who wants to stop or hide is asked what she means. Proves: P2."""
    words = asking(PLAIN, "said")
    assert step(PLAIN, words, Worded(control, "word"), NOW) == step(PLAIN, words, Pressed(control), NOW)


def test_coming_back_and_not_being_safe_hides_again() -> None:
    """The code alone opens nothing: a no to *safe now* leaves the neutral line that strangers get. Proves: P12."""
    place = asking(PLAIN, "several")
    back = say(PLAIN, place, Pressed(Control.HIDE), Returned(), Pressed(Pick(0)))
    assert back.session.state is State.SAFE
    hidden = step(PLAIN, back.session, Pressed(Control.NO), NOW)
    assert hidden.session == step(PLAIN, place, Pressed(Control.HIDE), NOW).session
    assert hidden.effects == (Hide(), Show(screen(PLAIN, hidden.session)))
    assert say(PLAIN, back.session, Pressed(Control.YES)).session == place


def test_support_that_nobody_looks_at_becomes_a_neutral_card() -> None:
    """After its minutes the list is a paused card over the same place. Proves: P6."""
    over = say(PLAIN, asking(PLAIN, "one"), Pressed(Control.SUPPORT), Pressed(Pick(0)), Idle()).session
    assert over == say(PLAIN, asking(PLAIN, "one"), Pressed(Control.PAUSE)).session


# Among the items


def test_an_answer_may_be_kept_on_the_way_forward() -> None:
    """A question gone back to offers it, seals nothing and goes on; a new question does not offer it."""
    forward = say(PLAIN, asking(PLAIN, "several"), Pressed(Control.SKIP)).session
    back = step(PLAIN, forward, Pressed(Control.BACK), NOW).session
    assert Control.KEEP_ANSWER in actions(screen(PLAIN, back))
    kept = step(PLAIN, back, Pressed(Control.KEEP_ANSWER), NOW)
    assert (kept.session, len(kept.effects)) == (forward, 1)
    assert Control.KEEP_ANSWER not in actions(screen(PLAIN, forward))


def test_after_a_change_that_rules_look_at_later_answers_are_asked_again() -> None:
    """Questions may have come, gone or changed: an answer that was never given cannot be kept."""
    forward = say(PLAIN, asking(PLAIN, "one"), Pressed(Pick(1)), Pressed(Control.SKIP)).session
    back = say(PLAIN, forward, Pressed(Control.BACK), Pressed(Control.BACK)).session
    assert back.place == PLAIN.positions["one"]
    changed = say(PLAIN, back, Pressed(Pick(0)), Pressed(Control.NEXT)).session
    assert changed.place == PLAIN.positions["several"]
    assert Control.KEEP_ANSWER not in actions(screen(PLAIN, changed))


@pytest.mark.parametrize(("control", "setting"), [(Control.READER, "reader"), (Control.REMIND, "remind")])
def test_settings_on_the_paused_card_are_off_until_they_are_switched(control: Control, setting: str) -> None:
    """Each press switches, the card shows it, and the place is kept. Proves: P7, P8."""
    paused = say(PLAIN, asking(PLAIN, "one"), Pressed(Control.PAUSE)).session
    for wanted in (True, False):
        assert getattr(paused, setting) is not wanted
        paused = step(PLAIN, paused, Pressed(control), NOW).session
        buttons = [button for row in screen(PLAIN, paused).rows for button in row if button.action is control]
        assert [button.ticked for button in buttons] == [wanted]
        assert getattr(say(PLAIN, paused, Pressed(Control.RESUME)).session, setting) is wanted


def test_a_session_of_the_first_version_goes_on() -> None:
    """Whoever was in the middle of a conversation when the bot was renewed is where she was."""
    old = Session.from_bytes(b'["asking","en",2,["a"],[[0,["b"]]],[],3,null]')
    assert old == Session(State.ASKING, "en", 2, ("a",), ((0, ("b",)),), spent=3, furthest=2)
    assert Session.from_bytes(b'["paused","en",1,[],[],["count"],0,"consent"]').back_to is State.CONSENT


def test_a_session_of_another_version_is_refused_cleanly() -> None:
    """A bot that was set back does not guess; nothing of the session is in the error."""
    with pytest.raises(SessionError, match=r"^other-version$"):
        Session.from_bytes(b'[3,"asking","en",0,[],[],[],0,null]')

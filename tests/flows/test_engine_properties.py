"""Random consultations, random and hostile people: what must hold in every conversation there can be."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Voted
from flows.card import actions, carries, drawn, screen
from flows.engine import start, step
from flows.events import (
    ALWAYS,
    Control,
    Event,
    Idle,
    Left,
    Pick,
    Pressed,
    ReminderDue,
    Restarted,
    Returned,
    Stale,
    Typed,
    Worded,
)
from flows.mending import ASIDES, mend, uncovered
from flows.model import Consultation, Note, ShortText
from flows.records import Answered, capacity, encode_answer, pieces
from flows.replay import final_answers
from flows.rules import rules_of
from flows.screens import Begin, Erase, Hide, Notice, Remind, Seal, Send, Show, Step
from flows.session import ENDED, Session, State
from tests.flows.strategies import consultations
from tests.flows.walks import (
    CANARY,
    CHAINED,
    EVENTS,
    NOW,
    Moment,
    Walk,
    begun,
    buttons,
    consented,
    forged,
    honest,
    onward,
    press,
    sealed,
    walks,
)

ENDLESS = 120
"""Moves that are more than any response has room for."""
COVERS = (
    (Control.PAUSE, Control.RESUME),
    (Control.STOP, Control.KEEP_GOING),
    (Control.SUPPORT, Control.RESUME),
)  # fmt: skip
"""What lies over a place, and the button that takes it away."""
ON_THE_SAME_CARD = {Notice.TOO_FEW, Notice.TOO_MANY, Notice.NOT_POSSIBLE, Notice.NO_MORE_CHANGES}


def codes(answer: Answer) -> tuple[str, ...]:
    """The referee's own reading of what rules see."""
    if isinstance(answer, Chosen | Ranked):
        return answer.choices
    if isinstance(answer, Rated):
        return (str(answer.value),)
    return (answer.band,) if isinstance(answer, Banded) else (answer.stance.value,) if isinstance(answer, Voted) else ()


def referee(consultation: Consultation, records: Iterable[Answered]) -> dict[int, Answer]:
    """The slow, obvious way: the last answers, then one irrelevant answer thrown out at a time, starting over."""
    answers = {record.position: record.answer for record in records}
    while True:
        values = {position: codes(answer) for position, answer in answers.items() if codes(answer)}
        wrong = [place for place in sorted(answers) if not rules_of(consultation).relevant(place, values)]
        if not wrong:
            return answers
        del answers[wrong[0]]


@given(walks())
def test_every_step_ends_with_one_card_and_effects_stand_in_order(walk: Walk) -> None:
    """Nothing raises; begin, seal, send, erase and hide come before the card; an empty room gets no card."""
    order = {Begin: 0, Seal: 1, Send: 2, Erase: 2, Hide: 3, Show: 4, Remind: 4}
    for moment in walk.moments:
        kinds = [order[type(effect)] for effect in moment.step.effects]
        assert kinds == sorted(kinds)
        shown = [effect for effect in moment.step.effects if isinstance(effect, Show)]
        assert len(shown) == (not unseen(moment.before, moment.event))
        if shown and shown[0].screen.notice is None:
            assert shown[0].screen == screen(walk.consultation, moment.step.session)


def unseen(before: Session, event: Event) -> bool:
    """Whether there is nobody, or nothing to be seen: after blocking or hiding, and while all is hidden."""
    return (
        hides(event)
        or isinstance(event, Left | ReminderDue)
        or (before.state is State.HIDDEN and not isinstance(event, Returned))
    )


def hides(event: Event) -> bool:
    """Whether somebody asks to hide, by a button or by a word."""
    return event == Pressed(Control.HIDE) or (isinstance(event, Worded) and event.control is Control.HIDE)


@given(consultations(), forged())
def test_a_button_counts_if_and_only_if_the_card_carries_it(consultation: Consultation, session: Session) -> None:
    """What the engine asks of a card without drawing it is what stands on the card that is drawn."""
    session = mend(consultation, session)
    shown = screen(consultation, session)
    assert drawn(consultation, session) == shown
    for action in (*Control, *map(Pick, range(8))):
        assert carries(consultation, session, action) == (action in actions(shown))


@given(consultations(), forged(), st.lists(EVENTS, max_size=5))
def test_a_session_that_does_not_fit_still_gets_a_sound_card(
    consultation: Consultation, session: Session, events: list[Event]
) -> None:
    """Whatever stands in a draft, nothing raises, the card's buttons work, and nobody is stuck."""
    mended = mend(consultation, session)
    assert mend(consultation, mended) == mended
    assert screen(consultation, session) == screen(consultation, mended)
    for event in events:
        session = step(consultation, session, event, NOW).session
    for action in buttons(consultation, session):
        press(consultation, session, action)
    assert_sends(consultation, session)


@given(consultations(), forged(), st.lists(EVENTS | st.none(), max_size=30))
def test_no_session_seals_what_was_never_begun(
    consultation: Consultation, session: Session, events: list[Event | None]
) -> None:
    """Without a begun response a forged session leads to consent, never to a question or to sending. Proves: K2."""
    session = mend(consultation, session)
    open_response = session.spent >= 1
    for event in events:
        if session.state in ENDED:
            break
        chosen = event or onward(consultation, session)
        answer = step(consultation, session, chosen, NOW)
        for effect in answer.effects:
            assert open_response or not isinstance(effect, Seal | Send)
            assert not (open_response and isinstance(effect, Begin))
            open_response = open_response or isinstance(effect, Begin)
        session = answer.session


def assert_sends(consultation: Consultation, session: Session) -> None:
    """Honest presses lead to sending, in no more of them than there are cards."""
    # A command word in doubt may lead anywhere that a button leads to: to pause, to stop, or a step back.
    most = 15 + len(consultation.consent.about) + 2 * len(consultation.items)
    for _ in range(most):
        if session.state in ENDED:
            break
        session = step(consultation, session, onward(consultation, session), NOW).session
    assert session.state in ENDED


@given(walks())
def test_nobody_is_ever_stuck(walk: Walk) -> None:
    """From every place that was reached, honest presses lead to sending."""
    for session in walk.sessions[-8:]:
        assert_sends(walk.consultation, session)


@given(walks())
def test_stopping_is_always_possible(walk: Walk) -> None:
    """From every place: stop, confirm, and all is erased; a typed stop and being blocked need no card. Proves: P2."""
    for session in walk.sessions:
        if session.state in ENDED:
            continue
        asked = press(walk.consultation, session, Control.STOP).session
        # Whoever stops what is hidden is asked nothing: the question would show that there is something.
        assert asked.state is (State.STOPPED if session.state is State.HIDDEN else State.STOPPING)
        for one in (asked, session) if asked.state is State.STOPPING else (session,):
            for event in (Pressed(Control.STOP_CONFIRMED), Worded(Control.STOP_CONFIRMED, "stop")):
                stopped = step(walk.consultation, one, event, NOW)
                assert stopped.session == Session(State.STOPPED, language=session.language)
                assert stopped.effects[0] == Erase()
        worded = step(walk.consultation, session, Worded(Control.STOP, "stop"), NOW)
        assert worded == press(walk.consultation, session, Control.STOP)
        left = step(walk.consultation, session, Left(), NOW)
        assert (left.session.state, left.effects) == (State.STOPPED, (Erase(),))


@given(walks())
def test_controls_that_always_work_work_from_any_card_however_old(walk: Walk) -> None:
    """Stop, pause, language, support and hide are never an old card's. Proves: P2."""
    wanted = {
        Control.STOP: State.STOPPING, Control.PAUSE: State.PAUSED, Control.LANGUAGE: State.LANGUAGE,
        Control.SUPPORT: State.SUPPORT,
    }  # fmt: skip
    assert {*wanted, Control.HIDE} == ALWAYS
    for session in walk.sessions:
        if session.state not in ENDED | {State.HIDDEN}:
            assert {action: press(walk.consultation, session, action).session.state for action in wanted} == wanted
        assert Hide() in press(walk.consultation, session, Control.HIDE).effects


@given(walks())
def test_hiding_is_always_possible_and_loses_nothing(walk: Walk) -> None:
    """By button and by word, in every state: what was begun stays, what was not is erased. Proves: P2, P3."""
    for session in walk.sessions:
        for event in (Pressed(Control.HIDE), Worded(Control.HIDE, "hide")):
            hidden = step(walk.consultation, session, event, NOW)
            assert hidden.effects[-1] == Hide()
            if session.spent:
                assert (hidden.session.state, hidden.effects) == (State.HIDDEN, (Hide(),))
                assert (hidden.session.spent, hidden.session.kept) == (session.spent, session.kept)
            else:
                assert hidden.session.state in ENDED
                assert hidden.effects == (Erase(), Hide())


@given(walks(), st.lists(EVENTS, max_size=4))
def test_coming_back_after_hiding_equals_never_having_hidden(walk: Walk, meanwhile: list[Event]) -> None:
    """After the code, a language and *safe now* she stands where she stood; before, all is as with somebody new.

    Proves: P8, P12
    """
    consultation = walk.consultation
    for session in walk.sessions:
        if not session.spent or session.veiled or session.state in ASIDES | {State.HIDDEN}:
            continue
        hidden = press(consultation, session, Control.HIDE).session
        returned = step(consultation, hidden, Returned(), NOW)
        new = start(consultation)
        assert returned.effects == new.effects
        for action in (Control.PAUSE, Control.RESUME, Pick(0), Control.SUPPORT, Control.PAUSE, Control.RESUME):
            returned, new = (press(consultation, each.session, action) for each in (returned, new))
            assert returned.effects == new.effects
        again = press(consultation, returned.session, Control.YES)
        wanted = replace(session, language=consultation.languages[0], reader=False, remind=False)
        assert again.session == wanted
        assert again.effects == (Show(screen(consultation, wanted)),)
        assert_hidden_again(consultation, step(consultation, hidden, Returned(), NOW).session, meanwhile)


def assert_hidden_again(consultation: Consultation, session: Session, events: list[Event]) -> None:
    """Whatever else is done while she has not said that she is safe, nothing of her place is seen or sealed."""
    for event in events:
        after = step(consultation, session, event, NOW)
        assert not sealed([after])
        for effect in after.effects:
            if isinstance(effect, Show):
                assert effect.screen.kind not in {"question", "note", "content_note", "review"}
                assert effect.screen.progress is None
        session = after.session


@given(walks())
def test_nobody_there_leaves_one_neutral_line(walk: Walk) -> None:
    """Idle: support becomes a pause, what was begun is hidden, what was not is erased. Proves: P6, P7, K2."""
    for session in walk.sessions:
        after = step(walk.consultation, session, Idle(), NOW)
        if session.state in ENDED | {State.HIDDEN}:
            assert after == Step(session)
        elif session.state is State.SUPPORT:
            assert (after.session.state, after.session.back_to) == (State.PAUSED, session.back_to)
        elif session.spent:
            assert after.session.state is State.HIDDEN
            assert (after.session.spent, after.session.kept, after.session.place) == (
                session.spent, session.kept, session.place,
            )  # fmt: skip
            assert buttons(walk.consultation, after.session) == ()
        else:
            assert after.effects[0] == Erase()
            assert after.session == Session(State.UNSAFE, language=session.language)


@given(walks(), st.lists(st.sampled_from((ReminderDue(), Idle(), Returned(), Pressed(Control.HIDE))), max_size=8))
def test_whoever_asked_is_reminded_once_and_nobody_else(walk: Walk, events: list[Event]) -> None:
    """A reminder goes out where it was wished for and not hidden since, once in a conversation, and changes no place.

    Proves: P7, P12
    """
    for session in walk.sessions:
        reminded, hid = 0, False
        at = session
        for event in events:
            after = step(walk.consultation, at, event, NOW)
            hid = hid or hides(event)
            if Remind() in after.effects:
                assert (session.remind, at.remind, at.reminded, hid) == (True, True, False, False)
                assert after == Step(replace(at, remind=False, reminded=True), (Remind(),))
                reminded += 1
            at = after.session
        assert reminded == (session.remind and ReminderDue() in events[: _first_hide(events)])


def _first_hide(events: list[Event]) -> int:
    return next((place for place, event in enumerate(events) if hides(event)), len(events))


@given(walks())
def test_resuming_equals_never_having_paused(walk: Walk) -> None:
    """Pause and resume, or stop and keep going: the same session, the same card, nothing sealed or lost. Proves: P8."""
    for session in walk.sessions:
        if session.state in ENDED | {State.HIDDEN} or (session.state in ASIDES and session.back_to):
            continue
        for over, back in COVERS:
            paused = press(walk.consultation, session, over)
            resumed = press(walk.consultation, paused.session, back)
            assert resumed.session == session
            assert resumed.effects == (Show(screen(walk.consultation, session)),)
            assert len(paused.effects) == 1


@given(walks())
def test_asides_never_lose_the_place_beneath(walk: Walk) -> None:
    """Pausing while stopping, stopping while paused: whatever lies over a place gives it back. Proves: P8."""
    for session in walk.sessions:
        if session.state in ASIDES and session.back_to:
            for over, back in COVERS:
                returned = press(walk.consultation, press(walk.consultation, session, over).session, back).session
                assert (returned.state, returned.place) == (session.back_to, session.place)
                assert (returned.kept, returned.chosen, returned.spent) == (session.kept, session.chosen, session.spent)


@given(walks(), st.integers(0, 2))
def test_a_change_of_language_keeps_everything_else(walk: Walk, wanted: int) -> None:
    """At any step: place, ticks and what is kept stay; only the words change. Proves: P10."""
    languages = walk.consultation.languages
    index = wanted % len(languages)
    for session in walk.sessions:
        if session.state in ENDED | ASIDES | {State.HIDDEN} or session.language is None:
            continue
        asked = press(walk.consultation, session, Control.LANGUAGE)
        changed = press(walk.consultation, asked.session, Pick(index))
        expected = replace(session, language=languages[index])
        assert changed.session == expected
        assert changed.effects == (Show(screen(walk.consultation, expected)),)


@given(walks(), EVENTS)
def test_a_session_read_back_from_its_bytes_goes_on_the_same(walk: Walk, event: Event) -> None:
    """A restart between any two steps changes nothing. Proves: P8."""
    for session in walk.sessions:
        again = Session.from_bytes(session.to_bytes())
        assert again == session
        assert screen(walk.consultation, again) == screen(walk.consultation, session)
    assert step(walk.consultation, again, event, NOW) == step(walk.consultation, session, event, NOW)


@given(forged(), forged())
def test_a_changed_session_differs_in_what_was_changed_alone(one: Session, other: Session) -> None:
    """The quick way to a changed copy gives what `dataclasses.replace` gives."""
    changes = {"state": other.state, "kept": other.kept, "place": other.place}
    assert one.but(**changes) == replace(one, state=other.state, kept=other.kept, place=other.place)
    assert one.but(place=one.place) is one


@given(walks())
def test_the_engine_s_own_sessions_need_no_mending(walk: Walk) -> None:
    """Mending is the identity on everything that was really reached."""
    for session in walk.sessions:
        assert mend(walk.consultation, session) == session


@given(walks() | walks(of=st.just(CHAINED)))
def test_no_irrelevant_question_is_asked_and_no_relevant_one_jumped_over(walk: Walk) -> None:
    """Against everything sealed so far, read by the referee: what is asked is relevant, all before it is answered."""
    rules = rules_of(walk.consultation)
    for count, moment in enumerate(walk.moments, 1):
        session = moment.step.session
        if session.state not in {State.ASKING, State.CONTENT_NOTE, State.REVIEW}:
            continue
        assert_kept_answers_hold(walk.consultation, session, walk.moments[:count])
        said = referee(walk.consultation, sealed(each.step for each in walk.moments[:count]))
        before = {position: answer for position, answer in said.items() if position < session.place}
        values = {position: codes(answer) for position, answer in before.items() if codes(answer)}
        assert {p: v for p, v in session.kept if p < session.place} == {
            position: value for position, value in values.items() if position in rules.referred
        }
        for position, item in enumerate(walk.consultation.items[: session.place]):
            if not isinstance(item, Note):
                assert rules.relevant(position, values) == (position in before)
        if session.state is not State.REVIEW:
            assert rules.relevant(session.place, values)


def assert_kept_answers_hold(consultation: Consultation, session: Session, moments: tuple[Moment, ...]) -> None:
    """Wherever she may keep her answer there is one, and it is one that this card would still take."""
    if Control.KEEP_ANSWER not in buttons(consultation, session):
        return
    said = referee(consultation, sealed(each.step for each in moments))
    assert session.place in said
    assert set(codes(said[session.place])) <= set(screen(consultation, session).offered)
    assert not sealed([press(consultation, session, Control.KEEP_ANSWER)])


@given(walks() | walks(of=st.just(CHAINED)))
def test_the_desk_reads_in_the_end_what_the_referee_reads(walk: Walk) -> None:
    """Last answers win, irrelevant ones are cleared; once sent, exactly the relevant questions have an answer."""
    records = sealed(moment.step for moment in walk.moments)
    final = final_answers(walk.consultation, records)
    assert final == referee(walk.consultation, records)
    assert list(final) == sorted(final)
    if walk.sessions[-1].state is State.SENT:
        values = {position: codes(answer) for position, answer in final.items() if codes(answer)}
        relevant = {p for p in range(len(walk.consultation.items)) if rules_of(walk.consultation).relevant(p, values)}
        assert set(final) == {p for p in relevant if not isinstance(walk.consultation.items[p], Note)}


@given(walks())
def test_what_is_spent_is_what_the_records_take_and_never_too_much(walk: Walk) -> None:
    """The manifest, every sealed answer and the last chunk fit into the one size of all responses. Proves: D3."""
    for count, moment in enumerate(walk.moments, 1):
        session = moment.step.session
        if session.spent:
            records = sealed(each.step for each in walk.moments[:count])
            sizes = [pieces(len(encode_answer(record, walk.consultation))) for record in records]
            assert session.spent == 1 + sum(sizes)
            assert session.spent + 1 <= capacity(walk.consultation)


@given(consultations(), st.integers(0, 3))
@settings(max_examples=25)
def test_even_the_longest_answers_and_endless_going_back_fit(consultation: Consultation, backs: int) -> None:
    """Somebody who writes as much as she may and goes back whenever she may can still send. Proves: D3."""
    session = consented(consultation)[-1].step.session
    # Where a note stands last, going back to it and on again costs nothing and could go on for ever.
    for _ in range(ENDLESS):
        session = went_back(consultation, session, backs + 1) or longest(consultation, session)
        assert session.spent + 1 <= capacity(consultation)
    assert_sends(consultation, session)


def went_back(consultation: Consultation, session: Session, times: int) -> Session | None:
    """The session after *back* from the review, as often as it is allowed; None where she is not at the review."""
    if session.state is not State.REVIEW:
        return None
    for _ in range(times):
        session = press(consultation, session, Control.BACK).session
    return session


def longest(consultation: Consultation, session: Session) -> Session:
    """The session after the longest answer that the question allows, or after reading on."""
    item = consultation.items[session.place] if session.state is State.ASKING else None
    if isinstance(item, ShortText):
        return step(consultation, session, Typed("ခ" * item.max_length), NOW).session
    return press(consultation, session, honest(consultation, session)).session


@given(walks())
def test_a_session_keeps_no_words_and_only_what_rules_refer_to(walk: Walk) -> None:
    """Nothing typed is in a session's bytes or in any repr; only codes of referred questions are kept. Proves: D1."""
    referred = rules_of(walk.consultation).referred
    for moment in walk.moments:
        session = moment.step.session
        assert CANARY.encode() not in session.to_bytes()
        assert CANARY not in repr(moment)
        assert {position for position, _ in session.kept} <= referred
        for position, kept in session.kept:
            assert kept
            offered = walk.consultation.codes[position] or kept
            assert set(kept) <= set(offered)


@given(walks(), EVENTS)
def test_an_ended_conversation_keeps_nothing_and_does_nothing(walk: Walk, event: Event) -> None:
    """Of an ended conversation the language of its last card remains; events change and erase nothing any more."""
    session = walk.sessions[-1]
    if session.state in ENDED:
        assert session == Session(session.state, language=session.language)
        after = step(walk.consultation, session, event, NOW)
        assert after.session == session
        if hides(event):
            assert after.effects == (Erase(), Hide())
        else:
            assert after.effects == (
                () if isinstance(event, Idle | ReminderDue) else (Show(screen(walk.consultation, session)),)
            )


@given(walks())
def test_every_button_on_every_card_does_something(walk: Walk) -> None:
    """A button that is shown is accepted: it changes something or says calmly why it cannot yet."""
    for session in walk.sessions[-12:]:
        offered = buttons(walk.consultation, session)
        assert len(offered) == len(set(offered))
        assert bool(offered) == (session.state not in ENDED | {State.HIDDEN})
        for action in offered:
            after = press(walk.consultation, session, action)
            if action is Control.HIDE:
                assert after.session.state in ENDED | {State.HIDDEN}
                continue
            shown = after.effects[-1]
            assert isinstance(shown, Show)
            assert after.session != session or shown.screen.notice in ON_THE_SAME_CARD


@given(walks())
def test_every_question_can_be_skipped_and_declined(walk: Walk) -> None:
    """Skip and prefer not to say stand on the card of every question, and each seals just that. Proves: Q3."""
    for session in walk.sessions:
        if session.state is State.ASKING and not isinstance(walk.consultation.items[session.place], Note):
            offered = buttons(walk.consultation, session)
            for action, name in ((Control.SKIP, "Skipped"), (Control.DECLINE, "Declined")):
                assert action in offered
                (record,) = sealed((press(walk.consultation, session, action),))
                assert (record.position, type(record.answer).__name__) == (session.place, name)


@given(walks(), EVENTS)
def test_only_the_visible_buttons_give_consent(walk: Walk, event: Event) -> None:
    """While consent is asked, words, pictures and old buttons change nothing; begin comes once, with the visible yeses.

    Proves: K2, K3.
    """
    allowed: set[str] = set()
    for moment in walk.moments:
        pressed = moment.event.action if isinstance(moment.event, Pressed) else None
        if moment.before.state is State.CONSENT and pressed not in {Control.YES, Control.NO}:
            assert not begun([moment.step])
            assert moment.step.session.purposes <= moment.before.purposes
        if not moment.before.spent and moment.step.session.state not in ENDED:
            assert not sealed([moment.step])
        allowed |= moment.step.session.purposes - moment.before.purposes
    begins = begun(moment.step for moment in walk.moments)
    assert len(begins) <= 1
    assert all("count" in each.purposes for each in begins)
    for session in walk.sessions:
        if session.state is State.CONSENT and isinstance(event, Typed | Stale | Restarted):
            after = step(walk.consultation, session, event, NOW)
            assert uncovered(after.session) == session
            assert len(after.effects) == 1

"""*Skip* and *back* of a card that has gone mean the place where it stood, and do nothing twice (P2, T3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.generate_states import NOW, specimen
from flows.answers import Skipped
from flows.earlier import MOST, distance, position, standing
from flows.engine import step
from flows.events import Control, Earlier, Pick, Pressed
from flows.mending import covered, uncovered
from flows.screens import Notice, Seal, Show, Step
from flows.session import Session, State
from tests.flows.test_engine import asking, notice, say
from tests.flows.walks import Walk, walks

PLAIN = specimen(noted_first=False)


def card(session: Session) -> int:
    """Where the card of a session stands."""
    at = position(session)
    assert at is not None
    return at


def old(control: Control, of: Session, now: Session) -> Step:
    """Somebody who is at `now` presses a button of the card she had at `of`."""
    return step(PLAIN, now, Earlier(control, card(of)), NOW)


def test_back_on_an_old_card_leads_to_what_came_before_that_card() -> None:
    """She is two questions on; *back* of the card she still sees leads before that one, and not before hers.

    Proves: P2
    """
    second = say(PLAIN, asking(PLAIN, "one"), Pressed(Control.SKIP)).session
    fourth = say(PLAIN, second, Pressed(Control.SKIP), Pressed(Control.SKIP)).session

    assert old(Control.BACK, second, fourth).session == say(PLAIN, second, Pressed(Control.BACK)).session.but(
        spent=fourth.spent, furthest=fourth.furthest
    )


def test_back_twice_on_one_card_goes_back_once() -> None:
    """The second of two quick taps finds that she is there already. Proves: P2, T3."""
    third = say(PLAIN, asking(PLAIN, "one"), Pressed(Control.SKIP), Pressed(Control.SKIP)).session
    first = old(Control.BACK, third, third)
    again = old(Control.BACK, third, first.session)

    assert first.session.place < third.place
    assert (again.session, notice(again)) == (first.session, Notice.OLD_CARD)


def test_skip_on_an_old_card_of_her_question_skips_it() -> None:
    """Also where pause lies over the question. Proves: P2."""
    session = asking(PLAIN, "several")
    for now in (session, covered(session, State.PAUSED)):
        skipped = old(Control.SKIP, session, now)
        assert skipped.effects[0] == Seal(session.place, Skipped())
        assert skipped.session.place > session.place


def test_skip_on_an_old_card_never_skips_another_question() -> None:
    """She is past that question, or has gone back before it: nothing is sealed. Proves: P2, T3."""
    first = asking(PLAIN, "one")
    second = say(PLAIN, first, Pressed(Control.SKIP)).session
    for of, now in ((first, second), (second, first)):
        assert old(Control.SKIP, of, now).session == now
        assert notice(old(Control.SKIP, of, now)) is Notice.OLD_CARD


def test_skip_on_an_old_card_leaves_what_she_has_said_since() -> None:
    """She has answered and come back: the old card shows no answer, so it goes past the question and seals nothing.

    Proves: P2, T3
    """
    first = asking(PLAIN, "one")
    returned = say(PLAIN, first, Pressed(Pick(1)), Pressed(Control.BACK)).session
    passed = old(Control.SKIP, first, returned)

    assert not any(isinstance(effect, Seal) for effect in passed.effects)
    assert passed.session.place > first.place


@pytest.mark.parametrize("place", [0, 1])
def test_old_cards_of_the_introduction_lead_back_within_it(place: int) -> None:
    """*Back* works before consent, too; once a response has begun nothing leads behind the consent. Proves: P2."""
    about = Session(State.ABOUT, language="en", place=place)
    consent = Session(State.CONSENT, language="en", place=1)
    back = old(Control.BACK, about, consent).session

    assert back.state is (State.ABOUT if place else State.AGE)
    assert old(Control.BACK, about, asking(PLAIN, "much")).session == asking(PLAIN, "much")


def test_back_on_an_old_support_card_shows_the_regions() -> None:
    """That is what stood before it. Proves: P2."""
    session = asking(PLAIN, "one")
    support = covered(session, State.SUPPORT).but(region=1)
    shown = old(Control.BACK, support, session).session

    assert (shown.state, shown.region) == (State.SUPPORT, None)


def test_no_old_card_leads_past_the_veil() -> None:
    """Whoever holds the phone after it was hidden is asked *safe now* first, whatever card is left. Proves: P2, P12."""
    session = asking(PLAIN, "much")
    veiled = session.but(state=State.SAFE, veiled=State.ASKING)
    for control in (Control.SKIP, Control.BACK):
        assert old(control, session, veiled).session == veiled


@given(walks(), st.sampled_from((Control.SKIP, Control.BACK)), st.integers(0, MOST - 1))
def test_an_old_card_seals_a_skip_of_its_own_question_or_nothing(walk: Walk, control: Control, at: int) -> None:
    """Whatever she holds in her hand: one skip at most, of the question she is at, and *back* never leads on.

    Proves: P2, T3
    """
    for session in walk.sessions:
        done = step(walk.consultation, session, Earlier(control, at), NOW)
        sealed = [effect for effect in done.effects if isinstance(effect, Seal)]
        here = uncovered(session)
        assert sealed in ([], [Seal(session.place, Skipped())])
        assert not sealed or (control is Control.SKIP and position(here) == at)
        if control is Control.BACK and done.session.state is not State.SUPPORT:
            assert done.session == session or distance(done.session) < distance(session)
        assert done.effects == () or isinstance(done.effects[-1], Show)


@given(walks())
def test_a_position_leads_back_to_its_card(walk: Walk) -> None:
    """Every card with *skip* or *back* has one, and it fits into a button. Proves: P2."""
    for session in walk.sessions:
        at = position(session)
        if at is not None:
            assert 0 <= at < MOST
            there = standing(session, at)
            assert (there.state, there.place) == (session.state, session.place)


def test_cards_without_skip_and_back_have_no_position() -> None:
    """Nor has a place that no consultation has."""
    assert position(Session(State.PAUSED)) is None
    assert position(Session(State.ASKING, place=5_000)) is None

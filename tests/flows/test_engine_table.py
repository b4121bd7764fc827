import pytest

from docs import generate_states
from docs.generate_states import every_event, specimen, walk
from flows.card import screen
from flows.engine import CUES, TABLE
from flows.screens import Notice, Show
from flows.session import ENDED, State


def test_every_state_answers_every_event() -> None:
    """The table has a rule for each pair, with a sentence that says what it does, and nothing besides."""
    assert set(TABLE) == {(state, cue) for state in State for cue in CUES}
    assert all((rule.__doc__ or "").endswith(".") for rule in TABLE.values())
    assert {cue for cue, _ in every_event()} == set(CUES)


@pytest.mark.parametrize("noted_first", [False, True])
def test_every_state_meets_every_event(noted_first: bool) -> None:
    """Every pair really happens in the walk over all conversations, and a card follows each."""
    visits = walk(noted_first=noted_first)
    assert {(visit.before.state, visit.cue) for visit in visits} == {(state, cue) for state in State for cue in CUES}
    for session in {visit.step.session for visit in visits}:
        assert screen(specimen(noted_first=noted_first), session).kind


def test_a_button_that_is_not_on_the_card_changes_nothing() -> None:
    """Outside the controls that always work, a press counts only while the card offers it. Proves: K2."""
    for visit in walk(noted_first=True):
        if visit.before.state not in ENDED and not visit.counts:
            assert visit.step.session == visit.before
            if visit.before.state is State.HIDDEN:
                assert visit.step.effects == ()
                continue
            (shown,) = visit.step.effects
            assert isinstance(shown, Show)
            assert shown.screen.notice is Notice.OLD_CARD


def test_the_page_of_states_is_in_step() -> None:
    """docs/states.md says what the engine does."""
    assert generate_states.PAGE.read_text("utf-8") == generate_states.page()

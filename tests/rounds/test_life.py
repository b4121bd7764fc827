"""The life of a round is one table, and the picture of it is drawn from the table."""

import pytest

from docs.generate_round_states import PAGE, page
from rounds.life import MEANING, TRANSITIONS, Act, WrongState, after
from storage.rounds import RoundState


def test_what_is_not_in_the_table_is_refused() -> None:
    """Of all pairs of state and act, exactly those in the table lead somewhere; the others say what is possible."""
    for state in RoundState:
        for act in Act:
            if (state, act) in TRANSITIONS:
                assert after(state, act) is TRANSITIONS[state, act]
            else:
                with pytest.raises(WrongState) as refused:
                    after(state, act)
                assert "ossible" in str(refused.value) or "Nothing" in str(refused.value)


def test_a_closed_round_never_opens_again() -> None:
    """From *closed* a round can only be told about and destroyed, and every state before can be closed."""
    reached = {RoundState.CLOSED}
    for _ in RoundState:
        reached |= {before for (before, _), later in TRANSITIONS.items() if later in reached}

    assert [act for before, act in TRANSITIONS if before is RoundState.CLOSED] == [
        Act.RESULTS,
        Act.BROADCAST,
        Act.DESTROY,
    ]
    assert reached == set(RoundState) - {RoundState.DESTRUCTION_PENDING}


def test_every_round_can_be_destroyed_and_none_comes_back() -> None:
    """Destroying works from every state, and nothing leads away from what it leaves.

    Proves: D5
    """
    pending = RoundState.DESTRUCTION_PENDING

    assert {before for before, act in TRANSITIONS if act is Act.DESTROY} == set(RoundState) - {pending}
    assert not any(before is pending for before, _ in TRANSITIONS)


def test_the_picture_shows_the_table() -> None:
    """docs/round-states.md is what the table draws, and every state has a meaning."""
    assert PAGE.read_text("utf-8") == page()
    assert set(MEANING) == set(RoundState)

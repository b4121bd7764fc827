"""The life of a round is one table, and the picture of it is drawn from the table."""

import pytest

from docs.generate_round_states import PAGE, page
from rounds.life import MEANING, TRANSITIONS, Act, NotYours, Role, WrongState, after, possible
from storage.rounds import ENDED, RUNNING, RoundState


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
    """From *closed* on, no chain of acts leads back to where anybody can answer; every running round can be closed."""
    ahead = set(ENDED)
    for _ in RoundState:
        ahead |= {later for (before, _), later in TRANSITIONS.items() if before in ahead}

    assert ahead == {*ENDED, RoundState.DESTRUCTION_PENDING, RoundState.DESTROYED}
    assert {TRANSITIONS[state, Act.CLOSE] for state in RUNNING} == {RoundState.CLOSED}


def test_every_round_can_be_destroyed_and_none_comes_back() -> None:
    """Destroying works from every state, and nothing leads away from what it leaves.

    Proves: D5
    """
    gone = {RoundState.DESTRUCTION_PENDING, RoundState.DESTROYED}
    leading = {(before, act): later for (before, act), later in TRANSITIONS.items() if before in gone}

    assert {before for before, act in TRANSITIONS if act is Act.DESTROY} == set(RoundState) - gone
    assert leading == {(RoundState.DESTRUCTION_PENDING, Act.DESTROYED): RoundState.DESTROYED}
    assert {before for before, act in TRANSITIONS if act is Act.DESTROYED} == {RoundState.DESTRUCTION_PENDING}


def test_a_whole_life_is_one_path() -> None:
    """The acts of a life in their order lead through every state, each once."""
    life = [
        Act.CHECK, Act.SCHEDULE, Act.OPEN, Act.PAUSE, Act.CLOSE, Act.ANALYSED, Act.RELEASED, Act.DESTROY,
        Act.DESTROYED,
    ]  # fmt: skip
    states = [RoundState.DRAFTED]
    for act in life:
        states.append(after(states[-1], act))

    assert states == list(RoundState)


ROLES: dict[Act, set[Role]] = {
    Act.DESTROYED: {Role.OPERATOR},
    Act.CHECK: {Role.OPERATOR},
    Act.SCHEDULE: {Role.OPERATOR, Role.FACILITATOR},
    Act.UNSCHEDULE: {Role.OPERATOR, Role.FACILITATOR, Role.CLOCK},
    Act.OPEN: {Role.OPERATOR, Role.FACILITATOR, Role.CLOCK},
    Act.PAUSE: {Role.OPERATOR, Role.FACILITATOR},
    Act.INVITE: {Role.OPERATOR, Role.FACILITATOR},
    Act.REFERRALS: {Role.OPERATOR, Role.FACILITATOR},
    Act.CLOSE: {Role.OPERATOR, Role.FACILITATOR, Role.CLOCK},
    Act.ANALYSED: {Role.OPERATOR, Role.ANALYST},
    Act.RELEASED: {Role.OPERATOR, Role.RELEASING_OFFICER},
    Act.RESULTS: {Role.OPERATOR, Role.RELEASING_OFFICER},
    Act.BROADCAST: {Role.OPERATOR, Role.RELEASING_OFFICER},
    Act.DESTROY: {Role.OPERATOR, Role.CLOCK},
}
"""The truth table of who may move a round, written down a second time."""


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_nobody_moves_a_round_who_may_not(role: Role, act: Act) -> None:
    """In every state, an act of others is refused before it is looked whether the state allows it."""
    for state in RoundState:
        if role not in ROLES[act]:
            with pytest.raises(NotYours) as refused:
                after(state, act, role)
            assert str(refused.value).startswith("not-yours: ")
        assert (act in possible(state, role)) == (role in ROLES[act] and (state, act) in TRANSITIONS)


def test_the_picture_shows_the_table() -> None:
    """docs/round-states.md is what the table draws, and every state has a meaning."""
    assert PAGE.read_text("utf-8") == page()
    assert set(MEANING) == set(RoundState)

"""The states of a round and what leads from one to the next: one table, drawn in docs/round-states.md.

    drafted ──open──▶ open ──pause──▶ paused
                       ▲ ◀───open─────┘ │
                       └──close──▶ closed ◀──close──┘          any ──destroy──▶ destruction-pending

Pure. A closed round never opens again: its salt is gone, and with it the way back to any conversation. *Destroyed* is
no state that this program can know of: shares and bundles lie elsewhere, so what it says ends at *pending*.
"""

from enum import StrEnum

from storage.rounds import RoundState


class Act(StrEnum):
    """What an operator can do to a round."""

    OPEN = "open"
    PAUSE = "pause"
    REFERRALS = "referrals"
    CLOSE = "close"
    RESULTS = "results"
    BROADCAST = "broadcast"
    DESTROY = "destroy"


TRANSITIONS: dict[tuple[RoundState, Act], RoundState] = {
    (RoundState.DRAFTED, Act.OPEN): RoundState.OPEN,
    (RoundState.OPEN, Act.PAUSE): RoundState.PAUSED,
    (RoundState.PAUSED, Act.OPEN): RoundState.OPEN,
    (RoundState.OPEN, Act.CLOSE): RoundState.CLOSED,
    (RoundState.PAUSED, Act.CLOSE): RoundState.CLOSED,
    (RoundState.DRAFTED, Act.REFERRALS): RoundState.DRAFTED,
    (RoundState.OPEN, Act.REFERRALS): RoundState.OPEN,
    (RoundState.PAUSED, Act.REFERRALS): RoundState.PAUSED,
    (RoundState.CLOSED, Act.RESULTS): RoundState.CLOSED,
    (RoundState.CLOSED, Act.BROADCAST): RoundState.CLOSED,
    (RoundState.DRAFTED, Act.DESTROY): RoundState.DESTRUCTION_PENDING,
    (RoundState.OPEN, Act.DESTROY): RoundState.DESTRUCTION_PENDING,
    (RoundState.PAUSED, Act.DESTROY): RoundState.DESTRUCTION_PENDING,
    (RoundState.CLOSED, Act.DESTROY): RoundState.DESTRUCTION_PENDING,
}
"""Every change there is; what is not here is refused."""

MEANING: dict[RoundState, str] = {
    RoundState.DRAFTED: "Frozen and waiting: its key can be challenged, nobody can answer yet.",
    RoundState.OPEN: "Conversations begin, go on and are sent.",
    RoundState.PAUSED: "Conversations rest and nothing is sealed; withdrawing and deleting still work.",
    RoundState.CLOSED: "Nothing more comes in; drafts, links and salt are destroyed; receipts still withdraw.",
    RoundState.DESTRUCTION_PENDING: "Nothing is left on the server; shares and bundles elsewhere may still exist.",
}


class WrongState(Exception):  # noqa: N818 - named for what happened
    """An act that a round's state does not allow: `state` and `act`, nothing of the round."""

    def __init__(self, state: RoundState, act: Act) -> None:
        super().__init__(state, act)
        self.state, self.act = state, act

    def __str__(self) -> str:
        allowed = sorted(act.value for before, act in TRANSITIONS if before is self.state)
        possible = f"Possible now: {', '.join(allowed)}." if allowed else "Nothing can be done with it any more."
        return f"wrong-state: a round that is {self.state} cannot {self.act}. {possible}"


def after(state: RoundState, act: Act) -> RoundState:
    """The state that `act` leads to. Raises WrongState where it leads nowhere."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise WrongState(state, act) from None

"""The life of a round: one table of what can be done to it, when, by whom, and what is destroyed by it.

    drafted ──check──▶ checked ──schedule──▶ scheduled ──open──▶ open ◀──▶ paused ──close──▶ closed
    closed ──analysed──▶ analysed ──released──▶ released ──destroy──▶ destruction-pending ──destroyed──▶ destroyed

Pure. Both bots, the clock and the command line ask here before they change anything; docs/round-states.md is drawn from
it. A closed round never opens again: its salt is gone, and with it the way back to any conversation. *Destroyed* is not
for this program to know: shares and bundles lie elsewhere, so it is said only on the signatures of those who had them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from storage.rounds import ENDED, RoundState


class Role(StrEnum):
    """Who acts (F1). The clock is nobody: it does at its time what somebody has planned."""

    OPERATOR = "operator"
    FACILITATOR = "facilitator"
    TRANSLATOR = "translator"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    RELEASING_OFFICER = "releasing-officer"
    CUSTODIAN = "custodian"
    CLOCK = "clock"


class Act(StrEnum):
    """What can be done to a round; the command line calls it the same."""

    CHECK = "check"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    OPEN = "open"
    PAUSE = "pause"
    INVITE = "invite"
    REFERRALS = "referrals"
    CLOSE = "close"
    ANALYSED = "analysed"
    RELEASED = "released"
    RESULTS = "results"
    BROADCAST = "broadcast"
    DESTROY = "destroy"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Deed:
    """One act: from which state it leads where, who may do it, and what follows."""

    ways: Mapping[RoundState, RoundState]
    by: frozenset[Role]
    does: str
    destroys: str = ""
    """What is gone afterwards, and cannot be brought back."""


_S = RoundState
_UNOPENED = (_S.DRAFTED, _S.CHECKED, _S.SCHEDULED)
_RUN = frozenset({Role.OPERATOR, Role.FACILITATOR})
_RUN_OR_TIME = _RUN | {Role.CLOCK}


def _stays(*states: RoundState) -> dict[RoundState, RoundState]:
    return {state: state for state in states}


LIFE: dict[Act, Deed] = {
    Act.CHECK: Deed(
        {_S.DRAFTED: _S.CHECKED},
        frozenset({Role.OPERATOR}),
        "The gate finds nothing missing and the custodians have proved the key; salt and receipt key are made.",
    ),
    Act.SCHEDULE: Deed(
        {_S.CHECKED: _S.SCHEDULED, **_stays(_S.SCHEDULED, _S.OPEN, _S.PAUSED)},
        _RUN,
        "Times of opening and closing are planned, in the time zone of the round; of a running round, the closing.",
    ),
    Act.UNSCHEDULE: Deed(
        {_S.SCHEDULED: _S.CHECKED, **_stays(_S.OPEN, _S.PAUSED)},
        _RUN_OR_TIME,
        "Planned times are forgotten; by the clock, where a round stayed shut until it was to close.",
    ),
    Act.OPEN: Deed(
        {_S.CHECKED: _S.OPEN, _S.SCHEDULED: _S.OPEN, _S.PAUSED: _S.OPEN},
        _RUN_OR_TIME,
        "The gate looks once more; then conversations begin, or go on.",
    ),
    Act.PAUSE: Deed({_S.OPEN: _S.PAUSED}, _RUN, "Conversations rest until it is opened again."),
    Act.INVITE: Deed(
        _stays(_S.CHECKED, _S.SCHEDULED, _S.OPEN, _S.PAUSED),
        _RUN,
        "Invitations are made for a batch of twenty people or more; they let people in while the round is open.",
    ),
    Act.REFERRALS: Deed(
        _stays(*_UNOPENED, _S.OPEN, _S.PAUSED), _RUN, "Where help can be found is renewed, for everybody who asks."
    ),
    Act.CLOSE: Deed(
        {_S.OPEN: _S.CLOSED, _S.PAUSED: _S.CLOSED},
        _RUN_OR_TIME,
        "Nothing more comes in. The leader of the participant bots ends what is open and empties the mailbag.",
        "drafts, invitations, the way from a chat to its answers, and then the salt",
    ),
    Act.ANALYSED: Deed(
        {_S.CLOSED: _S.ANALYSED, **_stays(_S.ANALYSED)},
        frozenset({Role.OPERATOR, Role.ANALYST}),
        "The desk has counted it: a candidate is shown that its author has signed.",
    ),
    Act.RELEASED: Deed(
        {_S.CLOSED: _S.RELEASED, _S.ANALYSED: _S.RELEASED, **_stays(_S.RELEASED)},
        frozenset({Role.OPERATOR, Role.RELEASING_OFFICER}),
        "It has been released: a release is shown that the ledger holds and three people have signed.",
    ),
    Act.RESULTS: Deed(
        _stays(*ENDED), frozenset({Role.OPERATOR, Role.RELEASING_OFFICER}), "`/results` has its answer, or a newer one."
    ),
    Act.BROADCAST: Deed(
        _stays(*ENDED),
        frozenset({Role.OPERATOR, Role.RELEASING_OFFICER}),
        "Everybody who allowed it is told once that there are results; custodians open the contact box for it.",
        "the contact box, after the second time or twelve months after closing",
    ),
    Act.DESTROY: Deed(
        dict.fromkeys((*_UNOPENED, _S.OPEN, _S.PAUSED, *ENDED), _S.DESTRUCTION_PENDING),
        frozenset({Role.OPERATOR, Role.CLOCK}),
        "By command, or by the clock when retention is over: secrets first, then all rows.",
        "salt, receipt key, contact key, sealed answers, tombstones, record, recordings",
    ),
    Act.DESTROYED: Deed(
        {_S.DESTRUCTION_PENDING: _S.DESTROYED},
        frozenset({Role.OPERATOR}),
        "So many custodians have signed that their shares are gone that the others open nothing, and the holders of "
        "all bundles that those are; a proof is written.",
        "elsewhere, and before: shares and bundles",
    ),
}
"""Everything there is; what is not here is refused."""

TRANSITIONS: dict[tuple[RoundState, Act], RoundState] = dict(
    chain.from_iterable((((before, act), after) for before, after in deed.ways.items()) for act, deed in LIFE.items())
)

MEANING: dict[RoundState, str] = {
    RoundState.DRAFTED: "Frozen and waiting: its key can be challenged, nobody can answer yet.",
    RoundState.CHECKED: "Nothing was missing when it was checked; it can be opened or scheduled.",
    RoundState.SCHEDULED: "Opens by itself at its time, if nothing is missing then; closes by itself, where planned.",
    RoundState.OPEN: "Conversations begin, go on and are sent.",
    RoundState.PAUSED: "Conversations rest and nothing is sealed; withdrawing and deleting still work.",
    RoundState.CLOSED: "Nothing more comes in; drafts, links and salt are destroyed; receipts still withdraw.",
    RoundState.ANALYSED: "Counted at the desk; not yet released. Receipts still withdraw, until destruction.",
    RoundState.RELEASED: "Published. Receipts still withdraw, and the next release is made without what they withdrew.",
    RoundState.DESTRUCTION_PENDING: "Nothing is left on the server; shares and bundles elsewhere may still exist.",
    RoundState.DESTROYED: "Those who had shares and bundles have signed that they are gone, too; a proof says so.",
}


class WrongState(Exception):  # noqa: N818 - named for what happened
    """An act that a round's state does not allow: `state` and `act`, nothing of the round."""

    def __init__(self, state: RoundState, act: Act) -> None:
        super().__init__(state, act)
        self.state, self.act = state, act

    def __str__(self) -> str:
        allowed = sorted(act.value for before, act in TRANSITIONS if before is self.state)
        possible = f"Possible now: {', '.join(allowed)}." if allowed else "Nothing can be done with it any more."
        return f"wrong-state: a round that is {self.state} cannot take `{self.act}`. {possible}"


class NotYours(Exception):  # noqa: N818 - as above
    """An act that is for others to do: `role` and `act`."""

    def __init__(self, role: Role, act: Act) -> None:
        super().__init__(role, act)
        self.role, self.act = role, act

    def __str__(self) -> str:
        who = ", ".join(sorted(LIFE[self.act].by - {Role.CLOCK}))
        return f"not-yours: `{self.act}` is not for a {self.role} to do. Ask: {who}."


def after(state: RoundState, act: Act, by: Role = Role.OPERATOR) -> RoundState:
    """The state that `act` leads to. Raises NotYours where it is for others, WrongState where it leads nowhere."""
    if by not in LIFE[act].by:
        raise NotYours(by, act)
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise WrongState(state, act) from None


def possible(state: RoundState, by: Role) -> tuple[Act, ...]:
    """What somebody in this role may do to a round in this state, in the order of its life."""
    return tuple(act for act, deed in LIFE.items() if state in deed.ways and by in deed.by)

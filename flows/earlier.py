"""Where a card stood, as one number: what an earlier card's *skip* and *back* carry, so that they still mean it (P2).

A press does what its card showed, or nothing. *Skip* on a card that has gone means that one question, *back* what came
before it; neither means the question she happens to look at now. So both say where they stood, and a second tap on the
same button finds that it is done already.
"""

from typing import Final

from flows.mending import underlying
from flows.session import Session, State

ROOM: Final = 1_024
"""Places that one state can have: more than a consultation has items."""
_CARDS: Final = (
    State.AGE, State.ABOUT, State.CHECK, State.CONSENT, State.CONTENT_NOTE, State.ASKING, State.REVIEW, State.SUPPORT,
)  # fmt: skip
"""Cards that have *skip* or *back*, in their order. The places travel inside button tokens: never change them."""
MOST: Final = ROOM * len(_CARDS)
"""Above every position."""


def position(session: Session) -> int | None:
    """The position of a session's card; None for a card that has neither *skip* nor *back*."""
    if session.state not in _CARDS or not 0 <= session.place < ROOM:
        return None
    return _CARDS.index(session.state) * ROOM + session.place


def standing(session: Session, at: int) -> Session:
    """The session as if it stood at a position; one that does not exist is mended like any other place."""
    card, place = divmod(at, ROOM)
    return session.but(state=_CARDS[card % len(_CARDS)], place=place, chosen=())


def distance(session: Session) -> tuple[int, int, int]:
    """How far on the way a session is, whatever lies over it: the greater, the farther."""
    state = underlying(session)
    if state not in {State.CONTENT_NOTE, State.ASKING, State.REVIEW}:
        return (_CARDS.index(state) if state in _CARDS else -1 - (state is State.LANGUAGE), session.place, 0)
    return (len(_CARDS), session.place, int(state is not State.CONTENT_NOTE))

"""One event in one conversation, and the few ways in which a rule can answer it."""

from dataclasses import dataclass

from flows.card import drawn
from flows.events import Event, Pick, Pressed
from flows.model import Consultation
from flows.screens import Effect, Notice, Show, Step
from flows.session import Session, State


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rule may look at."""

    consultation: Consultation
    session: Session
    event: Event

    def at(self, session: Session) -> "Turn":
        """The same event, in another place."""
        return Turn(self.consultation, session, self.event)


def show(consultation: Consultation, session: Session, *effects: Effect, notice: Notice | None = None) -> Step:
    """The session with its card, after `effects`."""
    return Step(session, (*effects, Show(drawn(consultation, session, notice))))


def stay(turn: Turn, notice: Notice | None = None) -> Step:
    """The same card, with a calm line where there is a reason."""
    return show(turn.consultation, turn.session, notice=notice)


def go(turn: Turn, session: Session, *effects: Effect) -> Step:
    """On to another card."""
    return show(turn.consultation, session, *effects)


def end(turn: Turn, state: State, *effects: Effect) -> Step:
    """An ended conversation remembers the language of its last card and nothing else."""
    return show(turn.consultation, Session(state, language=turn.session.language), *effects)


def index(turn: Turn) -> int:
    """The option that was tapped; the engine has seen that the card offers it."""
    match turn.event:
        case Pressed(Pick(place)):
            return place
        case _:
            return 0

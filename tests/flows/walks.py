"""Invented conversations: honest, hurried and hostile people in random consultations, step by step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import strategies as st

from docs.generate_states import COMMANDS, DISTRESS, specimen
from flows.card import screen
from flows.earlier import MOST
from flows.engine import start, step
from flows.events import (
    PLACED,
    Action,
    Attached,
    Control,
    Earlier,
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
from flows.journey.before import RIGHT
from flows.mending import mend
from flows.model import Consultation, Note, Purpose
from flows.records import Answered
from flows.screens import Begin, Seal, Step
from flows.session import ENDED, Session, State
from tests.flows.strategies import consultations

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CANARY = "SoiledCanary"

HONEST: dict[State, Action] = {
    State.LANGUAGE: Pick(0),
    State.SAFE: Control.YES,
    State.AGE: Control.ADULT,
    State.ABOUT: Control.NEXT,
    State.CONSENT: Control.YES,
    State.CONTENT_NOTE: Control.NEXT,
    State.REVIEW: Control.SEND,
    State.PAUSED: Control.RESUME,
    State.STOPPING: Control.KEEP_GOING,
    State.SUPPORT: Control.RESUME,
    State.COMMAND: Control.DO_IT,
}
"""The button that leads on to sending, state by state; in the check and among the items it depends on the place."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a conversation: where it stood, what happened, what the engine answered."""

    before: Session
    event: Event
    step: Step


@dataclass(frozen=True, slots=True)
class Walk:
    """A conversation from its start."""

    consultation: Consultation
    moments: tuple[Moment, ...]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session stood at, the first and the last included."""
        return (start(self.consultation).session, *(moment.step.session for moment in self.moments))


def press(consultation: Consultation, session: Session, action: Action) -> Step:
    """The step that a button leads to."""
    return step(consultation, session, Pressed(action), NOW)


def buttons(consultation: Consultation, session: Session) -> tuple[Action, ...]:
    """What the current card offers, from top to bottom."""
    return tuple(button.action for row in screen(consultation, session).rows for button in row)


def honest(consultation: Consultation, session: Session) -> Action:
    """A button that brings somebody nearer to sending, without saying anything."""
    session = mend(consultation, session)
    if session.state is State.CHECK:
        return RIGHT[session.place]
    if session.state is not State.ASKING:
        return HONEST[session.state]
    return Control.NEXT if isinstance(consultation.items[session.place], Note) else Control.SKIP


def onward(consultation: Consultation, session: Session) -> Event:
    """What brings somebody nearer to sending: a button, or the code where everything is hidden."""
    hidden = mend(consultation, session).state is State.HIDDEN
    return Returned() if hidden else Pressed(honest(consultation, session))


def consented(consultation: Consultation) -> tuple[Moment, ...]:
    """The shortest way to the first item."""
    moments: list[Moment] = []
    session = start(consultation).session
    while not session.spent:
        event = Pressed(honest(consultation, session))
        moments.append(Moment(session, event, step(consultation, session, event, NOW)))
        session = moments[-1].step.session
    return tuple(moments)


def sealed(steps: Iterable[Step]) -> list[Answered]:
    """Everything that was sealed, in order."""
    return [
        Answered(effect.position, effect.answer)
        for each in steps
        for effect in each.effects
        if isinstance(effect, Seal)
    ]


def begun(steps: Iterable[Step]) -> list[Begin]:
    """Every begin there was."""
    return [effect for each in steps for effect in each.effects if isinstance(effect, Begin)]


TEXTS = st.sampled_from(("25", "٢٥", "၁၇", " 1 ", "-5", "1e3", "", " \n ", "\u202e", "\ud800", "🌱" * 300, "x" * 1001))
WORDS = st.sampled_from(("stop", "hide", "help", "pause", "Weglassen", "x" * 41, ""))
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Typed, TEXTS | st.text(max_size=30) | st.builds((CANARY + "{}").format, st.text(max_size=10))),
    st.builds(Pressed, st.sampled_from(Control) | st.builds(Pick, st.integers(-2, 12))),
    st.builds(Worded, st.sampled_from(Control), WORDS),
    st.builds(Earlier, st.sampled_from(sorted(PLACED)), st.integers(0, MOST - 1)),
    st.sampled_from((Attached(), Stale(), Restarted(), Returned(), Idle(), ReminderDue(), Left(), Typed(DISTRESS))),
)
"""Anything that may reach the engine, hostile or not."""

WEIGHTS: dict[Action, float] = {
    Control.PAUSE: 0.2,
    Control.LANGUAGE: 0.2,
    Control.STOP: 0.2,
    Control.STOP_CONFIRMED: 0.1,
    Control.SEND: 0.2,
    Control.HIDE: 0.2,
    Control.SUPPORT: 0.2,
    Control.UNDER_AGE: 0.1,
    Control.READER: 0.2,
    Control.REMIND: 0.2,
    Control.NO: 0.3,
    Control.SKIP: 0.5,
    Control.DECLINE: 0.5,
    Control.BACK: 1.5,
}
"""How gladly a button is pressed, 1 where it is not said: so that conversations go deep before they end."""


def chained() -> Consultation:
    """Questions that hang on each other three deep, so that one change clears much."""
    words = {"en": "words"}

    def single(name: str, relevant: str | None) -> dict[str, object]:
        choices = [{"id": code, "text": words} for code in ("c0", "c1")]
        return {"kind": "single", "id": name, "text": words, "choices": choices, "relevant": relevant}

    rules = {
        "a": None,
        "b": "${a} = 'c0'",
        "c": "${b} = 'c0'",
        "d": "${c} != '' or ${a} = 'c1'",
        "e": "not(selected(${d}, 'c0')) and ${b} != 'c1'",
    }
    section = {"id": "s", "items": [single(name, rule) for name, rule in rules.items()]}
    return Consultation.model_validate({**specimen(noted_first=False).model_dump(), "sections": [section]})


CHAINED = chained()
AMONG_ITEMS, HOSTILE, COMMANDING, TALKATIVE = 0.75, 0.05, 0.1, 0.5


@st.composite
def walks(
    draw: Callable[[st.SearchStrategy[Any]], Any], *, of: st.SearchStrategy[Consultation] | None = None, most: int = 40
) -> Walk:
    """A conversation of at most `most` moves after its start or after consent.

    The moves are drawn by one seed: drawn one by one, nearly all conversations would end before the first question.
    """
    consultation = draw(consultations() if of is None else of)
    dice = Random(draw(st.integers(0, 2**32)))
    moments = list(consented(consultation)) if dice.random() < AMONG_ITEMS else []
    session = moments[-1].step.session if moments else start(consultation).session
    hostile = draw(st.lists(EVENTS, min_size=1, max_size=6))
    for _ in range(draw(st.integers(most // 2, most))):
        if session.state in ENDED:
            break
        event = _move(consultation, session, dice, hostile)
        moments.append(Moment(session, event, step(consultation, session, event, NOW)))
        session = moments[-1].step.session
    return Walk(consultation, tuple(moments))


def _move(consultation: Consultation, session: Session, dice: Random, hostile: list[Event]) -> Event:
    chance = dice.random()
    if chance < HOSTILE:
        return dice.choice(hostile)
    if chance < TALKATIVE and session.state is State.ASKING:
        words = {"text": f"{CANARY} in her own words", "number": "٢٥"}.get(consultation.items[session.place].kind)
        if words:
            return Worded(dice.choice(COMMANDS), "word") if chance < COMMANDING else Typed(words)
    offered = buttons(consultation, session)
    if not offered:
        return Returned()
    return Pressed(dice.choices(offered, [WEIGHTS.get(action, 1) for action in offered])[0])


@st.composite
def forged(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Session:
    """A session that no engine made, for no consultation in particular."""
    codes = st.lists(st.sampled_from(("c0", "c1", "b0", "agree", "3", "gone")), max_size=3).map(tuple)
    return Session(
        state=draw(st.sampled_from(State)),
        language=draw(st.sampled_from((None, "en", "ar", "xx"))),
        place=draw(st.integers(-2, 20)),
        chosen=draw(codes),
        kept=draw(st.lists(st.tuples(st.integers(-1, 15), codes), max_size=3).map(tuple)),
        purposes=draw(st.frozensets(st.sampled_from(tuple(Purpose)))),
        spent=draw(st.integers(-1, 60)),
        back_to=draw(st.none() | st.sampled_from(State)),
        veiled=draw(st.none() | st.sampled_from(State)),
        furthest=draw(st.integers(-1, 20)),
        missed=draw(st.booleans()),
        reader=draw(st.booleans()),
        remind=draw(st.booleans()),
        reminded=draw(st.booleans()),
        region=draw(st.none() | st.integers(-1, 3)),
        asked=draw(st.none() | st.sampled_from(Control)),
        word=draw(WORDS),
    )

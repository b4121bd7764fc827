"""What happens next: the one table from (state, event) to a rule, and nothing else that moves a conversation.

    (consultation, session, event, now) → (session, effects)

- Every state answers every event; `TABLE` holds each pair, and docs/states.md is drawn from it.
- A button counts only while the current card carries it. Any other is an old card's, except the controls that
  always work and a confirmed stop; *skip* and *back* of an old card mean the place where it stood.
- Words are never consent and never a button: they answer a text or number question, or are a command word, or nothing.
- Effects stand in the order in which they are to be done: begin, seal, send or erase, hide, and the card last.
- No clock, disk, network, logging or randomness. `now` is handed in so that no rule will ever look for it elsewhere.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from flows.card import carries
from flows.earlier import distance, position, standing
from flows.events import (
    ALWAYS,
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
from flows.journey import among, before, covers
from flows.journey.turn import Turn, show
from flows.mending import mend, uncovered
from flows.model import Consultation
from flows.screens import Step
from flows.session import ENDED, Session, State

Cue = (
    Control
    | type[Pick]
    | type[Typed]
    | type[Worded]
    | type[Attached]
    | type[Stale]
    | type[Earlier]
    | type[Restarted]
    | type[Returned]
    | type[Idle]
    | type[ReminderDue]
    | type[Left]
)
Rule = Callable[[Turn], Step]

CUES: tuple[Cue, ...] = (
    *Control, Pick, Typed, Worded, Attached, Stale, Earlier, Restarted, Returned, Idle, ReminderDue, Left,
)  # fmt: skip
"""The kinds of event that rules are looked up by."""

UNASKED = ALWAYS | {Control.STOP_CONFIRMED, Control.READER}
"""What also works where no button says so: from an old card, or as a typed command."""


def start(consultation: Consultation) -> Step:
    """A new conversation: the choice of language. Nothing is known and nothing is sealed."""
    return show(consultation, Session(State.LANGUAGE))


def step(consultation: Consultation, session: Session, event: Event, now: datetime) -> Step:  # noqa: ARG001 - the only door by which a clock may ever come in
    """The session after `event`, and what is to be done. Total: never raises, whatever the session and event."""
    return _answered(Turn(consultation, mend(consultation, session), event))


def _answered(turn: Turn) -> Step:
    return TABLE[turn.session.state, _cue(turn)](turn)


def _cue(turn: Turn) -> Cue:
    if not isinstance(turn.event, Pressed):
        return type(turn.event)
    action = turn.event.action
    if action not in UNASKED and not carries(turn.consultation, turn.session, action):
        return Stale
    return action if isinstance(action, Control) else Pick


# Words that are commands, and old cards, lead to any other rule, so these four must know the table.


def obey(turn: Turn) -> Step:
    """Does what the word says, as its button would."""
    return _commanded(turn, turn.event.control) if isinstance(turn.event, Worded) else covers.show_again(turn)


def ask_or_obey(turn: Turn) -> Step:
    """At a text question asks "answer or command?"; hide, stop and all that it does not ask about is done at once."""
    wins = isinstance(turn.event, Worded) and turn.event.control in _WINNING
    return obey(turn) if wins or not covers.asks_about(turn) else covers.answer_or_command(turn)


def take_as_answer(turn: Turn) -> Step:
    """Takes the word as the answer, in the interface's spelling."""
    return among.said(turn.at(uncovered(turn.session)), turn.session.word)


def do_it(turn: Turn) -> Step:
    """Returns to the place, and does what the word says."""
    beneath = turn.at(uncovered(turn.session))
    return _commanded(beneath, turn.session.asked) if turn.session.asked else covers.show_again(beneath)


def earlier(turn: Turn) -> Step:
    """Does what the old card showed: past its question, or to what came before; nothing where she is there already."""
    event, here = turn.event, uncovered(turn.session)
    if not isinstance(event, Earlier) or here.veiled is not None:
        return covers.old_card(turn)
    wanted = standing(here, event.position)
    if wanted.state is State.SUPPORT:
        return covers.support(turn)
    if event.control is Control.SKIP:
        return _skipped(turn, here) if position(here) == event.position else covers.old_card(turn)
    there = mend(turn.consultation, wanted)
    after = _commanded(turn.at(there), Control.BACK)
    return after if distance(after.session) < min(distance(there), distance(here)) else covers.old_card(turn)


def _skipped(turn: Turn, here: Session) -> Step:
    """Goes past the question she is at; what she has said to it stays, for this card did not show that there is any."""
    answered = here.place < here.furthest
    return _commanded(turn.at(here), Control.KEEP_ANSWER if answered else Control.SKIP)


def _commanded(turn: Turn, control: Control) -> Step:
    return _answered(Turn(turn.consultation, turn.session, Pressed(control)))


_WINNING = frozenset({Control.HIDE, Control.STOP, Control.STOP_CONFIRMED})

_ANYWHERE: dict[Cue, Rule] = {
    **dict.fromkeys(CUES, covers.old_card),
    Control.STOP: covers.ask_to_stop,
    Control.STOP_CONFIRMED: covers.stop,
    Control.PAUSE: covers.pause,
    Control.LANGUAGE: covers.change_language,
    Control.SUPPORT: covers.support,
    Control.HIDE: covers.hide,
    Control.READER: covers.switch_reader,
    Typed: covers.pick_a_button,
    Worded: obey,
    Earlier: earlier,
    Attached: covers.words_only,
    Restarted: covers.show_again,
    Returned: covers.show_again,
    Idle: covers.nobody_there,
    ReminderDue: covers.remind,
    Left: covers.leave,
}
"""What every state answers unless it says otherwise: a control that a card does not carry is an old card's."""

_HERE: dict[State, dict[Cue, Rule]] = {
    State.LANGUAGE: {Pick: before.choose_language},
    State.SAFE: {Control.YES: before.safe, Control.NO: before.not_safe},
    State.AGE: {
        Control.LISTEN: covers.listen,
        Control.ADULT: before.adult,
        Control.UNDER_AGE: before.under_age,
        Control.DECLINE: before.under_age,
        Control.BACK: before.ask_safe_again,
    },
    State.ABOUT: {Control.LISTEN: covers.listen, Control.NEXT: before.read_on, Control.BACK: before.read_back},
    State.CHECK: {
        Control.LISTEN: covers.listen,
        Control.YES: before.check,
        Control.NO: before.check,
        Control.BACK: before.check_back,
    },
    State.CONSENT: {
        Control.LISTEN: covers.listen,
        Control.YES: before.allow,
        Control.NO: before.refuse,
        Control.BACK: before.reconsider,
    },
    State.CONTENT_NOTE: {
        Control.LISTEN: covers.listen,
        Control.NEXT: among.enter_part,
        Control.SKIP_PART: among.skip_part,
        Control.BACK: among.go_back,
    },
    State.ASKING: {
        Control.LISTEN: covers.listen,
        Pick: among.pick,
        Typed: among.read_words,
        Worded: ask_or_obey,
        Control.NEXT: among.note_read,
        Control.DONE: among.done,
        Control.CLEAR: among.clear,
        Control.SKIP: among.skip,
        Control.DECLINE: among.decline,
        Control.KEEP_ANSWER: among.keep_answer,
        Control.BACK: among.go_back,
    },
    State.REVIEW: {Control.LISTEN: covers.listen, Control.SEND: among.send, Control.BACK: among.go_back},
    State.PAUSED: {Control.RESUME: covers.go_on, Control.REMIND: covers.switch_reminder},
    State.STOPPING: {Control.KEEP_GOING: covers.go_on},
    State.SUPPORT: {
        Control.LISTEN: covers.listen,
        Pick: covers.choose_region,
        Control.BACK: covers.choose_region_again,
        Control.RESUME: covers.go_on,
        Idle: covers.pause,
    },
    State.COMMAND: {Control.ANSWER: take_as_answer, Control.DO_IT: do_it},
    State.HIDDEN: {
        **dict.fromkeys(CUES, covers.silence),
        Control.HIDE: covers.hide,
        Control.STOP: covers.leave,
        Control.STOP_CONFIRMED: covers.leave,
        Worded: obey,
        Returned: covers.come_back,
        ReminderDue: covers.remind,
        Left: covers.leave,
    },
}

_WHEN_ENDED: dict[Cue, Rule] = {
    **dict.fromkeys(CUES, covers.show_again),
    Control.HIDE: covers.hide,
    Worded: obey,
    Idle: covers.silence,
    ReminderDue: covers.silence,
}
"""An ended conversation only shows that it has ended, and can be taken out of the chat."""

TABLE: Mapping[tuple[State, Cue], Rule] = {
    (state, cue): (_WHEN_ENDED if state in ENDED else _HERE.get(state, {})).get(cue, rule)
    for state in State
    for cue, rule in _ANYWHERE.items()
}
"""Every state answers every event."""

"""What happens next: the one table from (state, event) to a rule, and nothing else that moves a conversation.

    (consultation, session, event, now) → (session, effects)

- Every state answers every event; `TABLE` holds each pair, and docs/states.md is drawn from it.
- A button counts only while the current card carries it. Any other is an old card's, except the controls that
  always work and a confirmed stop.
- Words are never consent and never a button: they answer a text or number question or nothing.
- Effects stand in the order in which they are to be done: begin, seal, send or erase, and the card last.
- No clock, disk, network, logging or randomness. `now` is handed in so that no rule will ever look for it elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.answers import Answer, Declined, Skipped
from flows.card import actions, screen
from flows.events import ALWAYS, Attached, Control, Event, Left, Pick, Pressed, Restarted, Stale, Typed
from flows.mending import covered, mend, uncovered
from flows.model import PURPOSES, Consultation, Note, Purpose, Question
from flows.options import offered
from flows.path import backward, following, has_room, onward, record
from flows.replies import Choosing, Given, Reply, finished, picked, typed
from flows.rules import rules_of
from flows.screens import Begin, Effect, Erase, Notice, Seal, Send, Show, Step
from flows.session import ENDED, Session, State


@dataclass(frozen=True, slots=True)
class Turn:
    """One event in one conversation: what a rule may look at."""

    consultation: Consultation
    session: Session
    event: Event


Cue = Control | type[Pick] | type[Typed] | type[Attached] | type[Stale] | type[Restarted] | type[Left]
Rule = Callable[[Turn], Step]

CUES: tuple[Cue, ...] = (*Control, Pick, Typed, Attached, Stale, Restarted, Left)
"""The kinds of event that rules are looked up by."""


def start(consultation: Consultation) -> Step:
    """A new conversation: the choice of language. Nothing is known and nothing is sealed."""
    return _show(consultation, Session(State.LANGUAGE))


def step(consultation: Consultation, session: Session, event: Event, now: datetime) -> Step:  # noqa: ARG001 - the only door by which a clock may ever come in
    """The session after `event`, and what is to be done. Total: never raises, whatever the session and event."""
    session = mend(consultation, session)
    turn = Turn(consultation, session, event)
    return TABLE[session.state, _cue(turn)](turn)


def _cue(turn: Turn) -> Cue:
    if not isinstance(turn.event, Pressed):
        return type(turn.event)
    action = turn.event.action
    always = ALWAYS | {Control.STOP_CONFIRMED}
    if action not in always and action not in actions(screen(turn.consultation, turn.session)):
        return Stale
    return action if isinstance(action, Control) else Pick


def _show(consultation: Consultation, session: Session, *effects: Effect, notice: Notice | None = None) -> Step:
    return Step(session, (*effects, Show(screen(consultation, session, notice))))


def _stay(turn: Turn, notice: Notice | None = None) -> Step:
    return _show(turn.consultation, turn.session, notice=notice)


def _go(turn: Turn, session: Session, *effects: Effect) -> Step:
    return _show(turn.consultation, session, *effects)


def _end(turn: Turn, state: State, *effects: Effect) -> Step:
    """An ended conversation remembers the language of its last card and nothing else."""
    return _show(turn.consultation, Session(state, language=turn.session.language), *effects)


# Anywhere


def show_again(turn: Turn) -> Step:
    """Shows the same card."""
    return _stay(turn)


def old_card(turn: Turn) -> Step:
    """Shows the same card: the button pressed is not on it."""
    return _stay(turn, Notice.OLD_CARD)


def words_only(turn: Turn) -> Step:
    """Shows the same card: only words and buttons are understood."""
    return _stay(turn, Notice.WORDS_ONLY)


def pick_a_button(turn: Turn) -> Step:
    """Shows the same card: words are no answer here."""
    return _stay(turn, Notice.PICK_A_BUTTON)


def pause(turn: Turn) -> Step:
    """Puts the neutral card over the place."""
    return _go(turn, covered(turn.session, State.PAUSED))


def change_language(turn: Turn) -> Step:
    """Offers the languages; the place is kept."""
    return _go(turn, covered(turn.session, State.LANGUAGE))


def ask_to_stop(turn: Turn) -> Step:
    """Asks whether to stop and delete; the place is kept."""
    return _go(turn, covered(turn.session, State.STOPPING))


def stop(turn: Turn) -> Step:
    """Ends and erases everything."""
    return _end(turn, State.STOPPED, Erase())


def leave(turn: Turn) -> Step:
    """Ends and erases everything; nobody is there to be shown a card."""
    return Step(Session(State.STOPPED, language=turn.session.language), (Erase(),))


def go_on(turn: Turn) -> Step:
    """Returns to the very place that was covered."""
    return _go(turn, uncovered(turn.session))


# Before anything is asked


def choose_language(turn: Turn) -> Step:
    """Takes the language, and returns to the place or begins with who asks and why."""
    chosen = turn.consultation.languages[_index(turn)]
    if turn.session.back_to is None:
        return _go(turn, Session(State.ABOUT, language=chosen))
    return _go(turn, uncovered(replace(turn.session, language=chosen)))


def read_on(turn: Turn) -> Step:
    """Shows the next screen of who asks and why, and then the first question of consent."""
    place = turn.session.place + 1
    if place < len(turn.consultation.consent.about):
        return _go(turn, replace(turn.session, place=place))
    return _go(turn, replace(turn.session, state=State.CONSENT, place=0))


def read_back(turn: Turn) -> Step:
    """Shows the screen before."""
    return _go(turn, replace(turn.session, place=turn.session.place - 1))


def allow(turn: Turn) -> Step:
    """Takes the visible yes to one purpose."""
    return _after_purpose(turn, turn.session.purposes | {PURPOSES[turn.session.place]})


def refuse(turn: Turn) -> Step:
    """Takes the no to one purpose; without being counted nobody can take part, and nothing was sealed yet."""
    if PURPOSES[turn.session.place] is Purpose.COUNT:
        return _end(turn, State.REFUSED, Erase())
    return _after_purpose(turn, turn.session.purposes)


def _after_purpose(turn: Turn, purposes: frozenset[Purpose]) -> Step:
    session = replace(turn.session, purposes=purposes, place=turn.session.place + 1)
    if session.place < len(PURPOSES) or session.language is None:
        return _go(turn, session)
    # The manifest holds the purposes from now on; the session needs them no longer.
    begun = replace(session, spent=1, purposes=frozenset())
    return _go(turn, onward(turn.consultation, begun, 0), Begin(purposes, session.language))


def reconsider(turn: Turn) -> Step:
    """Asks for the purpose before once more, off again; before the first one, shows who asks and why."""
    place = turn.session.place - 1
    if place < 0:
        last = len(turn.consultation.consent.about) - 1
        return _go(turn, replace(turn.session, state=State.ABOUT, place=last))
    return _go(turn, replace(turn.session, place=place, purposes=turn.session.purposes - {PURPOSES[place]}))


# Among the items


def enter_part(turn: Turn) -> Step:
    """Shows what the content note stood before."""
    return _go(turn, replace(turn.session, state=State.ASKING))


def skip_part(turn: Turn) -> Step:
    """Seals a skip for every question of the part from here on, and goes past it."""
    consultation, session = turn.consultation, turn.session
    end = session.place + sum(
        number == consultation.section_of[session.place] for number in consultation.section_of[session.place :]
    )
    seals: list[Seal] = []
    place = following(consultation, dict(session.kept), session.place)
    while place is not None and place < end:
        if not isinstance(consultation.items[place], Note):
            session = record(consultation, session, place, Skipped())
            seals.append(Seal(place, Skipped()))
        place = following(consultation, dict(session.kept), place + 1)
    return _go(turn, onward(consultation, session, end), *seals)


def note_read(turn: Turn) -> Step:
    """Goes on after a note."""
    return _go(turn, onward(turn.consultation, turn.session, turn.session.place + 1))


def pick(turn: Turn) -> Step:
    """Takes a tap: one tap answers, except where several are ticked or put in order."""
    return _replied(turn, picked(_question(turn), _offered(turn), turn.session.chosen, _index(turn)))


def read_words(turn: Turn) -> Step:
    """Takes words for a text question and digits for a number question."""
    if isinstance(turn.consultation.items[turn.session.place], Note) or not isinstance(turn.event, Typed):
        return pick_a_button(turn)
    return _replied(turn, typed(_question(turn), turn.event.text))


def done(turn: Turn) -> Step:
    """Takes what is ticked or in order, if it is enough and not too much."""
    return _replied(turn, finished(_question(turn), _offered(turn), turn.session.chosen))


def clear(turn: Turn) -> Step:
    """Empties the order in progress."""
    return _go(turn, replace(turn.session, chosen=()))


def skip(turn: Turn) -> Step:
    """Seals that she went past the question."""
    return _answered(turn, Skipped())


def decline(turn: Turn) -> Step:
    """Seals that she prefers not to say."""
    return _answered(turn, Declined())


def go_back(turn: Turn) -> Step:
    """Shows the item before, as long as the response has room for answering on from there."""
    session = backward(turn.consultation, turn.session)
    if session is None or not has_room(turn.consultation, session):
        return _stay(turn, Notice.NO_MORE_CHANGES)
    return _go(turn, session)


def send(turn: Turn) -> Step:
    """Ends and sends."""
    return _end(turn, State.SENT, Send())


def _replied(turn: Turn, reply: Reply) -> Step:
    match reply:
        case Notice():
            return _stay(turn, reply)
        case Choosing(choices):
            return _go(turn, replace(turn.session, chosen=choices))
        case Given(answer, value):
            place, values = turn.session.place, dict(turn.session.kept)
            if value is not None and not rules_of(turn.consultation).satisfied(place, value, values):
                return _stay(turn, Notice.NOT_POSSIBLE)
            return _answered(turn, answer)


def _answered(turn: Turn, answer: Answer) -> Step:
    place = turn.session.place
    session = record(turn.consultation, turn.session, place, answer)
    return _go(turn, onward(turn.consultation, session, place + 1), Seal(place, answer))


def _question(turn: Turn) -> Question:
    return turn.consultation.question(turn.session.place)


def _offered(turn: Turn) -> tuple[str, ...]:
    return offered(turn.consultation, turn.session.place, dict(turn.session.kept))


def _index(turn: Turn) -> int:
    """The option that was tapped; `_cue` has seen that the card offers it."""
    match turn.event:
        case Pressed(Pick(index)):
            return index
        case _:
            return 0


_ANYWHERE: dict[Cue, Rule] = {
    **dict.fromkeys(CUES, old_card),
    Control.STOP: ask_to_stop,
    Control.STOP_CONFIRMED: stop,
    Control.PAUSE: pause,
    Control.LANGUAGE: change_language,
    Typed: pick_a_button,
    Attached: words_only,
    Restarted: show_again,
    Left: leave,
}
"""What every state answers unless it says otherwise: a control that a card does not carry is an old card's."""

_HERE: dict[State, dict[Cue, Rule]] = {
    State.LANGUAGE: {Pick: choose_language},
    State.ABOUT: {Control.NEXT: read_on, Control.BACK: read_back},
    State.CONSENT: {Control.YES: allow, Control.NO: refuse, Control.BACK: reconsider},
    State.CONTENT_NOTE: {Control.NEXT: enter_part, Control.SKIP_PART: skip_part, Control.BACK: go_back},
    State.ASKING: {
        Pick: pick,
        Typed: read_words,
        Control.NEXT: note_read,
        Control.DONE: done,
        Control.CLEAR: clear,
        Control.SKIP: skip,
        Control.DECLINE: decline,
        Control.BACK: go_back,
    },
    State.REVIEW: {Control.SEND: send, Control.BACK: go_back},
    State.PAUSED: {Control.RESUME: go_on},
    State.STOPPING: {Control.KEEP_GOING: go_on},
}

TABLE: Mapping[tuple[State, Cue], Rule] = {
    (state, cue): show_again if state in ENDED else _HERE.get(state, {}).get(cue, rule)
    for state in State
    for cue, rule in _ANYWHERE.items()
}
"""Every state answers every event; an ended one only shows that it has ended."""

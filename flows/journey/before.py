"""Rules before anything is asked: language, safe now, age, who asks and why, the check, and consent."""

from flows.events import Control, Pressed
from flows.journey.turn import Turn, end, go, index, show
from flows.mending import CHECKS, hidden, uncovered
from flows.model import PURPOSES, Purpose
from flows.path import onward
from flows.screens import Begin, Erase, Hide, Notice, Step
from flows.session import AT_SENDING, State

RIGHT = (Control.YES, Control.NO)
"""What whoever has read the introduction answers to the check: Telegram can read this; help does not depend on it."""
assert len(RIGHT) == CHECKS  # noqa: S101 - two modules that cannot import each other agree


def choose_language(turn: Turn) -> Step:
    """Takes the language, and returns to the place or asks whether it is safe now."""
    chosen = turn.consultation.languages[index(turn)]
    if turn.session.back_to is None:
        return go(turn, turn.session.but(state=State.SAFE, language=chosen))
    return go(turn, uncovered(turn.session.but(language=chosen)))


def safe(turn: Turn) -> Step:
    """Asks for the age; whoever came back after hiding stands at her place again."""
    veiled = turn.session.veiled
    return go(turn, turn.session.but(state=veiled or State.AGE, veiled=None))


def not_safe(turn: Turn) -> Step:
    """Ends with a neutral line and erases everything; what was hidden is hidden again."""
    if turn.session.veiled is None:
        return end(turn, State.UNSAFE, Erase())
    return go(turn, hidden(turn.session), Hide())


def adult(turn: Turn) -> Step:
    """Begins with who asks and why."""
    return go(turn, turn.session.but(state=State.ABOUT, place=0))


def under_age(turn: Turn) -> Step:
    """Ends with help for children, erases everything and counts nothing."""
    return end(turn, State.UNDER_AGE, Erase())


def ask_safe_again(turn: Turn) -> Step:
    """Asks once more whether it is safe now."""
    return go(turn, turn.session.but(state=State.SAFE))


def read_on(turn: Turn) -> Step:
    """Shows the next screen of who asks and why, and then the first question of the check."""
    place = turn.session.place + 1
    if place < len(turn.consultation.consent.about):
        return go(turn, turn.session.but(place=place))
    return go(turn, turn.session.but(state=State.CHECK, place=0))


def read_back(turn: Turn) -> Step:
    """Shows the screen before; before the first, asks for the age again."""
    place = turn.session.place - 1
    if place < 0:
        return go(turn, turn.session.but(state=State.AGE, place=0))
    return go(turn, turn.session.but(place=place))


def check(turn: Turn) -> Step:
    """Goes on where it was understood; shows who asks and why once more after a miss; ends kindly after a second."""
    session, right = turn.session, turn.event == Pressed(RIGHT[turn.session.place])
    if right and session.place + 1 < CHECKS:
        return go(turn, session.but(place=session.place + 1))
    if right:
        return go(turn, session.but(state=State.CONSENT, place=0))
    if session.missed:
        return end(turn, State.MISUNDERSTOOD, Erase())
    again = session.but(state=State.ABOUT, place=0, missed=True)
    return show(turn.consultation, again, notice=Notice.ONCE_MORE)


def check_back(turn: Turn) -> Step:
    """Shows the question of the check before; before the first, the last screen of who asks and why."""
    place = turn.session.place - 1
    if place < 0:
        last = len(turn.consultation.consent.about) - 1
        return go(turn, turn.session.but(state=State.ABOUT, place=last))
    return go(turn, turn.session.but(place=place))


def allow(turn: Turn) -> Step:
    """Takes the visible yes to one purpose."""
    return after_purpose(turn, turn.session.purposes | {PURPOSES[turn.session.place]})


def refuse(turn: Turn) -> Step:
    """Takes the no to one purpose; without being counted nobody can take part, and nothing was sealed yet."""
    if PURPOSES[turn.session.place] is Purpose.COUNT:
        return end(turn, State.REFUSED, Erase())
    return after_purpose(turn, turn.session.purposes)


def after_purpose(turn: Turn, purposes: frozenset[Purpose]) -> Step:
    """The question for the next purpose, or, after the last, the first item of a response that begins."""
    session = turn.session.but(purposes=purposes, place=turn.session.place + 1)
    if session.place < len(PURPOSES) or session.language is None:
        return go(turn, session)
    # The manifest holds the purposes from now on; the session only those that sending has to know.
    begun = session.but(spent=1, purposes=purposes & AT_SENDING, missed=False)
    return go(turn, onward(turn.consultation, begun, 0), Begin(purposes, session.language))


def reconsider(turn: Turn) -> Step:
    """Asks for the purpose before once more, off again; before the first one, the last question of the check."""
    place = turn.session.place - 1
    if place < 0:
        return go(turn, turn.session.but(state=State.CHECK, place=CHECKS - 1))
    return go(turn, turn.session.but(place=place, purposes=turn.session.purposes - {PURPOSES[place]}))

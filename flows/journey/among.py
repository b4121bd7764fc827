"""Rules among the items: parts, questions, going back and sending."""

from flows.answers import Answer, Declined, Skipped
from flows.events import Typed
from flows.journey.covers import offer_support, pick_a_button
from flows.journey.turn import Turn, end, go, index, stay
from flows.model import Note, Question
from flows.options import offered
from flows.path import backward, following, has_room, onward, record
from flows.phrases import distressed
from flows.replies import Choosing, Given, Reply, finished, picked, typed
from flows.rules import rules_of
from flows.screens import Notice, Seal, Send, Step
from flows.session import State


def enter_part(turn: Turn) -> Step:
    """Shows what the content note stood before."""
    return go(turn, turn.session.but(state=State.ASKING))


def skip_part(turn: Turn) -> Step:
    """Seals a skip for every question of the part from here on, and goes past it."""
    consultation, session = turn.consultation, turn.session
    end_of_part = session.place + sum(
        number == consultation.section_of[session.place] for number in consultation.section_of[session.place :]
    )
    seals: list[Seal] = []
    place = following(consultation, dict(session.kept), session.place)
    while place is not None and place < end_of_part:
        if not isinstance(consultation.items[place], Note):
            session = record(consultation, session, place, Skipped())
            seals.append(Seal(place, Skipped()))
        place = following(consultation, dict(session.kept), place + 1)
    return go(turn, onward(consultation, session, end_of_part), *seals)


def note_read(turn: Turn) -> Step:
    """Goes on after a note."""
    return go(turn, onward(turn.consultation, turn.session, turn.session.place + 1))


def pick(turn: Turn) -> Step:
    """Takes a tap: one tap answers, except where several are ticked or put in order."""
    return _replied(turn, picked(_question(turn), _offered(turn), turn.session.chosen, index(turn)))


def read_words(turn: Turn) -> Step:
    """Takes words for a text question and digits for a number question; words of distress also show support."""
    if isinstance(turn.consultation.items[turn.session.place], Note) or not isinstance(turn.event, Typed):
        return pick_a_button(turn)
    answered = said(turn, turn.event.text)
    return offer_support(turn, answered) if distressed(turn.event.text) else answered


def said(turn: Turn, words: str) -> Step:
    """What `words` do at a question."""
    return _replied(turn, typed(_question(turn), words))


def done(turn: Turn) -> Step:
    """Takes what is ticked or in order, if it is enough and not too much."""
    return _replied(turn, finished(_question(turn), _offered(turn), turn.session.chosen))


def clear(turn: Turn) -> Step:
    """Empties the order in progress."""
    return go(turn, turn.session.but(chosen=()))


def skip(turn: Turn) -> Step:
    """Seals that she went past the question."""
    return _answered(turn, Skipped())


def decline(turn: Turn) -> Step:
    """Seals that she prefers not to say."""
    return _answered(turn, Declined())


def keep_answer(turn: Turn) -> Step:
    """Goes on and seals nothing: what was answered here before still holds."""
    return go(turn, onward(turn.consultation, turn.session, turn.session.place + 1))


def go_back(turn: Turn) -> Step:
    """Shows the item before, as long as the response has room for answering on from there."""
    session = backward(turn.consultation, turn.session)
    if session is None or not has_room(turn.consultation, session):
        return stay(turn, Notice.NO_MORE_CHANGES)
    return go(turn, session)


def send(turn: Turn) -> Step:
    """Ends and sends."""
    return end(turn, State.SENT, Send())


def _replied(turn: Turn, reply: Reply) -> Step:
    match reply:
        case Notice():
            return stay(turn, reply)
        case Choosing(choices):
            return go(turn, turn.session.but(chosen=choices))
        case Given(answer, value):
            place, values = turn.session.place, dict(turn.session.kept)
            if value is not None and not rules_of(turn.consultation).satisfied(place, value, values):
                return stay(turn, Notice.NOT_POSSIBLE)
            return _answered(turn, answer)


def _answered(turn: Turn, answer: Answer) -> Step:
    place = turn.session.place
    session = record(turn.consultation, turn.session, place, answer)
    return go(turn, onward(turn.consultation, session, place + 1), Seal(place, answer))


def _question(turn: Turn) -> Question:
    return turn.consultation.question(turn.session.place)


def _offered(turn: Turn) -> tuple[str, ...]:
    return offered(turn.consultation, turn.session.place, dict(turn.session.kept))

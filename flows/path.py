"""Which items lie on somebody's way: relevance, forwards, backwards, and what an answer changes about it.

The engine moves only through this module, and the desk clears answers by the same `settle`, so that a question
asked in the chat and a question counted later can never disagree about who it was for.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Voted
from flows.model import Consultation
from flows.records import Answered, capacity, encode_answer, pieces, worst_pieces
from flows.rules import Values, rules_of
from flows.session import Session, State

T = TypeVar("T")


def codes_of(answer: Answer) -> tuple[str, ...]:
    """What rules see of `answer`: its codes; nothing of words, a skip or a refusal to say."""
    match answer:
        case Chosen(choices) | Ranked(choices):
            return choices
        case Rated(value):
            return (str(value),)
        case Banded(band):
            return (band,)
        case Voted(stance):
            return (stance.value,)
        case _:
            return ()


def settle(consultation: Consultation, answers: Mapping[int, T], codes: Callable[[T], tuple[str, ...]]) -> dict[int, T]:
    """`answers` without those to irrelevant items, cleared in order until nothing changes, as ODK does.

    One pass is enough where rules look back only; the loop ends because each further pass has removed something.
    """
    relevant = rules_of(consultation).relevant
    left = dict(sorted(answers.items()))
    values = {position: given for position, answer in left.items() if (given := codes(answer))}
    settled = False
    while not settled:
        settled = True
        for position in tuple(left):
            if not relevant(position, values):
                del left[position]
                values.pop(position, None)
                settled = False
    return left


def following(consultation: Consultation, values: Values, start: int) -> int | None:
    """The first relevant item at `start` or after it."""
    relevant = rules_of(consultation).relevant
    return next((place for place in range(start, len(consultation.items)) if relevant(place, values)), None)


def preceding(consultation: Consultation, values: Values, end: int) -> int | None:
    """The last relevant item before `end`."""
    relevant = rules_of(consultation).relevant
    return next((place for place in range(end - 1, -1, -1) if relevant(place, values)), None)


def record(consultation: Consultation, session: Session, position: int, answer: Answer) -> Session:
    """The session once `answer` is sealed: the room it takes, and what later rules need to know of it."""
    size = len(encode_answer(Answered(position, answer), consultation))
    values = dict(session.kept)
    values.pop(position, None)
    codes = codes_of(answer)
    if codes and position in rules_of(consultation).referred:
        values[position] = codes
    kept = tuple(settle(consultation, values, tuple).items())
    # Where rules now see something else, later questions may have come, gone or changed: they are asked again.
    furthest = max(session.furthest, position + 1) if kept == session.kept else position + 1
    return session.but(kept=kept, chosen=(), spent=session.spent + pieces(size), furthest=furthest)


def onward(consultation: Consultation, session: Session, start: int) -> Session:
    """The session at the next relevant item from `start` on, its section's content note first; or at the review."""
    place = following(consultation, dict(session.kept), start)
    if place is None:
        return session.but(state=State.REVIEW, place=len(consultation.items), chosen=())
    section = consultation.section_of[place]
    entering = start == 0 or consultation.section_of[start - 1] != section
    return _at(consultation, session, place, entering=entering)


def backward(consultation: Consultation, session: Session) -> Session | None:
    """The session at the previous relevant item; None before the first.

    A part that has a content note is never entered without it, from behind neither: she may have left it out.
    """
    place = place_before(consultation, session)
    if place is None:
        return None
    section_of = consultation.section_of
    entering = session.state is not State.ASKING or section_of[place] != section_of[session.place]
    return _at(consultation, session, place, entering=entering)


def place_before(consultation: Consultation, session: Session) -> int | None:
    """The previous relevant item, before the whole part where its content note is on screen; None before the first."""
    end = session.place
    if session.state is State.CONTENT_NOTE:
        end = consultation.section_of.index(consultation.section_of[end])
    return preceding(consultation, dict(session.kept), end)


def _at(consultation: Consultation, session: Session, place: int, *, entering: bool) -> Session:
    note = consultation.sections[consultation.section_of[place]].content_note
    state = State.CONTENT_NOTE if entering and note is not None else State.ASKING
    return session.but(state=state, place=place, chosen=())


def has_room(consultation: Consultation, session: Session) -> bool:
    """Whether everything from this place on could still be answered at its longest, and the response be ended.

    This holds for every session that the engine reaches, so that no way through a consultation outgrows the one
    size all responses of a round have (D3).
    """
    ahead, whole = _worst(consultation)
    return session.spent + ahead[session.place] + 1 <= whole


@lru_cache(maxsize=64)
def _worst(consultation: Consultation) -> tuple[tuple[int, ...], int]:
    """Pieces that everything from each place on can take at most, and the capacity."""
    sizes = [worst_pieces(item) for item in consultation.items]
    ahead = tuple(sum(sizes[place:]) for place in range(len(sizes) + 1))
    return ahead, capacity(consultation)

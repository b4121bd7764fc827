"""What a tap or typed words mean to a question: an answer, a choice still in progress, or a calm notice.

One function per kind of gesture, one case per kind of question. Nothing here moves a conversation on or knows
what is relevant.
"""

import unicodedata
from dataclasses import dataclass

from flows.answers import Answer, Banded, Chosen, Ranked, Rated, Said, Stance, Voted
from flows.limits import NUMBER_DIGITS
from flows.model import Band, Multiple, Number, Question, Ranking, Scale, ShortText, Single, Vote
from flows.screens import Notice

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that make text look other than it reads; joiners that Persian or Burmese need are not among them."""


@dataclass(frozen=True, slots=True, repr=False)
class Choosing:
    """A choice in progress: ticks of a multiple question or places of a ranking. `repr` hides them."""

    choices: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Choosing>"


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """A whole answer, and what a constraint sees as `.`; None where no constraint can apply. `repr` hides both."""

    answer: Answer
    value: tuple[str, ...] | str | float | None

    def __repr__(self) -> str:
        return "<Given>"


Reply = Given | Choosing | Notice


def picked(question: Question, offered: tuple[str, ...], chosen: tuple[str, ...], index: int) -> Reply:
    """The option at `index` of `offered` was tapped while `chosen` was in progress."""
    code = offered[index]
    match question:
        case Multiple():
            return Choosing(_toggled(question, chosen, code))
        case Ranking():
            return _ranked(question, offered, chosen, code)
        case _:
            return _tapped(question, code)


def finished(question: Question, offered: tuple[str, ...], chosen: tuple[str, ...]) -> Reply:
    """*Done* was tapped on a multiple or ranking question."""
    if isinstance(question, Ranking):
        return Given(Ranked(chosen), None) if chosen else Notice.TOO_FEW
    if not isinstance(question, Multiple):
        return Notice.OLD_CARD
    alone = {choice.id for choice in question.choices if choice.exclusive}
    # A filter may leave fewer choices than the minimum, and `none of these` is complete by itself.
    least = 1 if alone.intersection(chosen) else max(1, min(question.min, len(offered)))
    if len(chosen) < least:
        return Notice.TOO_FEW
    if question.max is not None and len(chosen) > question.max:
        return Notice.TOO_MANY
    return Given(Chosen(chosen), chosen)


def typed(question: Question, text: str) -> Reply:
    """Words were typed: an answer to a text question, or digits of any script to a number question."""
    match question:
        case ShortText():
            return _said(question, text)
        case Number():
            return _counted(question, text)
        case _:
            return Notice.PICK_A_BUTTON


def _tapped(question: Single | Scale | Number | Vote | ShortText, code: str) -> Reply:
    match question:
        case Single():
            return Given(Chosen((code,)), (code,))
        case Scale():
            return Given(Rated(int(code)), float(code))
        case Number():
            # A constraint is about the number; the author's own bands are all possible.
            return Given(Banded(code), None)
        case Vote():
            return Given(Voted(Stance(code)), None)
        case ShortText():
            return Notice.OLD_CARD


def _toggled(question: Multiple, chosen: tuple[str, ...], code: str) -> tuple[str, ...]:
    if code in chosen:
        return tuple(one for one in chosen if one != code)
    alone = {choice.id for choice in question.choices if choice.exclusive}
    wanted = {code} if code in alone else ({*chosen, code} - alone)
    return tuple(choice.id for choice in question.choices if choice.id in wanted)


def _ranked(question: Ranking, offered: tuple[str, ...], chosen: tuple[str, ...], code: str) -> Reply:
    if code in chosen:
        return Choosing(tuple(one for one in chosen if one != code))
    order = (*chosen, code)
    return Given(Ranked(order), None) if fills(question, offered, chosen) else Choosing(order)


def fills(question: Ranking, offered: tuple[str, ...], chosen: tuple[str, ...]) -> bool:
    """Whether one more pick makes `chosen` a whole answer."""
    return len(chosen) + 1 >= min(question.top, len(offered))


def _said(question: ShortText, text: str) -> Reply:
    words = "".join(map(_kept, text)).strip()
    if not words:
        return Notice.EMPTY
    if len(words.encode("utf-16-le")) // 2 > question.max_length:
        return Notice.TOO_LONG
    return Given(Said(words), words)


def _kept(character: str) -> str:
    """The character, or nothing: control characters and halves of pairs are not words; line ends are."""
    if character == "\n":
        return character
    unwanted = unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDI_OVERRIDES
    return "" if unwanted else character


def _counted(question: Number, text: str) -> Reply:
    # Keyboards of right-to-left scripts put invisible direction marks around digits.
    digits = [character for character in text.strip() if unicodedata.category(character) != "Cf"]
    values = [unicodedata.decimal(digit, None) for digit in digits]
    if not values or len(values) > NUMBER_DIGITS or None in values:
        return Notice.NOT_A_NUMBER
    number = int("".join(map(str, values)))
    band = next((band for band in question.bands if _holds(band, number)), None)
    return Notice.OUT_OF_RANGE if band is None else Given(Banded(band.id), float(number))


def _holds(band: Band, number: int) -> bool:
    return band.low <= number and (band.high is None or number <= band.high)

"""What is wrong with one translation, in words for whoever made it."""

from collections.abc import Iterator
from typing import NamedTuple

from flows.checks.translations import gaps
from flows.findings import Severity
from flows.messages import letters
from flows.messages.units import Unit

DIRECTIONS = "\u200e\u200f\u2066\u2067\u2068\u2069"
"""Marks that set the direction of a stretch of text, as the interface's own texts need them around commands."""


class Fault(NamedTuple):
    """One thing to mend."""

    severity: Severity
    code: str
    message: str
    remedy: str


def faults(unit: Unit, language: str, *, directed: bool) -> Iterator[Fault]:
    """What is wrong with a unit's translation; `directed` where it may hold marks of direction."""
    for form in unit.said:
        yield from _gaps(unit, form)
        yield from _signs(form, language, DIRECTIONS if directed else "")
        yield from _room(unit, form)
    if len(unit.source) > 1 and gaps(unit.said[-1]) != gaps(unit.source[-1]):
        odd = _odd(unit.source[-1], unit.said[-1])
        yield Fault(Severity.ERROR, "placeholder", f"The form for most numbers has not the same gaps: {odd}.", _COPY)


_COPY = "Copy what stands in braces, addresses and square brackets letter by letter; put it where it belongs."


def _gaps(unit: Unit, form: str) -> Iterator[Fault]:
    """Of several forms, one that means a single number may leave the number out, and none may add anything."""
    wanted = gaps(unit.source[-1])
    more, less = gaps(form) - wanted, wanted - gaps(form)
    if more or (less and len(unit.source) == 1):
        odd = _odd(unit.source[-1], form)
        yield Fault(Severity.ERROR, "placeholder", f"Not as in the source: {odd}.", _COPY)
    elif _braces(form) != _braces(unit.source[-1]) and not less:
        yield Fault(Severity.ERROR, "placeholder", "A brace stands here alone.", _COPY)


def _odd(source: str, form: str) -> str:
    wanted, found = gaps(source), gaps(form)
    return ", ".join(f"'{one}'" for one in sorted(((wanted - found) + (found - wanted)).elements()))


def _braces(text: str) -> tuple[int, int]:
    return text.count("{"), text.count("}")


def _signs(form: str, language: str, kept: str) -> Iterator[Fault]:
    again = "Type the text again without it."
    if hidden := letters.hidden(form, language, kept):
        message = f"There is an invisible character in this text (U+{ord(hidden[0]):04X})."
        yield Fault(Severity.ERROR, "invisible-character", message, again)
    elif letters.unclosed(form):
        message = "A direction that begins in this text does not end in its paragraph."
        yield Fault(Severity.ERROR, "direction", message, "Give each U+2066, U+2067 and U+2068 one U+2069 behind it.")
    if word := letters.mixed(form):
        message = f"In '{word}' letters of two scripts stand in one word; they only look alike."
        yield Fault(Severity.ERROR, "mixed-letters", message, "Type the word again with one keyboard.")


def _room(unit: Unit, form: str) -> Iterator[Fault]:
    if unit.room is not None and (used := unit.room.used(form)) > unit.room.most:
        message = f"{used} {unit.room.of}; there is room for {unit.room.most}."
        yield Fault(Severity.ERROR, "too-long", message, "Shorten it.")

"""Cards as plain text: for a terminal, and for transcripts.

A line with letters that are written from right to left is put into an isolate, so that a number or a bracket beside it
stays where it is (Unicode Standard Annex 9, 2.7); marks of direction that the messenger needs are left out.
"""

import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Final

from bot.participant.texts import DOMAIN
from bot.preview.record import Deed, Happened
from flows.model import Consultation
from flows.review import holds
from locales.catalog import autonym, isolate
from rounds import signed

KEPT: Final = "Preview. Nothing is kept."
"""What stands at every card: whoever looks over a shoulder shall not take it for a consultation."""
_MARKS: Final = dict.fromkeys((0x200E, 0x200F))
_RIGHT: Final = frozenset({"R", "AL"})


def marked(line: str) -> str:
    """A line that keeps its own direction beside others."""
    bare = line.translate(_MARKS)
    return isolate(bare) if any(unicodedata.bidirectional(sign) in _RIGHT for sign in bare) else bare


def lines(text: str) -> list[str]:
    """The lines of a card, each with its own direction."""
    return [marked(line) for line in text.splitlines()]


def buttons(happened: Happened) -> Iterator[str]:
    """The rows of buttons of a card, and of the recording below it, numbered from 1 on."""
    numbers, heard = count(1), happened.said.heard
    rows = [[label for label, _ in row] for row in happened.card.rows] if happened.card else []
    for row in [*rows, *([[heard.label]] if heard else [])]:
        yield "   ".join(f"[{next(numbers)}] {marked(label)}" for label in row)


def around(happened: Happened) -> Iterator[str]:
    """What happens in the chat besides the card, as sentences."""
    said = happened.said
    if said.wipe:
        yield "Every message is taken out of the chat."
    elif happened.own:
        yield "The message is taken out of the chat."
    if said.toast:
        yield f"Over the chat, for a moment: {marked(said.toast)}"
    if said.heard is not None:
        yield "A recording of this card is sent below it."


def deed(happened: Happened) -> str:
    """What the person did, as a sentence."""
    match happened.did.deed:
        case Deed.TYPED | Deed.TAPPED:
            return f"She {happened.did.deed}: {marked(happened.did.words)}"
        case Deed.SENT:
            return "She sends something that is not words."
        case Deed.BLOCKED:
            return "She blocks the bot."


def unread(consultation: Consultation, language: str) -> str:
    """What no native speaker has signed of what is said in a language; empty where everything is."""
    missing = [] if holds(consultation, language) else ["its questions"]
    missing += [] if signed.holds(language, DOMAIN) else ["the bot's own words"]
    return f"not reviewed: {' and '.join(missing)}" if missing else ""


def named(consultation: Consultation, language: str) -> str:
    """A language by its own name, and whether it was reviewed."""
    said = unread(consultation, language)
    return f"{marked(autonym(language))} ({language}{', ' + said if said else ''})"

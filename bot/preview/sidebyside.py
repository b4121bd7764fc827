"""Every card of a consultation in all its languages side by side, for whoever reads translations.

Cards are the bot's own. To show all of them, the consultation is laid open: no rule hides a question or a choice, and a
text that is missing in a language is a mark that nobody takes for a translation. What is too long is measured on the
card as it stands, by the linter's own measures.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from bot.participant import keeping, render, texts
from bot.participant.render import MESSAGE_UNITS, Card, units
from bot.preview import plain
from flows.card import drawn
from flows.checks.effort import MAX_BUTTON, MAX_WORDS, width, words
from flows.events import Control
from flows.findings import Path
from flows.model import PURPOSES, Consultation
from flows.screens import Notice
from flows.session import Session, State
from flows.texts import texts as texts_of
from locales.catalog import autonym, catalogue, direction
from storage.receipts import from_seed

MISSING: Final = "⟦not translated⟧"
_MARK: Final = re.compile(r"✓ |\w+\. ")
"""A tick or a place in an order: such a button has its row alone."""
_RECEIPT: Final = from_seed(b"a number that belongs to nobody")


@dataclass(frozen=True, slots=True)
class Cell:
    """One card in one language, and what is wrong with it there."""

    language: str
    card: Card
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One card in all languages; `note` says when it is shown, where a rule decides it."""

    name: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A language, how it is written, and what of it nobody has signed."""

    language: str
    name: str
    direction: str
    unreviewed: str


def columns(consultation: Consultation) -> tuple[Column, ...]:
    """The languages in their order."""
    return tuple(
        Column(one, autonym(one), direction(one), plain.unread(consultation, one)) for one in consultation.languages
    )


def rows(consultation: Consultation) -> Iterator[Row]:
    """Every card, in the order in which people meet it; what can come at any time follows, and the endings last."""
    opened = laid_open(consultation)
    for name, note, session in _stations(consultation):
        yield _row(consultation, name, note, partial(_card, opened, session))
    for name, made in _LINES:
        yield _row(consultation, name, "", made)


def _row(consultation: Consultation, name: str, note: str, made: Callable[[str], Card]) -> Row:
    cards = ((language, made(language)) for language in consultation.languages)
    return Row(name, note, tuple(Cell(language, card, tuple(_flaws(card))) for language, card in cards))


def _card(opened: Consultation, session: Session, language: str) -> Card:
    return render.card(opened, drawn(opened, replace(session, language=language)), rehearsal=False)


def laid_open(consultation: Consultation) -> Consultation:
    """The consultation without rules that hide something, and with a mark wherever a text is missing."""
    tree = consultation.model_dump(mode="json")
    for path, text in texts_of(consultation):
        held = _at(tree, path)
        held |= {language: held.get(language, MISSING) for language in consultation.languages if language not in text}
    for section in tree["sections"]:
        for hiding in (section, *section["items"]):
            hiding |= {rule: None for rule in ("relevant", "choice_filter") if rule in hiding}
    return Consultation.model_validate(tree)


def _at(tree: Any, path: Path) -> dict[str, str]:  # noqa: ANN401 - JSON
    for part in path:
        tree = tree[part]
    found: dict[str, str] = tree
    return found


def _stations(consultation: Consultation) -> Iterator[tuple[str, str, Session]]:
    """Name, note and place of every card that a conversation can stand at."""
    yield "Is it safe now?", "", Session(State.SAFE)
    yield "Age", "", Session(State.AGE)
    for place in range(len(consultation.consent.about)):
        yield f"Who asks and why, {place + 1}", "", Session(State.ABOUT, place=place)
    for place in range(len(texts.CHECKS)):
        yield f"Understood? {place + 1}", "", Session(State.CHECK, place=place)
    for place, purpose in enumerate(PURPOSES):
        yield f"Consent: {purpose.value.replace('_', ' ')}", "", Session(State.CONSENT, place=place)
    yield from _items(consultation)
    yield "Before sending", "", Session(State.REVIEW, spent=1)
    yield "Paused", "at any time", Session(State.PAUSED, spent=1, back_to=State.ASKING)
    yield "Stop?", "at any time", Session(State.STOPPING, spent=1, back_to=State.ASKING)
    yield "Support", "at any time", Session(State.SUPPORT, back_to=State.AGE)
    if len(consultation.regions) > 1:
        yield "Support in a region", "at any time", Session(State.SUPPORT, back_to=State.AGE, region=0)
    yield "Answer or command?", "where a word can mean both", _ASKED_BACK


_ASKED_BACK: Final = Session(State.COMMAND, spent=1, back_to=State.ASKING, asked=Control.PAUSE, word="…")


def _items(consultation: Consultation) -> Iterator[tuple[str, str, Session]]:
    place = 0
    for section in consultation.sections:
        when = f"only if {section.relevant}" if section.relevant else ""
        if section.content_note is not None:
            yield f"Content note: {section.id}", when, Session(State.CONTENT_NOTE, place=place, spent=1)
        for item in section.items:
            own = f"only if {item.relevant}" if item.relevant else ""
            yield item.id, " and ".join(filter(None, (when, own))), Session(State.ASKING, place=place, spent=1)
            place += 1


def _notice(language: str, notice: Notice) -> Card:
    said = catalogue(language, texts.DOMAIN)
    return render.page(said, ((render.say(said, texts.NOTICES[notice]), "italic"),))


_LINES: Final = (
    ("Sent, with an invented receipt", lambda tag: keeping.receipt_card(keeping.Kept(_RECEIPT, tag))),
    ("After the receipt", lambda tag: render.line(texts.RECEIPT_KEPT, (tag,), Control.HIDE)),
    *((f"Ended: {state.value.replace('_', ' ')}", lambda tag, at=state: render.ending(at, (tag,), ()))
      for state in texts.ENDINGS),
    ("The chat was emptied", lambda tag: render.line(texts.WIPED, (tag,))),
    *((f"Above a card: {one.value.replace('_', ' ')}", lambda tag, why=one: _notice(tag, why)) for one in Notice),
)  # fmt: skip


def _flaws(card: Card) -> Iterator[str]:
    labels = [label for row in card.rows for label, _ in row]
    if MISSING in card.text or MISSING in labels:
        yield "not translated"
    if (count := words(card.text)) > MAX_WORDS:
        yield f"{count} words; a screen is read up to {MAX_WORDS}"
    if (length := units(card.text)) > MESSAGE_UNITS:
        yield f"{length} characters as Telegram counts; a message has {MESSAGE_UNITS}"
    for label in labels:
        if (visible := width(_MARK.sub("", label))) > MAX_BUTTON:
            yield f"a button of {visible} characters; phones cut after {MAX_BUTTON}"

"""Q5: what a consultation asks of people's time, eyes and thumbs."""

import re
import unicodedata
from collections.abc import Iterator
from math import ceil

from flows.checks.texts import MAX_UNITS
from flows.checks.walk import Flaw, items, options, questions
from flows.findings import Path
from flows.model import PURPOSES, Consultation, Item, Note, Scale, Texts
from flows.texts import texts

MAX_QUESTIONS = 15
MAX_MINUTES = 12
MAX_BUTTON = 24
MAX_WORDS = 120

READ_PER_MINUTE = 180
"""Words: three quarters of the 238 that adults read silently (Brysbaert 2019), for phones and second languages."""

SECONDS = {"single": 8, "vote": 8, "scale": 8, "number": 8, "multiple": 15, "ranking": 20, "text": 45, "note": 2}
"""What an answer takes beside reading: our estimate, to be replaced by what rounds measure."""

_CONSENT = 3
"""Seconds for a yes or no to each purpose."""

_SOLID = re.compile("[\u1000-\u109f\uaa60-\uaa7f\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_SYLLABLE = re.compile("[\u1000-\u102a\u103f\u104c-\u104f](?!\u1037?\u103a|\u1039)")
_HAN_A_WORD = 1.5
_SYLLABLES_A_WORD = 2


def pace(consultation: Consultation) -> Iterator[Flaw]:
    """Few questions and little time, unless the file says why it has to be more."""
    if consultation.why_longer is not None:
        return
    override = "Leave out what no decision depends on, or say in 'why_longer' why it has to be that long."
    count = sum(1 for _ in questions(consultation))
    if count > MAX_QUESTIONS:
        yield Flaw(("sections",), f"{count} questions; people tire after {MAX_QUESTIONS}.", override)
    slowest = max(consultation.languages, key=lambda language: minutes(consultation, language))
    most = minutes(consultation, slowest)
    if most > MAX_MINUTES:
        message = f"About {ceil(most)} minutes in '{slowest}'; people tire after {MAX_MINUTES}."
        yield Flaw(("sections",), message, override)


def screens(consultation: Consultation) -> Iterator[Flaw]:
    """A screen is read up to 120 words; a question and its hint are one screen."""
    for path, text in texts(consultation):
        yield from _long(path, text.root)
    for path, item in questions(consultation):
        yield from _long((*path, "text"), {language: _card(item, language) for language in item.text})


def cards(consultation: Consultation) -> Iterator[Flaw]:
    """A question with everything that stands on its card fits into one message of Telegram."""
    for path, item in questions(consultation):
        for language in item.text:
            units = len(_card(item, language).encode("utf-16-le")) // 2
            if units > MAX_UNITS:
                message = f"{units} characters together with the hint, as Telegram counts; a card has {MAX_UNITS}."
                yield Flaw((*path, "text", language), message, "Shorten the question or its hint.")


def buttons(consultation: Consultation) -> Iterator[Flaw]:
    """Words on buttons are at most 24 visible characters long, so that no phone cuts them."""
    labels = [((*path, *below, "text"), option.text) for path, _, item in items(consultation)
              for below, option in options(item)]  # fmt: skip
    labels += [(("regions", number, "text"), region.text) for number, region in enumerate(consultation.regions)]
    for path, text in labels:
        for language, label in text.root.items():
            if width(label) > MAX_BUTTON:
                message = f"{width(label)} characters on a button; phones cut after {MAX_BUTTON}."
                yield Flaw((*path, language), message, "Shorten it; explain in 'hint'.")


def minutes(consultation: Consultation, language: str) -> float:
    """How long the longest way takes somebody who reads slowly: our estimate."""
    consent = (*consultation.consent.about, *(consultation.consent.ask(purpose) for purpose in PURPOSES))
    notes = (section.content_note for section in consultation.sections)
    read = sum(words(_in(text, language)) for text in (*consent, *notes) if text is not None)
    for _, _, item in items(consultation):
        read += words(_card(item, language)) + sum(words(_in(option.text, language)) for _, option in options(item))
    answering = sum(SECONDS[item.kind] for _, _, item in items(consultation)) + _CONSENT * len(PURPOSES)
    return read / READ_PER_MINUTE + answering / 60


def words(text: str) -> int:
    """Words as a reader meets them, also where none are parted.

    Chinese has about 1.5 characters a word (corpus averages lie between 1.4 and 1.7), Burmese about two syllables.
    """
    parted = sum(any(map(str.isalnum, part)) for part in _SOLID.sub(" ", text).split())
    return parted + ceil(len(_HAN.findall(text)) / _HAN_A_WORD) + ceil(len(_SYLLABLE.findall(text)) / _SYLLABLES_A_WORD)


def width(label: str) -> int:
    """Visible characters: marks that sit on another character do not count."""
    return sum(unicodedata.category(sign) not in {"Mn", "Me", "Cf"} for sign in label)


def _long(path: Path, by_language: dict[str, str]) -> Iterator[Flaw]:
    for language, text in by_language.items():
        count = words(text)
        if count > MAX_WORDS:
            message = f"{count} words; a screen is read up to {MAX_WORDS}."
            yield Flaw((*path, language), message, "Shorten it, or make it two.")


def _in(text: Texts, language: str) -> str:
    return text.root.get(language, "")


def _card(item: Item, language: str) -> str:
    """Everything of an item that stands on its card, without the buttons."""
    parts = [item.text] if isinstance(item, Note) else [part for part in (item.text, item.hint) if part is not None]
    if isinstance(item, Scale):
        parts += [item.low_text, item.high_text]
    return "\n".join(_in(part, language) for part in parts)

"""Texts and sizes: every language complete, cards that a phone can show, numbers that the byte formats hold."""

import unicodedata
from collections.abc import Iterator

from flows.checks.walk import Flaw, items, options
from flows.model import Consultation, Number
from flows.records import capacity
from flows.rules import choices_of
from flows.texts import texts

MAX_ITEMS = 255
MAX_CHOICES = 100
MAX_LANGUAGES = 32
MAX_SCREENS = 20
MAX_CHUNKS = 1024
"""Chunks of a response (256 KiB): every response of a round has the size of the longest path."""

MAX_UNITS = 3000
"""UTF-16 units of a text; Telegram takes 4096 for a whole card, and the card needs room for the rest."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_USEFUL = frozenset("\n\u200c\u200d")
"""Line ends, and the joiners that several scripts are written with."""


def languages(consultation: Consultation) -> Iterator[Flaw]:
    """Every language stands once, and reviews belong to languages that are offered."""
    for number, language in enumerate(consultation.languages):
        if language in consultation.languages[:number]:
            yield Flaw(("languages", number), f"'{language}' stands here twice.", "Remove one.")
    for language in consultation.reviews:
        if language not in consultation.languages:
            message = f"'{language}' is not among the languages offered."
            yield Flaw(("reviews", language), message, "Add it to 'languages', or remove the review.")


def complete(consultation: Consultation) -> Iterator[Flaw]:
    """Every text exists in every language: nobody meets a card she cannot read."""
    for path, text in texts(consultation):
        missing = [language for language in consultation.languages if language not in text]
        if missing:
            remedy = "Add " + ", ".join(f"'{language}: …'" for language in missing) + "."
            yield Flaw(path, "This text is missing in: " + ", ".join(missing) + ".", remedy)


def strays(consultation: Consultation) -> Iterator[Flaw]:
    """No text in a language that is not offered."""
    for path, text in texts(consultation):
        for language in sorted(set(text) - set(consultation.languages)):
            message = f"'{language}' is not among the languages offered, nobody will read this."
            yield Flaw((*path, language), message, "Add it to 'languages', or remove the text.")


def visible(consultation: Consultation) -> Iterator[Flaw]:
    """Nothing invisible in a text: control characters and direction overrides can turn its meaning round."""
    for path, text in texts(consultation):
        for language, words in text.root.items():
            hidden = hidden_signs(words)
            if hidden:
                message = f"This text holds an invisible character (U+{ord(hidden[0]):04X})."
                yield Flaw((*path, language), message, "Type the text again without it; direction is set by the bot.")


def hidden_signs(text: str) -> str:
    """The characters of a text that nobody sees and that it is not written with."""
    return "".join(sign for sign in text if unicodedata.category(sign) in _HIDDEN and sign not in _USEFUL)


def bounds(consultation: Consultation) -> Iterator[Flaw]:
    """Numbers that the sealed format and a phone's screen can hold."""
    for what, count, most in (
        ("sections", len(consultation.sections), MAX_ITEMS),
        ("sections", len(consultation.items), MAX_ITEMS),
        ("languages", len(consultation.languages), MAX_LANGUAGES),
        ("consent", len(consultation.consent.about), MAX_SCREENS),
        ("sections", capacity(consultation), MAX_CHUNKS),
    ):
        if count > most:
            yield Flaw((what,), f"This is too large to be sealed and shown ({count}, at most {most}).", "Shorten it.")
    for path, _, item in items(consultation):
        if len(choices_of(item)) > MAX_CHOICES:
            message = f"'{item.id}' has {len(choices_of(item))} choices; at most {MAX_CHOICES} can be shown and sealed."
            yield Flaw((*path, "choices"), message, "Group them, or ask in two steps with 'choice_filter'.")
        if isinstance(item, Number) and len(item.bands) > MAX_CHOICES:
            yield Flaw((*path, "bands"), f"At most {MAX_CHOICES} bands.", "Make them wider.")


def fits(consultation: Consultation) -> Iterator[Flaw]:
    """Every text fits on a card of Telegram."""
    for path, text in texts(consultation):
        for language, words in text.root.items():
            units = len(words.encode("utf-16-le")) // 2
            if units > MAX_UNITS:
                message = f"{units} characters as Telegram counts them; a card has room for {MAX_UNITS}."
                yield Flaw((*path, language), message, "Shorten it, or make it two.")


def distinct(consultation: Consultation) -> Iterator[Flaw]:
    """No two buttons of a question read the same."""
    for path, _, item in items(consultation):
        seen: set[tuple[str, str]] = set()
        for below, option in options(item):
            for language, words in option.text.root.items():
                if (language, words.casefold()) in seen:
                    message = "Another choice of this question reads exactly the same."
                    yield Flaw((*path, *below, "text", language), message, "Word them differently.")
                seen.add((language, words.casefold()))

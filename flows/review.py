"""A native speaker's signature under the texts of one language, and whether it still holds.

A signature names a person, a day, and a hash over everything that was read: each text with its name, its source and its
translation. Whatever is changed afterwards, be it one letter of a translation or of what it was made from, has not been
read, and the hash says so. It keeps careful people from opening a language that nobody has read as it stands. It is no
proof against somebody who wants to deceive: whoever can write the file can work the hash out anew.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from flows.model import Consultation, Review, canonical
from flows.texts import named

_LABEL = "sauti-review-1"


class Read(NamedTuple):
    """One text as its reader had it before her."""

    context: str
    """Its name in a consultation; in a catalogue, the context that tells equal sources apart."""
    source: tuple[str, ...]
    """What was to be translated: one text, or a singular and a plural."""
    said: tuple[str, ...]
    """The translation: one text, or a form for each number that the language tells apart."""


class Signature(NamedTuple):
    """Who has read a language as a native speaker, and when (ISO date)."""

    language: str
    by: str
    date: str


def digest(of: str, signature: Signature, read: Iterable[Read]) -> str:
    """SHA-256 in hex over signature and texts; `of` says of what they are. Their order does not count."""
    told = sorted(read)
    return hashlib.sha256(canonical([_LABEL, of, *signature, told])).hexdigest()


def read_in(consultation: Consultation, language: str) -> tuple[Read, ...]:
    """What a reader of this language has before her; empty where a text is missing."""
    source = consultation.languages[0]
    return tuple(
        Read(name, (text.root.get(source, ""),), (text.root.get(language, ""),))
        for name, _, text in named(consultation)
    )


def signed(consultation: Consultation, signature: Signature) -> Review:
    """The review of a language, once this person has signed it as it stands."""
    return Review(reviewed=True, by=signature.by, date=signature.date, texts=_of(consultation, signature))


def holds(consultation: Consultation, language: str) -> bool:
    """Whether a named person has signed this language exactly as it stands."""
    review = consultation.reviews.get(language)
    if review is None or not review.reviewed or not (review.by or "").strip() or not review.date:
        return False
    return review.texts == _of(consultation, Signature(language, str(review.by), review.date))


def _of(consultation: Consultation, signature: Signature) -> str:
    return digest(f"consultation {consultation.id}", signature, read_in(consultation, signature.language))

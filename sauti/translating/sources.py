"""One way to ask a consultation and a catalogue for their texts, and to put texts and signatures back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from flows.findings import ConsultationError, Finding, Severity
from flows.messages.standing import SignedBy
from flows.messages.units import Unit
from flows.review import Signature

Texts = Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]
"""Translations by context and source."""


class Source(Protocol):
    """Something that is said in several languages."""

    of: str
    """What it is, as a translator's file names it: `consultation ID` or `catalogue DOMAIN`."""
    file: str
    """What findings call it."""
    source: str
    """The language that the others are translated from."""
    languages: tuple[str, ...]
    directed: bool
    """Whether its texts may hold marks of direction."""

    def units(self, language: str) -> tuple[Unit, ...]:
        """Every text, in one language."""

    def plural(self, language: str) -> str:
        """How a PO file says that the language tells numbers apart; empty where no text changes with a number."""

    def signed(self, language: str) -> SignedBy | None:
        """Who has signed a language; None where it is a draft."""

    def put(self, language: str, texts: Texts, out: Path | None) -> Path:
        """Writes these translations, and returns where to."""

    def sign(self, signature: Signature, out: Path | None) -> Path:
        """Writes a signature under a language as it stands, and returns where to."""

    def judged(self, language: str, texts: Texts) -> tuple[tuple[str, Finding], ...]:
        """What the rules for a whole consultation say of these translations, by the context of the text."""


def refused(file: str, code: str, message: str, remedy: str) -> ConsultationError:
    """One reason why nothing was done."""
    return ConsultationError((Finding(Severity.ERROR, code, 0, 0, "", message, remedy, file),))

"""A translator's file as it came back, whatever it was written in: entries, each with its place, and what it is for."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from flows.findings import ConsultationError, Finding, Severity
from flows.messages.units import Unit
from flows.model import canonical


class Entry(NamedTuple):
    """What a file says of one text, and where. `source` and `said` as in a unit."""

    context: str
    source: tuple[str, ...]
    said: tuple[str, ...]
    unsure: bool
    line: int
    column: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A whole file."""

    file: str
    of: str
    """What it is a translation of, as `consultation ID` or `catalogue DOMAIN`; empty where it does not say."""
    language: str
    version: str
    """Hash over what was to be translated when the file was made."""
    entries: tuple[Entry, ...]
    plural: str = ""
    """Of a PO file: how it says that its language tells numbers apart."""

    def finding(self, severity: Severity, code: str, message: str, remedy: str, at: Entry | None = None) -> Finding:
        """A finding about an entry, or about the file as a whole."""
        if at is None:
            return Finding(severity, code, 0, 0, "", message, remedy, self.file)
        return Finding(severity, code, at.line, at.column, at.context, message, remedy, self.file, at.sheet)


def version(units: Iterable[Unit]) -> str:
    """Hash over names and sources: a file with another one was made from other texts. Their order does not count."""
    told = sorted([unit.context, *unit.source] for unit in units)
    return hashlib.sha256(canonical(told)).hexdigest()[:16]


def unreadable(file: str, code: str, message: str, remedy: str, line: int = 0) -> ConsultationError:
    """Why a file is not taken at all."""
    return ConsultationError((Finding(Severity.ERROR, code, line, 1 if line else 0, "", message, remedy, file),))

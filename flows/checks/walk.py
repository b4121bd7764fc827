"""Ways through a consultation that several rules share."""

from collections.abc import Iterator
from typing import NamedTuple

from flows.findings import Path
from flows.model import Band, Choice, Consultation, Item, Note, Number, Question, Section
from flows.rules import choices_of


class Flaw(NamedTuple):
    """One thing that breaks a rule: where, why, and how to mend it."""

    path: Path
    message: str
    remedy: str


class Placed(NamedTuple):
    """An item, its position in the consultation and its path in the file."""

    path: Path
    position: int
    item: Item


def items(consultation: Consultation) -> Iterator[Placed]:
    """All items in order."""
    position = 0
    for number, section in enumerate(consultation.sections):
        for place, item in enumerate(section.items):
            yield Placed(("sections", number, "items", place), position, item)
            position += 1


def questions(consultation: Consultation) -> Iterator[tuple[Path, Question]]:
    """All items that can be answered."""
    for path, _, item in items(consultation):
        if not isinstance(item, Note):
            yield path, item


def sections(consultation: Consultation) -> Iterator[tuple[Path, Section]]:
    """All sections in order."""
    for number, section in enumerate(consultation.sections):
        yield ("sections", number), section


def options(item: Item) -> Iterator[tuple[Path, Choice | Band]]:
    """What can be picked, with the path below the item."""
    if isinstance(item, Number):
        for number, band in enumerate(item.bands):
            yield ("bands", number), band
    for number, choice in enumerate(choices_of(item)):
        yield ("choices", number), choice

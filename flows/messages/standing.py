"""How far each language is: how many texts are there, how many are missing, who has signed them."""

from collections.abc import Iterable
from typing import Literal

from flows.aloud import Frozen
from flows.messages.units import Unit


class SignedBy(Frozen):
    """A native speaker's signature under a language."""

    by: str
    date: str
    """ISO date; empty where none is named."""
    texts: str
    """The hash that was signed, in hex; empty where there is none."""
    holds: bool
    """Whether the texts are still those that were signed. No live round opens in a language where it does not hold."""


class Standing(Frozen):
    """One language."""

    language: str
    texts: int
    translated: int
    """Texts that people can read: translated, and sure."""
    unsure: int
    """Texts that somebody has to look at again; fuzzy, as PO calls it."""
    missing: int
    too_long: int
    """Of those that are translated: texts that take more room than there is."""
    signed: SignedBy | None


class TranslationsFile(Frozen):
    """What `sauti messages status` knows of a consultation or a catalogue, for other programs."""

    format: Literal["sauti-translations"]
    version: Literal[1]
    of: str
    """`consultation ID` or `catalogue DOMAIN`."""
    source: str
    """The language that the others are translated from."""
    languages: tuple[Standing, ...]


def standing(language: str, units: Iterable[Unit], signed: SignedBy | None) -> Standing:
    """How far a language is."""
    every = tuple(units)
    missing = sum(unit.missing for unit in every)
    unsure = sum(unit.unsure and not unit.missing for unit in every)
    return Standing(
        language=language,
        texts=len(every),
        translated=len(every) - missing - unsure,
        unsure=unsure,
        missing=missing,
        too_long=sum(unit.too_long for unit in every),
        signed=signed,
    )


def table(file: TranslationsFile) -> str:
    """The same for people, one line for each language."""
    rows: list[tuple[str, ...]] = [("language", "texts", "translated", "unsure", "missing", "too long", "signed")]
    rows += [
        (
            f"{one.language}*" if one.language == file.source else one.language,
            *map(str, (one.texts, one.translated, one.unsure, one.missing, one.too_long)),
            _signed(one.signed),
        )
        for one in file.languages
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place in {0, len(row) - 1} else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join((*lines, "* the language that the others are translated from"))


def _signed(signed: SignedBy | None) -> str:
    if signed is None:
        return "nobody"
    day = f" on {signed.date}" if signed.date else ""
    return f"{signed.by}{day}, {signed.texts[:8]}" if signed.holds else f"no longer holds ({signed.by}{day})"

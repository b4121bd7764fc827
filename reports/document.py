"""A document as values: what stands on the page, in order, before anyone decides how a page looks."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and the language they are in, which need not be the document's."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` where it must not be overlooked."""

    text: Phrase
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points of equal weight."""

    items: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what they are here."""

    pairs: tuple[tuple[Phrase, Phrase], ...]


class Bar(StrEnum):
    """What a bar stands for."""

    FIGURE = "figure"
    BOUND = "bound"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: a label, figures as displayed, and the bar's width in per cent of the group."""

    label: Phrase
    figure: str
    share: str
    width: int = 0
    bar: Bar = Bar.FIGURE
    aside: bool = False
    """Not an answer to the question: those who gave none."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a bar beside each figure, drawn from the displayed figure and nothing else."""

    caption: str
    label_head: str
    figure_head: str
    share_head: str | None
    """None where no share may be given."""
    rows: tuple[Row, ...]


Block = Paragraph | Bullets | Facts | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; level 2 or 3."""

    heading: Phrase
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language."""

    language: str
    direction: str
    title: Phrase
    subtitle: str
    marks: tuple[str, ...]
    """Said at the top and at the end: that it is a draft, that it is a rehearsal."""
    stamp: str
    """The marks in a few words, for every page."""
    sections: tuple[Section, ...]

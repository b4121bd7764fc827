"""A document as values: what stands on the page, in order, before anyone decides how a page looks.

Every drawing is made of the figures in its own row and holds no letter and no number, so that there is nothing in it
to read but lengths that the row already tells; each renderer draws the same strokes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from unicodedata import bidirectional

NO_LANGUAGE = "zxx"
"""ISO 639-2 for what is in no language: numbers of files, hashes."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and the language they are in, which need not be the document's."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` where it must not be overlooked, `number` where paragraphs are numbered."""

    text: Phrase
    strong: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points of equal weight."""

    items: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what they are here."""

    pairs: tuple[tuple[Phrase, Phrase], ...]


class Ink(StrEnum):
    """What a stroke stands for; each ink differs from its neighbours in lightness or outline, not in colour alone."""

    FIGURE = "figure"
    ROUNDING = "rounding"
    """Where rounding leaves it open how long the bar is."""
    BOUND = "bound"
    """As much or more."""
    HIDDEN = "hidden"
    """A withheld figure lies somewhere in here."""
    ASIDE = "aside"
    AGAINST_MOST = "against-most"
    AGAINST = "against"
    NEUTRAL = "neutral"
    TOWARDS = "towards"
    TOWARDS_MOST = "towards-most"


FULL = 1000
"""A drawing is so many units wide, and as many high where it has a height."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of a bar, in thousandths of the drawing's width."""

    start: int
    end: int
    ink: Ink


@dataclass(frozen=True, slots=True)
class Slope:
    """A line from round to round, the earliest first."""

    shares: tuple[int | None, ...]
    """In thousandths; None where a round gives none, which breaks the line."""


class Drawn(StrEnum):
    """What kind of drawing stands at the end of each row."""

    NOTHING = "nothing"
    BARS = "bars"
    DIVERGING = "diverging"
    SLOPES = "slopes"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: a label, cells as displayed, and the drawing made of them."""

    label: Phrase
    cells: tuple[str, ...]
    drawing: tuple[Stroke, ...] = ()
    slope: Slope | None = None
    aside: bool = False
    """Not an answer to the question: those who gave none."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the drawing beside each row of it, made of displayed figures and nothing else."""

    caption: str
    heads: tuple[Phrase, ...]
    """The first stands over the labels; one more for each cell of a row."""
    rows: tuple[Row, ...]
    drawn: Drawn = Drawn.NOTHING


@dataclass(frozen=True, slots=True)
class Callout:
    """Something that must be read before the rest is used."""

    items: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """What one named body is asked to do, and by which day."""

    to: Phrase
    what: Phrase
    """A sentence that begins with its verb."""
    by: str


@dataclass(frozen=True, slots=True)
class Asks:
    """What is asked of whom. `heads`: to whom, what, until when."""

    heads: tuple[str, str, str]
    items: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """Words of participants who allowed it, each with an attribution that fits many.

    Nothing fills this yet: quotes come from the reading room, with the signatures of two readers.
    """

    items: tuple[tuple[Phrase, str], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Small print: how to read what stands above."""

    items: tuple[Phrase, ...]


Block = Paragraph | Bullets | Facts | Table | Callout | Asks | Quotes | Notes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; level 2, 3 or 4."""

    heading: Phrase
    blocks: tuple[Block, ...]
    level: int = 2


class Display(StrEnum):
    """Why a field of a data file is filled or empty."""

    ROUNDED = "rounded5"
    SMALL = "withheld_small"
    WITHHELD = "withheld"
    AT_LEAST = "at_least"
    IMPOSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Datum:
    """One figure for machines: what it is about in codes and words, and its value where it may be shown."""

    table: str
    question: str
    by: str
    group: str
    code: str
    answer: str
    count: int | None
    percent: int | None
    display: Display


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a document may be. None: no limit of that kind."""

    words: int | None = None
    pages: int | None = None
    """Before the annex, on A4."""


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
    """The marks in a few words, for every page; empty on what was released."""
    sections: tuple[Section, ...]
    annex: tuple[Section, ...] = ()
    """Begins on a page of its own and is not counted in the length."""
    number: str | None = None
    """Number in the release ledger; None for what was not released."""
    data: tuple[Datum, ...] = ()
    limit: Limit = Limit()
    release: str = ""
    """The same as pages say it; empty on what was not released."""
    page: str = "{page} / {pages}"
    """How a page says which it is."""
    digits: str = "0123456789"
    """The language's digits, nought first."""

    @property
    def parts(self) -> tuple[Section, ...]:
        """All sections, the annex last."""
        return (*self.sections, *self.annex)


def listed(phrase: Phrase) -> tuple[tuple[str, bool], ...]:
    """The names or figures that a phrase puts side by side, each with its point, and whether a line may break within.

    A name is not parted from its figure, nor are the letters of a name in a script that puts no space between words.
    """
    return tuple((part, len(part) > _NAME) for part in _BETWEEN.split(phrase.text))


def side_by_side(parts: Iterable[str], direction: str) -> str:
    """Names, figures or marks in one line of that direction, in an order that no letter in them can turn around."""
    return _POINTS[direction].join(isolated(part, direction) for part in parts)


def isolated(text: str, direction: str) -> str:
    """`text` within a line of that direction: kept apart where all of its letters read in the other one."""
    outside, own = text, "R" if direction == "rtl" else "L"
    while (less := _ISOLATED.sub("", outside)) != outside:
        outside = less
    strong = _strong(outside)
    return f"\u2068{text}\u2069" if strong and own not in strong else text


def run_on(*said: str) -> str:
    """Sentences one after the other; after a stop as wide as a letter, as Chinese has it, there is no space."""
    out = ""
    for each in filter(None, said):
        out += each if not out or out.rstrip(_ISOLATES)[-1:] in _WIDE_STOPS else f" {each}"
    return out


def explained(term: str, value: str = "") -> str:
    """A term and what it is, on one line: a colon stands between them, but none after a sentence or a question."""
    if term.rstrip(_ISOLATES)[-1:] in _STOPS:
        return run_on(term, value)
    return f"{term}: {value}".rstrip()


_STOPS = ".?!…؟۔။።፧。？！"  # noqa: RUF001 - the stops of all languages
_WIDE_STOPS = "。？！"  # noqa: RUF001 - the stops of Chinese
_ISOLATES = "\u2068\u2069"
ISOLATE = re.compile("[\u2066-\u2069]")
"""A sign that keeps what it stands around apart from what reads in the other direction."""
_ISOLATED = re.compile("[\u2067\u2068]([^\u2067-\u2069]*)\u2069")


def without_isolates(text: str, *, rtl: bool) -> str:
    """`text` without the isolates around what reads in its own direction anyway: older word processors draw them."""

    def bare(found: re.Match[str]) -> str:
        return found.group(1) if _strong(found.group(1)) <= {"R" if rtl else "L"} else found.group(0)

    # What stood around isolates may need its own no longer, once those are gone.
    while (less := _ISOLATED.sub(bare, text)) != text:
        text = less
    return text


def _strong(text: str) -> set[str]:
    """The directions of the letters in `text`."""
    return {"R" if kind in {"R", "AL"} else "L" for kind in map(bidirectional, text) if kind in {"L", "R", "AL"}}


_POINTS = {"ltr": " · ", "rtl": "؛ "}
"""Direction → what stands between things side by side. The nought of Arabic-Indic and Persian digits is itself a dot at
the height of the point: beside a figure it would be read as one more digit. CLDR's sign for lists is the semicolon."""
_BETWEEN = re.compile("(?<= ·) |(?<=؛) ")
_NAME = 40
"""Letters that still fit on a line beside a term."""
_SHORT = 300
"""Letters of a paragraph that may move to another page for the sake of the table after it."""


def leads(blocks: Sequence[Block], place: int) -> bool:
    """Whether a paragraph is a question, or the sentence over a table or facts, and stands on the page of these."""
    block, after = blocks[place], [type(each) for each in blocks[place + 1 : place + 3]]
    short = isinstance(block, Paragraph) and len(block.text.text) < _SHORT
    return short and (after[:1] in ([Table], [Facts]) or after == [Paragraph, Table])


def stepped(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections, their headings one step below what they stand under, as a reader's list of headings must."""
    above, out = list[int](), []
    for section in sections:
        if section.heading.text:
            while above and above[-1] >= section.level:
                above.pop()
            above.append(section.level)
        out.append(replace(section, level=1 + len(above)) if section.heading.text else section)
    return tuple(out)


def phrases(sections: tuple[Section, ...]) -> Iterator[str]:
    """Every text that a reader of these sections reads, in order; a table by its cells."""
    for section in sections:
        yield section.heading.text
        for block in section.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield text.text
        case Bullets(items) | Callout(items) | Notes(items):
            yield from (item.text for item in items)
        case Facts(pairs):
            yield from (side.text for pair in pairs for side in pair)
        case Quotes(items):
            yield from (side for words, who in items for side in (words.text, who))
        case Asks(heads, items):
            yield from heads
            yield from (side for ask in items for side in (ask.to.text, ask.what.text, ask.by))
        case Table():
            yield block.caption
            yield from (head.text for head in block.heads)
            yield from (side for row in block.rows for side in (row.label.text, *row.cells))
        case _:
            assert_never(block)

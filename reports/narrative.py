"""What staff write around the figures: one Markdown file for each product and language, read precisely or refused.

At its head, between two lines of `---`, stand the facts that no table knows: how people were invited, who is missing,
what is asked of whom. Below it, headings, paragraphs and lists; nothing that could carry a picture, a link, a table or
code. Docs: `docs/formats/narrative.md`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import Field, StringConstraints

from flows import plain_yaml
from flows.findings import ConsultationError, Finding, Severity
from flows.model import Frozen, LanguageTag, Slug
from flows.shape import shaped
from reports import prose
from reports.document import Block, Bullets, Paragraph, Phrase, Section
from reports.prose import Piece
from reports.references import REFUSALS, ReferenceRefused, References

Said = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class ProductName(StrEnum):
    """What can be written from a candidate or a release."""

    SUMMARY = "summary"
    PBC = "pbc"
    REFORM = "reform"
    UPR = "upr"
    WARNING = "warning"
    COMMUNITY = "community"
    DATA = "data"


class Process(StrEnum):
    """The reform processes that a note can be written for."""

    UN80 = "un80"
    PEACEBUILDING_REVIEW = "pbar"
    HUMANITARIAN_RESET = "reset"
    PEACE_OPERATIONS = "peace-operations"


class AskFile(Frozen):
    """What one named body is asked to do."""

    to: Said
    verb: Said
    what: Said
    by: dt.date


class Head(Frozen):
    """The facts at the head of a narrative."""

    format: Literal["sauti-narrative"]
    version: Literal[1]
    product: ProductName
    language: LanguageTag
    title: Said | None = None
    to: Said | None = None
    """The body that the document is written to."""
    day: dt.date | None = None
    process: Process | None = None
    joint: bool = False
    """Submitted by several organisations together."""
    figures: tuple[Slug, ...] = Field(default=(), max_length=8)
    """Questions whose tables stand in the body; all others stand in the annex or in the data file."""
    asks: tuple[AskFile, ...] = Field(default=(), max_length=7)
    recruitment: Said | None = None
    missing: Said | None = None
    not_asked: Said | None = None
    safety: Said | None = None


@dataclass(frozen=True, slots=True)
class Narrative:
    """A narrative whose references are filled in and in which nothing was found."""

    head: Head
    sections: tuple[Section, ...]
    """Text above the first heading stands in a section without one."""


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    piece: Piece
    level: int = 2


def read_narrative(data: bytes, name: str) -> tuple[Head, tuple[_Part, ...]]:
    """The head and the parts of the body, references not filled in. Raises ConsultationError."""
    front, body, offset = _split(data, name)
    tree = plain_yaml.read(front, name)
    return shaped(Head, tree), tuple(_parts(body, offset, name))


def load(
    data: bytes, name: str, references: Callable[[Head], References], gazetteer: Sequence[str] = ()
) -> tuple[Narrative, tuple[Finding, ...]]:
    """The narrative in `data` and what to look at; `references` says what they mean in the head's language.

    Raises:
        ConsultationError: with every finding that refuses it.
    """
    head, parts = read_narrative(data, name)
    filling = _Filling(references(head), name)
    pieces = [*_head_pieces(head, data), *(part.piece for part in parts)]
    findings = (*prose.lint(pieces, head.language, gazetteer, name), *_overdue(head, data, name))
    for piece in pieces:
        filling.filled(piece)
    refused = (*(each for each in findings if each.severity is Severity.ERROR), *filling.findings)
    if refused:
        raise ConsultationError(tuple(sorted(refused, key=lambda each: each.line)))
    sections = tuple(_sections(parts, filling, head.language))
    return Narrative(_filled_head(head, filling), sections), findings


def _overdue(head: Head, data: bytes, name: str) -> Iterator[Finding]:
    """Asks that were due before the document was written, each on its line."""
    lines = data.decode("utf-8", errors="replace").splitlines()
    for ask in head.asks:
        if head.day and ask.by < head.day:
            message = "This is asked for by a day before the document's own."
            yield _refusal("ask-overdue", _line(lines, ask.what), message, "Give a day that is still to come.", name)


def _split(data: bytes, name: str) -> tuple[bytes, str, int]:
    lines = data.decode("utf-8", errors="replace").removeprefix("\ufeff").splitlines()
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(ends) != len(("begin", "end")) or ends[0] != 0:
        message = "A narrative begins with its facts between two lines of ---."
        raise ConsultationError(
            (_refusal("no-head", 1, message, "Begin as the files in examples/narratives do.", name),)
        )
    # An empty line stands for the first ---, so that lines keep their numbers.
    return "\n".join(["", *lines[1 : ends[1]]]).encode(), "\n".join(lines[ends[1] + 1 :]), ends[1] + 1


def _refusal(code: str, line: int, message: str, remedy: str, name: str) -> Finding:
    return Finding(Severity.ERROR, code, line, 1, "", message, remedy, name)


def _parts(body: str, offset: int, name: str) -> Iterator[_Part]:
    """Headings, paragraphs and items of lists. Raises ConsultationError for anything else that Markdown knows."""
    kind, level = "paragraph", 2
    for token in MarkdownIt("commonmark", {"html": True}).parse(body):
        line = offset + (token.map[0] + 1 if token.map else 0)
        match token.type:
            case "heading_open":
                kind, level = "heading", int(token.tag[1:])
            case "heading_close" | "list_item_close":
                kind = "paragraph"
            case "list_item_open":
                kind = "item"
            case "inline":
                yield _Part(kind, Piece(_plain(token, line, name), line), level)
            case "paragraph_open" | "paragraph_close" | "bullet_list_open" | "bullet_list_close":
                pass
            case _:
                raise _not_printed(line, name)


def _plain(token: Token, line: int, name: str) -> str:
    said = []
    for child in token.children or ():
        if child.type == "text":
            said.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            said.append(" ")
        else:
            raise _not_printed(line, name)
    return "".join(said)


def _not_printed(line: int, name: str) -> ConsultationError:
    message = (
        "Only headings, paragraphs and lists with - are printed, without emphasis, links, tables, pictures or code."
    )
    return ConsultationError((_refusal("not-printed", line, message, "Write it as plain text.", name),))


class _Filling:
    """Fills references in and gathers what was refused."""

    def __init__(self, references: References, name: str) -> None:
        self._references = references
        self._name = name
        self.findings: list[Finding] = []

    def filled(self, piece: Piece) -> str:
        """The piece with its references filled in; as it is where one is refused."""
        try:
            return self._references.filled(piece.text)
        except ReferenceRefused as error:
            self.findings.append(_refusal(error.code, piece.line, *REFUSALS[error.code], self._name))
            return piece.text


def _head_pieces(head: Head, data: bytes) -> list[Piece]:
    """Everything of the head that is printed, each with the line on which its first words stand."""
    texts = [head.title, head.to, head.recruitment, head.missing, head.not_asked, head.safety]
    texts += [text for ask in head.asks for text in (ask.to, ask.verb, ask.what)]
    lines = data.decode("utf-8", errors="replace").splitlines()
    return [Piece(text, _line(lines, text)) for text in texts if text]


def _line(lines: Sequence[str], text: str) -> int:
    start = text.split("\n", maxsplit=1)[0][:20]
    return next((number for number, line in enumerate(lines, start=1) if start in line), 1)


def _filled_head(head: Head, filling: _Filling) -> Head:
    def said(text: str | None) -> str | None:
        return filling.filled(Piece(text, 0)) if text else None

    named = ("title", "to", "recruitment", "missing", "not_asked", "safety")
    asks = tuple(
        ask.model_copy(update={name: said(getattr(ask, name)) for name in ("to", "verb", "what")}) for ask in head.asks
    )
    return head.model_copy(update={name: said(getattr(head, name)) for name in named} | {"asks": asks})


def _sections(parts: Sequence[_Part], filling: _Filling, language: str) -> Iterator[Section]:
    heading, blocks, level = Phrase("", language), list[Block](), 3
    for part in parts:
        said = Phrase(filling.filled(part.piece), language)
        if part.kind == "heading":
            if blocks or heading.text:
                yield Section(heading, tuple(blocks), level)
            heading, blocks, level = said, [], min(max(part.level, 2) + 1, 4)
        elif part.kind == "item" and blocks and isinstance(blocks[-1], Bullets):
            blocks[-1] = Bullets((*blocks[-1].items, said))
        else:
            blocks.append(Bullets((said,)) if part.kind == "item" else Paragraph(said))
    if blocks or heading.text:
        yield Section(heading, tuple(blocks), level)

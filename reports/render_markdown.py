"""A document as Markdown: the same words and figures, for editors, mail and version control."""

import re
from collections.abc import Iterator

from reports.document import (
    Asks,
    Block,
    Bullets,
    Callout,
    Document,
    Facts,
    Notes,
    Paragraph,
    Quotes,
    Row,
    Table,
    explained,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def render_markdown(document: Document) -> str:
    """The document in CommonMark with tables. It begins and ends with what it is: a draft, a rehearsal."""
    banner = "\n>\n".join(f"> **{escape(mark)}**" for mark in document.marks)
    parts = [banner, f"# {escape(document.title.text)}", f"*{escape(document.subtitle)}*"]
    for section in document.parts:
        if section is next(iter(document.annex), None):
            parts.append("---")
        if section.heading.text:
            parts.append(f"{'#' * section.level} {escape(section.heading.text)}")
        parts += [_block(block) for block in section.blocks]
    return "\n\n".join(part for part in (*parts, "---", banner) if part) + "\n"


def escape(text: str) -> str:
    """`text` as words only: nothing in it can become a heading, a link, a table or HTML."""
    flat = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(r"\1\\\2", flat)


def _block(block: Block) -> str:  # noqa: PLR0911 - one line for each kind of block
    match block:
        case Paragraph(text, strong, number):
            said = f"**{escape(text.text)}**" if strong else escape(text.text)
            return f"{number} {said}".strip()
        case Bullets(items) | Notes(items):
            return "\n".join(f"- {escape(item.text)}" for item in items)
        case Callout(items):
            return "\n>\n".join(f"> {escape(item.text)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"- {escape(explained(term.text, value.text))}" for term, value in pairs)
        case Asks():
            return "\n".join(_asks(block))
        case Quotes(items):
            return "\n\n".join(f"> {escape(words.text)}\n> — {escape(who)}" for words, who in items)
        case Table():
            return "\n".join(_table(block))


def _asks(asks: Asks) -> Iterator[str]:
    yield _line(asks.heads)
    yield _line(["---"] * len(asks.heads), plain=True)
    for ask in asks.items:
        yield _line((ask.to.text, ask.what.text, ask.by))


def _table(table: Table) -> Iterator[str]:
    yield escape(explained(table.caption))
    yield ""
    yield _line([head.text for head in table.heads])
    yield _line(["---", *["---:"] * (len(table.heads) - 1)], plain=True)
    for row in table.rows:
        yield _line(_cells(row, len(table.heads)))


def _cells(row: Row, columns: int) -> list[str]:
    return [row.label.text, *row.cells][:columns]


def _line(cells: list[str] | tuple[str, ...], *, plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(escape, cells))} |"

"""A document as Markdown: the same words and figures, for editors, mail and version control."""

import re
from collections.abc import Iterator

from reports.document import Block, Bullets, Document, Facts, Paragraph, Row, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def render_markdown(document: Document) -> str:
    """The document in CommonMark with tables. It begins and ends with what it is: a draft, a rehearsal."""
    marks = [f"> **{escape(mark)}**" for mark in document.marks]
    banner = "\n>\n".join(marks)
    parts = [banner, f"# {escape(document.title.text)}", f"*{escape(document.subtitle)}*"]
    for section in document.sections:
        parts.append(f"{'#' * section.level} {escape(section.heading.text)}")
        parts += [_block(block) for block in section.blocks]
    return "\n\n".join((*parts, "---", banner)) + "\n"


def escape(text: str) -> str:
    """`text` as words only: nothing in it can become a heading, a link, a table or HTML."""
    flat = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(r"\1\\\2", flat)


def _block(block: Block) -> str:
    match block:
        case Paragraph(text, strong):
            return f"**{escape(text.text)}**" if strong else escape(text.text)
        case Bullets(items):
            return "\n".join(f"- {escape(item.text)}" for item in items)
        case Facts(pairs):
            return "\n".join(f"- {escape(term.text)}: {escape(value.text)}" for term, value in pairs)
        case Table():
            return "\n".join(_table(block))


def _table(table: Table) -> Iterator[str]:
    heads = [table.label_head, table.figure_head, *([table.share_head] if table.share_head else [])]
    yield f"{escape(table.caption)}:"
    yield ""
    yield _line(heads)
    yield _line(["---", *["---:"] * (len(heads) - 1)], plain=True)
    for row in table.rows:
        yield _line(_cells(row, len(heads)))


def _cells(row: Row, columns: int) -> list[str]:
    return [row.label.text, row.figure, row.share][:columns]


def _line(cells: list[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(escape, cells))} |"

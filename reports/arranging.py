"""Sections that are made already, put in order: tables placed after what was written of them, paragraphs numbered."""

from collections.abc import Sequence
from dataclasses import replace

from reports import texts
from reports.document import ISOLATE, Block, Paragraph, Section, Table
from reports.words import Words


def with_figures(sections: Sequence[Section], tables: tuple[Table, ...]) -> tuple[Section, ...]:
    """Each table after a section of the narrative, in order; those left over after the last."""
    placed = []
    waiting = list(tables)
    for place, section in enumerate(sections, start=1):
        last = place == len(sections)
        mine = waiting if last else waiting[:1]
        waiting = [] if last else waiting[1:]
        placed.append(replace(section, blocks=(*section.blocks, *mine)))
    return tuple(placed)


def numbered_through(sections: tuple[Section, ...], words: Words) -> tuple[Section, ...]:
    """Paragraphs numbered through, as submissions to the Human Rights Council are."""
    number, out = 0, []
    for section in sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Paragraph):
                number += 1
                blocks.append(replace(block, number=ISOLATE.sub("", texts.NUMBERED(words, n=words.number(number)))))
            else:
                blocks.append(block)
        out.append(replace(section, blocks=tuple(blocks)))
    return tuple(out)

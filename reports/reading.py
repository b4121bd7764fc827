"""Which rules for reading figures a document needs: those of what stands in it. Pure, and asked last.

A rule about a sign that stands nowhere makes a reader look for what is not there. From how many people on there are
figures, and how they are rounded, is told always: it says as well why there are not more of them.
"""

from collections.abc import Iterator, Sequence

from privacy.candidate import DisplayRules
from reports import texts
from reports.document import ISOLATE, Drawn, Facts, Ink, Section, Table, listed, phrases
from reports.words import Words

_UNSURE = frozenset({Ink.ROUNDING, Ink.HIDDEN})


def rules(words: Words, shown: DisplayRules, sections: Sequence[Section]) -> tuple[str, ...]:
    """How the figures in `sections` are rounded, withheld and drawn."""
    small, harmful = words.number(shown.threshold), words.number(shown.threshold_sensitive)
    said = [ISOLATE.sub("", text) for text in phrases(tuple(sections))]
    rule = (
        (True, texts.ROUNDED(words, base=words.number(shown.base))),
        (True, texts.SMALL_MEANS(words, n=small, m=harmful)),
        (texts.WITHHELD(words) in _figures(sections), texts.WITHHELD_MEANS(words)),
        (_any(said, [_plain(texts.LEAST(words, n=""))]), texts.LEAST_MEANS(words)),
        (_any(said, ["%", "٪"]), texts.PERCENT_MEANS(words, n=words.number(shown.percent_from))),
        *_drawings(words, [block for section in sections for block in section.blocks if isinstance(block, Table)]),
    )
    return tuple(told for stands, told in rule if stands)


def _drawings(words: Words, tables: Sequence[Table]) -> Iterator[tuple[bool, str]]:
    rows = [(table.drawn, row) for table in tables for row in table.rows]
    strokes = [stroke for _, row in rows for stroke in row.drawing if stroke.end > stroke.start]
    yield bool(strokes), texts.BARS_MEAN(words)
    yield any(stroke.ink in _UNSURE for stroke in strokes), texts.INKS_MEAN(words)
    divided = any(drawn is Drawn.DIVERGING and row.drawing for drawn, row in rows)
    yield divided, texts.DIVIDED_MEANS(words)
    yield any(row.slope for _, row in rows), texts.SLOPES_MEAN(words)


def _figures(sections: Sequence[Section]) -> Iterator[str]:
    """What stands where a figure stands: cells, and the ends of what is listed."""
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row.cells)
        if isinstance(block, Facts):
            parts = (_plain(part) for _, value in block.pairs for part, _ in listed(value))
            yield from (part.rstrip(" ·؛").rpartition(" ")[2] for part in parts)


def _any(said: Sequence[str], signs: Sequence[str]) -> bool:
    return any(sign in text for text in said for sign in signs)


def _plain(text: str) -> str:
    return ISOLATE.sub("", text).strip()

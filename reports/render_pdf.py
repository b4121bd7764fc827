"""A document as PDF: tagged for screen readers (PDF/UA-1), DRAFT on every page, the same bytes every time."""

import json
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass

from locales.catalog import direction
from reports.document import NO_LANGUAGE, Document, Phrase, Section, leads, listed, phrases, run_on
from reports.errors import DocumentRefused
from reports.typesetting import HEAVY, families, typeset

_TALL = frozenset({"my", "ar", "prs", "ckb"})
"""Languages whose letters reach far above and below the line."""
_ELSEWHERE = _TALL | {"zh", "am"}
"""Languages whose letters are not in the typesetter's own font, by which lines are measured."""
_TYPESETTERS = {"prs": "fa", "ckb": "ku"}
"""Our tag → the one under which the typesetter knows how to break lines."""


def render_pdf(document: Document) -> bytes:
    """The file. Raises DocumentRefused: a letter or a font is missing, or there are too many pages."""
    around = (document.title.text, document.subtitle, *document.marks, document.page, document.release)
    text = "".join((*phrases(document.parts), *around))
    fonts = families(text + document.digits + document.stamp)
    described: dict[str, object] = {
        "language": document.language, "lang": _TYPESETTERS.get(document.language, document.language),
        "direction": document.direction, "title": _plain(document.title), "subtitle": document.subtitle,
        "marks": run_on(*document.marks), "stamp": document.stamp, "release": document.release, "page": document.page,
        "digits": list(document.digits), "pages": document.limit.pages, "tall": document.language in _TALL,
        "own": document.language not in _ELSEWHERE,
        "fonts": fonts, "heavy": [HEAVY.get(name, name) for name in fonts],
        "sections": list(_sections(document.sections)), "annex": list(_sections(document.annex)),
    }  # fmt: skip
    try:
        return _typeset(described, whole=True)
    except DocumentRefused as refused:
        if refused.code != "too-many-pages":
            raise
        # Tables that may run on to the next page leave no gap at the end of one.
        return _typeset(described, whole=False)


def _typeset(described: dict[str, object], *, whole: bool) -> bytes:
    """The file, with short tables kept whole or not."""
    said = json.dumps({**described, "whole": whole}, ensure_ascii=False)
    return typeset("document.typ", {"document": said}, "pdf")


def _sections(sections: tuple[Section, ...]) -> Iterator[dict[str, object]]:
    for section in sections:
        blocks = [
            {"kind": type(block).__name__, "leads": leads(section.blocks, place), **_fields(block)}
            for place, block in enumerate(section.blocks)
        ]
        yield {"heading": _plain(section.heading), "level": section.level, "blocks": blocks}


def _plain(value: object) -> object:
    """Values of a document as JSON has them; a phrase also says in which direction it reads."""
    if isinstance(value, Phrase):
        known = value.language != NO_LANGUAGE
        lang = _TYPESETTERS.get(value.language, value.language)
        rtl = known and direction(value.language) == "rtl"
        return {**asdict(value), "lang": lang, "rtl": rtl, "items": listed(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return _fields(value) if is_dataclass(value) and not isinstance(value, type) else value


def _fields(value: object) -> dict[str, object]:
    made = {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]  # a dataclass, asked for by its caller
    names = {
        "Facts": ("pairs", ("term", "value")),
        "Quotes": ("items", ("words", "who")),
    }
    if type(value).__name__ in names:
        field, sides = names[type(value).__name__]
        pairs = made[field]
        made[field] = [dict(zip(sides, pair, strict=True)) for pair in pairs] if isinstance(pairs, list) else []
    return made

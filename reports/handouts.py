"""Papers that are handed out: slips with a link to a chat, and a published text as a document of its own.

Pure but for the typesetter. A slip shows no number and no name: all slips of a sheet are the same, so that nobody can
tell from one who was given it (F4).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal

import segno

from locales.catalog import direction
from reports.errors import DocumentRefused
from reports.typesetting import families, typeset

LEAST: Final = 20
"""People that a sheet is for, at least (F4)."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Slip:
    """The words of one slip, in one language, and where its code leads."""

    language: str
    title: str
    lines: tuple[str, ...]
    link: str


def slips(slip: Slip, people: int, form: Literal["pdf", "png"]) -> bytes:
    """A sheet to be cut apart as PDF, a slip for each; or, as a picture, one slip to be shown on a screen.

    Raises:
        DocumentRefused: `batch-too-small`, `batch-too-large`, `font-missing`, `letter-missing`.
    """
    if people < LEAST:
        raise DocumentRefused("batch-too-small", f"invite {LEAST} people or more at a time: few can be told apart")
    if people > MOST:
        raise DocumentRefused("batch-too-large", f"make sheets for {MOST} people at most")
    return typeset(
        "slips.typ",
        {"slips": json.dumps(_described(slip) | {"count": people, "picture": form == "png"})},
        form,
    )


def leaflet(language: str, title: str, text: str) -> bytes:
    """A text in one language as PDF, its lines as paragraphs. Raises DocumentRefused as `slips` does."""
    described = {
        "language": language, "direction": direction(language), "title": title,
        "paragraphs": [line for line in text.splitlines() if line.strip()], "fonts": list(families(title + text)),
    }  # fmt: skip
    return typeset("leaflet.typ", {"leaflet": json.dumps(described)}, "pdf")


def _described(slip: Slip) -> dict[str, object]:
    drawn = BytesIO()
    # Level M survives a fold and a stain; four modules of white are what readers need (ISO/IEC 18004).
    segno.make(slip.link, error="m", micro=False).save(drawn, kind="svg", border=4, xmldecl=False)
    words: Sequence[str] = (slip.title, *slip.lines)
    return {
        "language": slip.language, "direction": direction(slip.language), "title": slip.title,
        "lines": list(slip.lines), "link": slip.link, "code": drawn.getvalue().decode(),
        "fonts": list(families("".join(words))),
    }  # fmt: skip

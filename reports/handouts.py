"""Papers that are handed out: slips with a link to a chat, and a published text as a document of its own.

Pure but for the typesetter. A slip shows no number and no name. All slips of a sheet are the same, or each has a code
for one person inside its fold, to be drawn unseen: nobody can tell from one who was given it (F4).
"""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import segno

from locales.catalog import catalogue, direction
from reports import texts
from reports.typesetting import families, typeset


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips of one batch, in one language, and where they lead."""

    language: str
    links: tuple[str, ...]
    """One for all, or one for each person."""
    people: int

    @property
    def single(self) -> bool:
        """Whether each slip lets one person in: then it is folded, and drawn unseen."""
        return len(self.links) > 1


def slips(slips: Slips, form: Literal["pdf", "png"]) -> bytes:
    """A sheet to be cut apart as PDF, a slip for each; or, as a picture, one slip to be shown on a screen.

    Raises:
        DocumentRefused: `font-missing`, `letter-missing`.
    """
    return typeset("slips.typ", {"slips": json.dumps(_described(slips) | {"picture": form == "png"})}, form)


def leaflet(language: str, title: str, text: str) -> bytes:
    """A text in one language as PDF, its lines as paragraphs. Raises DocumentRefused as `slips` does."""
    described = {
        "language": language, "direction": direction(language), "title": title,
        "paragraphs": [line for line in text.splitlines() if line.strip()], "fonts": list(families(title + text)),
    }  # fmt: skip
    return typeset("leaflet.typ", {"leaflet": json.dumps(described)}, "pdf")


def _described(slips: Slips) -> dict[str, object]:
    words = catalogue(slips.language, "reports")
    lines = [line(words) for line in texts.SLIP_LINES]
    if slips.single:
        lines.append(texts.SLIP_SINGLE(words))
    title = texts.SLIP_TITLE(words)
    return {
        "language": slips.language, "direction": direction(slips.language), "title": title, "lines": lines,
        "slips": [{"link": link, "code": _square(link)} for link in slips.links],
        "count": slips.people, "single": slips.single, "fonts": list(families("".join((title, *lines)))),
    }  # fmt: skip


def _square(link: str) -> str:
    drawn = BytesIO()
    # Level M survives a fold and a stain; four modules of white are what readers need (ISO/IEC 18004).
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=4, xmldecl=False)
    return drawn.getvalue().decode()

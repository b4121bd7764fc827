"""The page of all languages side by side: one file that needs nothing else, so that it can go by mail and be printed.

There is no script in it. Columns are chosen by tick boxes and style alone, a reader's keyboard scrolls the table, and
its heads name every cell to a screen reader. The page allows itself its one style, by its hash, and nothing more.
"""

import base64
import hashlib
from collections import Counter
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bot.participant.render import Card
from bot.preview import plain
from bot.preview.sidebyside import columns, rows
from flows.findings import Finding
from flows.model import Consultation

STYLE: Final = Path(__file__).parent / "static" / "languages.css"
_TAGS: Final = {"bold": "strong", "italic": "em", "code": "code"}


class Sheet(NamedTuple):
    """A page, and the policy under which it is to be served."""

    html: str
    policy: str


def sheet(consultation: Consultation, name: str, findings: tuple[Finding, ...] = ()) -> Sheet:
    """The page of a consultation from the file `name`, sound or not; `findings` are told above the table."""
    table, heads = list(rows(consultation)), columns(consultation)
    style = STYLE.read_text("utf-8") + "".join(
        f"body:has(#show-{one.language}:not(:checked)) .in-{one.language} {{ display: none; }}\n" for one in heads
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    marks = [(number, row, cell) for number, row in enumerate(table) for cell in row.cells if cell.flaws]
    html = _template().render(
        title=consultation.title[consultation.languages[0]], file=name, kept=plain.KEPT, columns=heads, rows=table,
        marks=marks, counts=Counter(cell.language for _, _, cell in marks), findings=findings,
        style=Markup(style), policy=policy, marked=lambda card: Markup(marked(card)),  # noqa: S704 - our own style, and escaped texts
    )  # fmt: skip
    return Sheet(html, policy)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(loader=PackageLoader("bot.preview"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("languages.html.jinja")


def marked(card: Card) -> str:
    """The text of a card as HTML with its ranges, which never overlap and count UTF-16 units."""
    text, at, parts = card.text.encode("utf-16-le"), 0, list[str]()
    for one in card.ranges:
        end = one.offset + one.length
        before, within = text[2 * at : 2 * one.offset], text[2 * one.offset : 2 * end]
        tag, at = _TAGS[one.type], end
        parts.append(f"{escape(before.decode('utf-16-le'))}<{tag}>{escape(within.decode('utf-16-le'))}</{tag}>")
    return "".join(parts) + escape(text[2 * at :].decode("utf-16-le"))

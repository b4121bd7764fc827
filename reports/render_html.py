"""A document as one HTML page that needs nothing else: no script, no picture, no font from anywhere.

The page allows itself one style, named by its hash, and nothing more. Drawings are rectangles and lines without text,
so that they hold no figure a table does not show and come out right in every script; a screen reader meets the table.
"""

import base64
import hashlib
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.document import FULL, Block, Document, listed


def render_html(document: Document) -> str:
    """The page."""
    environment, style, digest = _prepared()
    return environment.get_template("document.html.jinja").render(
        document=document, style=style, style_hash=digest, full=FULL, annex=next(iter(document.annex), None)
    )


def _kind(block: Block) -> str:
    return type(block).__name__


@lru_cache(maxsize=1)
def _prepared() -> tuple[Environment, str, str]:
    environment = Environment(loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined)
    environment.filters["kind"] = _kind
    environment.filters["listed"] = listed
    # Ours, not anybody's words: escaped, it would no longer be the text whose hash the page names.
    style = Markup(environment.get_template("document.css").render())  # noqa: S704 - a file of this room
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment, style, digest

"""A document as one HTML page that needs nothing else: no script, no picture, no font from anywhere.

The page allows itself one style, named by its hash, and nothing more. Drawings are rectangles and lines without text,
so that they hold no figure a table does not show and come out right in every script; a screen reader meets the table.
Printed, it says on each sheet which one it is, in its own digits.
"""

import base64
import hashlib
import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from reports.document import FULL, Block, Document, leads, listed
from reports.lines import unbroken

_PLACE = re.compile(r"\{(pages?)\}")


def render_html(document: Document) -> str:
    """The page."""
    environment = _prepared()
    # A file of this room, and words that are quoted as CSS wants it: escaped again, the page would name another hash.
    style = Markup(environment.get_template("document.css.jinja").render(document=document))  # noqa: S704 - see above
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("document.html.jinja").render(
        document=document, style=style, style_hash=digest, full=FULL, annex=next(iter(document.annex), None)
    )


def _kind(block: Block) -> str:
    return type(block).__name__


@pass_context
def _unbroken(context: Context, value: object) -> object:
    """What a template puts in, its lines ending where they may."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return unbroken(value, context["document"].language)


def quoted(text: str) -> Markup:
    """`text` between the quotation marks of a style sheet, out of which nothing in it leads."""
    signs = (one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in text)
    return Markup("".join(signs))  # noqa: S704 - letters, digits and their numbers alone


def _counted(page: str) -> list[Markup]:
    """What stands at the foot of a sheet, `{page}` and `{pages}` being counted by whoever prints."""
    parts = _PLACE.split(page)
    return [
        Markup(f"counter({part}, digits)" if place % 2 else f'"{quoted(part)}"')  # noqa: S704 - quoted above
        for place, part in enumerate(parts)
        if part
    ]


@lru_cache(maxsize=1)
def _prepared() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, finalize=_unbroken
    )
    environment.filters |= {"kind": _kind, "listed": listed, "quoted": quoted, "counted": _counted}
    environment.globals["leading"] = leads
    return environment

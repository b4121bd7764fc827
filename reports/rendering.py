"""The door of this room: a candidate in, a finished document out. Libraries are loaded when asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from locales.catalog import autonym, catalogue
from privacy.candidate import Candidate
from reports.assemble import assemble
from reports.compose import NOTHING_ELSE, Told, compose
from reports.document import Document
from reports.narrative import Head, ProductName
from reports.products import PLANS, check_length
from reports.references import References
from reports.writer import Writer

FORMATS = {
    "html": ("reports.render_html", "render_html"),
    "md": ("reports.render_markdown", "render_markdown"),
    "pdf": ("reports.render_pdf", "render_pdf"),
    "docx": ("reports.render_docx", "render_docx"),
    "xlsx": ("reports.render_sheet", "render_xlsx"),
    "csv": ("reports.render_sheet", "render_csv"),
}
"""Formats by the name that the command line and the files' endings use, and what makes them."""


def render(candidate: Candidate, language: str, form: str) -> str:
    """The plain summary of `candidate` in `language`, as HTML or Markdown. A candidate says DRAFT on every page.

    Raises:
        CatalogueError: no catalogue in this language.
        KeyError: no such format.
    """
    return written(document(candidate, ProductName.SUMMARY, language), form).decode()


def document(
    candidate: Candidate,
    product: ProductName,
    language: str,
    told: Told = NOTHING_ELSE,
) -> Document:
    """The product in `language`.

    Raises:
        CatalogueError: no catalogue in this language.
        DocumentRefused: it has more words than it may.
    """
    words = catalogue(language, "reports")
    autonyms = {tag: autonym(tag) for tag in candidate.subject.languages}
    if product not in PLANS:
        return assemble(candidate, language, words, autonyms, told.number)
    made = compose(candidate, product, words, autonyms, told)
    check_length(made)
    return made


def written(made: Document, form: str) -> bytes:
    """The document as one of FORMATS. Raises KeyError, or DocumentRefused where the typesetter cannot."""
    module, name = FORMATS[form]
    render_as = cast("Callable[[Document], str | bytes]", getattr(import_module(module), name))
    out = render_as(made)
    return out.encode() if isinstance(out, str) else out


def references(candidate: Candidate) -> Callable[[Head], References]:
    """What references mean in a narrative about `candidate`, in the language that its head names."""

    def of(head: Head) -> References:
        words = catalogue(head.language, "reports")
        autonyms = {tag: autonym(tag) for tag in candidate.subject.languages}
        return References(candidate, Writer(candidate, head.language, words, autonyms))

    return of

"""The door of this room: a candidate in, a finished document out."""

from collections.abc import Callable

from locales.catalog import autonym, catalogue
from privacy.candidate import Candidate
from reports.assemble import assemble
from reports.document import Document
from reports.render_html import render_html
from reports.render_markdown import render_markdown

FORMATS: dict[str, Callable[[Document], str]] = {"html": render_html, "md": render_markdown}
"""Formats by the name that the command line and the files' endings use."""


def render(candidate: Candidate, language: str, form: str) -> str:
    """The summary of `candidate` in `language`, as one of FORMATS. A candidate says DRAFT on every page.

    Raises:
        CatalogueError: no catalogue in this language.
        KeyError: no such format.
    """
    make = FORMATS[form]
    autonyms = {tag: autonym(tag) for tag in candidate.subject.languages}
    return make(assemble(candidate, language, catalogue(language, "reports"), autonyms))

"""No word reaches a document but through the catalogues, the consultation or the data."""

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser
from itertools import accumulate

import pytest

from locales.catalog import Catalogue, autonym
from reports.assemble import assemble
from reports.render_html import render_html
from reports.render_markdown import render_markdown
from tests.reports.test_summary import candidate


class Pseudo(NullTranslations):
    """Says every text in marks, so that whatever stands outside marks came by another way."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the library's interface
        return f"⟦{message}⟧"

    def npgettext(self, context: str, one: str, many: str, n: int) -> str:  # noqa: ARG002 - the library's interface
        return f"⟦{one if n == 1 else many}⟧"


class Seen(HTMLParser):
    """What a reader of a page sees or hears: texts, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts = list[str]()
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag == "style"
        self.texts += [value for name, value in attrs if value and name in {"aria-label", "alt", "title"}]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def outside(page: str) -> str:
    """The text without what stands in marks; a figure in bold lies in the middle of a marked sentence."""
    deep = accumulate({"⟦": 1, "⟧": -1}.get(sign, 0) for sign in page)
    return "".join("\n" if depth or sign == "⟧" else sign for sign, depth in zip(page, deep, strict=True))


def strings(value: object) -> Iterator[str]:
    """Every text in plain data, names of fields left out."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(each)


@pytest.mark.parametrize("people", [3, 124])
def test_every_word_in_a_document_comes_from_the_catalogues(people: int) -> None:
    """What stands outside marks, in both forms of a summary, stands in the consultation or in the candidate."""
    made = candidate(people)
    autonyms = {tag: autonym(tag) for tag in made.subject.languages}
    # Catalogue only asks for translations, and NullTranslations gives them.
    words = Catalogue("en", Pseudo())  # type: ignore[arg-type]  # a stand-in for gettext
    document = assemble(made, "en", words, autonyms)
    known = "\n".join([*strings(made.model_dump(mode="json")), *autonyms.values()])

    for page in ("\n".join(Seen(render_html(document)).texts), render_markdown(document).replace("\\", "")):
        assert "⟦" in page
        for rest in re.split(r"[|#*<>_`\[\]\n]+|\s[-–·]\s|^- ", outside(page)):
            assert not any(map(str.isalpha, rest)) or rest.strip(" :-\u2068\u2069") in known, rest

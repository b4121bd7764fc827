"""Markdown and the file of the bot's texts, as a person reads them in an editor."""

import re

import pytest
import yaml

from locales import compile as compile_catalogues
from locales.catalog import languages
from reports.document import explained
from reports.narrative import ProductName
from reports.render_message import render_messages
from reports.rendering import document, written
from tests.reports.samples import candidate


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


@pytest.mark.parametrize(
    ("term", "line"),
    [
        ("Key", "Key: 12"), ("What do you want?", "What do you want? 12"),
        ("\u2068Choose one.\u2069", "\u2068Choose one.\u2069 12"),
        ("您要什么？", "您要什么？12"), ("ماذا تريد؟", "ماذا تريد؟ 12"),
    ],
)  # fmt: skip
def test_no_colon_stands_after_a_sentence(term: str, line: str) -> None:
    """A term is parted from what it is by one sign, and not by two."""
    assert explained(term, "12") == line
    assert explained(term) == line.removesuffix("12").rstrip()


@pytest.mark.parametrize("language", languages())
def test_no_line_of_markdown_has_two_stops_together(language: str) -> None:
    """Questions stand where terms stand, and captions over tables end like sentences."""
    text = written(document(candidate(), ProductName.DATA, language), "md").decode()

    assert not re.search("[.?؟។။።。？！]\u2069?[:：]", text)


def test_what_the_bot_will_say_is_written_as_it_will_stand() -> None:
    """Who reads it before publishing finds the lines of the chat, and no quotes, escapes or doubled blank lines."""
    told = {"ar": document(candidate(), ProductName.COMMUNITY, "ar")}
    file = render_messages(told, {}).decode()
    said = yaml.safe_load(file)["summary"]["ar"]

    assert "  ar: |" in file
    assert said.count("\n\n") > 3
    for line in filter(None, said.splitlines()):
        assert f"\n    {line}\n" in f"{file}\n"

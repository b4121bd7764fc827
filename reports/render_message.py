"""The page for participants as texts for the bot, one in each language: a `sauti-results` file without happenings.

Who publishes it reads it first, in every language, and adds later what came of it.
"""

import re
from collections.abc import Iterator, Mapping

import yaml

from reports.document import Bullets, Document, Facts, Notes, Paragraph
from reports.errors import DocumentRefused

_JOINT = "\n\n"
_ISOLATES = re.compile("[\u2067-\u2069]")
ROOM = 3_500
"""UTF-16 units that a text may have, as `sauti round results` counts them."""


def render_messages(documents: Mapping[str, Document], practice: Mapping[str, str]) -> bytes:
    """The file; `practice` holds what a rehearsal's text begins with, by language."""
    summary = {language: message(made, practice.get(language, "")) for language, made in documents.items()}
    told = {"format": "sauti-results", "version": 1, "summary": summary, "happened": []}
    head = "# What /results will say. Read it in every language before publishing; docs/formats/results.md.\n"
    return (head + yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)).encode()


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they will stand in the chat, for whoever reads them before publishing."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def message(document: Document, practice: str) -> str:
    """The page's words without its method. Raises DocumentRefused where they are more than one message can hold."""
    said = f"{practice} {_JOINT.join(_lines(document))}".strip()
    # A chat knows where a line begins to read in another direction, and a file of texts may hold no invisible sign.
    said = _ISOLATES.sub("", said)
    units = len(said.encode("utf-16-le")) // 2
    if units > ROOM:
        remedy = f"the text in {document.language} has {units} units, {ROOM} may be; shorten it"
        raise DocumentRefused("message-too-long", remedy)
    return said


def _lines(document: Document) -> Iterator[str]:
    """What is said before the annex, a line for each paragraph, point or fact, headings above them."""
    for section in document.sections:
        heading = section.heading.text
        for block in section.blocks:
            match block:
                case Paragraph(text):
                    said = [text.text]
                case Bullets(items) | Notes(items):
                    said = [f"• {item.text}" for item in items]
                case Facts(pairs):
                    said = [f"{term.text}\n{value.text}" for term, value in pairs]
                case _:
                    said = []
            for line in said:
                yield f"{heading}\n{line}" if heading else line
                heading = ""

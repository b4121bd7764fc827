"""Who has signed a catalogue as a native speaker, what she had before her, and whether the bot says just that.

A signature stands in the header of the source file, because it belongs to the file and travels with it:
`X-Reviewed: yes`, `X-Reviewed-By`, `X-Reviewed-On` and, in `X-Reviewed-Texts`, a hash over all texts. Whether the hash
fits is for whoever knows how it is made; here is what it is made from. The bot reads the compiled file, so a signature
counts only where that file is what its source compiles to.
"""

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import escape, read_po, unescape

from locales.catalog import FOLDER, SOURCE
from locales.compile import compiled

_FIELDS = ("X-Reviewed", "X-Reviewed-By", "X-Reviewed-On", "X-Reviewed-Texts")


class Signed(NamedTuple):
    """The signature in a header, whether or not it fits."""

    by: str
    date: str
    texts: str
    """Hash over what was read, in hex."""


class Line(NamedTuple):
    """One text of a catalogue: its context, what is to be said, and how this language says it."""

    context: str
    source: tuple[str, ...]
    said: tuple[str, ...]


def path_of(language: str, domain: str) -> Path:
    """The source file of a catalogue."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def header(source: bytes) -> dict[str, str]:
    """The lines of a source file's header, by name."""
    block, _, _ = source.decode("utf-8", errors="replace").partition("\n\n")
    quoted = [line for line in block.splitlines() if line.startswith('"')]
    lines = "".join(unescape(line) for line in quoted).split("\n")
    return {name: value.strip() for name, mark, value in (line.partition(":") for line in lines) if mark}


def signature(source: bytes) -> Signed | None:
    """The signature in a source file's header; None where the file is a draft."""
    said = header(source)
    if said.get("X-Reviewed") != "yes":
        return None
    by, date, texts = (said.get(field, "") for field in _FIELDS[1:])
    return Signed(by, date, texts)


def with_signature(source: bytes, signed: Signed) -> bytes:
    """A source file with this signature in place of whatever its header said before; nothing else changes."""
    text = source.decode()
    block, blank, entries = text.partition("\n\n")
    kept = [line for line in block.split("\n") if not line.startswith('"X-Reviewed')]
    lines = [escape(f"{name}: {value}\n") for name, value in zip(_FIELDS, ("yes", *signed), strict=True)]
    return ("\n".join((*kept, *lines)) + blank + entries).encode()


def lines(source: bytes, language: str) -> tuple[Line, ...]:
    """Everything that a catalogue says; in the source language a text that is left empty says itself."""
    found = []
    for message in read_po(BytesIO(source)):
        if message.id:
            ids, strings = _forms(message.id), _forms(message.string)
            said = ids if language == SOURCE and not any(strings) else strings
            found.append(Line(message.context or "", ids, said))
    return tuple(found)


def spoken(language: str, domain: str) -> bool:
    """Whether the compiled catalogue, which is the one that people hear, is made from the source as it stands."""
    source = path_of(language, domain)
    try:
        return source.with_suffix(".mo").read_bytes() == compiled(source.read_bytes())
    except FileNotFoundError:
        return False


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(map(str, text)) if isinstance(text, list | tuple) else ("",)

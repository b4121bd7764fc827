"""What the first row of a sheet says: which field a column holds, and in which language."""

from collections.abc import Mapping
from typing import NamedTuple

from pyxform import aliases

from flows.xlsform.book import Row, Sheet
from flows.xlsform.languages import language_tag

_PREFIXES = frozenset({"bind", "control", "body", "media", "instance"})
_PLAIN = {"jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message", "list name": "list_name"}
_ALIASES: dict[str, Mapping[str, str | tuple[str, ...]]] = {
    "survey": aliases.survey_header,
    "choices": aliases.list_header,
    "list": aliases.list_header,
    "settings": aliases.settings_header,
}
TRANSLATED = frozenset(
    {"label", "hint", "constraint_message", "required_message", "guidance_hint", "image", "big-image", "audio", "video"}
    | {"low_text", "high_text", "content_note", "content_note_audio"}
)
"""Fields that have a column for each language."""

NO_LANGUAGE = ""


class Column(NamedTuple):
    """One column: its number, what its header says, and what that means."""

    number: int
    header: str
    field: str
    language: str | None = None
    """The tag of its language; empty where the header names none, None for a field without languages."""
    known: bool = True
    """False where the header names a language that nobody knows."""


def columns(sheet: Sheet, default: str, kind: str = "") -> tuple[Column, ...]:
    """The columns of a sheet that have a header; `default` is the language of those that name none.

    `kind` says what is on the sheet, where it is not called so: `list` for a file beside the form.
    """
    known = _ALIASES.get(kind or sheet.name.strip().lower(), {})
    return tuple(_column(number, header, known, default) for number, header in sorted(sheet.header.cells.items()))


def fields_of(row: Row, every: tuple[Column, ...]) -> dict[tuple[str, str | None], tuple[int, str]]:
    """(field, language) → column and text, for the cells of a row that stand below a header. The first one wins."""
    found: dict[tuple[str, str | None], tuple[int, str]] = {}
    for column in every:
        if column.number in row.cells:
            found.setdefault((column.field, column.language), (column.number, row.cells[column.number]))
    return found


def _column(number: int, header: str, known: Mapping[str, str | tuple[str, ...]], default: str) -> Column:
    separator = "::" if "::" in header else ":"
    parts = [part.strip() for part in header.replace("jr:", "jr\0").split(separator)]
    parts = [part.replace("\0", ":") for part in parts]
    while len(parts) > 1 and parts[0].lower() in _PREFIXES:
        parts = parts[1:]
    field = _field(parts[0], known)
    if field not in TRANSLATED:
        return Column(number, header, field if len(parts) == 1 else "::".join(parts))
    if len(parts) == 1:
        return Column(number, header, field, default)
    tag = language_tag(parts[1])
    return Column(number, header, field, tag or parts[1], known=tag is not None)


def _field(word: str, known: Mapping[str, str | tuple[str, ...]]) -> str:
    """A header's first word as one name for all its spellings."""
    name = "_".join(word.lower().split())
    meant = known.get(name, name)
    field = meant if isinstance(meant, str) else meant[-1]
    return _PLAIN.get(field.lower(), field)

"""What the first row of a sheet says: which field a column holds, and in which language."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from pyxform import aliases

from flows.wordlists import LANGUAGES
from flows.xlsform.book import Row, Sheet

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
_PREFIXES = frozenset({"bind", "control", "body", "media", "instance"})
_PLAIN = {"jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message", "list name": "list_name"}
_ALIASES: dict[str, Mapping[str, str | tuple[str, ...]]] = {
    "survey": aliases.survey_header,
    "choices": aliases.list_header,
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


def columns(sheet: Sheet, default: str) -> tuple[Column, ...]:
    """The columns of a sheet that have a header; `default` is the language of those that name none."""
    known = _ALIASES.get(sheet.name.strip().lower(), {})
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


@lru_cache(maxsize=256)
def language_tag(text: str) -> str | None:
    """The BCP 47 tag that `English (en)`, `en`, `English` or `Français` stands for; None for anything else."""
    bracketed = _IN_BRACKETS.search(text)
    outside, inside = (text[: bracketed.start()], bracketed[1]) if bracketed else (text, text)
    found = _TAG.fullmatch(inside.strip())
    if found is None:
        return _names().get(inside.strip().casefold()) or _names().get(outside.strip().casefold())
    language, script, region = found.groups()
    alias = get_global("language_aliases").get(language.lower(), "")
    short = alias if len(alias) == 2 else language.lower()  # noqa: PLR2004 - eng is en; but prs stays prs and is not fa_AF
    return "-".join(part for part in (short, script and script.title(), region and region.upper()) if part)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """What languages are called in English and, those that people speak to us in, in themselves."""
    names = {str(name).casefold(): tag for tag, name in Locale("en").languages.items() if "_" not in tag}
    for tag in LANGUAGES:
        try:
            own = Locale.parse(tag).get_language_name(tag)
        except UnknownLocaleError:  # prs has no data of its own
            continue
        if own:
            names[own.casefold()] = tag
    return names | {"dari": "prs"}

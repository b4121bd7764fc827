"""What becomes of each column: taken over, or in the report with the reason."""

import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

from flows.xlsform.account import Account
from flows.xlsform.book import Sheet
from flows.xlsform.columns import NO_LANGUAGE, TRANSLATED, Column, columns
from flows.xlsform.languages import language_tag

TAKEN: dict[str, frozenset[str]] = {
    "survey": frozenset(
        {"type", "name", "label", "hint", "relevant", "required", "constraint", "constraint_message", "choice_filter"}
        | {"calculate", "parameters", "disabled", "low_text", "high_text", "content_note", "bands", "top", "max_length"}
        | {"typed_constraint", "min", "max", "audio", "content_note_audio"}
        | {"sensitivity", "heavy", "theme", "risk_factor", "disaggregation"}
    ),
    "choices": frozenset({"list_name", "name", "label", "exclusive", "low", "high"}),
    "list": frozenset({"name", "label", "exclusive", "low", "high"}),
    "settings": frozenset({"title", "id_string", "version", "default_language"}),
    "consultation": frozenset({"name", "id", "label", "audio"}),
    "merges": frozenset({"question", "name", "first", "second", "label"}),
}
"""The fields of each sheet that a consultation knows."""

_WORD = re.compile(r"[^\W\d][\w.\-]*")
_MEDIA = frozenset({"image", "big-image", "audio", "video"})
_WHY = {
    "appearance": ("A chat has one way to show each kind of question.", "Nothing has to be done."),
    "required_message": ("Nothing can be demanded, so that nothing has to be said about it.", "Remove it."),
    "default": ("An answer that is there already puts words into somebody's mouth.", "Remove it."),
    "readonly": ("What cannot be answered is a note.", "Use the type 'note'."),
    "guidance_hint": ("Nobody stands beside a person who reads alone.", "Say it in the hint, or leave it out."),
    "trigger": ("Calculations are always worked out anew.", "Remove it."),
    "jr:count": ("A chat does not repeat groups.", "Remove it."),
}
_NOT_HERE = ("This column means nothing to a consultation.", "Nothing has to be done, if it is not about a question.")


class _Left(NamedTuple):
    code: str
    message: str
    remedy: str
    weight: str = "remark"
    """Which of an account's three weights the finding has."""


def words_of(rules: Iterable[str]) -> frozenset[str]:
    """All words that stand in rules about choices: names of attributes are among them."""
    return frozenset(word for rule in rules for word in _WORD.findall(rule))


def default_language(settings: Sheet) -> str:
    """The language of texts whose header names none; empty where the form does not say."""
    for column in columns(settings, NO_LANGUAGE):
        if column.field == "default_language" and settings.rows:
            return language_tag(settings.rows[0].cells.get(column.number, "")) or NO_LANGUAGE
    return NO_LANGUAGE


def settle(sheet: Sheet, every: tuple[Column, ...], account: Account, words: frozenset[str], kind: str = "") -> None:
    """Accounts for all columns of a sheet. `words` are those of all filters: a column they name is an attribute.

    `kind` as for `columns`.
    """
    kind = kind or sheet.name.strip().lower()
    seen: set[tuple[str, str | None]] = set()
    filled = {number for row in sheet.rows for number in row.cells}
    for column in every:
        left = _left(kind, column, words, filled=column.number in filled)
        if left is None and (column.field, column.language) in seen:
            left = _Left("twice", "The same column stands further left already.", "Keep one of the two.", "error")
        if left is None:
            seen.add((column.field, column.language))
            account.take_column(sheet.name, column.number)
            continue
        tell = getattr(account, left.weight)
        place = (sheet.name, sheet.header.number, column.number)
        finding = tell(place, left.code, f"{column.header}: {left.message}", left.remedy)
        account.leave_column(sheet.name, column.number, finding)
    for number in sorted(filled - {column.number for column in every}):
        finding = account.remark(
            (sheet.name, sheet.header.number, number),
            "no-header",
            "Nothing says what stands in this column.",
            "Write a header, or clear it.",
        )
        account.leave_column(sheet.name, number, finding)


def _left(kind: str, column: Column, words: frozenset[str], *, filled: bool) -> _Left | None:
    """Why a column is not taken over; None for one that is."""
    if column.field in TRANSLATED and not filled:
        return _Left("column-empty", "Nothing stands in this column.", "Fill it in, or remove it.")
    if column.field in TAKEN[kind]:
        return _language(column)
    if column.field in _MEDIA:
        return _Left("media", "This is neither shown nor played here.", "Say it in words.", "unsupported")
    if kind in {"choices", "list"} and column.header in words:
        return None
    near = difflib.get_close_matches(column.field, sorted(TAKEN[kind]), n=1, cutoff=0.8)
    message, remedy = _WHY.get(column.field, _NOT_HERE)
    return _Left("column-not-used", message, f"Did you mean '{near[0]}'?" if near else remedy)


def _language(column: Column) -> _Left | None:
    if column.language == NO_LANGUAGE:
        return _Left(
            "no-language",
            "Nothing says which language this is.",
            "Write it behind the name, as in 'label::English (en)', or in 'default_language' on the sheet 'settings'.",
            "error",
        )
    if not column.known:
        return _Left(
            "unknown-language",
            "No language is called so.",
            "Write its tag in brackets: 'label::Kurdî (ckb)'.",
            "unsupported",
        )
    return None

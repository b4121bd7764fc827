"""Looks at each sentence as its reader would: is there a number that came by another way than a reference?

All and nobody are numbers too (`reports.prose.everybody`). Pure but for reading its own lists.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.findings import Finding, Severity
from flows.shadow import shadow
from reports.prose.everybody import speaks_of_all
from reports.prose.lists import HELD, NO_LISTS, Lists, Span, lists_of, spans
from reports.references import REFERENCE

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")
"""Languages with lists of number words and of words for people."""

NEAR_SIGNS = 8
"""So many signs may stand between a number word and a word for people where words are not parted."""

_SENTENCE = re.compile(r"(?<=[.!?؟۔።။。！？;؛])(?=\s|$)|(?<=[။。！？])|\n")  # noqa: RUF001 - full stops of several scripts
_INNOCENT = re.compile(
    r"\b(?:19|20)\d\d\b"  # a year
    r"|\b[A-Z]{1,6}(?:/[A-Z0-9.]+)+(?:\s?\(\d{4}\))?"  # the symbol of a United Nations document
    r"|\b\d{1,4}\s\(\d{4}\)"  # a resolution, as the Security Council numbers them
    r"|\bUN80\b"
)
"""Digits that count nobody, as long as no word for people stands beside them."""

MESSAGES = {
    "loose-number": (
        "A number stands here that no table shows.",
        "Write {{question.code.count}} or leave it out; {{date.2027-06-30}} and {{plain.30}} count nobody.",
    ),
    "number-word": (
        "A number word stands beside a word for people.",
        "Write {{question.code.count}} or .percent, or say it without a number (many, some, a few).",
    ),
    "all-or-nobody": (
        "This says something of everybody or of nobody, and so of every single one among them.",
        "Write {{question.code.percent}}, or say it without all and none (many, most, few); a wish may stay.",
    ),
    "plain-number": (
        "{{plain.…}} stands beside a word for people.",
        "It is only for numbers that count no people; write {{question.code.count}}.",
    ),
    "name": ("A name of the gazetteer stands here.", "Leave it out; say what the person or place is, if that is safe."),
    "no-list": (
        "Number words of this language are not looked for: there is no list.",
        "Let two readers of this language check that no number word stands beside a word for people.",
    ),
}
"""Code → why, and what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of prose as it was written, references and all, and the line on which it begins."""

    text: str
    line: int


def lint(pieces: Iterable[Piece], language: str, gazetteer: Sequence[str], file: str) -> tuple[Finding, ...]:
    """Everything in `pieces` that must not stand there, in order; `gazetteer` holds names, one an entry."""
    found: list[Finding] = []
    if language not in LANGUAGES:
        found.append(_finding("no-list", 0, file, Severity.WARNING))
    names = tuple(shadow(name).words for name in gazetteer if name.strip())
    for piece in pieces:
        codes = [code for sentence in _SENTENCE.split(piece.text) if sentence for code in _sentence(sentence, language)]
        seen = shadow(REFERENCE.sub(HELD, piece.text))
        if any(name in seen.words or _unparted(name, seen.solid.words) for name in names):
            codes.append("name")
        found += (_finding(code, piece.line, file) for code in dict.fromkeys(codes))
    return tuple(found)


def _finding(code: str, line: int, file: str, severity: Severity = Severity.ERROR) -> Finding:
    why, remedy = MESSAGES[code]
    return Finding(severity, code, line, 1, "", why, remedy, file)


def _unparted(name: str, solid: str) -> bool:
    """Whether a name of a script that does not part words stands anywhere; elsewhere it must be whole words."""
    bare = name.replace(" ", "")
    return any("\u1000" <= sign <= "\u109f" or "\u3400" <= sign <= "\u9fff" for sign in bare) and bare in solid


def _sentence(sentence: str, language: str) -> Iterator[str]:
    held = REFERENCE.sub(HELD, sentence)
    lists = lists_of(language) if language in LANGUAGES else NO_LISTS
    if any(unicodedata.category(sign) in {"Nd", "Nl", "No"} for sign in _INNOCENT.sub(_year(held, lists), held)):
        yield "loose-number"
    if _near(_spans(held, lists.numbers, lists), _spans(held, lists.groups, lists), lists):
        yield "number-word"
    if speaks_of_all(held, lists):
        yield "all-or-nobody"
    plain = re.sub(r"\{\{\s*plain\.\d+\s*\}\}", " sautiplain ", sentence)
    if plain != sentence:
        plain = REFERENCE.sub(HELD, plain)
        if _near(_spans(plain, ("sautiplain",), lists), _spans(plain, lists.groups, lists), lists):
            yield "plain-number"


def _year(held: str, lists: Lists) -> str:
    """What a number that counts nobody is looked at as: nothing, unless a word for people follows it at once."""
    marked = _INNOCENT.sub(" sautiyear ", held)
    years, people = _spans(marked, ("sautiyear",), lists), _spans(marked, lists.groups, lists)
    return "0" if {end for _, end in years} & {start for start, _ in people} else ""


def _spans(text: str, entries: Sequence[str], lists: Lists) -> list[Span]:
    return spans(text, entries, lists, lists.innocent)


def _near(numbers: Sequence[Span], groups: Sequence[Span], lists: Lists) -> bool:
    most = lists.near if lists.spaced else NEAR_SIGNS
    pairs = ((number, group) for number in numbers for group in groups if number != group)
    return any(max(number[0], group[0]) - min(number[1], group[1]) < most for number, group in pairs)

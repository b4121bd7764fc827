"""Looks at each sentence as its reader would: is there a number that came by another way than a reference?

Pure but for reading its own lists.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from flows.findings import Finding, Severity
from flows.shadow import shadow
from reports.references import REFERENCE

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")
"""Languages with lists of number words and of words for people."""

NEAR = 4
"""So many words may stand between a number word and a word for people; without spaces twice as many signs."""

_SENTENCE = re.compile(r"(?<=[.!?؟۔።။。！？;؛])(?=\s|$)|(?<=[။。！？])|\n")  # noqa: RUF001 - full stops of several scripts
_INNOCENT = re.compile(
    r"\b(?:19|20)\d\d\b"  # a year
    r"|\b[A-Z]{1,6}(?:/[A-Z0-9.]+)+(?:\s?\(\d{4}\))?"  # the symbol of a United Nations document
    r"|\b\d{1,4}\s\(\d{4}\)"  # a resolution, as the Security Council numbers them
    r"|\bUN80\b"
)
"""Digits that count nobody, as long as no word for people stands beside them."""
_HELD = "￼"
"""Stands for a reference in what is looked at: no letter, no digit."""

MESSAGES = {
    "loose-number": (
        "A number stands here that no table shows.",
        "Write {{question.code.count}} or leave it out; {{date.2027-06-30}} and {{plain.30}} count nobody.",
    ),
    "number-word": (
        "A number word stands beside a word for people.",
        "Write {{question.code.count}} or .percent, or say it without a number (many, some, a few).",
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


@dataclass(frozen=True, slots=True)
class _Lists:
    spaced: bool
    numbers: tuple[str, ...]
    groups: tuple[str, ...]
    innocent: tuple[str, ...]


_NO_LISTS = _Lists(spaced=True, numbers=(), groups=(), innocent=())


def lint(pieces: Iterable[Piece], language: str, gazetteer: Sequence[str], file: str) -> tuple[Finding, ...]:
    """Everything in `pieces` that must not stand there, in order; `gazetteer` holds names, one an entry."""
    found: list[Finding] = []
    if language not in LANGUAGES:
        found.append(_finding("no-list", 0, file, Severity.WARNING))
    names = tuple(shadow(name).words for name in gazetteer if name.strip())
    for piece in pieces:
        codes = [code for sentence in _SENTENCE.split(piece.text) if sentence for code in _sentence(sentence, language)]
        seen = shadow(REFERENCE.sub(_HELD, piece.text))
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
    held = REFERENCE.sub(_HELD, sentence)
    lists = _lists(language) if language in LANGUAGES else _NO_LISTS
    if any(unicodedata.category(sign) in {"Nd", "Nl", "No"} for sign in _INNOCENT.sub(_year(held, lists), held)):
        yield "loose-number"
    if _near(_spans(held, lists.numbers, lists), _spans(held, lists.groups, lists), lists):
        yield "number-word"
    plain = re.sub(r"\{\{\s*plain\.\d+\s*\}\}", " sautiplain ", sentence)
    if plain != sentence:
        plain = REFERENCE.sub(_HELD, plain)
        if _near(_spans(plain, ("sautiplain",), lists), _spans(plain, lists.groups, lists), lists):
            yield "plain-number"


def _year(held: str, lists: _Lists) -> str:
    """What a number that counts nobody is looked at as: nothing, unless a word for people follows it at once."""
    marked = _INNOCENT.sub(" sautiyear ", held)
    years, people = _spans(marked, ("sautiyear",), lists), _spans(marked, lists.groups, lists)
    return "0" if {end for _, end in years} & {start for start, _ in people} else ""


def _spans(text: str, entries: Sequence[str], lists: _Lists) -> list[tuple[int, int]]:
    """Where any of `entries` begins and ends, counted in words, or in signs where words are not parted."""
    seen = shadow(text)
    if not lists.spaced:
        solid = seen.solid.words
        for innocent in lists.innocent:
            solid = solid.replace(innocent, _HELD * len(innocent))
        return [at.span() for entry in entries for at in re.finditer(re.escape(entry), solid)]
    words = seen.words
    for innocent in lists.innocent:
        words = words.replace(f" {innocent} ", f" {_HELD} ")
    whole = {entry for entry in entries if not entry.endswith("*")}
    begun = tuple(entry[:-1] for entry in entries if entry.endswith("*"))
    places = enumerate(words.split())
    return [(at, at + 1) for at, word in places if word in whole or (begun and word.startswith(begun))]


def _near(numbers: Sequence[tuple[int, int]], groups: Sequence[tuple[int, int]], lists: _Lists) -> bool:
    most = NEAR if lists.spaced else 2 * NEAR
    pairs = ((number, group) for number in numbers for group in groups if number != group)
    return any(max(number[0], group[0]) - min(number[1], group[1]) < most for number, group in pairs)


@lru_cache
def _lists(language: str) -> _Lists:
    told = yaml.safe_load(files("reports.prose").joinpath(f"{language}.yaml").read_text(encoding="utf-8"))
    spaced = bool(told["spaced"])

    def entries(kind: str) -> tuple[str, ...]:
        return tuple(_folded(entry, spaced=spaced) for entry in str(told.get(kind) or "").split())

    innocent = tuple(shadow(line).words.strip() for line in str(told.get("innocent") or "").splitlines())
    bare = tuple(line if spaced else line.replace(" ", "") for line in innocent if line)
    return _Lists(spaced, entries("numbers"), entries("groups"), bare)


def _folded(entry: str, *, spaced: bool) -> str:
    seen = shadow(entry.rstrip("*"))
    said = seen.words.strip() if spaced else seen.solid.words
    return said + "*" if entry.endswith("*") else said

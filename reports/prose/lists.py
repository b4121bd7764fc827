"""The lists of one language, and where their entries stand in a sentence. Reads files of this room, once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files

import yaml

from flows.shadow import shadow

HELD = "￼"
"""Stands for a reference, or for words that say nothing here, in what is looked at: no letter, no digit."""

Span = tuple[int, int]
"""Where something begins and ends, counted in words, or in signs where words are not parted."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Words of one language by what they do in a sentence."""

    spaced: bool = True
    near: int = 4
    """So many words, or signs where words are not parted, may stand between two that belong together."""
    numbers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    everybody: tuple[str, ...] = ()
    """All or nobody, by themselves."""
    all_of: tuple[str, ...] = ()
    """All or none of those whose name stands beside it."""
    claims: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    norms: tuple[str, ...] = ()
    """What makes a sentence a wish."""
    fair: tuple[str, ...] = ()
    """Phrases with one of these words that say nothing of a whole group."""


NO_LISTS = Lists()
_UNSPACED_NEAR = 8


@lru_cache
def lists_of(language: str) -> Lists:
    """The lists of a language that has them."""
    told = yaml.safe_load(files("reports.prose").joinpath(f"{language}.yaml").read_text(encoding="utf-8"))
    spaced = bool(told["spaced"])
    named = [each.name for each in fields(Lists) if each.name not in {"spaced", "near", "innocent"}]
    near = int(told.get("near", NO_LISTS.near if spaced else _UNSPACED_NEAR))
    entries = {name: tuple(_folded(entry, spaced=spaced) for entry in str(told[name]).split()) for name in named}
    lines = (shadow(line).words.strip() for line in str(told["innocent"]).splitlines())
    innocent = tuple(line if spaced else line.replace(" ", "") for line in lines if line)
    return Lists(spaced, near, innocent=innocent, **entries)


def _folded(entry: str, *, spaced: bool) -> str:
    seen = shadow(entry.rstrip("*").replace("_", " "))
    said = seen.words.strip() if spaced else seen.solid.words
    return said + "*" if entry.endswith("*") else said


def spans(text: str, entries: Sequence[str], lists: Lists, innocent: Sequence[str]) -> list[Span]:
    """Where any of `entries` stands in `text`, outside phrases that are innocent."""
    seen = shadow(text)
    if not lists.spaced:
        solid = seen.solid.words
        for each in innocent:
            solid = solid.replace(each, HELD * len(each))
        return [span for entry in entries for span in _signs(solid, entry)]
    words = seen.words
    for each in innocent:
        words = words.replace(f" {each} ", f" {' '.join([HELD] * len(each.split()))} ")
    parted = words.split()
    single = {entry for entry in entries if " " not in entry and not entry.endswith("*")}
    begun = tuple(entry[:-1] for entry in entries if " " not in entry and entry.endswith("*"))
    found = [
        (at, at + 1) for at, word in enumerate(parted) if word in single or (begun and word.startswith(begun))
    ]  # fmt: skip
    return found + [span for entry in entries if " " in entry for span in _phrases(parted, entry.split())]


def _signs(solid: str, entry: str) -> Iterator[Span]:
    at = solid.find(entry)
    while at >= 0:
        yield at, at + len(entry)
        at = solid.find(entry, at + 1)


def _phrases(parted: Sequence[str], phrase: Sequence[str]) -> Iterator[Span]:
    """Where words stand one after the other; the last of them may be left open."""
    *whole, last = phrase
    for at in range(len(parted) - len(whole)):
        end = parted[at + len(whole)]
        closed = end.startswith(last[:-1]) if last.endswith("*") else end == last
        if closed and list(parted[at : at + len(whole)]) == whole:
            yield at, at + len(phrase)

"""The word lists of flows/words, read once and made ready to be looked for in a shadow.

A line is a phrase. `a/b` in the place of a word means either; `*` at the end or beginning of a word leaves that end
open; `…` stands for up to three words that may come between (up to six signs in a script that does not part words);
`=` before a line means that it is the whole message.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from flows import plain_yaml
from flows.shadow import Shadow, shadow

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")
"""Languages with lists. A text in another language is not looked at: the linter says so."""

KINDS = (
    "distress", "danger", "story", "name", "date", "address", "group", "finer", "promise", "claim", "revealing",
    "negation",
)  # fmt: skip
"""What there is a list of, in every language; flows/words/en.yaml says what each is for."""

_GAP = "…"
_BETWEEN = "(?:[^ ]++ ){0,3}"
_BETWEEN_SIGNS = ".{0,6}?"
_SYNTAX = "(?:|)[^ ]*+<=>{,}.0123456789$"


class Slot(NamedTuple):
    """One place of a phrase: whole words that may stand there, pieces for words with an open end, and how to match."""

    whole: frozenset[str]
    pieces: tuple[str, ...]
    form: str

    def present(self, seen: Shadow) -> bool:
        """Whether anything that could stand here is in the text at all."""
        return not self.whole.isdisjoint(seen.vocabulary) or any(piece in seen.words for piece in self.pieces)


@dataclass(frozen=True)
class Phrase:
    """One line of a list. Most texts are cleared by the words they do not hold, without any pattern being tried."""

    slots: tuple[Slot, ...]
    form: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The whole phrase; its repeats are possessive, bounded, or end with the word, so it cannot run away."""
        return re.compile(self.form)

    def begins(self, seen: Shadow) -> int | None:
        """Where in the shadow the phrase begins; None where it is not."""
        if not all(slot.present(seen) for slot in self.slots):
            return None
        found = self.pattern.search(seen.words)
        return None if found is None else found.start()


class Patterns(NamedTuple):
    """One list, ready to be looked for."""

    phrases: tuple[Phrase, ...]
    spaced: bool
    signs: frozenset[str]
    """Letters that its phrases are written with: a text in another script is cleared at once."""
    open: tuple[Phrase, ...]
    """Phrases without a place that only whole words can take."""
    by_word: dict[str, tuple[Phrase, ...]]
    """The other phrases, by each word that such a place can take."""

    def _possible(self, seen: Shadow) -> Iterator[Phrase]:
        """All phrases that may be there: the others lack a word."""
        yield from self.open
        for word in self.by_word.keys() & seen.vocabulary:
            yield from self.by_word[word]

    def first(self, seen: Shadow) -> int | None:
        """Where in the text the first of the phrases begins; None where there is none."""
        seen = seen if self.spaced else seen.solid
        found = [begins for phrase in self._possible(seen) if (begins := phrase.begins(seen)) is not None]
        return seen.places[min(found)] if found else None

    def holds(self, seen: Shadow) -> bool:
        """Whether any of the phrases is there."""
        if self.signs.isdisjoint(seen.words):
            return False
        seen = seen if self.spaced else seen.solid
        return any(phrase.begins(seen) is not None for phrase in self._possible(seen))


class Wordlist(NamedTuple):
    """Everything about one language."""

    language: str
    reviewed: bool
    patterns: dict[str, Patterns]


@lru_cache
def wordlist(language: str) -> Wordlist:
    """The lists of a language of LANGUAGES.

    Raises:
        KeyError: no such language, or its file lacks a list.
        ValueError: a place of a phrase holds no word, or more than one.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    name = f"{language}.yaml"
    tree: dict[str, Any] = plain_yaml.read(files("flows.words").joinpath(name).read_bytes(), name).value
    spaced = bool(tree["spaced"])
    every = {kind: patterns(str(tree[kind]).splitlines(), spaced=spaced) for kind in KINDS}
    return Wordlist(language, bool(tree["reviewed"]), every)


def known(language: str) -> str | None:
    """The language of LANGUAGES that a tag belongs to: `zh-Hant` to `zh`, `pt-BR` to none."""
    base = language.partition("-")[0]
    return base if base in LANGUAGES else None


def patterns(lines: Iterable[str], *, spaced: bool = True) -> Patterns:
    """Phrases made ready. Raises ValueError where a place holds no word, or more than one."""
    phrases = tuple(_phrase(line.strip(), spaced=spaced) for line in lines)
    signs = frozenset("".join(phrase.form for phrase in phrases)) - frozenset(_SYNTAX)
    return Patterns(phrases, spaced, signs, *_sorted(phrases))


def _sorted(phrases: Iterable[Phrase]) -> tuple[tuple[Phrase, ...], dict[str, tuple[Phrase, ...]]]:
    """Phrases that always have to be tried, and those that wait for a word, by that word."""
    always, by_word = [], dict[str, tuple[Phrase, ...]]()
    for phrase in phrases:
        whole = next((slot.whole for slot in phrase.slots if not slot.pieces), None)
        if whole is None:
            always.append(phrase)
        for word in whole or ():
            by_word[word] = (*by_word.get(word, ()), phrase)
    return tuple(always), by_word


def _phrase(line: str, *, spaced: bool) -> Phrase:
    slots, form = [], ""
    for word in line.removeprefix("=").split():
        if word == _GAP:
            form += _BETWEEN if spaced else _BETWEEN_SIGNS
            continue
        slots.append(_slot(word.split("/"), spaced=spaced))
        form += slots[-1].form + (" " if spaced else "")
    if not slots:
        raise ValueError("phrase-without-words")
    if line.startswith("="):
        return Phrase(tuple(slots), f"^ ?{form}$")
    return Phrase(tuple(slots), f"(?<= ){form}" if spaced else form)


def _slot(choices: list[str], *, spaced: bool) -> Slot:
    whole, pieces, forms = [], [], []
    for choice in choices:
        core = shadow(choice).words.strip()
        if not core or " " in core:
            raise ValueError("not-one-word")
        before, after = choice.startswith("*"), choice.endswith("*")
        if spaced and not before and not after:
            whole.append(core)
        else:
            pieces.append(core if before or not spaced else f" {core}")
        forms.append(("[^ ]*" if before and spaced else "") + core + ("[^ ]*+" if after and spaced else ""))
    return Slot(frozenset(whole), tuple(pieces), f"(?:{'|'.join(forms)})")

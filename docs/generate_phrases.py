"""Writes docs/phrases.md: what the lists of distress and danger find, miss and mistake, per language.

Measured on the invented sentences of tests/flows/corpus. With `--check` it only says whether the page is in step.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from docs import in_step
from flows.phrases import KINDS, distressed
from flows.wordlists import LANGUAGES, wordlist

PAGE = Path(__file__).with_name("phrases.md")
CORPUS = Path(__file__).parents[1] / "tests" / "flows" / "corpus"
HEAD = """# Words of distress and danger

Made by `make docs` from `flows/words` and `tests/flows/corpus`; do not edit.

When somebody types such words, the list of help is shown at once, in whatever language she writes. The bot does not
answer them, does not ask why, and tells nobody. A false alarm costs a glance at that list, so the lists lean towards
it.

**How to read the table.** All sentences are invented; none comes from a person.

* *seen*: the lists may be tuned until these are found.
* *held out*: written before the lists and never used for tuning, but by the same hand that wrote the lists. It shows
  that the lists were not fitted to single sentences; it says little about strangers, **who will be missed more often**.
* *oblique*: written after the lists, of people who speak of the same things without any of the usual words ("I can hear
  them downstairs"). No list of phrases finds these. They stand here as a measure of what this can never do, and they
  are the reason why *Support* stands on every card.

**All lists are drafts** until a native speaker has read them: `reviewed` in the language's file says so.
Burmese in the old Zawgyi encoding, and languages written in a script that is not their own, are not recognised.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one group of sentences fared: all of them, and those that came out wrong."""

    sentences: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part that came out wrong."""
        return len(self.wrong) / len(self.sentences)

    def __str__(self) -> str:
        return f"{len(self.wrong)} of {len(self.sentences)}"


def corpus(language: str) -> dict[str, Any]:
    """The sentences of a language, as its file holds them."""
    tree: dict[str, Any] = yaml.safe_load((CORPUS / f"{language}.yaml").read_text("utf-8"))
    return tree


@lru_cache
def measured(language: str, part: str, kind: str) -> Measured:
    """The sentences of `part` ("seen", "held_out" or "oblique") and `kind` ("alarm" or "calm"), looked at in turn."""
    sentences = tuple(corpus(language)[part][kind].splitlines())
    return Measured(sentences, tuple(one for one in sentences if distressed(one) != (kind == "alarm")))


def _rows() -> Iterator[str]:
    yield "| language | phrases | reviewed | missed: seen | held out | oblique | false alarms: seen | held out |"
    yield "|---|---|---|---|---|---|---|---|"
    for language in LANGUAGES:
        lists = wordlist(language)
        phrases = sum(len(lists.patterns[kind].phrases) for kind in KINDS)
        cells = [measured(language, part, "alarm") for part in ("seen", "held_out", "oblique")]
        cells += [measured(language, part, "calm") for part in ("seen", "held_out")]
        name = Locale("en").languages.get(language, "Dari")
        reviewed = "yes" if lists.reviewed else "no"
        yield f"| {name} (`{language}`) | {phrases} | {reviewed} | " + " | ".join(map(str, cells)) + " |"


def _wrong() -> Iterator[str]:
    for language, part, kind in product(LANGUAGES, ("seen", "held_out"), ("alarm", "calm")):
        for sentence in measured(language, part, kind).wrong:
            what = "missed" if kind == "alarm" else "false alarm"
            yield f"- `{language}`, {part.replace('_', ' ')}, {what}: {sentence}"


def page() -> str:
    """The whole page."""
    return (
        "\n".join([HEAD, *_rows(), "", "## Sentences that came out wrong (without the oblique ones)", "", *_wrong()])
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "flows/words"))

"""How much the linter's lists of words see of questions and sentences that were invented after them."""

from pathlib import Path
from typing import NamedTuple

import yaml

from flows.checks import wording
from flows.shadow import shadow
from flows.wordlists import wordlist

FILE = Path(__file__).parents[1] / "tests" / "flows" / "questions.yaml"
MENDED_ON = FILE.with_name("questions_seen.yaml")
"""Sentences that were held out once, and that the lists have been mended on since."""
_KINDS = ("story", "name", "date", "address")


class Seen(NamedTuple):
    """Of one language: how many of how many were seen, and how many of how many that are fine were taken for them."""

    language: str
    asks: tuple[int, int]
    fine: tuple[int, int]
    wrong: tuple[int, int]
    honest: tuple[int, int]


def measured(file: Path = FILE) -> tuple[Seen, ...]:
    """The figures of every language, in the order of the file."""
    every: dict[str, dict[str, str]] = yaml.safe_load(file.read_text("utf-8"))
    return tuple(_seen(language, said) for language, said in every.items())


def _seen(language: str, said: dict[str, str]) -> Seen:
    def among(kind: str) -> tuple[int, int]:
        lines = said[kind].splitlines()
        looked = _asks if kind in {"asks", "fine"} else _wrong
        return sum(looked(line, language) for line in lines), len(lines)

    return Seen(language, among("asks"), among("fine"), among("wrong"), among("honest"))


def _asks(line: str, language: str) -> bool:
    groups = wordlist(language).patterns["group"].holds(shadow(line))
    return groups or any(wording.asked(line, language, kind) is not None for kind in _KINDS)


def _wrong(line: str, language: str) -> bool:
    claims = wordlist(language).patterns["claim"].holds(shadow(line))
    promises = wording.asked(line, language, "promise") is not None
    return claims or promises or wording.revealing(line, language) is not None

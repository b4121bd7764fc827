"""Q7: languages that exist, and translations that carry the same gaps and addresses as their source."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from flows.checks.walk import Flaw
from flows.model import Consultation
from flows.texts import texts

_PLACEHOLDER = re.compile(r"\$?\{[^{}]*\}|%\([a-z_]+\)[sd]|https?://[^\s\])]*[^\s\]).,;:!?،؛؟。፣።၊။]|\[")
"""Gaps to be filled, addresses, and the opening bracket of words that are to be replaced before a real round."""


def tags(consultation: Consultation) -> Iterator[Flaw]:
    """Every language tag names a language, script and region that exist (BCP 47, as far as CLDR knows them)."""
    for number, tag in enumerate(consultation.languages):
        if not exists(tag):
            message = f"'{tag}' names no known language, script or region."
            yield Flaw(("languages", number), message, "Look the tag up, for example en, pt-BR, zh-Hant, ckb.")


def placeholders(consultation: Consultation) -> Iterator[Flaw]:
    """A translation has the same gaps, addresses and square brackets as the first language."""
    first = consultation.languages[0]
    for path, text in texts(consultation):
        if first not in text:
            continue
        wanted = gaps(text[first])
        for language, words in text.root.items():
            found = gaps(words)
            if found != wanted:
                odd = sorted(((wanted - found) + (found - wanted)).elements())
                message = f"Not as in '{first}': " + ", ".join(f"'{one}'" for one in odd) + "."
                yield Flaw((*path, language), message, "Give both the same gaps, addresses and words in brackets.")


def gaps(text: str) -> Counter[str]:
    """How often each gap, address and opening bracket stands in a text."""
    return Counter(_PLACEHOLDER.findall(text))


@lru_cache(maxsize=256)
def exists(tag: str) -> bool:
    """Whether a tag names a known language, script and region."""
    language, *rest = tag.split("-")
    names = Locale("en")
    known = language in names.languages or language in get_global("language_aliases") or _has_data(language)
    return known and all(part in names.scripts or part in names.territories for part in rest)


def _has_data(language: str) -> bool:
    try:
        return bool(Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        return language in get_global("likely_subtags")

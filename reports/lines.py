"""Where no line may end, though a browser or a word processor would end one there."""

import re

_FRENCH = re.compile(r" (?=[?!;:»%])|(?<=«) ")
"""Spaces of French within the quotation marks and before marks of two parts: no line begins with a question mark."""
_FINAL = re.compile("(?<=[\u1000-\u109f])(?=[\u1000-\u1021]\u1037?\u103a)")
"""Before a consonant that ends a Burmese syllable, where a line is broken if a program's list of words lacks one."""
_SLAVIC = re.compile(
    r"(?<=\b[авикосуяєійз]) | (?=(?:бы|б|же|ж|ли|би)\b)",  # noqa: RUF001 - Cyrillic it is
    re.IGNORECASE,
)
"""Spaces of Russian and Ukrainian: a word of one letter stands with the next, a particle with the one before."""
_SPACES = {"fr": _FRENCH, "ru": _SLAVIC, "uk": _SLAVIC}


def unbroken(text: str, language: str) -> str:
    """`text`, held together by spaces that do not break, and in Burmese by word joiners within syllables."""
    whole = _FINAL.sub("\u2060", text)
    spaces = _SPACES.get(language)
    return spaces.sub("\u00a0", whole) if spaces else whole

"""Where no line may end, though a browser or a word processor would end one there."""

import re

_FRENCH = re.compile(r" (?=[?!;:»%])|(?<=«) ")
"""Spaces of French within the quotation marks and before marks of two parts: no line begins with a question mark."""
_FINAL = re.compile("(?<=[\u1000-\u109f])(?=[\u1000-\u1021]\u1037?\u103a)")
"""Before a consonant that ends a Burmese syllable, where a line is broken if a program's list of words lacks one."""


def unbroken(text: str, language: str) -> str:
    """`text`, held together by spaces that do not break in French, and by word joiners in Burmese syllables."""
    whole = _FINAL.sub("\u2060", text)
    return _FRENCH.sub("\u00a0", whole) if language == "fr" else whole

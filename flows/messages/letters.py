"""Letters: invisible ones, look-alikes, and those that a language is not written with.

A file in the wrong language is the commonest slip of all, and nobody who cannot read it sees it. Which script a
language is written in follows from CLDR's likely subtags; what a letter's script is, from its name in the Unicode
Character Database. Where several languages share a script, letters that one of them never has tell them apart.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from babel.core import get_global

SCRIPTS = {
    "Latn": {"LATIN"}, "Cyrl": {"CYRILLIC"}, "Grek": {"GREEK"}, "Arab": {"ARABIC"}, "Hebr": {"HEBREW"},
    "Mymr": {"MYANMAR"}, "Ethi": {"ETHIOPIC"}, "Hans": {"CJK"}, "Hant": {"CJK"}, "Armn": {"ARMENIAN"},
    "Geor": {"GEORGIAN"}, "Deva": {"DEVANAGARI"}, "Beng": {"BENGALI"}, "Taml": {"TAMIL"}, "Sinh": {"SINHALA"},
    "Thai": {"THAI"}, "Laoo": {"LAO"}, "Khmr": {"KHMER"}, "Kore": {"HANGUL", "CJK"}, "Tibt": {"TIBETAN"},
    "Jpan": {"HIRAGANA", "KATAKANA", "CJK"}, "Nkoo": {"NKO"}, "Tfng": {"TIFINAGH"}, "Syrc": {"SYRIAC"},
    "Guru": {"GURMUKHI"}, "Gujr": {"GUJARATI"}, "Telu": {"TELUGU"}, "Knda": {"KANNADA"}, "Mlym": {"MALAYALAM"},
    "Rohg": {"HANIFI"}, "Adlm": {"ADLAM"}, "Vaii": {"VAI"}, "Mong": {"MONGOLIAN"}, "Thaa": {"THAANA"},
}  # fmt: skip
"""Script (ISO 15924) → how the names of its letters begin."""

FOREIGN = {
    "ar": "پچژگکیەێۆڕڵڤڼټډړښڅځٹڈڑںےہ",
    "prs": "يكىةەێۆڕڵڤټډړښڅځڼٹڈڑںےہ",
    "fa": "يكىةەێۆڕڵڤټډړښڅځڼٹڈڑںےہ",
    "ckb": "يكىةضصظثذطټډړښڅځڼٹڈڑںےہ",
    "ru": "іїєґўЎІЇЄҐ",
    "uk": "ыэёъЫЭЁЪўЎ",
}
"""Letters of neighbours' alphabets that this language is not written with, apart from names and borrowed words."""

_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
"""Scripts that share shapes: within one word they do not meet, unless somebody wants it or a keyboard slipped."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINED = {"Arab": "\u200c", **dict.fromkeys(("Deva", "Beng", "Sinh", "Knda", "Mlym", "Guru", "Gujr"), "\u200c\u200d")}
"""Script → joiners that ordinary spelling needs (Unicode Standard, chapters 9 and 12)."""
_OPENS, _CLOSES = "\u2066\u2067\u2068", "\u2069"
_WORD = re.compile(r"[^\W\d_]+")
_APART = re.compile(r"\{[^{}]*\}|/[a-z]+|https?://\S+")
"""Gaps, commands and addresses: the same in every language."""
_FEW, _QUARTER = 4, 4
"""Letters from which on a text tells of a script: shorter ones may be an abbreviation."""


@lru_cache(maxsize=256)
def script(language: str) -> str:
    """The script that a language is written in, as ISO 15924 has it; empty where that is not known."""
    base, *rest = language.split("-")
    named = next((part for part in rest if len(part) == len("Latn")), None)
    alias = get_global("language_aliases").get(base, base).split("_")[0]  # Dari is written as Persian is
    return named or next(iter(str(get_global("likely_subtags").get(alias, "")).split("_")[1:2]), "")


def hidden(text: str, language: str, kept: str = "") -> str:
    """Signs that nobody sees and that this language is not written with; `kept` names some that may stay."""
    useful = {"\n", *_JOINED.get(script(language), ""), *kept}
    return "".join(sign for sign in text if unicodedata.category(sign) in _HIDDEN and sign not in useful)


def unclosed(text: str) -> bool:
    """Whether a direction that begins in a paragraph does not end in it: it would turn round what stands behind."""
    for paragraph in text.split("\n"):
        depth = 0
        for sign in paragraph:
            depth += (sign in _OPENS) - (sign == _CLOSES)
            if depth < 0:
                return True
        if depth:
            return True
    return False


def mixed(text: str) -> str:
    """The first word whose letters come from scripts that look alike; empty where there is none."""
    return next((word for word in _WORD.findall(text) if len(_scripts(word).keys() & _ALIKE) > 1), "")


def foreign(text: str, language: str) -> bool:
    """Whether a text is hardly written in the script of its language: names and brands of others may stand in it."""
    wanted = SCRIPTS.get(script(language))
    seen = _scripts(_APART.sub(" ", text))
    count = sum(seen.values())
    return wanted is not None and count >= _FEW and _QUARTER * sum(seen[one] for one in wanted) < count


def strange(text: str, language: str) -> set[str]:
    """Letters of a neighbour's alphabet."""
    return set(FOREIGN.get(language.partition("-")[0], "")) & set(text)


def _scripts(text: str) -> Counter[str]:
    return Counter(_of(sign) for sign in text if sign.isalpha())


@lru_cache(maxsize=4096)
def _of(sign: str) -> str:
    return unicodedata.name(sign, "UNKNOWN").replace("-", " ").split()[0]

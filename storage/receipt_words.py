"""A receipt as nine words, in the languages for which a list of words is published under a free licence (W1).

The lists are those of BIP-39, 2,048 words each, of which no two look alike; `mnemonic` (MIT) carries them. A receipt's
number, written with 2,048 "digits", is nine of them: words and digits are the same receipt, and either withdraws, in
whatever language. A wrong word changes the number by less than 2,048 times a power of 2, two exchanged ones by such a
number times 2¹¹ᵏ - 1; 99,991 is prime and divides none of them, so the check notices both, always. Pure.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from mnemonic import Mnemonic

from storage.receipts import DIGITS, ReceiptError, checked, normalise

WORDS: Final = 9
_BITS = 11
_UNREAD = 2
"""So many unknown words among nine still look like a receipt with a slip, not like something else she says."""

LISTS: Final[Mapping[str, str]] = {
    "en": "english", "fr": "french", "es": "spanish", "ru": "russian", "zh": "chinese_simplified",
}  # fmt: skip
"""Our language → the name of its list. There is none for Arabic, Ukrainian, Burmese, Swahili, Amharic, Sorani, Dari."""

_MENDED: Final = {"\u0441\u043d\u043e\ufffd\ufffd\u0430": "снова"}
"""A word that lost two bytes in the package (0.21); nobody could copy it."""


def worded(digits: str, language: str) -> tuple[str, ...] | None:
    """The nine words of a receipt; None where its language has no list, or the number is of a time before words."""
    number = int(digits)
    if language not in LISTS or number >> _BITS * WORDS:
        return None
    words = words_of(language)
    return tuple(words[number >> _BITS * place & 2**_BITS - 1] for place in reversed(range(WORDS)))


def read(typed: str) -> str:
    """The 30 ASCII digits that were meant, from digits of any script or words of any list.

    Raises:
        ReceiptError: it cannot be a receipt; `wrong-check` where it looks like one with a slip in it.
    """
    try:
        return normalise(typed)
    except ReceiptError as error:
        if error.code != "not-digits":
            raise
    return _from_words(typed)


@lru_cache(maxsize=len(LISTS))
def words_of(language: str) -> tuple[str, ...]:
    """The list of a language that has one."""
    listed = (_MENDED.get(word, word) for word in Mnemonic(LISTS[language]).wordlist)
    return tuple(unicodedata.normalize("NFC", word) for word in listed)


@lru_cache(maxsize=len(LISTS))
def _places(language: str) -> Mapping[str, int]:
    return {_plain(word): place for place, word in enumerate(words_of(language))}


def prepare() -> None:
    """Reads all lists, which otherwise happens when the first receipt comes in words."""
    for language in LISTS:
        _places(language)


def _from_words(typed: str) -> str:
    slip, letters = False, _letters(typed)
    spaced, close = letters.split(), letters.replace(" ", "")
    if WORDS not in {len(spaced), len(close)}:
        raise ReceiptError("not-words")
    for language in LISTS:
        # In Chinese each letter is a word, because nobody puts blanks between them.
        places = [_places(language).get(word) for word in (close if language == "zh" else spaced)]
        known = [place for place in places if place is not None]
        if len(places) != WORDS or len(known) < WORDS - _UNREAD:
            continue
        if len(known) == WORDS and (digits := _checked(known)) is not None:
            return digits
        slip = True
    raise ReceiptError("wrong-check" if slip else "not-words")


def _checked(places: list[int]) -> str | None:
    number = 0
    for place in places:
        number = number << _BITS | place
    try:
        return checked(f"{number:0{DIGITS}}")
    except ReceiptError:
        return None


def _letters(typed: str) -> str:
    """Letters as they are compared, and a blank for everything else."""
    return "".join([letter if letter.isalpha() else " " for letter in _plain(typed)])


def _plain(text: str) -> str:
    """Without accents and capitals, which a hurried hand leaves out; within a list no two words become one."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join([letter for letter in split if not unicodedata.combining(letter) and letter not in "\u200e\u200f"])

"""A text as its reader hears it: one spelling for the many ways in which people type the same words.

Lists of words are matched on this shadow and never on the text itself. It folds case, compatibility forms, accents,
Arabic vowel signs, the letters that Arabic, Persian and Kurdish keyboards mix up, Ethiopic letters of one sound, native
digits and doubled letters; it drops what nobody sees; every stretch of other signs becomes one space.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_ALIKE = {
    **dict(zip("ىیێېئکگۆۇڕڵھەةۀٱ", "يييييككوورلهههها", strict=True)),
    **dict(zip("ါဉ", "ာဥ", strict=True)),  # two shapes of one Burmese sign; a letter that is typed for another
    **{chr(0x1210 + order): chr(0x1200 + order) for order in range(8)},
    **{chr(0x1280 + order): chr(0x1200 + order) for order in range(8)},
    **{chr(0x1220 + order): chr(0x1230 + order) for order in range(8)},
    **{chr(0x12D0 + order): chr(0x12A0 + order) for order in range(7)},
    **{chr(0x1340 + order): chr(0x1338 + order) for order in range(7)},
    **dict(zip("ሃሓኃኻኣዓ", "ሀሀሀሀአአ", strict=True)),
}
"""Letter → the letter it is heard as."""

_DROPPED = frozenset(map(chr, (0x27, 0x60, 0xB4, 0x2BB, 0x2BC, 0x640, 0x2018, 0x2019, 0x2032, 0xFF07)))
"""Apostrophes of every keyboard: the word goes on without a gap. 0x640 is the line that stretches Arabic words."""

_UNSEEN = (
    (0x0300, 0x036F),  # accents, and the invisible grapheme joiner
    (0x064B, 0x065F),  # Arabic vowel signs, hamza above and below
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x1037, 0x1037),  # the Burmese dot below, which stands before or after the killer
    (0x115F, 0x1160),  # letters without a shape
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFFA0, 0xFFA0),
)


@dataclass(frozen=True, repr=False)
class Shadow:
    """The folded words, parted and enclosed by single spaces, and for each sign its position in the text."""

    words: str
    places: tuple[int, ...]

    def __repr__(self) -> str:
        return "<Shadow>"

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Each word once."""
        return frozenset(self.words.split())

    @cached_property
    def solid(self) -> "Shadow":
        """The same without spaces, for scripts that do not part words."""
        kept = [(sign, place) for sign, place in zip(self.words, self.places, strict=True) if sign != " "]
        return Shadow("".join(sign for sign, _ in kept), tuple(place for _, place in kept))


def shadow(text: str) -> Shadow:
    """The shadow of `text`; a text without a word gives one space. Time grows with the length alone."""
    signs, places = [" "], [0]
    for place, sign in _signs(text):
        if sign != signs[-1]:
            signs.append(sign)
            places.append(place)
    if signs[-1] != " ":
        signs.append(" ")
        places.append(len(text))
    return Shadow("".join(signs), tuple(places))


def _signs(text: str) -> Iterator[tuple[int, str]]:
    for place, sign in enumerate(text):
        for folded in _folded(sign):
            yield place, folded


@lru_cache(maxsize=8192)
def _folded(sign: str) -> str:
    """What one character becomes: letters and digits, one space, or nothing."""
    if sign in _DROPPED or unicodedata.category(sign) in {"Cf", "Cs"}:
        return ""
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _ALIKE.get(sign, sign)).casefold())
    letters = (_ALIKE.get(part, part) for part in plain if not any(low <= ord(part) <= high for low, high in _UNSEEN))
    return "".join(part if unicodedata.category(part)[0] in "LMN" else " " for part in letters)

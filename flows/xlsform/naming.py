"""Names and codes of a form in the spelling that ours have, and the form's rules with them.

XLSForm lets a choice be called `1` or `NGO staff` and a question `Q1.Age`; here both begin with a small letter. One
function of the old name gives the new one, so that a code and an attribute of another list that equalled it still do.
Rules are not parsed here but read word by word: whether they are sound is the linter's to say.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flows.xlsform.spans import Bands, Cut, Word, compared, cut, said

LONGEST = 40
_VALID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OTHER = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(
    r"""
      (?P<text>'[^']*'|"[^"]*")
    | (?P<reference>\$\{\s*(?P<name>[^}]*?)\s*\})
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[^\W\d][\w.\-]*)
    | (?P<sign><=|>=|!=|\S)
    | (?P<space>\s+)
    """,
    re.VERBOSE,
)
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\xa0": " "})
_EQUAL, _ORDER = frozenset({"=", "!="}), frozenset({"<", "<=", ">", ">=", "+", "-", "*"})


def spelled(name: str, prefix: str = "c") -> str:
    """A name as ours are spelled: itself where it already is one. The same name always gives the same."""
    if _VALID.fullmatch(name):
        return name
    plain = _OTHER.sub("_", name.strip().lower()).strip("_")
    if not plain:
        plain = "_".join(format(ord(sign), "x") for sign in name.strip()) or "nothing"
    return (plain if plain[0].isalpha() else f"{prefix}{plain}")[:LONGEST]


_PASSING = frozenset({"", "selected-at", "coalesce", "once", "string", "=", "!=", "and", "or", "(", ","})
"""What stands before a bracket whose value can be an answer as it is."""


@dataclass(slots=True)
class Names:
    """Questions' old names and new ones; no two questions end up with the same."""

    new: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def give(self, name: str) -> str:
        """A name for a question or section that is called `name` in the form."""
        wanted = spelled(name, "q")
        given, count = wanted, 1
        while given in self.taken:
            count += 1
            given = f"{wanted[: LONGEST - 4]}_{count}"
        self.taken.add(given)
        self.new.setdefault(name, given)
        return given


@dataclass(frozen=True, slots=True)
class Spelling:
    """What rules of a form have to call otherwise."""

    names: Mapping[str, str]
    """Questions, by their name in the form."""
    codes: frozenset[str] = frozenset()
    """Choices and attributes that are not called here as they are there."""
    coded: frozenset[str] = frozenset()
    """Questions and calculations, by their name in the form, whose values are such codes."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Columns of the choices' sheet, by the name they have there."""
    plain: frozenset[str] = frozenset()
    """Calculations whose values are none: what they are compared with is no code, though it may look like one."""
    bands: Bands = field(default_factory=dict)
    """Questions, by their name in the form, of which only a band is kept, with their bands."""

    def rule(self, text: str, *, current: bool = False) -> str:
        """The rule in our spelling; `current` says that `.` is answered with codes that are called otherwise."""
        words = [(word.lastgroup or "", word.group(), word["name"]) for word in _WORD.finditer(text.translate(_QUOTES))]
        solid = [word for word in words if word[0] != "space"]
        told, place, last = list[str](), -1, -1
        for kind, written, _ in words:
            place += kind != "space"
            if place < last or (place == last and kind != "space"):
                continue  # within a comparison that has been said by bands
            if kind == "space":
                told.append(written)
            elif (banded := self._banded(solid, place)) is not None:
                told.append(banded[0])
                last = banded[1]
            else:
                told.append(self._word(solid, place, current=current))
        return "".join(told)

    def cuts(self, text: str) -> list[Cut]:
        """Bands that a rule cuts in two, so that what it compares cannot be known."""
        words = [(word.lastgroup or "", word.group(), word["name"]) for word in _WORD.finditer(text.translate(_QUOTES))]
        solid = [word for word in words if word[0] != "space"]
        found = [one for place in range(len(solid)) if (one := compared(solid, place, self.bands)) is not None]
        return [halved for one in found if (halved := cut(one, self.bands[one.name])) is not None]

    def _banded(self, words: list[Word], place: int) -> tuple[str, int] | None:
        """A comparison by bands in place of one by number, and the word it ends with."""
        found = compared(words, place, self.bands)
        if found is None:
            return None
        by_bands = said(found, self.bands[found.name], self.names.get(found.name, found.name))
        return None if by_bands is None else (by_bands, found.last)

    def compares_numbers(self, text: str) -> bool:
        """Whether a rule takes a code that is called otherwise for a number, so that it would no longer hold."""
        words = [word for word in _WORD.finditer(text.translate(_QUOTES)) if word.lastgroup != "space"]
        for place, word in enumerate(words):
            beside = {words[other].group() for other in (place - 1, place + 1) if 0 <= other < len(words)}
            if word["reference"] is not None and word["name"] in self.coded and beside & _ORDER:
                return True
        return False

    def _word(self, words: list[Word], place: int, *, current: bool) -> str:
        kind, text, name = words[place]
        if kind == "reference":
            known = name or ""
            return f"${{{self.names.get(known, known)}}}"
        quoted = _WORD.fullmatch(text[1:-1].strip()) if kind == "text" else None
        if quoted is not None and quoted["name"] is not None:  # as jr:choice-name takes it
            return f"'${{{self.names.get(quoted['name'], quoted['name'])}}}'"
        if kind == "text" and text[1:-1] in self.codes and self._stands_for_code(words, place):
            return f"'{spelled(text[1:-1])}'"
        if kind == "word":
            return self.attributes.get(text, text)
        if kind == "number" and text in self.codes and self._compared(words, place, current=current):
            return f"'{spelled(text)}'"
        return text

    def _stands_for_code(self, words: list[Word], place: int) -> bool:
        """Whether a fixed text is compared with an answer, or stands in for one."""
        before = words[place - 1][1] if place else ""
        after = words[place + 1][1] if place + 1 < len(words) else ""
        if before in _EQUAL or after in _EQUAL:
            return self._may_be_code(words, place - 2 if before in _EQUAL else place + 2)
        call = _call_around(words, place)
        if call is None or before not in {",", "("}:
            return False
        name = words[call - 1][1] if call else ""
        return name == "selected" or (name == "coalesce" and self._looks_at_codes(words, call))

    def _may_be_code(self, words: list[Word], place: int) -> bool:
        """Whether what stands at a place, or ends there, can have a code for its value."""
        kind, text, name = words[place] if 0 <= place < len(words) else ("", "", None)
        if kind == "reference":
            return name not in self.plain
        if text == ")":
            begin = _call_around(words, place)
            return begin is not None and (words[begin - 1][1] if begin else "") in _PASSING
        called = kind == "word" and place + 1 < len(words) and words[place + 1][1] == "("
        return not called or text in _PASSING

    def _looks_at_codes(self, words: list[Word], begin: int) -> bool:
        """Whether a question or calculation whose values are codes stands behind a bracket."""
        return any(kind == "reference" and name in self.coded for kind, _, name in words[begin:])

    def _compared(self, words: list[Word], place: int, *, current: bool) -> bool:
        """Whether a number stands for a code: `${question} = 1`, or an attribute in a filter."""
        sides = [
            words[place + 2 * step]
            for step in (-1, 1)
            if 0 <= place + 2 * step < len(words) and words[place + step][1] in _EQUAL
        ]
        inside = place >= 4 and words[place - 4][1] == "selected"  # noqa: PLR2004 - selected ( ${question} , 1
        return inside or any(
            name in self.coded or kind == "word" or (current and text == ".") for kind, text, name in sides
        )


def _call_around(words: list[Word], place: int) -> int | None:
    """Where the bracket begins that a place stands in or ends."""
    depth = 0
    for before in range(place - 1, -1, -1):
        depth += (words[before][1] == ")") - (words[before][1] == "(")
        if depth < 0:
            return before
    return None


def carries_codes(text: str, coded: Collection[str]) -> bool:
    """Whether the value of a calculation is an answer to one of `coded`, handed on as it is."""
    words = [word for word in _WORD.finditer(text) if word.lastgroup != "space"]
    names = [word["name"] in coded for word in words if word["name"] is not None]
    if not words or not any(names):
        return False
    last = next((word for word in reversed(words) if word.group() != ")"), words[0])
    return words[0].group() in _PASSING or len(words) == 1 or (words[0].group() == "if" and last["name"] in coded)


def referred(text: str) -> frozenset[str]:
    """The names in a rule of the form."""
    return frozenset(word["name"] for word in _WORD.finditer(text) if word["name"] is not None)


def renamed(names: Iterable[str]) -> dict[str, str]:
    """The names that are spelled otherwise here, with what they become."""
    return {name: new for name in names if (new := spelled(name)) != name}

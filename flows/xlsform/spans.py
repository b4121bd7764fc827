"""Rules of a form that compare a number, when only its band is kept.

A form may ask `${age} >= 18`; here only the band is known. Where each band lies wholly on one side, the
rule says which bands are meant, and means the same for every number that can be given. Where a band is cut in two,
nothing true can be said, and whoever wrote the rule is told which number would do.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

_MEANS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_CLOSER = frozenset({"+", "-", "*", "div", "mod"})
"""Signs that bind more tightly than a comparison: beside one of them, something else is compared."""


class Span(NamedTuple):
    """One band: what it is called here, and from which number to which; `high` may be infinite."""

    code: str
    low: int
    high: float

    def side(self, sign: str, number: float) -> bool | None:
        """Whether every number in it compares so with `number`; None where some do and some do not."""
        holds = _MEANS[sign]
        if sign in {"=", "!="}:
            inside = self.low <= number <= self.high and number == int(number)
            return None if inside and self.low != self.high else holds(self.low, number)
        first, last = holds(self.low, number), holds(self.high, number)
        return first if first == last else None


class Compared(NamedTuple):
    """A comparison in a rule: the question, how it is compared, and with which number, in words `first` to `last`."""

    name: str
    sign: str
    number: float
    first: int
    last: int


class Cut(NamedTuple):
    """A band that a rule cuts in two."""

    name: str
    number: str
    span: Span


Word = tuple[str, str, str | None]
"""A word of a rule: what it is, its text, and the name in it."""
Bands = Mapping[str, tuple[Span, ...]]


def compared(words: list[Word], place: int, bands: Bands) -> Compared | None:
    """The comparison of a banded number with a fixed one that begins at a word; None where none does."""
    three = words[place : place + 3]
    before = words[place - 1][1] if place else ""
    after = words[place + 3][1] if place + 3 < len(words) else ""
    if len(three) < 3 or three[1][1] not in _MEANS or {before, after} & _CLOSER:  # noqa: PLR2004 - as above
        return None
    (left, told, name), (_, sign, _), (right, other, turned) = three
    if left == "reference" and name in bands and right == "number":
        return Compared(name or "", sign, float(other), place, place + 2)
    if left == "number" and right == "reference" and turned in bands:
        return Compared(turned or "", _TURNED[sign], float(told), place, place + 2)
    return None


def said(found: Compared, spans: tuple[Span, ...], name: str) -> str | None:
    """The comparison by bands, which gives for every answer and for none what it gave; None where it cuts one."""
    sides = [span.side(found.sign, found.number) for span in spans]
    if None in sides:
        return None
    meant = [span.code for span, side in zip(spans, sides, strict=True) if side]
    if found.sign == "!=":  # what was not answered differs from every number
        others = [span.code for span in spans if span.code not in meant]
        return "(" + " and ".join(f"${{{name}}} != '{code}'" for code in others) + ")" if others else "true()"
    if len(meant) == len(spans):
        return f"(${{{name}}} != '')"
    return "(" + " or ".join(f"${{{name}}} = '{code}'" for code in meant) + ")" if meant else "false()"


def cut(found: Compared, spans: tuple[Span, ...]) -> Cut | None:
    """The first band that a comparison cuts."""
    halved = next((span for span in spans if span.side(found.sign, found.number) is None), None)
    return None if halved is None else Cut(found.name, f"{found.number:g}", halved)


def edges(spans: tuple[Span, ...]) -> str:
    """Where the bands begin, in words: the numbers that a rule may compare with."""
    return ", ".join(str(span.low) for span in spans)


def spans_of(lows: tuple[int, ...]) -> tuple[Span, ...]:
    """Bands that begin at these numbers; the last is open."""
    ends = [*(low - 1 for low in lows[1:]), math.inf]
    return tuple(Span(f"from_{low}", low, high) for low, high in zip(lows, ends, strict=True))

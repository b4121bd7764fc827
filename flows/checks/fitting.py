"""Q1: what a rule works with fits what it does there.

XPath makes something of everything: a word that is counted is no number, and a text is a yes. Hardly anybody means it.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flows import odk
from flows.checks.paths import Rule, known_codes, rules
from flows.checks.walk import Flaw
from flows.expressions import ExpressionError
from flows.functions import FUNCTIONS
from flows.grammar import read
from flows.model import Consultation

_ARITHMETIC = frozenset({"+", "-", "*", "div", "mod", "<", "<=", ">", ">="})
_TRUTHS = frozenset({"and", "or", "=", "!=", "<", "<=", ">", ">="})
_NUMBERS: dict[str, Callable[[int], bool]] = {
    **dict.fromkeys(("number", "int", "round", "abs", "pow", "min", "max", "sum"), lambda _place: True),
    "selected-at": lambda place: place == 1,
    "substr": lambda place: place > 0,
    "checklist": lambda place: place < 2,  # noqa: PLR2004 - two bounds
    "weighted-checklist": lambda place: place < 2 or place % 2 == 1,  # noqa: PLR2004 - as above
    **dict.fromkeys(_ARITHMETIC, lambda _place: True),
}
"""Which arguments have to be numbers."""
_CONDITIONS: dict[str, Callable[[int], bool]] = {
    "not": lambda _place: True,
    "if": lambda place: place == 0,
    "checklist": lambda place: place >= 2,  # noqa: PLR2004 - behind two bounds
    "weighted-checklist": lambda place: place >= 2 and place % 2 == 0,  # noqa: PLR2004 - as above
    **dict.fromkeys(("and", "or"), lambda _place: True),
}
"""Which arguments have to be yes or no."""
_PICKED = frozenset({"selected", "selected-at", "count-selected"})


class _Part(NamedTuple):
    """What is known of a part of an expression before anybody has answered."""

    position: int
    kind: type[odk.Value] | None = None
    fixed: str | None = None
    """The text in quotes, where it is one."""
    name: str = ""
    """The question or calculation, where it is one."""
    codes: tuple[str, ...] = ()
    """For a question: all that an answer can be."""
    stored: type[odk.Value] | None = None
    """For a calculation: what it is before it becomes text."""


def types(consultation: Consultation) -> Iterator[Flaw]:
    """Words are not counted, what is no answer is not looked through, and yes or no is not a text."""
    stored: dict[str, type[odk.Value] | None] = {}
    for rule in sorted(rules(consultation), key=lambda one: one.path[0] != "calculations"):
        names = [*consultation.positions, *(one.id for one in consultation.calculations)]
        try:
            root = read(rule.text, names)
        except ExpressionError:
            continue  # of which another rule tells
        looking = _Looking(consultation, rule, stored)
        whole = looking.part(root)
        if rule.field == "calculate":
            stored[consultation.calculations[rule.position].id] = whole.kind
        else:
            looking.condition(whole)
        yield from looking.found


class _Looking:
    """One expression, from its leaves upwards."""

    def __init__(self, consultation: Consultation, rule: Rule, stored: dict[str, type[odk.Value] | None]) -> None:
        self.consultation, self.rule, self.stored = consultation, rule, stored
        self.found: list[Flaw] = []

    def part(self, token: Any) -> _Part:  # noqa: ANN401 - elementpath's tokens differ by symbol, not by type
        """What is known of a part; what does not fit within it is noted."""
        symbol, at = token.symbol.replace("jr-", "jr:"), token.span[0]
        if symbol == "(":
            return self.part(token[0])
        if symbol == "(string)":
            return _Part(at, str, fixed=str(token.value))
        if symbol == "$":
            return self._named(token.value.removeprefix("_"), at)
        if symbol in {"(integer)", "(decimal)", "(float)"}:
            return _Part(at, float)
        parts = [self.part(one) for one in token]
        self._look(symbol, parts)
        return _Part(at, _given(symbol, parts))

    def condition(self, part: _Part) -> None:
        """Notes what is always yes, whatever was answered."""
        if part.fixed is not None:
            self._tell(part, f"'{part.fixed}' is a text, which always counts as yes.", "Write a comparison.")
        elif part.stored in {bool, float}:
            word = "'true'" if part.stored is bool else "1"
            self._tell(
                part,
                f"'{part.name}' is a text here, also while it says 'false' or 0, and so always counts as yes.",
                f"Write ${{{part.name}}} = {word}.",
            )

    def _named(self, name: str, at: int) -> _Part:
        place = self.consultation.positions.get(name)
        if place is None:
            return _Part(at, str, name=name, stored=self.stored.get(name))
        return _Part(at, str, name=name, codes=known_codes(self.consultation.items[place]))

    def _look(self, symbol: str, parts: list[_Part]) -> None:
        for place, part in enumerate(parts):
            if symbol in _NUMBERS and _NUMBERS[symbol](place):
                self._number(part)
            elif symbol in _CONDITIONS and _CONDITIONS[symbol](place):
                self.condition(part)
        if symbol in _PICKED and parts[0].kind in {bool, float}:
            self._tell(parts[0], f"'{symbol}' looks at an answer, and this is none.", "Write ${question}, or a dot.")
        if symbol in {"=", "!="}:
            for one, other in (parts, parts[::-1]):
                self._equal(one, other)

    def _number(self, part: _Part) -> None:
        if part.fixed is not None and odk.is_none(part.fixed):
            self._tell(part, f"'{part.fixed}' is no number.", "Write a number, without quotes.")
        elif part.codes and all(map(odk.is_none, part.codes)):
            self._tell(
                part,
                f"Answers to '{part.name}' are no numbers: " + ", ".join(part.codes[:3]) + ".",
                f"Compare with each by itself: ${{{part.name}}} = '{part.codes[0]}'.",
            )
        elif part.stored is bool:
            self._tell(
                part,
                f"'{part.name}' says 'true' or 'false', and neither is a number.",
                f"Let it say a number: if(…, 1, 0), or write ${{{part.name}}} = 'true'.",
            )

    def _equal(self, one: _Part, other: _Part) -> None:
        if other.kind is float and one.codes:
            self._number(one)
        elif other.kind is bool and one.stored is bool:
            self.condition(one)

    def _tell(self, part: _Part, message: str, remedy: str) -> None:
        self.found.append(Flaw(self.rule.path, f"{message} (character {part.position + 1})", remedy))


def _given(symbol: str, parts: list[_Part]) -> type[odk.Value] | None:
    """The kind of value that comes out."""
    if symbol in _TRUTHS:
        return bool
    if symbol in odk.BINARY:
        return float
    if symbol == "if":
        return parts[1].kind if parts[1].kind is parts[2].kind else None
    return FUNCTIONS[symbol].gives if symbol in FUNCTIONS else None

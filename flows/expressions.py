"""XLSForm expressions: `relevant`, `constraint` and `choice_filter`, read once and then asked many times.

What flows.grammar reads is turned into plain functions over flows.odk values. So nothing that XPath can do besides
(paths, axes, documents) exists here, nothing is evaluated that was not allowed by name, and asking cannot fail.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from flows import functions, odk, patterns
from flows.grammar import ExpressionError, read, unreadable
from flows.odk import Value

__all__ = ["Beyond", "Expression", "ExpressionError", "Mention", "calculation", "parse"]

MAX_SIZE, MAX_DEPTH = 2_000, 150
"""Parts of an expression, those of its calculations counted in, and how deep they may stand within each other."""
_NOTHING: Mapping[str, str] = {}


class Scope(NamedTuple):
    """What an expression looks at: answers by name, the value being given (`.`), attributes of a choice."""

    values: Mapping[str, str]
    current: Value
    attributes: Mapping[str, str]


Ask = Callable[[Scope], Value]


class Mention(NamedTuple):
    """A place where the expression compares the answer to `name` (`.` is the current one) with a fixed code."""

    name: str
    code: str
    position: int


@dataclass(frozen=True, slots=True, repr=False)
class Expression:
    """A parsed expression."""

    text: str
    ask: Ask
    references: frozenset[str]
    attributes: frozenset[str]
    mentions: tuple[Mention, ...]
    looks_at_current: bool
    looks_at_itself: bool = False
    """Whether `once` looks at the answer being given."""
    size: int = 1
    depth: int = 1

    def __repr__(self) -> str:
        return f"<Expression {self.text}>"

    def evaluate(
        self, values: Mapping[str, str], current: Value = "", attributes: Mapping[str, str] = _NOTHING
    ) -> Value:
        """The value; `values` holds the answers given, an absent name is an unanswered question. Never raises."""
        return self.ask(Scope(values, current, attributes))

    def holds(self, values: Mapping[str, str], current: Value = "", attributes: Mapping[str, str] = _NOTHING) -> bool:
        """Whether the value counts as yes."""
        return odk.truth(self.evaluate(values, current, attributes))


class Beyond(NamedTuple):
    """What names stand for besides answers."""

    calculations: Mapping[str, Expression] = {}
    """Calculations by name: an expression that names one carries it within."""
    labels: Mapping[str, Mapping[str, str]] = {}
    """For a question, what its choices are called."""


_NOTHING_BEYOND = Beyond()


def parse(
    text: str, names: Collection[str], attributes: Collection[str] = (), beyond: Beyond = _NOTHING_BEYOND
) -> Expression:
    """Reads `text`, in which `${name}` may be any of `names` and a bare name any of `attributes`.

    Raises:
        ExpressionError: too long or deep, not an expression, or a name or function that is not known.
    """
    root = read(text, names)
    reading = _Reading(frozenset(attributes), beyond)
    ask = reading.compiled(root)
    if reading.size > MAX_SIZE or reading.deepest > MAX_DEPTH:
        raise ExpressionError(
            "too-deep",
            0,
            f"With its calculations this has more than {MAX_SIZE} parts, or more than {MAX_DEPTH} within each other.",
            "Calculate less, or in fewer steps.",
        )
    return Expression(
        text,
        ask,
        frozenset(reading.references),
        frozenset(reading.attributes_used),
        tuple(reading.mentions),
        reading.looks_at_current,
        reading.looks_at_itself,
        reading.size,
        reading.deepest,
    )


def calculation(value: Expression, condition: Expression | None) -> Expression:
    """What rules see of a calculation: its value as text, and nothing while `condition` does not hold."""
    if condition is None:
        return replace(value, ask=lambda scope: odk.stored(value.ask(scope)))
    asked = condition.ask
    return replace(
        value,
        ask=lambda scope: odk.stored(value.ask(scope)) if odk.truth(asked(scope)) else "",
        references=value.references | condition.references,
        size=value.size + condition.size,
        depth=max(value.depth, condition.depth),
    )


@dataclass(slots=True)
class _Reading:
    """Turns elementpath's tree into functions, and notes what it looks at."""

    attributes: frozenset[str]
    beyond: Beyond
    references: set[str] = field(default_factory=set)
    attributes_used: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    looks_at_current: bool = False
    looks_at_itself: bool = False
    size: int = 0
    level: int = 0
    deepest: int = 0

    def compiled(self, token: Any) -> Ask:  # noqa: ANN401 - elementpath's tokens differ by symbol, not by type
        """The function that `token` stands for."""
        self._grow(1, 1)
        self.level += 1
        leaf = _LEAVES.get(token.symbol)
        ask = leaf(self, token) if leaf else self._operation(token.symbol, token)
        self.level -= 1
        return ask

    def _grow(self, size: int, depth: int) -> None:
        self.size += size
        self.deepest = max(self.deepest, self.level + depth)

    def _operation(self, symbol: str, token: Any) -> Ask:  # noqa: ANN401 - as above
        parts = tuple(self.compiled(part) for part in self._parts(symbol, token))
        if symbol in {"=", "!=", "selected"}:
            self._note_mention(token)
        if symbol in {"+", "-"} and len(parts) == 1:
            return _signed(symbol, parts[0])
        if symbol in _LAZY:
            return _LAZY[symbol](*parts)
        function = functions.FUNCTIONS.get(symbol)
        if function is not None and function.do is not None:
            return _strict(function.do, parts)
        if symbol in odk.BINARY and len(parts) == 2:  # noqa: PLR2004 - a lone `*` is XPath's any element
            return _strict(odk.BINARY[symbol], parts)
        raise unreadable(token.parser.source, token.span[0])

    def _parts(self, symbol: str, token: Any) -> list[Any]:  # noqa: ANN401 - as above
        """The arguments, questions where only questions can stand."""
        parts = list(token)
        wrong = [one for one in parts if one.symbol != "$"] if symbol in functions.OF_QUESTIONS else []
        if wrong:
            raise ExpressionError(
                "not-a-question",
                wrong[0].span[0],
                f"'{symbol}' looks at a question.",
                f"Name it: {symbol}(${{question}}).",
            )
        return parts

    def reference(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """An earlier answer, or a calculation over such."""
        name = token.value.removeprefix("_")
        known = self.beyond.calculations.get(name)
        if known is None:
            self.references.add(name)
            return lambda scope: scope.values.get(name, "")
        self.references |= known.references
        self._grow(known.size, known.depth)
        ask = known.ask
        return lambda scope: ask(Scope(scope.values, "", _NOTHING))

    def choice_name(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """What a choice of a question is called."""
        value, named = self.compiled(token[0]), token[1]
        found = _NAMED.fullmatch(str(named.value)) if named.symbol == "(string)" else None
        labels = self.beyond.labels.get(found[1]) if found else None
        if labels is None:
            raise ExpressionError(
                "no-choices",
                named.span[0],
                "The second time, a question with choices stands here in quotes.",
                "Write for example: jr:choice-name(${place}, '${place}').",
            )
        return lambda scope: labels.get(odk.text(value(scope)), "")

    def once(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """The answer being given, or else the argument."""
        self.looks_at_itself = True
        otherwise = self.compiled(token[0])
        return lambda scope: scope.current if odk.text(scope.current) else otherwise(scope)

    def attribute(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """A bare name: an attribute of the choice that a filter looks at."""
        name: str = token.value
        if name not in self.attributes:
            raise ExpressionError(
                "unknown-name",
                token.span[0],
                f"'{name}' stands here without quotes and names nothing.",
                f"Write ${{{name}}} for a question, '{name}' for a choice.",
            )
        self.attributes_used.add(name)
        return lambda scope: scope.attributes.get(name, "")

    def current(self, _token: Any) -> Ask:  # noqa: ANN401 - as above
        """`.`: the answer that is being given."""
        self.looks_at_current = True
        return lambda scope: scope.current

    def regex(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """Whether a whole text has the shape of a fixed pattern."""
        value, literal = self.compiled(token[0]), token[1]
        position = literal.span[0]
        if literal.symbol != "(string)":
            raise ExpressionError(
                "pattern-not-fixed", position, "The pattern must be a fixed text.", "Put it in quotes."
            )
        try:
            pattern = patterns.bounded(literal.value)
        except patterns.PatternError as error:
            raise ExpressionError(
                error.code,
                position + 1 + error.position,
                "This pattern is too long, too slow or uses more than sets, single characters, repeats and '|'.",
                "Keep to sets like [A-Z0-9], fixed counts like {3}, and at most one '*' or '+'.",
            ) from None
        return lambda scope: patterns.matches(pattern, odk.text(value(scope)))

    def _note_mention(self, token: Any) -> None:  # noqa: ANN401 - as above
        sides = (token[0], token[1])
        for one, other in (sides, sides[::-1]):
            if other.symbol == "(string)" and one.symbol in {"$", "."}:
                name = one.value.removeprefix("_") if one.symbol == "$" else "."
                if name in self.beyond.calculations:
                    continue
                self.mentions.append(Mention(name, other.value, other.span[0]))


def _constant(value: Value) -> Ask:
    return lambda _scope: value


def _signed(symbol: str, part: Ask) -> Ask:
    return (lambda scope: -odk.number(part(scope))) if symbol == "-" else lambda scope: odk.number(part(scope))


def _strict(function: Callable[..., Value], parts: tuple[Ask, ...]) -> Ask:
    if len(parts) == 2:  # noqa: PLR2004 - the common case, without a generator
        left, right = parts
        return lambda scope: function(left(scope), right(scope))
    return lambda scope: function(*[part(scope) for part in parts])


def _both(left: Ask, right: Ask) -> Ask:
    return lambda scope: odk.truth(left(scope)) and odk.truth(right(scope))


def _either(left: Ask, right: Ask) -> Ask:
    return lambda scope: odk.truth(left(scope)) or odk.truth(right(scope))


def _if(condition: Ask, then: Ask, otherwise: Ask) -> Ask:
    return lambda scope: then(scope) if odk.truth(condition(scope)) else otherwise(scope)


def _coalesce(first: Ask, second: Ask) -> Ask:
    def ask(scope: Scope) -> Value:
        value = first(scope)
        return second(scope) if value == "" else value

    return ask


_NAMED = re.compile(r"\s*\$\{\s*(\w+)\s*\}\s*", re.ASCII)
_LAZY: dict[str, Callable[..., Ask]] = {"and": _both, "or": _either, "if": _if, "coalesce": _coalesce}

_Leaf = Callable[[_Reading, Any], Ask]
_LEAVES: dict[str, _Leaf] = {
    "(string)": lambda _reading, token: _constant(str(token.value)),
    "$": _Reading.reference,
    ".": _Reading.current,
    "(": lambda reading, token: reading.compiled(token[0]),
    "(name)": _Reading.attribute,
    "regex": _Reading.regex,
    "once": _Reading.once,
    "jr-choice-name": _Reading.choice_name,
    # through text, because an integer of 400 digits shall be infinite and not an error
    **dict.fromkeys(("(integer)", "(decimal)", "(float)"), lambda _reading, token: _constant(float(str(token.value)))),
}

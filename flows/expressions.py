"""XLSForm expressions: `relevant`, `constraint` and `choice_filter`, read once and then asked many times.

What flows.grammar reads is turned into plain functions over flows.odk values. So nothing that XPath can do besides
(paths, axes, documents) exists here, nothing is evaluated that was not allowed by name, and asking cannot fail.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flows import odk, patterns
from flows.grammar import ExpressionError, read, unreadable
from flows.odk import Value

__all__ = ["Expression", "ExpressionError", "Mention", "parse"]

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

    def __repr__(self) -> str:
        return f"<Expression {self.text}>"

    def evaluate(
        self, values: Mapping[str, str], current: Value = "", attributes: Mapping[str, str] = _NOTHING
    ) -> Value:
        """The value; `values` holds the answers given, an absent name is an unanswered question. Never raises."""
        return self.ask(Scope(values, current, attributes))

    def holds(self, values: Mapping[str, str], current: Value = "", attributes: Mapping[str, str] = _NOTHING) -> bool:
        """Whether the value counts as yes."""
        return odk.truth(self.ask(Scope(values, current, attributes)))


def parse(text: str, names: Collection[str], attributes: Collection[str] = ()) -> Expression:
    """Reads `text`, in which `${name}` may be any of `names` and a bare name any of `attributes`.

    Raises:
        ExpressionError: too long or deep, not an expression, or a name or function that is not known.
    """
    root = read(text, names)
    reading = _Reading(frozenset(attributes))
    ask = reading.compiled(root)
    return Expression(
        text,
        ask,
        frozenset(reading.references),
        frozenset(reading.attributes_used),
        tuple(reading.mentions),
        reading.looks_at_current,
    )


@dataclass(slots=True)
class _Reading:
    """Turns elementpath's tree into functions, and notes what it looks at."""

    attributes: frozenset[str]
    references: set[str] = field(default_factory=set)
    attributes_used: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    looks_at_current: bool = False

    def compiled(self, token: Any) -> Ask:  # noqa: ANN401 - elementpath's tokens differ by symbol, not by type
        """The function that `token` stands for."""
        leaf = _LEAVES.get(token.symbol)
        return leaf(self, token) if leaf else self._operation(token.symbol, token)

    def _operation(self, symbol: str, token: Any) -> Ask:  # noqa: ANN401 - as above
        if symbol == "regex":
            return self._regex(token)
        parts = tuple(self.compiled(part) for part in token)
        if symbol in {"=", "!=", "selected"}:
            self._note_mention(token)
        if symbol in {"+", "-"} and len(parts) == 1:
            return _signed(symbol, parts[0])
        if symbol in _LAZY:
            return _LAZY[symbol](*parts)
        if symbol in odk.STRICT:
            return _strict(odk.STRICT[symbol], parts)
        if symbol in odk.BINARY and len(parts) == 2:  # noqa: PLR2004 - a lone `*` is XPath's any element
            return _strict(odk.BINARY[symbol], parts)
        raise unreadable(token.parser.source, token.span[0])

    def reference(self, token: Any) -> Ask:  # noqa: ANN401 - as above
        """An earlier answer."""
        name = token.value.removeprefix("_")
        self.references.add(name)
        return lambda scope: scope.values.get(name, "")

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

    def _regex(self, token: Any) -> Ask:  # noqa: ANN401 - as above
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


_LAZY: dict[str, Callable[..., Ask]] = {"and": _both, "or": _either, "if": _if, "coalesce": _coalesce}

_Leaf = Callable[[_Reading, Any], Ask]
_LEAVES: dict[str, _Leaf] = {
    "(string)": lambda _reading, token: _constant(str(token.value)),
    "$": _Reading.reference,
    ".": _Reading.current,
    "(": lambda reading, token: reading.compiled(token[0]),
    "(name)": _Reading.attribute,
    # through text, because an integer of 400 digits shall be infinite and not an error
    **dict.fromkeys(("(integer)", "(decimal)", "(float)"), lambda _reading, token: _constant(float(str(token.value)))),
}

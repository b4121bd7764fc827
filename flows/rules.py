"""A consultation's rules, parsed once: what is relevant, what is offered, what an answer must satisfy.

Answers are looked at as codes (choice ids, a band's id, a point of a scale, a stance), never as words: a rule cannot
refer to free text, so nothing somebody wrote has to be kept for it. Calculations are worked out anew whenever a rule
asks, here and at the desk, so that nothing has to be kept for them but the codes they look at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from flows.expressions import Beyond, Expression, ExpressionError, calculation, parse
from flows.model import Choice, Consultation, Item, Note, Section, ShortText

Values = Mapping[int, tuple[str, ...]]
"""Item position → codes given there; a position that is absent was not answered."""


def choices_of(item: Item) -> tuple[Choice, ...]:
    """The choices of an item; empty where it has none."""
    choices: tuple[Choice, ...] = getattr(item, "choices", ())
    return choices


def attributes_of(item: Item) -> frozenset[str]:
    """Names that a `choice_filter` of this item may use: every attribute any of its choices has, and `name`."""
    return frozenset({"name"}.union(*(choice.attributes for choice in choices_of(item))))


@dataclass(frozen=True, slots=True, repr=False)
class Rules:
    """All rules of one consultation. Asking never raises."""

    consultation: Consultation
    referred: frozenset[int]
    """Positions that some rule refers to: only their answers need to be kept while a conversation lasts."""
    questions: tuple[int, ...]
    """Positions of everything but notes."""
    _relevant: tuple[tuple[Expression, ...], ...]
    _filters: Mapping[int, Expression]
    _constraints: Mapping[int, Expression]

    def __repr__(self) -> str:
        return "<Rules>"

    def relevant(self, position: int, values: Values) -> bool:
        """Whether the item at `position` and its section are to be shown."""
        rules = self._relevant[position]
        return not rules or all(rule.holds(self._named(rule, values)) for rule in rules)

    def offered(self, position: int, values: Values) -> tuple[str, ...]:
        """Codes that may be picked: those of the item, less what its `choice_filter` leaves out."""
        rule = self._filters.get(position)
        if rule is None:
            return self.consultation.codes[position]
        named = self._named(rule, values)
        choices = choices_of(self.consultation.items[position])
        return tuple(
            choice.id for choice in choices if rule.holds(named, attributes={"name": choice.id, **choice.attributes})
        )

    def satisfied(self, position: int, given: tuple[str, ...] | str | float, values: Values) -> bool:
        """Whether `given` (codes, words or a number) meets the item's `constraint`."""
        rule = self._constraints.get(position)
        if rule is None:
            return True
        current = " ".join(given) if isinstance(given, tuple) else given if isinstance(given, str) else float(given)
        return rule.holds(self._named(rule, values), current)

    def _named(self, rule: Expression, values: Values) -> dict[str, str]:
        positions = self.consultation.positions
        return {name: " ".join(values.get(positions[name], ())) for name in rule.references}


@lru_cache(maxsize=64)
def rules_of(consultation: Consultation) -> Rules:
    """The parsed rules. Raises ExpressionError for a consultation that the loader would have refused."""
    sections = tuple(_relevance(section, consultation, section.items[0].id) for section in consultation.sections)
    relevant = tuple(
        sections[consultation.section_of[position]] + _relevance(item, consultation, item.id)
        for position, item in enumerate(consultation.items)
    )
    filters = _parsed(consultation, "choice_filter")
    constraints = _parsed(consultation, "constraint")
    every = [*(rule for some in relevant for rule in some), *filters.values(), *constraints.values()]
    referred = frozenset(consultation.positions[name] for rule in every for name in rule.references)
    questions = tuple(place for place, item in enumerate(consultation.items) if not isinstance(item, Note))
    return Rules(consultation, referred, questions, relevant, filters, constraints)


def referable(consultation: Consultation, before: int) -> tuple[str, ...]:
    """Names that a rule of the item at `before` may use: earlier items answered with codes, calculations over such."""
    asked = _coded(consultation, before)
    derived = calculations_of(consultation)
    return (*asked, *(name for name, one in derived.items() if one.references <= set(asked)))


def _coded(consultation: Consultation, before: int) -> tuple[str, ...]:
    return tuple(item.id for item in consultation.items[:before] if not isinstance(item, Note | ShortText))


def parsed(consultation: Consultation, text: str, before: int, attributes: Collection[str] = ()) -> Expression:
    """A rule of the item at position `before`. Raises ExpressionError."""
    beyond = Beyond(calculations_of(consultation), labels_of(consultation))
    return parse(text, referable(consultation, before), attributes, beyond)


def parsed_calculation(consultation: Consultation, text: str, known: Mapping[str, Expression]) -> Expression:
    """A part of a calculation, which may look at every answer and at the calculations further up.

    Raises:
        ExpressionError: as for any rule.
    """
    names = (*_coded(consultation, len(consultation.items)), *known)
    return parse(text, names, (), Beyond(known, labels_of(consultation)))


@lru_cache(maxsize=64)
def calculations_of(consultation: Consultation) -> Mapping[str, Expression]:
    """Calculations by name, as rules see them; without those that cannot be read, of which the linter tells."""
    found: dict[str, Expression] = {}
    for one in consultation.calculations:
        try:
            value = parsed_calculation(consultation, one.calculate, found)
            condition = parsed_calculation(consultation, one.relevant, found) if one.relevant else None
            whole = calculation(value, condition)
        except ExpressionError:
            continue
        found[one.id] = whole
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def labels_of(consultation: Consultation) -> Mapping[str, Mapping[str, str]]:
    """For each question what its choices are called, in the first language.

    Whatever language somebody reads in, and whoever looks again at the desk, a rule finds the same.
    """
    first = consultation.languages[0]
    return {
        item.id: {one.id: one.text.root.get(first, "") for one in (*choices_of(item), *getattr(item, "bands", ()))}
        for item in consultation.items
        if choices_of(item) or hasattr(item, "bands")
    }


def _relevance(part: Section | Item, consultation: Consultation, first: str) -> tuple[Expression, ...]:
    if part.relevant is None:
        return ()
    return (parsed(consultation, part.relevant, consultation.positions[first]),)


def _parsed(consultation: Consultation, field: str) -> dict[int, Expression]:
    rules: dict[int, Expression] = {}
    for position, item in enumerate(consultation.items):
        text: str | None = getattr(item, field, None)
        if text is not None:
            attributes = attributes_of(item) if field == "choice_filter" else ()
            rules[position] = parsed(consultation, text, position, attributes)
    return rules

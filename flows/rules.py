"""A consultation's rules, parsed once: what is relevant, what is offered, what an answer must satisfy.

Answers are looked at as codes (choice ids, a band's id, a point of a scale, a stance), never as words: a rule cannot
refer to free text, so nothing somebody wrote has to be kept for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flows.expressions import Expression, parse
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
    """Ids that a rule of the item at position `before` may refer to: earlier ones that are answered with codes."""
    return tuple(item.id for item in consultation.items[:before] if not isinstance(item, Note | ShortText))


def _relevance(part: Section | Item, consultation: Consultation, first: str) -> tuple[Expression, ...]:
    if part.relevant is None:
        return ()
    return (parse(part.relevant, referable(consultation, consultation.positions[first])),)


def _parsed(consultation: Consultation, field: str) -> dict[int, Expression]:
    rules: dict[int, Expression] = {}
    for position, item in enumerate(consultation.items):
        text: str | None = getattr(item, field, None)
        if text is not None:
            attributes = attributes_of(item) if field == "choice_filter" else ()
            rules[position] = parse(text, referable(consultation, position), attributes)
    return rules

"""A question as a variable of the audit: everybody by what she answered, as finely as its published tables speak.

A multiple question is told apart by the set of options picked; a ranking whose places were shown by the order given;
any other by its cells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from math import perm

from privacy.audit.atoms import MOST_ATOMS
from privacy.audit.choices import Choices
from privacy.audit.errors import TooLarge
from privacy.audit.figures import EVERYBODY, Population, Variable
from privacy.form import Facts, Group, Selection
from privacy.tables import NO_ANSWER, NOT_ASKED, Picks, Shape


@dataclass(frozen=True)
class Question:
    """One question among those of its form. `ordered` says that figures by place were published of it."""

    facts: Facts
    form: Mapping[str, Facts]
    ordered: bool = False

    @property
    def asked_of(self) -> Population:
        """Whom it was put to."""
        return EVERYBODY if self.facts.asked_of is None else self.group(self.facts.asked_of)

    def group(self, group: Group) -> Population:
        """A group that another question makes."""
        if group.question not in self.form:
            return EVERYBODY
        facts = self.form[group.question]
        return Question(facts, self.form).people(code for code in group.codes if code in facts.codes)

    def variable(self) -> Variable:
        """Everybody, by what she answered. Raises TooLarge where a ranking has too many orders."""
        if self._choices is not None:
            return self._choices.variable()
        codes = (*self._orders, NO_ANSWER) if self._orders else self.facts.codes
        if self.facts.asked_of is None:
            return Variable(self.facts.id, codes)
        return Variable(self.facts.id, (*codes, NOT_ASKED), NOT_ASKED, self.asked_of)

    def people(self, codes: Iterable[str]) -> Population:
        """Those who gave one of these answers; of a ranking, who put one of them first."""
        if self._choices is not None:
            return self._holding(self._choices.holding(code) for code in codes)
        if self._orders:
            return self._holding(self.first(code) for code in codes)
        return frozenset({(self.facts.id, frozenset(codes))})

    def answered(self) -> Population:
        """Those who gave any answer."""
        if self._choices is not None:
            return self._holding([self._choices.answered()])
        codes = self._orders or tuple(code for code in self.facts.codes if code != NO_ANSWER)
        return self._holding([frozenset(codes)])

    def first(self, code: str) -> frozenset[str]:
        """Orders that begin with an option; NO_ANSWER and NOT_ASKED stand for themselves."""
        return frozenset({code}) if code in {NO_ANSWER, NOT_ASKED} else self._placed(code, 0)

    def at(self, code: str, place: int) -> Population:
        """Those who put an option at a place, counted from 0."""
        return self._holding([self._placed(code, place)])

    def impossible(self) -> tuple[Population, ...]:
        """Populations that the form keeps empty: a choice that was not offered to these people."""
        offered = self.facts.offered
        if offered is None or offered.to.question not in self.form:
            return ()
        others = tuple(code for code in self.form[offered.to.question].codes if code not in offered.to.codes)
        return (self.people([offered.code]) | self.group(Group(question=offered.to.question, codes=others)),)

    def _holding(self, some: Iterable[frozenset[str]]) -> Population:
        return frozenset({(self.facts.id, frozenset[str]().union(*some))})

    def _placed(self, code: str, place: int) -> frozenset[str]:
        return frozenset(name for name, order in self._orders.items() if order[place : place + 1] == (code,))

    @cached_property
    def _choices(self) -> Choices | None:
        if self.facts.shape is not Shape.CHOICES:
            return None
        options = _options(self.facts)
        given = self.facts.selection or Selection(fewest=1, most=len(options))
        picks = Picks(given.fewest, given.most, frozenset(given.alone))
        return Choices(self.facts.id, options, picks, self.asked_of, self.facts.asked_of is None)

    @cached_property
    def _orders(self) -> Mapping[str, tuple[str, ...]]:
        """Every order that a person may have given, where places were told; else nothing."""
        if not self.ordered or self.facts.top is None:
            return {}
        options, most = _options(self.facts), self.facts.top
        number = sum(perm(len(options), size) for size in range(1, most + 1))
        if number > MOST_ATOMS:
            raise TooLarge((self.facts.id,), number, self.facts.id)
        every = (order for size in range(1, most + 1) for order in permutations(options, size))
        return {">".join(order): order for order in every}


def _options(facts: Facts) -> tuple[str, ...]:
    return tuple(code for code in facts.codes if code != NO_ANSWER)

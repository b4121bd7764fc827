"""Which tables are about just some of the people of another table, because the form asked only them.

*Asked only of those who said yes* makes the number asked equal to a cell of the other table, and whoever holds both
tables knows it. One question deciding about another is followed exactly, and so is one that takes a single choice away
for some. Where several answers decide together, tables could be combined in more ways than this first slice checks:
such a question is called tangled and its table is withheld, and that this was done is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from flows.model import Consultation, Item, Multiple, Note, Question, Ranking, Section, Single
from flows.rules import attributes_of, parsed, rules_of
from privacy.tables import NO_ANSWER
from privacy.tally import cell_codes

MAX_SUBSETS_OF = 10
"""A multiple question with more choices than this is not tried out: 2^10 answers take a second, 2^20 a quarter hour."""


@dataclass(frozen=True, slots=True)
class Link:
    """Who was asked a question: those in cells `codes` of the question at `parent`."""

    parent: int
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice, `code`, was offered only to those in cells `codes` of the question at `parent`; all else to all."""

    parent: int
    codes: frozenset[str]
    code: str


@dataclass(frozen=True, slots=True)
class Tangled:
    """Who was asked cannot be told from one other table alone."""


Relation = Link | Offer | Tangled | None
"""What a question's table has to do with an earlier one; None for nothing."""


def links(consultation: Consultation) -> tuple[Relation, ...]:
    """For each item position, whom it was put to; None for everybody, with the same choices."""
    found: list[Relation] = []
    for position, item in enumerate(consultation.items):
        found.append(None if isinstance(item, Note) else _link(consultation, position, item, found))
    return tuple(found)


def _link(consultation: Consultation, position: int, item: Question, earlier: list[Relation]) -> Relation:
    section = consultation.sections[consultation.section_of[position]]
    deciding = _decides(consultation, item) | _decides(consultation, section)
    filtering = filtered_by(consultation, position, item)
    if _entwined(consultation, position, item) or len(deciding | filtering) > 1 or (deciding and filtering):
        return Tangled()
    if filtering:
        return _offer(consultation, position, next(iter(filtering)), earlier)
    if not deciding:
        return None
    parent = next(iter(deciding))
    above = consultation.items[parent]
    if isinstance(earlier[parent], Tangled) or isinstance(above, Note | Ranking):
        return Tangled()
    if isinstance(above, Multiple):
        return _of_choices(consultation, position, parent, above)
    return _of_partition(consultation, position, parent, conditional=earlier[parent] is not None)


def _of_partition(consultation: Consultation, position: int, parent: int, *, conditional: bool) -> Relation:
    relevant = rules_of(consultation).relevant
    codes = {code for code in cell_codes(consultation.items[parent]) if relevant(position, {parent: (code,)})}
    if not relevant(position, {}):
        return Link(parent, frozenset(codes))
    if conditional:
        return Tangled()
    codes.add(NO_ANSWER)
    everybody = len(codes) > len(cell_codes(consultation.items[parent]))
    return None if everybody else Link(parent, frozenset(codes))


def _of_choices(consultation: Consultation, position: int, parent: int, above: Multiple) -> Link | Tangled:
    relevant = rules_of(consultation).relevant
    if relevant(position, {}) or len(above.choices) > MAX_SUBSETS_OF:
        return Tangled()
    decides = {given: relevant(position, {parent: given}) for given in _answers(above)}
    for choice in above.choices:
        if all(asked is (choice.id in given) for given, asked in decides.items()):
            return Link(parent, frozenset({choice.id}))
    return Tangled()


def _answers(item: Multiple) -> Iterator[tuple[str, ...]]:
    """Every answer that a multiple question can have, and some that it cannot."""
    codes = [choice.id for choice in item.choices]
    for size in range(1, len(codes) + 1):
        yield from combinations(codes, size)


def _decides(consultation: Consultation, part: Item | Section) -> frozenset[int]:
    """Positions that the relevance of `part` looks at, also through calculations."""
    if part.relevant is None:
        return frozenset()
    first = part.items[0] if isinstance(part, Section) else part
    names = parsed(consultation, part.relevant, consultation.positions[first.id]).references
    return frozenset(consultation.positions[name] for name in names)


def filtered_by(consultation: Consultation, position: int, item: Question) -> frozenset[int]:
    """Positions that the choice filter of `item` looks at."""
    text: str | None = getattr(item, "choice_filter", None)
    if text is None:
        return frozenset()
    names = parsed(consultation, text, position, attributes_of(item)).references
    return frozenset(consultation.positions[name] for name in names)


def _offer(consultation: Consultation, position: int, parent: int, earlier: list[Relation]) -> Relation:
    """The one choice that a filter takes from some; Tangled where it takes several, or who they are is not plain."""
    item, above = consultation.items[position], consultation.items[parent]
    if earlier[parent] is not None or not isinstance(item, Single) or isinstance(above, Note | Ranking | Multiple):
        return Tangled()
    offered = rules_of(consultation).offered
    to: dict[str, frozenset[str]] = {
        code: frozenset(offered(position, {parent: (code,)})) for code in cell_codes(above)
    }
    to[NO_ANSWER] = frozenset(offered(position, {}))
    some = frozenset().union(*to.values()) - frozenset.intersection(*to.values())
    if len(some) > 1:
        return Tangled()
    return next((Offer(parent, frozenset(cell for cell in to if code in to[cell]), code) for code in some), None)


def _entwined(consultation: Consultation, position: int, item: Question) -> bool:
    """Whether a rule narrows which choices go together, or looks at other answers."""
    constraint: str | None = getattr(item, "constraint", None)
    if constraint is None:
        return False
    return isinstance(item, Multiple) or bool(parsed(consultation, constraint, position).references)

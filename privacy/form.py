"""What the form itself lets every reader know of each question: enough to read its tables as the audit has to.

It says nothing of anybody: which answers there are, how small a figure may be, how many choices a person may make, and
whom the question was put to. It travels with the tables, so that a later audit needs no consultation beside them.
"""

from collections.abc import Sequence

from flows.model import Consultation, Frozen, Ranking, Sensitivity
from privacy.links import Link, Offer, links
from privacy.rules import Rules
from privacy.tables import RawTable, Shape


class Group(Frozen):
    """Those who gave one of some answers to a question."""

    question: str
    codes: tuple[str, ...]


class Offered(Frozen):
    """A choice that was offered to a group only."""

    code: str
    to: Group


class Selection(Frozen):
    """How many choices a person may make, and which of them stand alone."""

    fewest: int
    most: int
    alone: tuple[str, ...] = ()


class Facts(Frozen):
    """One question, as far as the form tells of it."""

    id: str
    shape: Shape
    codes: tuple[str, ...]
    threshold: int
    """Smallest count of it that may be shown, `s` included."""
    delicate: bool
    """Whether it may harm to know how few stand outside a cell."""
    selection: Selection | None = None
    """Of a multiple question."""
    top: int | None = None
    """Of a ranking: how many places it has."""
    asked_of: Group | None = None
    """Whom it was put to; None for everybody."""
    offered: Offered | None = None


def form_of(tables: Sequence[RawTable], consultation: Consultation, rules: Rules) -> tuple[Facts, ...]:
    """The facts of each table, in their order; those about everybody's language and repeats among them."""
    found, made = links(consultation), []
    for raw in tables:
        facts, place = facts_of(raw, rules), consultation.positions.get(raw.id)
        if place is not None:
            item, link = consultation.items[place], found[place]
            facts = facts.model_copy(
                update={
                    "top": item.top if isinstance(item, Ranking) else None,
                    "asked_of": _group(consultation, link) if isinstance(link, Link) else None,
                    "offered": Offered(code=link.code, to=_group(consultation, link))
                    if isinstance(link, Offer)
                    else None,
                }
            )
        made.append(facts)
    return tuple(made)


def facts_of(raw: RawTable, rules: Rules) -> Facts:
    """The facts that a table carries by itself: those of a question that was put to everybody."""
    picks = raw.picks
    return Facts(
        id=raw.id,
        shape=raw.shape,
        codes=raw.codes,
        threshold=rules.threshold(raw.sensitivity),
        delicate=raw.shape is Shape.CHOICES or raw.sensitivity is not Sensitivity.OPINION,
        selection=None
        if picks is None
        else Selection(fewest=picks.fewest, most=picks.most, alone=tuple(sorted(picks.exclusive))),
    )


def _group(consultation: Consultation, link: Link | Offer) -> Group:
    return Group(question=consultation.items[link.parent].id, codes=tuple(sorted(link.codes)))

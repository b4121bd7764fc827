"""Which tables of two questions a round planned, and which of the two makes the rows.

A plan is frozen when the round opens. What was not planned is not counted together: a worker has no cell for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.model import Consultation, Item, Multiple, Note, ShortText
from flows.statements import asks_for_groups, misplanned, told_by_group

Plan = Sequence[Sequence[str]]
"""Question ids, one or two for each table."""

MOST_CROSSES = 3
"""Crosses that one round may show, those by opinion group among them: with three linked tables of rounded figures none
of a thousand simulated cells was recovered, with all pairs some were (reference simulation, 300 persons and fewer)."""


class Unplannable(ValueError):  # noqa: N818 - named for what happened
    """A plan that names something that is no countable question of this consultation. Carries its place in the plan."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Crossing:
    """Positions of the question that makes the rows and of the one that makes the columns."""

    by: int
    question: int
    id: str


def crossings(consultation: Consultation, plan: Plan) -> tuple[Crossing, ...]:
    """The crosses of a plan, in its order, each once.

    Groups make the rows: the question with a disaggregation role, or else the first one; a multiple question, whose
    answers overlap, always makes the columns where the other one does not.

    Raises:
        Unplannable: by the place of the table in the plan, counted from 1.
    """
    found: dict[str, Crossing] = {}
    for number, names in enumerate(plan, 1):
        if asks_for_groups(consultation, names):
            continue
        places = [_countable(consultation, name, number) for name in names]
        if len(places) == 1:
            continue
        if len(places) != 2 or places[0] == places[1]:  # noqa: PLR2004 - a cross is of two
            raise Unplannable(number)
        by, question = sorted(places, key=lambda place: _rank(consultation.items[place], place == places[0]))
        name = f"{consultation.items[by].id}*{consultation.items[question].id}"
        found.setdefault(name, Crossing(by, question, name))
    return tuple(found.values())


def grouped(consultation: Consultation, plan: Plan) -> tuple[int, ...]:
    """Positions of the statements that a plan shows by opinion group, in its order; none where it asks for no groups.

    Raises:
        Unplannable: by the place of the table in the plan, counted from 1.
    """
    for number in misplanned(consultation, plan):
        raise Unplannable(number)
    return told_by_group(consultation, plan)


def _countable(consultation: Consultation, name: str, number: int) -> int:
    place = consultation.positions.get(name)
    if place is None or isinstance(consultation.items[place], Note | ShortText):
        raise Unplannable(number)
    return place


def _rank(item: Item, first: bool) -> tuple[bool, bool, bool]:  # noqa: FBT001 - one of three reasons to sort by
    """The lower of two makes the rows."""
    return isinstance(item, Multiple), getattr(item, "disaggregation", None) is None, not first

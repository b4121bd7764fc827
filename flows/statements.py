"""Statements that everybody is asked to vote on, and when a plan may ask for groups of people who vote alike.

A planned table of `opinion_groups` and one statement shows how each group votes on it. The groups are made of the votes
on all statements, so no other planned table may look at any of them.
"""

from collections.abc import Iterator, Sequence

from flows.model import Consultation, Vote

GROUPS = "opinion_groups"
"""What a plan calls the groups. A question of this name keeps it, and then there are no groups to ask for."""
FEWEST = 3
"""Statements that groups are made of: with two, they are the answers themselves."""
MOST = 7
"""Four ways to stand to each of seven are 16,384 ballots at most: what the desk holds of a round of any size is
bounded, and the audit can still take them as one component."""
PAIR = 2

Plan = Sequence[Sequence[str]]


def statements(consultation: Consultation) -> tuple[int, ...]:
    """Positions of the statements that are put to everybody."""
    return tuple(
        place
        for place, item in enumerate(consultation.items)
        if isinstance(item, Vote)
        and item.relevant is None
        and consultation.sections[consultation.section_of[place]].relevant is None
    )


def asks_for_groups(consultation: Consultation, names: Sequence[str]) -> bool:
    """Whether a planned table shows groups of people who vote alike."""
    return GROUPS in names and GROUPS not in consultation.positions


def told_by_group(consultation: Consultation, plan: Plan) -> tuple[int, ...]:
    """Positions of the statements that are planned to be shown by group, in the plan's order; of a sound plan."""
    named = (name for names in plan if asks_for_groups(consultation, names) for name in names if name != GROUPS)
    return tuple(dict.fromkeys(consultation.positions[name] for name in named))


def misplanned(consultation: Consultation, plan: Plan) -> Iterator[int]:
    """Numbers, from 1, of planned tables that ask for groups where none can be made or shown."""
    votes = {consultation.items[place].id for place in statements(consultation)}
    apart = [names for names in plan if len(names) >= PAIR and not asks_for_groups(consultation, names)]
    crossed = votes.intersection(name for names in apart for name in names)
    possible = FEWEST <= len(votes) <= MOST and not crossed
    for number, names in enumerate(plan, 1):
        if asks_for_groups(consultation, names):
            others = [name for name in names if name != GROUPS]
            if not possible or len(names) != PAIR or len(others) != 1 or others[0] not in votes:
                yield number

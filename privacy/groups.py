"""Opinion groups as planned tables: a group makes a row, how it voted on one statement the columns.

What is shown of a group is a cross like any other, and passes the same door: `privacy.control` judges it together with
the statement's own table and with the sizes of the groups. No list of members, no place on a map, no ballot leaves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from string import ascii_lowercase

from flows.answers import Stance
from flows.model import Consultation, Sensitivity
from flows.statements import GROUPS
from privacy.opinions import MOST_GROUPS, Limits, groups
from privacy.planned import Plan
from privacy.rules import HARMFUL, Rules
from privacy.tables import NO_ANSWER, RawCross, RawTable, Shape
from privacy.tally import SILENT, STANDS, Ballot, Layout, Tally

UNEVEN = 2
"""So many times the people of other crosses for each cell: k-means makes groups of unlike sizes that vote lopsidedly,
and with five groups of 560 invented people two figures in three were withheld."""

COLUMNS = {**{stand: stance.value for stance, stand in STANDS.items()}, SILENT: NO_ANSWER}
"""What stands on a ballot → the column of the cross it counts in."""


def raw_groups(
    tally: Tally, consultation: Consultation, plan: Plan, tables: Sequence[RawTable], rules: Rules, seed: bytes | None
) -> tuple[RawCross, ...]:
    """A cross for each statement that the plan shows by group, in its order.

    Args:
        tally: made under the same plan.
        consultation: what was asked.
        plan: what was planned.
        tables: the raw tables of the same tally.
        rules: how small a group may be.
        seed: the round's secret; None makes no groups: they are made once, when the round has ended.
    """
    layout, by_id = Layout(consultation, plan), {table.id: table for table in tables}
    if not layout.by_group:
        return ()
    group = _groups(tally.ballots, rules, seed)
    by = _sizes(tally.ballots, group, [by_id[consultation.items[place].id] for place in layout.statements])
    return tuple(
        _cross(by, by_id[consultation.items[place].id], tally.ballots, group, layout.statements.index(place))
        for place in layout.by_group
    )


def _groups(ballots: Mapping[Ballot, int], rules: Rules, seed: bytes | None) -> dict[Ballot, str]:
    """The letter of each ballot that stands in a group."""
    if seed is None:
        return {}
    fitting = sum(ballots.values()) // (len(Stance) * UNEVEN * rules.people_a_cell)
    limits = Limits(rules.least_group, min(MOST_GROUPS, fitting))
    return {ballot: ascii_lowercase[place] for ballot, place in groups(ballots, limits, seed).items()}


def _sizes(ballots: Mapping[Ballot, int], group: Mapping[Ballot, str], votes: Sequence[RawTable]) -> RawTable:
    """How many people stand in each group, and how many in none: as delicate as the most delicate statement."""
    counts = Counter(dict.fromkeys(sorted(set(group.values())), 0))
    for ballot, number in ballots.items():
        counts[group.get(ballot, NO_ANSWER)] += number
    apart = counts.pop(NO_ANSWER, 0)
    people = apart + counts.total()
    return RawTable(
        id=GROUPS,
        shape=Shape.PARTITION,
        sensitivity=max((vote.sensitivity for vote in votes), key=_delicacy),
        codes=(*counts, NO_ANSWER),
        counts=(*counts.values(), apart),
        asked=people,
        answered=people - apart,
    )


def _delicacy(sensitivity: Sensitivity) -> int:
    return 2 if sensitivity in HARMFUL else 0 if sensitivity is Sensitivity.OPINION else 1


def _cross(
    by: RawTable, question: RawTable, ballots: Mapping[Ballot, int], group: Mapping[Ballot, str], place: int
) -> RawCross:
    counts: Counter[tuple[str, str]] = Counter()
    for ballot, number in ballots.items():
        counts[group.get(ballot, NO_ANSWER), COLUMNS[ballot[place]]] += number
    return RawCross(
        id=f"{by.id}*{question.id}",
        by=by,
        question=question,
        rows=by.codes,
        columns=question.codes,
        counts=tuple(tuple(counts[row, column] for column in question.codes) for row in by.codes),
        people=by.asked,
    )

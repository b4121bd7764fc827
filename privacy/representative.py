"""What sets an opinion group apart, and what all groups share, from displayed figures and nothing else.

Whoever holds the tables can work out all of it, so saying it tells nothing further. Measures and thresholds are those
of Pol.is: smoothed shares, a test of one proportion against one half, one of two proportions against everybody else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from typing import Literal

from privacy.tables import NO_ANSWER, SafeCross, Shown

SURE = 1.2816
"""One-sided 90 %: Pol.is' threshold for both tests."""
MOST_TYPICAL = 3
"""Statements told of one group."""

Side = Literal["agree", "disagree"]
SIDES: tuple[Side, ...] = ("agree", "disagree")


@dataclass(frozen=True, slots=True)
class Votes:
    """The displayed votes of a group on one statement: those on one side, and all of them."""

    side: int
    voted: int

    def __add__(self, other: "Votes") -> "Votes":
        """The votes of both."""
        return Votes(self.side + other.side, self.voted + other.voted)

    @property
    def share(self) -> float:
        """The share of this side, drawn a little towards one half where few voted."""
        return (self.side + 1) / (self.voted + 2)


@dataclass(frozen=True, slots=True)
class Typical:
    """A statement on whose side a group stands more than everybody else."""

    question: str
    side: Side
    weight: float
    """Product of how clearly and how much more; the larger, the more it tells of the group."""


def above_half(votes: Votes) -> float:
    """How surely more than half of a group is on a side: a z score."""
    return 2 * sqrt(votes.voted + 1) * ((votes.side + 1) / (votes.voted + 1) - 0.5)


def above_others(group: Votes, others: Votes) -> float:
    """How surely a larger share of a group than of the others is on a side: a z score."""
    one, rest = group.voted + 1, others.voted + 1
    mine, theirs = group.side + 1, others.side + 1
    both = (mine + theirs) / (one + rest)
    if both >= 1:
        return 0.0
    return (mine / one - theirs / rest) / sqrt(both * (1 - both) * (1 / one + 1 / rest))


def typical(crosses: Sequence[SafeCross]) -> Mapping[str, tuple[Typical, ...]]:
    """For each group the statements that set it apart, the most telling first."""
    found: dict[str, list[Typical]] = {}
    for cross in crosses:
        for side in SIDES:
            for group, one in _told(cross, side):
                found.setdefault(group, []).append(one)
    return {group: tuple(sorted(each, key=lambda one: -one.weight)[:MOST_TYPICAL]) for group, each in found.items()}


def consensus(cross: SafeCross) -> float | None:
    """Group-informed consensus: smoothed shares of all groups who agree, multiplied. None where one is not shown."""
    votes = _votes(cross, "agree")
    if not votes or None in votes.values():
        return None
    return prod(each.share for each in votes.values() if each is not None)


def _told(cross: SafeCross, side: Side) -> Iterator[tuple[str, Typical]]:
    votes = _votes(cross, side)
    shown = {group: each for group, each in votes.items() if each is not None}
    for group, mine in shown.items():
        others = sum((each for other, each in shown.items() if other != group), Votes(0, 0))
        # Compared is with everybody else, or not at all.
        if len(shown) < len(votes) or above_half(mine) <= SURE or above_others(mine, others) <= SURE:
            continue
        weight = mine.share / others.share * above_half(mine) * above_others(mine, others)
        yield group, Typical(cross.question, side, weight)


def _votes(cross: SafeCross, side: Side) -> dict[str, Votes | None]:
    """For each group its votes; None where one of its figures is not shown."""
    found: dict[str, Votes | None] = {}
    for head, cells in zip(cross.rows, cross.cells, strict=True):
        if head.code != NO_ANSWER:
            named = zip(cross.columns, cells, strict=True)
            counts = {column.code: cell for column, cell in named if column.code != NO_ANSWER}
            shown = {code: cell.count for code, cell in counts.items() if isinstance(cell, Shown)}
            found[head.code] = Votes(shown[side], sum(shown.values())) if len(shown) == len(counts) else None
    return found

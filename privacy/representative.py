"""What sets an opinion group apart, and what all groups share, from displayed figures and nothing else.

Whoever holds the tables can work out all of it, so saying it tells nothing further. Measures and thresholds are those
of Pol.is: smoothed shares, a test of one proportion against one half, one of two proportions against everybody else.
A small figure is taken at its worst, so that what is said would be said as well if everything were shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from typing import Literal

from privacy.tables import NO_ANSWER, CrossCell, SafeCross, Shown, Small

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


@dataclass(frozen=True, slots=True)
class Shared:
    """How far all groups agree with a statement: as a product of shares, or no less than that where it is not exact."""

    value: float
    exact: bool


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


def consensus(cross: SafeCross) -> Shared | None:
    """Group-informed consensus: smoothed shares of all groups who agree, multiplied. None where one is not shown.

    Where few of a group are of another mind, how few is hidden: then its share is taken as small as it can be.
    """
    rows = _rows(cross).values()
    agreeing = [votes for cells in rows if (votes := _as_mine(cells, "agree")) is not None]
    if not agreeing or len(agreeing) < len(rows):
        return None
    exact = all(isinstance(cell, Shown) for cells in rows for cell in cells.values())
    return Shared(prod(votes.share for votes in agreeing), exact=exact)


def _told(cross: SafeCross, side: Side) -> Iterator[tuple[str, Typical]]:
    rows = _rows(cross)
    for group, cells in rows.items():
        mine = _as_mine(cells, side)
        if mine is None:
            continue
        others = sum((_as_others(each, side) for other, each in rows.items() if other != group), Votes(0, 0))
        if above_half(mine) > SURE and above_others(mine, others) > SURE:
            weight = mine.share / others.share * above_half(mine) * above_others(mine, others)
            yield group, Typical(cross.question, side, weight)


def _rows(cross: SafeCross) -> dict[str, Mapping[str, CrossCell]]:
    """For each group what is displayed of its votes, unless something has been withheld that need not be small."""
    found: dict[str, Mapping[str, CrossCell]] = {}
    for head, cells in zip(cross.rows, cross.cells, strict=True):
        named = {column.code: cell for column, cell in zip(cross.columns, cells, strict=True)}
        if head.code != NO_ANSWER:
            found[head.code] = {code: cell for code, cell in named.items() if code != NO_ANSWER}
    plain = all(isinstance(cell, Shown | Small) for cells in found.values() for cell in cells.values())
    return found if plain else {}


def _as_mine(cells: Mapping[str, CrossCell], side: Side) -> Votes | None:
    """A group's votes, its small figures as large as they can be: its share is no smaller than this."""
    cell = cells[side]
    if not isinstance(cell, Shown):
        return None
    return Votes(cell.count, sum(map(_most, cells.values())))


def _as_others(cells: Mapping[str, CrossCell], side: Side) -> Votes:
    """A group's votes, as many as can be on this side and as few as can be on others: its share is no larger."""
    rest = (cell.count for code, cell in cells.items() if code != side and isinstance(cell, Shown))
    here = _most(cells[side])
    return Votes(here, here + sum(rest))


def _most(cell: CrossCell) -> int:
    return cell.count if isinstance(cell, Shown) else cell.below - 1 if isinstance(cell, Small) else 0

"""Whether a number stays in doubt, also for a reader who knows the answers of `s` respondents.

With two laminar families a bound is lost slowly. Between the truth and any world lie unit steps, each of which keeps
everything published and moves every column and every number by one at most (a totally unimodular matrix: its
difference vectors are sums of such circuits, all of one sign). Whoever knows `k` people of a column forbids as many
steps as take the world below `k` there, and no more. So a coalition takes off the smallest value as many as the world
that attains it lacks of its members, and off the largest likewise; and those of them who stand in the number itself the
reader subtracts anyway. What is not of this kind is tried: see `privacy.audit.accomplices`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from privacy.audit.figures import Mode, System
from privacy.audit.targets import Target
from privacy.intervals import Limits


@dataclass(frozen=True, slots=True)
class Doubt:
    """The test for one system."""

    system: System

    def leaves(self, target: Target, low: int, high: int, known: int = 0) -> bool:
        """Whether [low, high], for a reader who knows `known` of those counted, leaves enough possible values."""
        if self.system.mode is Mode.EXACT:
            return low - known <= 1 and high >= target.threshold
        return Limits(target.threshold, self.system.rules).leaves_doubt(low, high, known)

    def is_large(self, target: Target, low: int) -> bool:
        """Whether a number that nobody is told to be small surely is not."""
        return not target.hidden and low >= target.threshold

    def stands_alone(self, target: Target, low: int, high: int) -> bool:
        """Whether a number is in doubt for a reader who knows nobody, or surely large."""
        return self.is_large(target, low) or self.leaves(target, low, high)

    def stands_steps(self, target: Target, ends: "Ends") -> bool:
        """The same for one who knows `s`, where bounds are lost in unit steps."""
        low, high = ends.low, ends.high
        counts = range(max(low, target.low), min(high, target.high, target.threshold - 1) + 1)
        return all(self._stands(target, count, ends) for count in counts)

    def _stands(self, target: Target, count: int, ends: "Ends") -> bool:
        s = self.system.rules.s
        # Of a number that spreads over columns, those known within it can forbid steps like everybody else.
        for known in range(min(s, count) + 1 if ends.column is not None else 1):
            others = s - known
            if not self._leaves_enough(target, count, known, ends, others) and not self._leaves_less(
                target, count, known, ends, ends.losses(others)
            ):
                return False
        return True

    def _leaves_enough(self, target: Target, count: int, known: int, ends: "Ends", others: int) -> bool:
        """Whether enough is left even if each of them took a step off each end; then nobody need count who does."""
        at_most = Losses(others, others, 2 * others)
        return self.system.mode is Mode.ROUNDED and self._leaves_less(target, count, known, ends, at_most)

    def _leaves_less(self, target: Target, count: int, known: int, ends: "Ends", others: "Losses") -> bool:
        """Whether enough is left once others have taken so much off the ends."""
        least = max(known, min(count, ends.low + others.low))
        most = max(count, ends.high - others.high)
        # Both ends cannot always be taken away at once.
        wide = max(most - least, ends.high - max(ends.low, known) - others.both)
        return self.leaves(target, least, least + wide, known)


@dataclass(frozen=True, slots=True)
class Losses:
    """What a coalition can take off the smallest value, off the largest, and off both together."""

    low: int
    high: int
    both: int


@dataclass(frozen=True)
class Ends:
    """The smallest and the largest value of a number, and worlds in which it has them."""

    low: int
    high: int
    sought: Callable[[], tuple[Sequence[int], Sequence[int]]]
    """Finds such worlds; most numbers are judged without."""
    most: Sequence[int]
    """How many accomplices can stand in each column."""
    column: int | None
    """The number's column, where it is a single one."""

    @cached_property
    def worlds(self) -> tuple[Sequence[int], Sequence[int]]:
        """People in each column where it is smallest, and where it is largest."""
        return self.sought()

    def losses(self, elsewhere: int) -> Losses:
        """At worst, for so many accomplices who do not stand in the number, or stand in one of its several columns."""
        columns = [
            (place, min(room, elsewhere))
            for place, (least, most, room) in enumerate(zip(*self.worlds, self.most, strict=True))
            if place != self.column and min(least, most) < min(elsewhere, room)
        ]
        return Losses(*(self._worst(columns, elsewhere, ends) for ends in ((0,), (1,), (0, 1))))

    def _worst(self, columns: Sequence[tuple[int, int]], people: int, ends: tuple[int, ...]) -> int:
        """Most that so many people, placed over the columns, can take off the ends named."""
        best = [0] * (people + 1)
        for column, room in columns:
            gain = [sum(max(0, known - self.worlds[end][column]) for end in ends) for known in range(room + 1)]
            best = [
                max(best[left - known] + gain[known] for known in range(min(room, left) + 1))
                for left in range(people + 1)
            ]
        return best[people]

"""Which figures of a ranking may be told by place, and the Borda points that follow from them.

By place a ranking is a table of choices and places. It is shown whole or not at all: then no hidden figure stands in
it, and what is left to work out are sums: those who did not name a choice, and those who stopped between one place and
a later one. Every pair of places bounds how many answered at all, from above by the first and from below by the last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from privacy.intervals import Limits
from privacy.rules import Rules
from privacy.tables import Places, RawTable


@dataclass(frozen=True, slots=True, repr=False)
class _Rest:
    """A number of people that is not shown, and between what a reader can work out that it lies."""

    count: int
    low: int
    high: int


def places(raw: RawTable, rules: Rules) -> tuple[Places, ...]:
    """The figures by place, if every one of them may be shown and no rest is narrowed too far; else nothing."""
    limits = Limits(rules.threshold(raw.sensitivity), rules)
    cells = [count for row in raw.places for count in row]
    few = raw.asked < max(rules.crosses_from, rules.people_a_cell * len(cells))
    if not cells or few or min(cells) < limits.threshold or len(raw.places[0]) == 1:
        return ()
    if not all(
        rest.count >= limits.threshold or limits.keeps_doubt(rest.low, rest.high, rest.count)
        for rest in _rests(raw, limits)
    ):
        return ()
    shown = [tuple(map(rules.rounded, row)) for row in raw.places]
    return tuple(
        Places(code=code, counts=row, points=sum((len(row) - place) * count for place, count in enumerate(row)))
        for code, row in zip(raw.codes, shown, strict=False)
    )


def _rests(raw: RawTable, limits: Limits) -> Iterator[_Rest]:
    for row in raw.places:
        low, high = _sum(row, limits)
        yield _Rest(raw.answered - sum(row), raw.answered - high, raw.answered - low)
    columns = list(zip(*raw.places, strict=True))
    for earlier, later in combinations(columns, 2):
        before, after = _sum(earlier, limits), _sum(later, limits)
        yield _Rest(sum(earlier) - sum(later), before[0] - after[1], before[1] - after[0])


def _sum(counts: Sequence[int], limits: Limits) -> tuple[int, int]:
    """Between what the sum of figures lies for whoever sees them rounded."""
    shown = [limits.rules.unrounded(limits.rules.rounded(count)) for count in counts]
    return sum(max(low, limits.threshold) for low, _ in shown), sum(high for _, high in shown)

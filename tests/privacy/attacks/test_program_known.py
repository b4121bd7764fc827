"""A reader who knows this program: what it did not withhold beside a small number must tell nothing of that number.

She knows how many people took part, and looks at every world that would have come out of the door just like this.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import pytest

from flows.model import Sensitivity
from privacy.control import protect, protect_cross
from privacy.rules import Rules
from privacy.tables import RawTable, SafeCell, Shape, Shown, Small
from tests.privacy.test_crossing import crossed

OPEN = Rules.of_round(10, 5)
SEED = bytes(32)
EVERY = 15
"""Values of a small number of which nothing is known."""
World = tuple[int, ...]
Door = Callable[[World], tuple[SafeCell, ...]]


def worlds(people: int, cells: int) -> Iterator[World]:
    """Every table of so many people."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        yield from ((first, *rest) for rest in worlds(people - first, cells - 1))


def ours(world: World) -> tuple[SafeCell, ...]:
    """What leaves by our door."""
    codes = tuple(f"c{place}" for place in range(len(world)))
    people = sum(world)
    raw = RawTable("q", Shape.PARTITION, Sensitivity.OPINION, codes, world, people, people)
    return tuple(row.cell for row in protect(raw, OPEN, SEED).rows)


def careless(world: World) -> tuple[SafeCell, ...]:
    """What leaves by one that asks of how many people in truth stand in a small cell whether it needs company."""
    low = sum(world) - OPEN.unrounded(OPEN.rounded(world[0]))[1]
    high = low + OPEN.width
    if world[1] < 15 and all(high - max(known, low) >= OPEN.width for known in range(min(5, world[1]) + 1)):
        return Shown(count=OPEN.rounded(world[0])), Small(below=15)
    return ()


def looking_like(door: Door, people: int, cells: int) -> Mapping[tuple[SafeCell, ...], Sequence[World]]:
    """For everything that can come out with nothing withheld but what is small, the worlds it comes from."""
    found: dict[tuple[SafeCell, ...], list[World]] = defaultdict(list)
    for world in worlds(people, cells):
        found[door(world)].append(world)
    return {shown: some for shown, some in found.items() if {type(cell) for cell in shown} == {Shown, Small}}


def narrowest(found: Mapping[tuple[SafeCell, ...], Sequence[World]], known: int = 0) -> int:
    """Between how many values, at least, whoever knows so many of a small cell is left to choose."""
    left = [
        {world[place] for world in some if world[place] >= known}
        for shown, some in found.items()
        for place, cell in enumerate(shown)
        if isinstance(cell, Small)
    ]
    return min((max(values) - min(values) + 1 for values in left if values), default=EVERY)


@pytest.mark.parametrize(("people", "cells"), [(100, 2), (101, 2), (102, 2), (103, 2), (104, 2), (61, 3)])
def test_a10_what_was_not_withheld_tells_nothing(people: int, cells: int) -> None:
    """A careless door gives a small cell away by showing it alone; ours leaves five values, also to an accomplice.

    Proves: R1, R2
    """
    found = looking_like(ours, people, cells)

    assert narrowest(looking_like(careless, people, 2)) == 1
    assert min(narrowest(found, known) for known in range(OPEN.s + 1)) > OPEN.width


CROSSES = {
    "267 people": ((99, 40, 2), (71, 47, 2), (5, 1, 0)),
    "150 people": ((19, 20, 1), (40, 61, 2), (2, 5, 0)),
    "227 people": ((52, 60, 3), (60, 47, 2), (2, 2, 1)),
}


def beside(world: Sequence[World]) -> Iterator[tuple[World, ...]]:
    """Worlds of as many people in which the first two groups have said somewhat different things."""
    (one, other, silent), (this, that, mute), *rest = world
    for more, less, fewer in product(range(-2, 3), range(-2, 3), range(10)):
        moved = more + less + fewer - silent
        if abs(moved) <= 4:
            yield ((one + more, other + less, fewer), (this - moved, that, mute), *rest)


@pytest.mark.parametrize("world", CROSSES.values(), ids=CROSSES)
def test_a10_what_was_not_withheld_in_a_cross_tells_nothing(world: Sequence[World]) -> None:
    """How few of a group gave no answer is not told by the figures that were left beside it.

    Not every world is tried: she has to reckon with more. Proves: R1, R2
    """
    shown = protect_cross(crossed(tuple(world)), OPEN, SEED)

    values = {each[0][2] for each in beside(world) if protect_cross(crossed(each), OPEN, SEED) == shown}

    assert isinstance(shown.cells[0][2], Small)
    assert max(values) - min(values) >= OPEN.width

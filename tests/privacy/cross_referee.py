"""The slow and obvious reader of a cross: tries every table of whole numbers that fits what was published.

She has the cross and the tables of both its questions, knows how many people there are, and knows the answers of any
`s` of them. Nothing here is clever, so that it can be believed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import lt
from typing import Any

import numpy as np

from privacy.rules import Rules
from privacy.tables import Impossible, SafeCell, SafeCross, Small
from tests.privacy.referee import fits, in_doubt

Line = tuple[int, ...]
World = tuple[Line, ...]
Every = np.ndarray[tuple[int, ...], np.dtype[Any]]
"""Many tables, one after the other, by row and column."""


@dataclass(frozen=True)
class Published:
    """A cross beside its questions' own tables, as a reader has them; margins by row and column of the cross."""

    cells: Sequence[Sequence[SafeCell | Impossible]]
    rows: Sequence[SafeCell]
    columns: Sequence[SafeCell]
    people: int
    rules: Rules
    threshold: int

    def fits(self, count: int, display: SafeCell | Impossible) -> bool:
        """Whether a number could be displayed like this."""
        return count == 0 if isinstance(display, Impossible) else fits(count, display, self.threshold, self.rules)

    def could_be(self, counts: Sequence[int], displays: Sequence[SafeCell | Impossible]) -> bool:
        """Whether all of some numbers could."""
        return all(map(self.fits, counts, displays))


def published(cross: SafeCross, people: int, rules: Rules, threshold: int) -> Published:
    """What a reader has of a cross none of whose categories were brought together."""
    totals = [[head.total for head in heads] for heads in (cross.rows, cross.columns)]
    return Published(cross.cells, totals[0], totals[1], people, rules, threshold)


def worlds(seen: Published) -> Every:
    """Every table that would have been published like this: row after row, without what no column has room for."""
    tops = np.array(_tops(seen))
    every = np.zeros((1, 0, len(tops)), dtype=np.int16)
    for place in range(len(seen.cells)):
        lines = np.array(list(_lines(seen, place)), dtype=np.int16).reshape(-1, 1, len(tops))
        every = np.concatenate(
            [np.repeat(every, len(lines), axis=0), np.tile(lines, (len(every), 1, 1))], axis=1
        )  # fmt: skip
        every = every[(every.sum(axis=1) <= tops).all(axis=1) & (every.sum(axis=(1, 2)) <= seen.people)]
    sums, which = np.unique(every.sum(axis=1), axis=0, return_inverse=True)
    fits = [sum(each) == seen.people and seen.could_be(each, seen.columns) for each in sums.tolist()]
    return every[np.array(fits, dtype=np.bool_)[which.ravel()]]


def _tops(seen: Published) -> list[int]:
    """The most that each column could hold."""
    return [max(n for n in range(seen.people + 1) if seen.fits(n, total)) for total in seen.columns]


def extremes(seen: Published, row: int, column: int) -> tuple[int, int]:
    """Smallest and largest value of one cell over every table that fits: row after row, as the sums so far.

    `reached[value, sums]` says whether some rows have these sums of columns and, in the row asked about, this value.
    """
    shape = tuple(top + 1 for top in _tops(seen))
    reached = np.zeros((1, *shape), dtype=np.bool_)
    reached[(0, *(0 for _ in shape))] = True
    for place in range(len(seen.cells)):
        lines = [line for line in _lines(seen, place) if all(map(lt, line, shape))]
        most = max((line[column] for line in lines), default=0) if place == row else len(reached) - 1
        further = np.zeros((most + 1, *shape), dtype=np.bool_)
        for line in lines:
            there = tuple(slice(number, None) for number in line)
            here = tuple(slice(0, size - number) for number, size in zip(line, shape, strict=True))
            value = line[column] if place == row else slice(None)
            further[(value, *there)] |= reached[(0 if place == row else slice(None), *here)]
        reached = further
    values = {
        value
        for value, *sums in np.argwhere(reached).tolist()
        if sum(sums) == seen.people and seen.could_be(sums, seen.columns)
    }
    return min(values), max(values)


def _lines(seen: Published, row: int) -> Iterator[Line]:
    """Every row that could have been published like this one."""
    fitting = [total for total in range(seen.people + 1) if seen.fits(total, seen.rows[row])]
    options = [[number for number in range(max(fitting) + 1) if seen.fits(number, cell)] for cell in seen.cells[row]]
    return (line for line in product(*options) if sum(line) in fitting)


def coalitions(world: World, size: int) -> Iterator[World]:
    """Every way in which at most `size` of the people of a table can stand in its cells."""
    flat = [count for line in world for count in line]
    width = len(world[0])
    for known in product(*(range(min(size, count) + 1) for count in flat)):
        if sum(known) <= size:
            yield tuple(known[start : start + width] for start in range(0, len(known), width))


def numbers(every: Every) -> dict[str, Every]:
    """Every number of a table that is published, in many tables at once: cells and margins."""
    _, rows, columns = every.shape
    found = {f"cell {row} {column}": every[:, row, column] for row in range(rows) for column in range(columns)}
    found |= {f"row {row}": every[:, row].sum(axis=1) for row in range(rows)}
    return found | {f"column {column}": every[:, :, column].sum(axis=1) for column in range(columns)}


def displays(seen: Published) -> Mapping[str, SafeCell | Impossible]:
    """What stands for each of `numbers`."""
    found = {f"cell {row} {column}": cell for row, line in enumerate(seen.cells) for column, cell in enumerate(line)}
    found |= {f"row {row}": cell for row, cell in enumerate(seen.rows)}
    return found | {f"column {column}": cell for column, cell in enumerate(seen.columns)}


def exposed(seen: Published, truth: World) -> set[str]:
    """Hidden small numbers that some reader with `s` accomplices can narrow too far."""
    every, shown, found = worlds(seen), displays(seen), set[str]()
    assert (every == np.array(truth)).all(axis=(1, 2)).any()
    for known in coalitions(truth, seen.rules.s):
        values = numbers(every[(every >= np.array(known)).all(axis=(1, 2))])
        knows = {name: int(number[0]) for name, number in numbers(np.array([known])).items()}
        found |= {
            name
            for name, each in values.items()
            if isinstance(shown[name], Small)
            and not in_doubt((int(each.min()), int(each.max())), knows[name], seen.threshold, seen.rules)
        }
    return found

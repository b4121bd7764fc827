"""The slow and obvious reader of a cross: tries every table of whole numbers that fits what was published.

She has the cross and the tables of both its questions, knows how many people there are, and knows the answers of any
`s` of them. Nothing here is clever, so that it can be believed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from privacy.rules import Rules
from privacy.tables import Impossible, SafeCell, SafeCross, SafeTable, Shown, Small
from tests.privacy.referee import fits, in_doubt

Line = tuple[int, ...]
World = tuple[Line, ...]


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


def worlds(seen: Published) -> Iterator[World]:
    """Every table that would have been published like this."""
    for world in product(*(list(_lines(seen, place)) for place in range(len(seen.cells)))):
        columns = [sum(column) for column in zip(*world, strict=True)]
        if sum(columns) == seen.people and seen.could_be(columns, seen.columns):
            yield world


def extremes(seen: Published, row: int, column: int) -> tuple[int, int]:
    """Smallest and largest value of one cell over every table that fits: row after row, as the sums so far."""
    found: dict[Line, set[int]] = {tuple(0 for _ in seen.columns): {-1}}
    for place in range(len(seen.cells)):
        lines = list(_lines(seen, place))
        further: dict[Line, set[int]] = {}
        for so_far, values in found.items():
            for line in lines:
                sums = tuple(map(sum, zip(so_far, line, strict=True)))
                if sum(sums) <= seen.people:
                    further.setdefault(sums, set()).update({line[column]} if place == row else values)
        found = further
    values = {
        value
        for sums, each in found.items()
        if sum(sums) == seen.people and seen.could_be(sums, seen.columns)
        for value in each
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


def numbers(world: World) -> dict[str, int]:
    """Every number of a table that is published: cells and margins."""
    found = {f"cell {row} {column}": count for row, line in enumerate(world) for column, count in enumerate(line)}
    found |= {f"row {row}": sum(line) for row, line in enumerate(world)}
    return found | {f"column {column}": sum(each) for column, each in enumerate(zip(*world, strict=True))}


def displays(seen: Published) -> Mapping[str, SafeCell | Impossible]:
    """What stands for each of `numbers`."""
    found = {f"cell {row} {column}": cell for row, line in enumerate(seen.cells) for column, cell in enumerate(line)}
    found |= {f"row {row}": cell for row, cell in enumerate(seen.rows)}
    return found | {f"column {column}": cell for column, cell in enumerate(seen.columns)}


def exposed(seen: Published, truth: World) -> set[str]:
    """Hidden small numbers that some reader with `s` accomplices can narrow too far."""
    every, shown, found = list(worlds(seen)), displays(seen), set[str]()
    assert truth in every
    for known in coalitions(truth, seen.rules.s):
        possible = [world for world in every if _holds(world, known)]
        values = {
            name: {numbers(world)[name] for world in possible} for name in shown if isinstance(shown[name], Small)
        }
        knows = numbers(known)
        found |= {
            name for name, each in values.items() if not in_doubt(sorted(each), knows[name], seen.threshold, seen.rules)
        }
    return found


def _holds(world: World, known: World) -> bool:
    return all(
        have >= need for line, part in zip(world, known, strict=True) for have, need in zip(line, part, strict=True)
    )


def figures(safe: SafeTable) -> list[int]:
    """The figures that a table shows."""
    return [row.cell.count for row in safe.rows if isinstance(row.cell, Shown)]

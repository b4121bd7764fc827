"""Exact bounds of every hidden cell of a table of two questions: by flow, and by linear programs as the referee.

Both are told the same: which cells are hidden as below ten, every other cell and every margin as it is. Programs are
HiGHS's own, by its own interface: one model that keeps its basis from one question to the next, which is its quickest
way; and a model made anew for each bound, which is how a library of linear programs is called from outside.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import highspy
import numpy as np
from highspy._core import _Highs

from privacy.audit.laminar import Bits, Transport
from sauti.benching.figures import Spread, spread
from sauti.benching.opening import Miscounted

SMALL: Final = 10
SHAPES: Final = ((5, 5), (10, 10), (20, 10), (30, 20))
COLD_MOST: Final = 200
"""Cells up to which models made anew for each bound are waited for."""
TURNS: Final = 3
"""Of each way over each table; the quickest counts."""

Ends = list[tuple[int, int]]
Side = np.ndarray[tuple[int], np.dtype[np.float64]]
Row = tuple[float, np.ndarray[tuple[int], np.dtype[np.int32]], Side]
"""A sum, the cells it is of, and their coefficients."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """A table of two questions as its reader has it, laid out before any clock runs as each way wants to be told."""

    rows: int
    columns: int
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]] = field(repr=False)

    @cached_property
    def hidden(self) -> list[int]:
        """Cells that are not shown, in one line."""
        return [int(place) for place in np.flatnonzero(self.counts.ravel() < SMALL)]

    @cached_property
    def cells(self) -> Ends:
        """Between what each cell must stay."""
        return [(0, SMALL - 1) if value < SMALL else (int(value),) * 2 for value in self.counts.ravel()]

    @cached_property
    def margins(self) -> list[tuple[list[int], int]]:
        """Cells of each row and column, and their sum."""
        lines = [list(range(row * self.columns, (row + 1) * self.columns)) for row in range(self.rows)]
        lines += [list(range(column, self.rows * self.columns, self.columns)) for column in range(self.columns)]
        return [(line, int(self.counts.ravel()[line].sum())) for line in lines]

    @cached_property
    def sets(self) -> tuple[list[Bits], Ends]:
        """Each cell, row and column as a set of cells, and between what its sum must stay: what flow is told."""
        singles = [1 << cell for cell in range(len(self.cells))]
        wide = [sum(singles[cell] for cell in line) for line, _ in self.margins]
        return [*singles, *wide], [*self.cells, *((total, total) for _, total in self.margins)]

    @cached_property
    def columns_and_rows(self) -> tuple[list[Side], list[Row]]:
        """The same as bounds and rows of a program: what HiGHS is told."""
        bounds = [np.array(side, dtype=np.float64) for side in zip(*self.cells, strict=True)]
        rows = [
            (float(total), np.array(line, dtype=np.int32), np.ones(len(line))) for line, total in self.margins
        ]  # fmt: skip
        return bounds, rows


def table(rows: int, columns: int, seed: int) -> Table:
    """Uneven counts, of which about four in ten are below ten."""
    return Table(rows, columns, np.random.default_rng(seed).negative_binomial(1, 0.05, (rows, columns)))


def by_flow(one: Table) -> Ends:
    """The audit's own way: a circulation, and from there what can still flow."""
    sets, bounds = one.sets
    flow = Transport(sets, bounds, len(one.cells))
    return [flow.bounds(sets[cell]) for cell in one.hidden]


def by_programs(one: Table, *, anew: bool = False) -> Ends:
    """Two linear programs for each hidden cell; their vertices are whole numbers, because a table is a network."""
    model, found = _model(one), []
    for cell in one.hidden:
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            if anew:
                model = _model(one)
            model.changeColCost(cell, 1.0)
            model.changeObjectiveSense(sense)
            model.run()
            ends.append(round(model.getInfo().objective_function_value))
        model.changeColCost(cell, 0.0)
        found.append((ends[0], ends[1]))
    return found


def _model(one: Table) -> _Highs:
    model = _Highs()
    model.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own signature
    model.setOptionValue("threads", 1)
    (low, high), rows = one.columns_and_rows
    model.addVars(len(low), low, high)
    for total, cells, ones in rows:
        model.addRow(total, total, len(cells), cells, ones)
    return model


@dataclass(frozen=True, slots=True)
class Bounded:
    """Tables of one shape: milliseconds a table by each way, and ratios taken round by round."""

    rows: int
    columns: int
    hidden: float
    """Hidden cells of a table, on average."""
    flow_ms: Spread
    kept_ms: Spread
    anew_ms: Spread | None
    kept_to_flow: Spread
    anew_to_flow: Spread | None


def bounded(rounds: int, shapes: Sequence[tuple[int, int]], say: Say) -> list[Bounded]:
    """All shapes; in each round every way bounds the same tables. Raises Miscounted where two ways disagree."""
    return [_shape(rows, columns, rounds, say) for rows, columns in shapes]


def _shape(rows: int, columns: int, rounds: int, say: Say) -> Bounded:
    say(f"{rows} by {columns} cells: {rounds} rounds …")
    ways: list[Callable[[Table], Ends]] = [by_flow, by_programs]
    if rows * columns <= COLD_MOST:
        ways.append(lambda one: by_programs(one, anew=True))
    tables = [table(rows, columns, seed) for seed in range(rounds + 1)]
    took = [_round(one, ways[number % len(ways) :] + ways[: number % len(ways)]) for number, one in enumerate(tables)]
    # The first round finds nothing in the caches and is dropped.
    taken = [[1000 * each[way] for way in ways] for each in took[1:]]
    columns_of = list(zip(*taken, strict=True))
    ratios = [spread(each[way] / each[0] for each in taken) for way in range(1, len(ways))]
    hidden = sum(len(one.hidden) for one in tables[1:]) / rounds
    anew = (spread(columns_of[2]), ratios[1]) if len(ways) > 2 else (None, None)  # noqa: PLR2004 - three ways
    return Bounded(
        rows, columns, hidden, spread(columns_of[0]), spread(columns_of[1]), anew[0], ratios[0], anew[1]
    )  # fmt: skip


def _round(one: Table, ways: Sequence[Callable[[Table], Ends]]) -> dict[Callable[[Table], Ends], float]:
    """Processor seconds of each way over one table, laid out for it beforehand: the least of a few turns."""
    took, found = {}, []
    _laid_out = one.sets, one.columns_and_rows
    for way in ways:
        turns = []
        for _ in range(TURNS):
            begun = time.process_time()
            found.append(way(one))
            turns.append(time.process_time() - begun)
        took[way] = min(turns)
    if any(each != found[0] for each in found):
        raise Miscounted("flow and programs found different bounds")
    return took

"""Bounds by maximum flow, with linear programs of another library as the referee."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from privacy.audit.laminar import Transport


def hidden_tables(rows: int, columns: int, seed: int) -> tuple[list[int], list[tuple[int, int]], list[int]]:
    """A table with its margins, cells below ten hidden: sets of cells, bounds of their sums, and the hidden cells."""
    counts = np.random.default_rng(seed).negative_binomial(1, 0.05, (rows, columns))
    sets, bounds, hidden = [], [], []
    for row, column in np.ndindex(rows, columns):
        value = int(counts[row, column])
        sets.append(1 << (row * columns + column))
        bounds.append((0, 9) if value < 10 else (value, value))
        if value < 10:
            hidden.append(sets[-1])
    for row in range(rows):
        sets.append(sum(1 << (row * columns + column) for column in range(columns)))
        bounds.append((int(counts[row].sum()),) * 2)
    for column in range(columns):
        sets.append(sum(1 << (row * columns + column) for row in range(rows)))
        bounds.append((int(counts[:, column].sum()),) * 2)
    return sets, bounds, hidden


def by_programs(sets: list[int], bounds: list[tuple[int, int]], hidden: list[int], cells: int) -> list[tuple[int, int]]:
    """The same bounds by two linear programs for each hidden cell."""
    matrix = np.array([[each >> cell & 1 for cell in range(cells)] for each in sets[cells:]], dtype=np.float64)
    right = [low for low, _ in bounds[cells:]]
    found = []
    for each in hidden:
        cost = np.array([each >> cell & 1 for cell in range(cells)], dtype=np.float64)
        low, high = (
            linprog(sign * cost, A_eq=matrix, b_eq=right, bounds=bounds[:cells], method="highs").fun for sign in (1, -1)
        )
        found.append((round(low), round(-high)))
    return found


@given(st.integers(2, 5), st.integers(2, 5), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_flow_and_linear_programs_agree(rows: int, columns: int, seed: int) -> None:
    """For a table of two questions with its margins both give the same bounds of each hidden cell. Proves: R2."""
    sets, bounds, hidden = hidden_tables(rows, columns, seed)

    flow = Transport(sets, bounds, rows * columns)

    assert [flow.bounds(each) for each in hidden] == by_programs(sets, bounds, hidden, rows * columns)

"""Golden vectors: numbers that other people's programs, or an earlier simulation of ours, gave."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from privacy.audit.figures import EVERYBODY, Figure, Stay, System, Variable, exact, people, small, withheld
from privacy.audit.programs import Program
from privacy.audit.rows import Block
from privacy.audit.run import Verdict, audit, bounds
from privacy.audit.targets import Reason
from tests.privacy.audit.systems import NOW

SIZE = Stay(0, 0)
GV1 = {"w": (30, 47, 64, 89), "x": (90, 124, 5, 31), "y": (92, 100, 59, 85), "z": (800, 991, 651, 685)}
GV1_HIDDEN = {
    "wa": (25, 94), "wb": (47, 47), "wc": (0, 69), "xa": (26, 95), "xc": (0, 69), "yb": (0, 185), "yd": (0, 185),
    "zb": (906, 1091), "zd": (585, 770),
}  # fmt: skip


def two_way(counts: Mapping[str, tuple[int, ...]], hidden: frozenset[str], *, threshold: int = 10) -> System:
    """An exact table with its margins; inner cells, named by row and column, are withheld where `hidden` names them."""
    columns = "abcdefgh"[: len(next(iter(counts.values())))]
    items = [Figure("t", "all", EVERYBODY, NOW, exact(sum(map(sum, counts.values()))), threshold)]
    for row, values in counts.items():
        items.append(Figure("t", row, people(row=row), NOW, exact(sum(values)), threshold))
        for column, value in zip(columns, values, strict=True):
            display = withheld() if row + column in hidden else exact(value)
            items.append(Figure("t", row + column, people(row=row, column=column), NOW, display, threshold))
    for place, column in enumerate(columns):
        total = sum(values[place] for values in counts.values())
        items.append(Figure("t", column, people(column=column), NOW, exact(total), threshold))
    total = sum(map(sum, counts.values()))
    return System(
        (Variable("row", tuple(counts)), Variable("column", tuple(columns))), {SIZE: (total, total)}, tuple(items)
    )


def cell(row: str, column: str) -> Figure:
    """A figure about one inner cell."""
    return Figure("t", "asked", people(row=row, column=column), NOW, withheld(), 10)


def test_gv_1_two_gaps_everywhere_are_not_enough() -> None:
    """In sdcTable's example one of nine withheld cells is known exactly; one more withheld brings doubt. Proves: R2."""
    found = {name: bounds(two_way(GV1, frozenset(GV1_HIDDEN)), cell(*name)) for name in GV1_HIDDEN}

    assert found == GV1_HIDDEN
    assert bounds(two_way(GV1, frozenset({*GV1_HIDDEN, "xd"})), cell("w", "b")) == (0, 78)


def test_gv_2_three_further_cells_protect_one() -> None:
    """In sdcTable's microdata1 the sensitive cell needs three more, and then lies in [0, 12]; two are not enough."""
    counts = {"p": (18, 2), "q": (14, 19), "r": (12, 10), "s": (11, 14)}
    inner = [row + column for row in counts for column in "ab" if row + column != "pb"]

    def width(hidden: tuple[str, ...]) -> int:
        low, high = bounds(two_way(counts, frozenset({"pb", *hidden})), cell("p", "b"))
        return high - low

    assert bounds(two_way(counts, frozenset({"pb", "pa", "ra", "rb"})), cell("p", "b")) == (0, 12)
    assert max(width(hidden) for hidden in combinations(inner, 2)) == 0


def test_gv_3_a_flagged_cell_beside_its_total_is_refused() -> None:
    """ACRO flags 5 of 11, 11, 5 and stops; with 27 printed beside it the audit refuses. Proves: R2."""
    variable = Variable("v", ("A", "B", "C"))
    items = (
        Figure("t", "all", EVERYBODY, NOW, exact(27), 10),
        Figure("t", "A", people(v="A"), NOW, exact(11), 10),
        Figure("t", "B", people(v="B"), NOW, exact(11), 10),
        Figure("t", "C", people(v="C"), NOW, small(10), 10),
    )

    found = audit(System((variable,), {SIZE: (0, 27)}, items)).found

    assert [(each.verdict, each.reason, each.cells) for each in found] == [(Verdict.NARROW, Reason.SMALL, ("C",))]


def test_gv_8_whole_numbers_say_more_than_a_linear_program() -> None:
    """Of four unknowns any two are one at most: linear programs allow two in all, whole numbers one. Proves: R2."""
    variable = Variable("v", ("0", "1", "2", "3", "rest"))
    pairs = [frozenset(pair) for pair in combinations("0123", 2)]
    items = tuple(Figure("t", "".join(sorted(pair)), people(v=pair), NOW, small(2), 2) for pair in pairs)
    system = System((variable,), {SIZE: (9, 9)}, items)
    four = Figure("t", "four", people(v=frozenset("0123")), NOW, withheld(), 2)

    rows = [[float(code in pair) for code in "0123"] for pair in pairs]
    relaxed = linprog([-1.0] * 4, A_ub=rows, b_ub=[1.0] * 6)

    assert (-relaxed.fun, bounds(system, four)) == (2.0, (0, 1))


SIZES = (3, 4, 2, 3, 5)
LINKED = {"one": [(1, 4)], "three": [(1, 4), (0, 1), (0, 4)], "all": list(combinations(range(5), 2))}
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def widths(people_: int, pairs: list[tuple[int, int]], seed: int, *, to_five: bool) -> Iterator[int]:
    """Widths of cells withheld by primary suppression alone: 1 to 9 hidden, zeros printed, everything else shown."""
    draw = np.random.default_rng(seed)
    kinds = np.stack(np.meshgrid(*map(np.arange, SIZES), indexing="ij"), -1).reshape(-1, 5)
    counts = draw.multinomial(people_, draw.dirichlet(np.full(len(kinds), 0.3)))
    regions: list[tuple[Mask, bool]] = [(np.ones(len(kinds), dtype=np.bool_), False)]
    for one, other in pairs:
        for row, column in np.ndindex(SIZES[one], SIZES[other]):
            regions.append(((kinds[:, one] == row) & (kinds[:, other] == column), True))
        regions += [(kinds[:, side] == code, False) for side in (one, other) for code in range(SIZES[side])]
    bounds_ = [_seen(int(counts[mask].sum()), to_five=to_five) for mask, _ in regions]
    low, high = np.array(bounds_, dtype=np.int64).T
    matrix = np.array([mask for mask, _ in regions], dtype=np.int64)
    block = Block((), matrix, low, high, high, (), np.zeros((0, len(kinds)), dtype=np.bool_))
    program = Program(block)
    for (mask, inner), (least, most_) in zip(regions, bounds_, strict=True):
        if inner and (least, most_) == (1, 9):
            lowest, highest = program.outer(mask)
            yield highest - lowest


def _seen(value: int, *, to_five: bool) -> tuple[int, int]:
    if 0 < value < 10:
        return 1, 9
    figure = 5 * ((value + 2) // 5)
    return (max(10, figure - 2), figure + 2) if to_five and value else (value, value)


@pytest.mark.parametrize(("people_", "tables", "hidden", "recovered"), [
    (80, "one", 183, (0, 8)), (300, "one", 46, (23, 55)), (300, "three", 63, (35, 75)), (300, "all", 77, (45, 95)),
])  # fmt: skip
def test_gv_9_exact_counts_are_recovered_and_rounded_ones_are_not(
    people_: int, tables: str, hidden: int, recovered: tuple[int, int]
) -> None:
    """Over seeds 0 to 9 the simulation has the shape of the table that set our limits. Proves: R2."""
    exact_, five = (
        [width for seed in range(10) for width in widths(people_, LINKED[tables], seed, to_five=to_five)]
        for to_five in (False, True)
    )

    assert 0.6 * hidden <= len(exact_) == len(five) <= 1.4 * hidden
    assert recovered[0] <= exact_.count(0) <= recovered[1]
    assert five.count(0) <= (3 if tables == "all" else 0)

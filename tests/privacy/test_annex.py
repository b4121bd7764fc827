"""Exact figures for a closed annex: published vectors, and a referee that tries every table."""

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.annex import ExactGrid
from privacy.circulation import Arc, Circulation, Key
from privacy.control import protect_exact
from privacy.crossing import Displays
from privacy.rules import Rules
from privacy.tables import AnnexCross, Exact, Kept, Refusal, SafeCell, Shown, Small, Withheld
from privacy.withholding import Lots, settled
from tests.privacy.cross_referee import World
from tests.privacy.test_crossing import crossed

ALONE = Rules(s=0)
GV1 = ((30, 47, 64, 89), (90, 124, 5, 31), (92, 100, 59, 85), (800, 991, 651, 685))
GV1_WITHHELD = ("wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd")


def exact(world: Sequence[Sequence[int]], rows: str, columns: str, rules: Rules = ALONE) -> ExactGrid:
    """A cross of which nothing was published before, so that a withheld number could be anything."""
    people = sum(map(sum, world))
    arcs: dict[Key, Arc] = {("everybody",): Arc("out", "in", people, people, people)}
    for row, line in zip(rows, world, strict=True):
        arcs["rows", row] = Arc("in", f"row {row}", sum(line), 0, people)
        for column, count in zip(columns, line, strict=True):
            arcs["cell", row, column] = Arc(f"row {row}", f"column {column}", count, 0, people)
    for column, counts in zip(columns, zip(*world, strict=True), strict=True):
        arcs["columns", column] = Arc(f"column {column}", "out", sum(counts), 0, people)
    return ExactGrid(arcs, rules)


def withholding(grid: ExactGrid, cells: Sequence[str]) -> dict[Key, SafeCell]:
    """Everything exact but these cells."""
    shown: dict[Key, SafeCell] = {key: Shown(count=grid.count(key)) for key in grid.primary()}
    return shown | {("cell", *cell): Small(below=5) for cell in cells}


def hidden(displays: Mapping[Key, SafeCell]) -> set[str]:
    """The cells that are not shown, by row and column."""
    return {key[1] + key[2] for key, cell in displays.items() if not isinstance(cell, Shown)}


def test_golden_vector_1_two_gaps_everywhere_are_not_enough() -> None:
    """GV-1: two gaps in each row and column, and still one cell has one value; one gap more gives it 79. Proves: R1."""
    grid = exact(GV1, "wxyz", "abcd")
    displays = withholding(grid, GV1_WITHHELD)
    expected = {
        "wa": (25, 94), "wb": (47, 47), "wc": (0, 69), "xa": (26, 95), "xc": (0, 69), "yb": (0, 185), "yd": (0, 185),
        "zb": (906, 1091), "zd": (585, 770),
    }  # fmt: skip

    assert {cell: grid.bounds(("cell", *cell), displays) for cell in GV1_WITHHELD} == expected
    assert ("cell", "w", "b") in set(grid.exposed(displays))
    assert grid.bounds(("cell", "w", "b"), {**displays, ("cell", "x", "d"): Withheld()}) == (0, 78)


def test_golden_vector_1_is_mended_by_the_cheapest_gap() -> None:
    """GV-1: for the one cell that can be computed, the figure that is given up is the 31 that opens a way round."""
    grid = exact(GV1, "wxyz", "abcd")
    alone = withholding(grid, ("wb",)) | {("cell", *cell): Withheld() for cell in GV1_WITHHELD if cell != "wb"}
    helping = [
        grid.count(key)
        for key in grid.may_give_up(alone, ("cell", "w", "b"))
        if grid.doubt(("cell", "w", "b"), {**alone, key: Withheld()})
    ]

    assert min(helping) == 31


@pytest.mark.parametrize("seed", range(4))
def test_golden_vector_2_needs_three_further_gaps(seed: int) -> None:
    """GV-2: one sensitive cell of 2 takes the three gaps that other programs find, and is then 0 to 12. Proves: R1."""
    grid = exact(((18, 2), (14, 19), (12, 10), (11, 14)), "ABCD", "mf")

    found = settled(grid, grid.primary(), Lots("annex", bytes([seed]) * 32))

    assert found is not None
    assert hidden(found) == {"Af", "Am", "Cm", "Cf"}
    assert grid.bounds(("cell", "A", "f"), found) == (0, 12)


def test_which_of_two_like_figures_goes_cannot_be_foreseen() -> None:
    """Where ways round cost nearly the same, who does not hold the seed cannot tell which was taken. Proves: R3."""
    grid = exact(((30, 2), (20, 21), (21, 20), (20, 20)), "ABCD", "mf")

    found = [settled(grid, grid.primary(), Lots("annex", bytes([seed]) * 32)) for seed in range(16)]

    patterns = {frozenset(hidden(each)) for each in found if each}
    assert len(patterns) > 1
    assert all({"Am", "Af"} < pattern for pattern in patterns)


@given(
    st.tuples(*[st.tuples(*[st.integers(0, 9)] * 2)] * 3) | st.tuples(*[st.tuples(*[st.integers(0, 9)] * 3)] * 2),
    st.integers(0, 255),
)
@settings(max_examples=40, deadline=None)
def test_every_table_that_fits_an_annex_leaves_small_counts_open(world: World, seed: int) -> None:
    """However an annex is computed with, a small count may be at most one, and may be large. Proves: R1."""
    rows, columns = "ABC"[: len(world)], "xyz"[: len(world[0])]
    grid = exact(world, rows, columns)

    found = settled(grid, grid.primary(), Lots("annex", bytes([seed]) * 32))

    if found is not None:
        every = list(_fitting(world, found, rows, columns))
        assert world in every
        for place, over in product(range(len(rows)), range(len(columns))):
            if world[place][over] < 5:
                values = [each[place][over] for each in every]
                assert min(values) <= 1
                assert max(values) >= 5


def _fitting(world: World, displays: Displays, rows: str, columns: str) -> list[World]:
    people = sum(map(sum, world))
    found: list[World] = []
    lines = [
        _lines([displays["cell", row, column] for column in columns], displays["rows", row], people) for row in rows
    ]
    for each in product(*lines):
        sums = [sum(column) for column in zip(*each, strict=True)]
        shown = [displays["columns", column] for column in columns]
        if sum(sums) == people and all(
            not isinstance(cell, Shown) or cell.count == count for cell, count in zip(shown, sums, strict=True)
        ):
            found.append(each)
    return found


def _lines(cells: Sequence[SafeCell], total: SafeCell, people: int) -> list[tuple[int, ...]]:
    most = total.count if isinstance(total, Shown) else people
    options = [[cell.count] if isinstance(cell, Shown) else range(most + 1) for cell in cells]
    return [
        line for line in product(*options) if (sum(line) == most if isinstance(total, Shown) else sum(line) <= most)
    ]


def test_an_annex_knows_what_the_public_summary_told() -> None:
    """What the annex withholds stays in doubt for whoever has the rounded figures too, or there is no annex."""
    rules = Rules(s=0, crosses_from=1, people_a_cell=1)
    raw = crossed(((60, 70, 12), (55, 3, 14), (40, 41, 13)))

    annex = protect_exact(raw, rules, bytes(32))

    if isinstance(annex, AnnexCross):
        kept = [
            (row, column)
            for row, line in enumerate(annex.cells)
            for column, cell in enumerate(line)
            if isinstance(cell, Kept)
        ]
        assert (1, 1) in kept
    else:
        assert annex is Refusal.PROTECTED


def test_an_annex_of_large_counts_is_exact() -> None:
    """Where nobody stands alone the recipient reads every count as it is, and each margin."""
    world = ((61, 72, 33), (54, 43, 27), (41, 39, 28))

    annex = protect_exact(crossed(world), Rules(s=0), bytes(32))

    assert isinstance(annex, AnnexCross)
    assert annex.cells == tuple(tuple(Exact(count=count) for count in line) for line in world)
    assert annex.row_totals == tuple(Exact(count=sum(line)) for line in world)


@pytest.mark.parametrize(
    "arcs",
    [{("a",): Arc("in", "out", 3, 4, 5), ("b",): Arc("out", "in", 3, 0, 5)}, {("a",): Arc("in", "out", 3, 0, 5)}],
    ids=["outside its bounds", "not passed on"],
)
def test_what_is_no_circulation_is_refused(arcs: dict[Key, Arc]) -> None:
    """A network in which the truth does not flow would give wrong bounds, and is refused instead."""
    with pytest.raises(ValueError, match=r"outside|pass on"):
        Circulation(arcs)

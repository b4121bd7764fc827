"""What a reader can work out from a cross, against a referee that tries every table."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.model import Sensitivity
from privacy.control import protect_cross, published
from privacy.crossing import Grid
from privacy.frames import frames
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, RawCross, RawTable, Refusal, SafeCell, Shape, Small, Withheld
from tests.privacy import cross_referee
from tests.privacy.cross_referee import World

SEED = bytes(32)
LOOSE = Rules(t=5, s=0, crosses_from=1, people_a_cell=1, percent_from=50)


def crossed(world: World, sensitivity: Sensitivity = Sensitivity.OPINION) -> RawCross:
    """Two single questions put to everybody; the last row and column are those who gave no answer."""
    rows = (*(f"r{place}" for place in range(len(world) - 1)), NO_ANSWER)
    columns = (*(f"c{place}" for place in range(len(world[0]) - 1)), NO_ANSWER)
    people = sum(map(sum, world))
    by = table("by", rows, tuple(map(sum, world)))
    question = table("question", columns, tuple(map(sum, zip(*world, strict=True))), sensitivity)
    return RawCross("by*question", by, question, rows, columns, world, people)


def table(
    name: str, codes: tuple[str, ...], counts: tuple[int, ...], sensitivity: Sensitivity = Sensitivity.OPINION
) -> RawTable:  # fmt: skip
    """A single question."""
    whole = sum(counts)
    return RawTable(name, Shape.PARTITION, sensitivity, codes, counts, whole, whole - counts[-1])


def worlds(rows: int, columns: int, most: int) -> st.SearchStrategy[World]:
    """Tables of this shape with cells up to `most`."""
    line = st.tuples(*[st.integers(0, most)] * columns)
    return st.tuples(*[line] * rows)


def laid_out(raw: RawCross, rules: Rules) -> Grid:
    """The cross as it goes through the door, in its finest categories."""
    by, question = published(raw.by, rules, SEED), published(raw.question, rules, SEED)
    assume(not isinstance(by, Refusal) and not isinstance(question, Refusal))
    assert not isinstance(by, Refusal)
    assert not isinstance(question, Refusal)
    made = next(frames(raw, by, question, rules)).table
    assert isinstance(made, Grid)
    return made


@given(worlds(2, 3, 6), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_flows_find_the_same_extremes_as_trying_everything(world: World, hidden: int) -> None:
    """The bounds of each cell, by flows, are those over every table that fits. Proves: R1."""
    raw = crossed(world)
    grid = laid_out(raw, LOOSE)
    displays = grid.primary()
    key = ("cell", raw.rows[hidden // 3], raw.columns[hidden % 3])
    if not isinstance(displays[key], Small):
        displays[key] = Withheld()
    cells = [[displays["cell", row, column] for column in raw.columns] for row in raw.rows]
    seen = cross_referee.Published(cells, margin(raw.by), margin(raw.question), raw.people, LOOSE, 5)

    for place, over in ((0, 0), (1, 2), (hidden // 3, hidden % 3)):
        key = ("cell", raw.rows[place], raw.columns[over])
        assert grid.bounds(key, displays) == cross_referee.extremes(seen, place, over)


def margin(table: RawTable) -> list[SafeCell]:
    """What the table of one question shows."""
    found = published(table, LOOSE, SEED)
    assert not isinstance(found, Refusal)
    return list(found.displays)


SHAPES = st.sampled_from([(2, 2, 9), (2, 3, 7), (3, 2, 7), (3, 3, 4)])


@given(SHAPES.flatmap(lambda shape: worlds(*shape)), st.integers(0, 1))
@settings(max_examples=40, deadline=None)
def test_what_a_cross_shows_leaves_every_hidden_number_in_doubt(world: World, s: int) -> None:
    """No cross that passes the door lets anyone who tries every table narrow a small number too far. Proves: R1."""
    rules = replace(LOOSE, s=s)

    safe = protect_cross(crossed(world), rules, SEED)

    if safe.cells:
        seen = cross_referee.published(safe, sum(map(sum, world)), rules, 5 + s)
        assert cross_referee.exposed(seen, world) == set()


@given(worlds(4, 4, 2), st.integers(0, 3), st.integers(0, 3), st.integers(6, 9))
@settings(max_examples=5, deadline=None)
def test_a_cross_of_four_by_four_leaves_each_hidden_cell_five_values(
    world: World, row: int, column: int, one: int
) -> None:
    """Also in larger tables each small cell keeps five values, the least of them at most half of t. Proves: R1."""
    world = tuple(
        tuple(one if place == over else count for over, count in enumerate(line)) for place, line in enumerate(world)
    )
    safe = protect_cross(crossed(world), LOOSE, SEED)

    if safe.cells and isinstance(safe.cells[row][column], Small):
        low, high = cross_referee.extremes(
            cross_referee.published(safe, sum(map(sum, world)), LOOSE, 5), row, column
        )  # fmt: skip
        assert high - low >= 4
        assert low <= 3

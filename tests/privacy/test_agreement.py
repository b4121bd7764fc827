"""Agreement that could harm, in rows and columns of a cross, on both sides of its threshold; means of whole scales."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.model import Sensitivity
from privacy.control import protect, protect_cross
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Picks, RawCross, RawTable, Refusal, Shape
from tests.privacy.test_boundaries import scale
from tests.privacy.test_control import CODES, OPEN, SEED
from tests.privacy.test_crossing import crossed


def rows(least: int, sensitivity: Sensitivity) -> RawCross:
    """Two groups who answered a delicate question; of the second one all but `least` gave the same answer."""
    return crossed(((300, 300, 40), (400, least, 40), (40, 40, 40)), sensitivity)


def columns(least: int, sensitivity: Sensitivity) -> RawCross:
    """Groups that are delicate themselves: of those who gave the second answer all but `least` are of one group."""
    plain = crossed(((300, 400, 40), (300, least, 40), (40, 40, 40)))
    return replace(plain, by=replace(plain.by, sensitivity=sensitivity))


def choices(least: int, sensitivity: Sensitivity) -> RawCross:
    """A delicate question of several choices: of 400 people in the second group all but `least` made the first."""
    picked = ((200, 200, 100, 40), (400 - least, 200, 200, 40), (20, 20, 20, 40))
    groups, codes = ("r0", "r1", NO_ANSWER), ("c0", "c1", "c2", NO_ANSWER)
    answered, silent = (400, 400, 60), (40, 40, 40)
    by = RawTable(
        "by", Shape.PARTITION, Sensitivity.OPINION, groups, (440, 440, 100), 980, 880
    )  # fmt: skip
    question = RawTable(
        "question", Shape.CHOICES, sensitivity, codes, tuple(map(sum, zip(*picked, strict=True))),
        sum(answered) + sum(silent), sum(answered), picks=Picks(1, 3, frozenset()),
    )  # fmt: skip
    return RawCross("by*question", by, question, groups, codes, picked, 980)


@pytest.mark.parametrize("made", [rows, columns, choices])
@pytest.mark.parametrize(
    ("rules", "sensitivity", "threshold"),
    [
        (CODES, Sensitivity.EXPERIENCE, 20),
        (OPEN, Sensitivity.EXPERIENCE, 25),
        (OPEN, Sensitivity.CHILDREN, 25),
        (OPEN, Sensitivity.ARMED_ACTOR, 25),
        (CODES, Sensitivity.IDENTITY, 10),
        (OPEN, Sensitivity.IDENTITY, 15),
    ],
)
def test_a_group_agrees_below_the_threshold_and_not_at_it(
    made: Callable[[int, Sensitivity], RawCross], rules: Rules, sensitivity: Sensitivity, threshold: int
) -> None:
    """One person fewer who said otherwise, and all of a group are harmed by what is told; with her, it is told.

    Proves: R1
    """
    below, at = (protect_cross(made(least, sensitivity), rules, SEED) for least in (threshold - 1, threshold))

    assert (below.refusal, below.cells) == (Refusal.PROTECTED, ())
    assert at.cells
    assert at.refusal is None


MERGE = (("12", "1", "2"),)
"""Two points of a scale that a consultation may bring together, under a name that reads like a number."""


@pytest.mark.parametrize("merged", [0, 1])
def test_no_mean_is_of_points_that_were_brought_together(merged: int) -> None:
    """A scale has a mean while each point stands by itself, and none once two of them are one row. Proves: R1."""
    points = replace(scale(60, 80, 100), merges=MERGE, merged=merged)
    counts = ((30, 40, 50, 0), (30, 40, 50, 0), (0, 0, 0, 0))
    cross = RawCross(
        "by*q", RawTable("by", Shape.PARTITION, Sensitivity.OPINION, ("a", "b", NO_ANSWER), (120, 120, 0), 240, 240),
        points, ("a", "b", NO_ANSWER), points.codes, counts, 240,
    )  # fmt: skip

    alone, together = protect(points, CODES, SEED), protect_cross(cross, CODES, SEED)

    assert [row.code for row in alone.rows] == [["1", "2", "3", NO_ANSWER], ["12", "3", NO_ANSWER]][merged]
    assert alone.mean == [2.2, None][merged]
    assert together.cells
    assert [row.mean for row in together.rows] == [[2.2, 2.2, None], [None, None, None]][merged]

"""The arithmetic of measurements, beside a slow and obvious referee."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sauti.benching.figures import Spread, percentile, spread, waits

FIGURES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)


@given(FIGURES, st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(values: list[float], percent: int) -> None:
    """The nearest-rank percentile, found by trying every value."""
    enough = [
        one for one in sorted(values) if 100 * sum(other <= one for other in values) >= percent * len(values)
    ]  # fmt: skip

    assert percentile(sorted(values), percent / 100) == enough[0]


@given(FIGURES)
def test_a_spread_holds_half_below_and_half_above(values: list[float]) -> None:
    """The median lies within the range, with as many values on either side."""
    found = spread(values)

    assert (found.low, found.high) == (min(values), max(values))
    assert sum(one < found.middle for one in values) <= len(values) / 2
    assert sum(one > found.middle for one in values) <= len(values) / 2


def test_waits_are_told_in_milliseconds() -> None:
    """A hundred waits of one to a hundred milliseconds have the percentiles one would name."""
    found = waits(number / 1000 for number in range(100, 0, -1))

    assert (found.p50, found.p95, found.p99) == pytest.approx((50, 95, 99))
    assert found.mean == pytest.approx(50.5)


def test_nothing_measured_is_no_figure() -> None:
    """Without waits there is nothing to tell, and no zero that looks quick."""
    found = waits([])

    assert all(math.isnan(one) for one in (found.mean, found.p50, found.p95, found.p99))


def test_a_single_round_has_no_width() -> None:
    """One round is its own median and range."""
    assert spread([3.0]) == Spread(3.0, 3.0, 3.0)

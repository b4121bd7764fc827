"""Coalitions in a network: that the corners are the worst of them, and what cannot be tried refuses."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.audit import accomplices
from privacy.audit.accomplices import corners, stands_corners
from privacy.audit.doubt import Doubt
from privacy.audit.figures import System
from privacy.audit.laminar import Transport
from privacy.audit.targets import Reason, Target
from privacy.rules import Rules

SMALL = Target(Reason.SMALL, "t", ("c",), 10, 0, 9, hidden=True)


def line(counts: tuple[int, ...], shown: int) -> Transport:
    """Hidden cells below ten beside a known sum of theirs, which is known to a few people."""
    sets = [1 << column for column in range(len(counts))]
    return Transport(
        [*sets, sum(sets)], [*[(0, 9)] * len(counts), (sum(counts) - shown, sum(counts) + shown)], len(counts)
    )


def doubt(s: int) -> Doubt:
    """The test for readers who know so many."""
    return Doubt(System((), {}, (), rules=Rules(t=10, s=s)))


def test_corners_know_of_each_column_nobody_or_everybody_but_of_one() -> None:
    """Of columns of one, two and nobody, three who know two of them have six ways to be worst."""
    assert sorted(corners((1, 3, 0), 2)) == [[0, 0, 0], [0, 2, 0], [1, 0, 0], [1, 1, 0]]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.integers(0, 3), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_no_coalition_is_worse_than_a_corner(counts: list[int], shown: int, s: int) -> None:
    """A number of a network stands against all coalitions exactly where it stands against their corners. Proves: R2."""
    flow, judge = line(tuple(counts), shown), doubt(s)
    every = [known for known in product(*(range(min(s, many) + 1) for many in counts)) if sum(known) <= s]

    stands = all(judge.leaves(SMALL, *flow.bounds_holding(1, known), known[0]) for known in every)

    assert stands_corners(flow, SMALL, 1, judge, counts) is stands


def test_what_cannot_be_tried_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many corners, and people who cannot stand where they are said to, are refused. Proves: R2."""
    flow, counts = line((5, 4, 6), 5), (5, 4, 6)

    assert stands_corners(flow, SMALL, 1, doubt(1), counts)
    assert not stands_corners(line((2, 0, 1), 0), SMALL, 1, doubt(5), (5, 5, 5))
    monkeypatch.setattr(accomplices, "CORNERS", 2)
    assert not stands_corners(flow, SMALL, 1, doubt(1), counts)


def test_nobody_knows_more_people_of_a_number_than_stand_in_it() -> None:
    """A coalition that would is none, whatever its column could hold."""
    few = Target(Reason.SMALL, "t", ("c",), 10, 0, 1, hidden=True)

    assert stands_corners(line((1, 4, 6), 6), few, 1, doubt(2), (9, 4, 6))

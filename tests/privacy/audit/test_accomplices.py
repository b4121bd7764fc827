"""Coalitions: that those which are looked at are the ones that matter, and what cannot be tried refuses."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.audit import accomplices
from privacy.audit.accomplices import stands_in_flow
from privacy.audit.doubt import Doubt
from privacy.audit.figures import System
from privacy.audit.laminar import Transport
from privacy.audit.rows import Block
from privacy.audit.targets import Reason, Target
from privacy.rules import Rules

SMALL = Target(Reason.SMALL, "t", ("c",), 10, 0, 9, hidden=True)


def line(counts: tuple[int, ...], shown: int) -> Transport:
    """Hidden cells below ten beside a known sum of theirs, which is known to a few people."""
    sets = [1 << column for column in range(len(counts))]
    return Transport(
        [*sets, sum(sets)], [*[(0, 9)] * len(counts), (sum(counts) - shown, sum(counts) + shown)], len(counts)
    )


def held(counts: tuple[int, ...], shown: int, *, truth: tuple[int, ...] | None = None) -> Block:
    """The same as a block."""
    columns, total = len(counts), sum(counts)
    matrix = np.vstack([np.eye(columns), np.ones((1, columns))]).astype(np.int64)
    low, high = np.array([0] * columns + [total - shown]), np.array([9] * columns + [total + shown])
    true = np.array([*(truth or counts), sum(truth or counts)])
    return Block(("v",), matrix, low, high, true, (SMALL,), first(columns)[np.newaxis])


def doubt(s: int) -> Doubt:
    """The test for readers who know so many."""
    return Doubt(System((), {}, (), rules=Rules(t=10, s=s)))


def first(columns: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The number asked about: the first column."""
    return np.arange(columns) < 1


def all_stand(block: Block, counts: tuple[int, ...], s: int) -> bool:
    """The slow way: every world there is, beside every coalition that can stand where these counts say."""
    every = np.array(list(product(range(10), repeat=len(counts))))
    sums = every @ block.matrix.T
    every = every[((sums >= block.low) & (sums <= block.high)).all(axis=1)]
    for known in product(*(range(min(s, many) + 1) for many in counts)):
        if sum(known) <= s:
            left = every[(every >= np.array(known)).all(axis=1), 0]
            if not doubt(s).leaves(SMALL, int(left.min()), int(left.max()), known[0]):
                return False
    return True


COUNTS = st.lists(st.integers(0, 9), min_size=3, max_size=4).map(tuple)


@given(COUNTS, st.integers(0, 3), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_in_a_network_nobody_is_overlooked(counts: tuple[int, ...], shown: int, s: int) -> None:
    """A number of a network stands exactly where it does against every coalition there is. Proves: R2."""
    flow, block = line(counts, shown), held(counts, shown)

    assert stands_in_flow(flow, SMALL, block.masks[0], doubt(s), block) is all_stand(block, counts, s)


def flows(counts: tuple[int, ...], shown: int, s: int, target: Target = SMALL, **truth: tuple[int, ...]) -> bool:
    """Whether the first of these cells stands in doubt."""
    block = held(counts, shown, **truth)
    return stands_in_flow(line(counts, shown), target, block.masks[0], doubt(s), block)


def test_what_cannot_be_tried_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more coalitions could narrow a number than are looked at, it is refused. Proves: R2."""
    assert flows((9, 1, 1, 1, 1, 1), 0, 1)
    monkeypatch.setattr(accomplices, "TRIED", 0)
    assert not flows((9, 1, 1, 1, 1, 1), 0, 1)


def test_who_cannot_stand_together_is_nobody() -> None:
    """Five people of each of three columns that hold three in all are no coalition, and narrow nothing."""
    assert flows((2, 0, 1), 6, 2, truth=(5, 5, 5))
    assert not flows((2, 0, 1), 0, 2, truth=(5, 5, 5))


def test_nobody_knows_more_people_of_a_number_than_stand_in_it() -> None:
    """A coalition that would is none, whatever its column could hold."""
    few = Target(Reason.SMALL, "t", ("c",), 10, 0, 1, hidden=True)

    assert flows((1, 4, 6), 6, 2, few, truth=(9, 4, 6))

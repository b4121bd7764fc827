"""Readers who know `s` respondents, tried one coalition after the other, where bounds are not lost in unit steps.

Where there are few enough, every way in which at most `s` people can stand in the columns is tried. Where there are
more, only coalitions that all stand in one column are: of all coalitions these narrow a linear program's bounds most,
because its largest value is concave in what the coalition knows and its smallest convex, so that the worst lies at a
corner. What integer programs could add to a mixed coalition is then left untried; docs/adr/0018 says so.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from privacy.audit.atoms import Mask, Whole
from privacy.audit.doubt import Doubt
from privacy.audit.errors import Contradiction
from privacy.audit.programs import Program
from privacy.audit.targets import Target

EVERY = 3_000
"""Up to so many coalitions are all tried. A choice: about as many programs as a minute solves."""


def coalitions(most: Sequence[int], s: int) -> Iterator[Whole]:
    """Coalitions to try, as people for each column: all, or the largest that can stand in each column."""
    columns = len(most)
    if comb(columns + s, s) <= EVERY:
        for size in range(1, s + 1):
            for each in combinations_with_replacement(range(columns), size):
                yield np.bincount(np.array(each), minlength=columns).astype(np.int64)
        return
    for column in range(columns):
        known = np.zeros(columns, dtype=np.int64)
        known[column] = min(s, most[column])
        yield known


def stands_all(program: Program, target: Target, mask: Mask, doubt: Doubt, most: Sequence[int]) -> bool:
    """Whether a number stays in doubt for every coalition tried that can exist; `most` people can be of one column."""
    try:
        return all(
            _stands(program, target, mask, doubt, known)
            for known in coalitions(most, doubt.system.rules.s)
            if (known <= most).all() and _fits(target, mask, known)
        )
    finally:
        program.at_least(np.zeros(len(mask), dtype=np.int64))


def _fits(target: Target, mask: Mask, known: Whole) -> bool:
    """Whether no more of them stand in the number than do in truth."""
    return int(known[mask].sum()) <= target.high


def _stands(program: Program, target: Target, mask: Mask, doubt: Doubt, known: Whole) -> bool:
    inside = int(known[mask].sum())
    found = program.attained(mask, known)
    if found is not None and doubt.leaves(target, *found, inside):
        return True
    program.at_least(known)
    try:
        low, high = program.outer(mask)
        if not doubt.is_large(target, low) and doubt.leaves(target, low, high, inside):
            low, high = program.bounds(mask)
    except Contradiction:
        # Nobody can be this coalition: its members stand where so many cannot be. Fewer of them may.
        fewer = np.maximum(known - 1, 0)
        return np.count_nonzero(known) != 1 or not fewer.any() or _stands(program, target, mask, doubt, fewer)
    return doubt.is_large(target, low) or doubt.leaves(target, low, high, inside)

"""Readers who know `s` respondents, tried one coalition after the other, where counting lost steps is not enough.

In a network only the corners of all coalitions have to be tried: whoever knows people of several columns, and not all
whom she could know in more than one of them, stands between two others, and a network's largest value is concave in
what is known and its smallest convex. So the worst lies at a corner, and bounds in whole numbers are the network's own.

Elsewhere linear programs are asked.
Where there are few enough, every way in which at most `s` people can stand in the columns is tried. Where there are
more, only coalitions that all stand in one column are: of all coalitions these narrow a linear program's bounds most,
because its largest value is concave in what the coalition knows and its smallest convex, so that the worst lies at a
corner. What integer programs could add to a mixed coalition is then left untried; docs/adr/0018 says so.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, islice
from math import comb

import numpy as np

from privacy.audit.atoms import Mask, Whole
from privacy.audit.doubt import Doubt
from privacy.audit.errors import Contradiction
from privacy.audit.laminar import Bits, Transport
from privacy.audit.programs import Program
from privacy.audit.targets import Target

EVERY = 3_000
"""Up to so many coalitions are all tried. A choice: about as many programs as a minute solves."""
CORNERS = 250
"""Up to so many corners of coalitions are tried in a network; a choice, some hundredths of a second for one number."""


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


def corners(most: Sequence[int], s: int) -> Iterator[list[int]]:
    """Coalitions of at most `s` that know of each column nobody or as many as they could; of one, what is left."""
    for whole, left in _known_whole([column for column, many in enumerate(most) if many], most, s):
        known = [many if column in whole else 0 for column, many in enumerate(most)]
        yield known
        for column, many in enumerate(most):
            if column not in whole and 0 < left < many:
                yield [*known[:column], left, *known[column + 1 :]]


def _known_whole(columns: Sequence[int], most: Sequence[int], left: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Columns that can all be known as far as possible, and how many people more may be known."""
    yield (), left
    for place, column in enumerate(columns):
        if most[column] <= left:
            for others, rest in _known_whole(columns[place + 1 :], most, left - most[column]):
                yield (column, *others), rest


def stands_corners(flow: Transport, target: Target, each: Bits, doubt: Doubt, most: Sequence[int]) -> bool:
    """Whether a number of a network stays in doubt for every coalition; more corners than are tried refuse."""
    s = doubt.system.rules.s
    telling = [min(many, s) if room else 0 for many, room in zip(most, flow.room(s), strict=True)]
    tried = list(islice(corners(telling, s), CORNERS + 1))
    return len(tried) <= CORNERS and all(_stands_at(flow, target, each, doubt, known) for known in tried)


def _stands_at(flow: Transport, target: Target, each: Bits, doubt: Doubt, known: Sequence[int]) -> bool:
    inside = sum(people for column, people in enumerate(known) if each >> column & 1)
    if inside > target.high:
        return True  # no more can be known there than stand there
    try:
        low, high = flow.bounds_holding(each, known)
    except ValueError:
        return False  # what is known of these columns together is less than of each; which corners exist is open
    return doubt.is_large(target, low) or doubt.leaves(target, low, high, inside)


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

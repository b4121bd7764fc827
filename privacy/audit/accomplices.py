"""Readers who know `s` respondents, tried one coalition after the other, where counting lost steps is not enough.

In a network the search begins with nobody. Two worlds that fit everything published and lie far enough apart show that
a number is in doubt, also for a coalition whose members both of them hold. Only one that knows more people of some
column than one of the two has there can tell them apart. So the smallest coalitions that could are looked at next, two
worlds are found for each, and so on until nobody is left who could. What that lets pass is in doubt for every coalition
there is; what it does not get through is refused.

Elsewhere linear programs are asked.
Where there are few enough, every way in which at most `s` people can stand in the columns is tried. Where there are
more, only coalitions that all stand in one column are: of all coalitions these narrow a linear program's bounds most,
because its largest value is concave in what the coalition knows and its smallest convex, so that the worst lies at a
corner. What integer programs could add to a mixed coalition is then left untried; docs/adr/0018 says so.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from privacy.audit.atoms import Mask, Whole
from privacy.audit.doubt import Doubt
from privacy.audit.errors import Contradiction
from privacy.audit.laminar import Transport, bits
from privacy.audit.programs import Program
from privacy.audit.rows import Block
from privacy.audit.targets import Target

EVERY = 3_000
"""Up to so many coalitions are all tried. A choice: about as many programs as a minute solves."""
TRIED = 250
"""Up to so many coalitions are looked at for one number of a network; a choice, a second at worst. Most need one."""
POOL = 16
"""Latest worlds among which two are chosen."""


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


def stands_in_flow(flow: Transport, target: Target, mask: Mask, doubt: Doubt, block: Block) -> bool:
    """Whether a number of a network stays in doubt for every coalition that can exist."""
    search = _Search(flow, target, mask, doubt, block)
    line = [np.zeros(len(mask), dtype=np.int64)]
    seen = {line[0].tobytes()}
    for looked, known in enumerate(line):
        try:
            fooled = search.fooled(known)
        except ValueError:
            continue  # nobody can be this coalition, nor a larger one
        if fooled is None or looked >= TRIED:
            return False
        for larger in search.larger(known, fooled):
            if larger.tobytes() not in seen:
                seen.add(larger.tobytes())
                line.append(larger)
    return True


class _Search:
    """One number of a network, worlds found for it, and coalitions that might tell them apart."""

    def __init__(self, flow: Transport, target: Target, mask: Mask, doubt: Doubt, block: Block) -> None:
        self._flow, self._target, self._mask, self._doubt, self._block = flow, target, mask, doubt, block
        self._most: Whole = np.minimum(block.most, doubt.system.rules.s)
        self._worlds: list[list[int]] = []

    def fooled(self, known: Whole) -> Whole | None:
        """For each column, the most that a coalition may know there and still not tell the number; None where it does.

        Raises ValueError where nobody can be this coalition.
        """
        found, left = self._pair(known), self._left(known)
        # First where everybody stands whom it might know besides: such worlds nobody tells apart.
        for further in dict.fromkeys((left, left // 2, 1)) if left and found is None else ():
            with suppress(ValueError):
                self._seek(np.maximum(known, np.minimum(known + further, self._most)))
            found = self._pair(known)
            if found is not None:
                return found
        if found is None:
            self._seek(known)
            low = min(int(np.array(world)[self._mask].sum()) for world in self._worlds[-2:])
            found = self._most if self._doubt.is_large(self._target, low) else self._pair(known)
        return found

    def larger(self, known: Whole, fooled: Whole) -> Iterator[Whole]:
        """The smallest coalitions beyond what is fooled, of at most `s` people of whom each can be."""
        need = fooled + 1
        for column in np.flatnonzero((need <= self._most) & (need > known) & (need - known <= self._left(known))):
            more = known.copy()
            more[column] = need[column]
            # No more of them stand in the number, or in anything else that was told, than do in truth.
            if int(more[self._mask].sum()) <= self._target.high and self._block.can_stand(more):
                yield more

    def _left(self, known: Whole) -> int:
        return self._doubt.system.rules.s - int(known.sum())

    def _seek(self, known: Whole) -> None:
        self._worlds += self._flow.worlds_holding(bits(self._mask), known.tolist())

    def _pair(self, known: Whole) -> Whole | None:
        """Of two worlds far enough apart, the smaller number in each column; those two that fewest can tell apart."""
        found = np.array(self._worlds[-POOL:], dtype=np.int64).reshape(-1, len(known))
        found = found[(found >= known).all(axis=1)]
        values, inside = found[:, self._mask].sum(axis=1), int(known[self._mask].sum())
        best: tuple[int, Whole] | None = None
        for low, high in np.argwhere(values[:, None] < values[None, :]).tolist():
            if self._doubt.leaves(self._target, int(values[low]), int(values[high]), inside):
                fooled = np.minimum(found[low], found[high])
                tell = int(((fooled < self._most) & (fooled + 1 - known <= self._left(known))).sum())
                if best is None or tell < best[0]:
                    best = tell, fooled
        return None if best is None else best[1]


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
            low, high = program.bounds(mask, lambda least, most: doubt.leaves(target, least, most, inside))
    except Contradiction:
        # Nobody can be this coalition: its members stand where so many cannot be. Fewer of them may.
        fewer = np.maximum(known - 1, 0)
        return np.count_nonzero(known) != 1 or not fewer.any() or _stands(program, target, mask, doubt, fewer)
    return doubt.is_large(target, low) or doubt.leaves(target, low, high, inside)

"""The audit of tables that are judged again and again, while nothing changes but what stands in them.

The door withholds one figure after the other and asks after each what can still be worked out. Who is counted by a
figure stays the same all the while, so columns, rows and which figure lies within which are laid out once. A reader
who knows the tables only can compute no more than one who knows some of the people besides: what was found to be in
doubt for the latter is not asked of the former again. And whoever wants to hear of one number is told of that alone.

`privacy.audit.run.audit` answers the same of each state from the beginning, slowly, and is the referee in the tests.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from privacy.audit.atoms import Atoms, Mask, Whole, components
from privacy.audit.doubt import Doubt
from privacy.audit.figures import Display, Figure, System
from privacy.audit.programs import SECONDS
from privacy.audit.rows import UNBOUNDED, Block
from privacy.audit.run import Finding, Judge, Verdict
from privacy.audit.targets import Target, between, distinct, pairs, small

Wanted = Callable[[Target], bool]


def _any(_target: Target) -> bool:
    return True


class Panel:
    """Figures of one moment about questions that hang together, with what they display left open."""

    def __init__(self, system: System) -> None:
        """Lays them out.

        Raises:
            TooLarge: the questions have more atoms than the audit takes on.
        """
        (component,) = components(system)
        self._system, self._names = system, component.names
        self._figures = [item for item in component.items if isinstance(item, Figure)]
        atoms = Atoms(component, tuple(system.sizes))
        every = np.array([atoms.region(figure.population, figure.moment) for figure in self._figures])
        # What no figure tells apart is one column; what is left between two of them tells nothing apart either.
        _, first = np.unique(every, axis=1, return_index=True)
        self._regions: Mask = every[:, np.sort(first)]
        sizes = np.array([atoms.of_stay(stay) for stay in atoms.stays])[:, np.sort(first)]
        rows: dict[bytes, int] = {}
        sets = np.vstack([sizes, self._regions])
        self._row = np.array([rows.setdefault(each.tobytes(), len(rows)) for each in sets])
        self._matrix: Whole = np.array([np.frombuffer(each, dtype=np.bool_) for each in rows], dtype=np.int64)
        self._between = [
            (inner, outer, self._regions[outer] & ~self._regions[inner])
            for inner, outer in pairs(self._figures, list(self._regions))
        ]
        self._truth = [UNBOUNDED if figure.count is None else figure.count for figure in self._figures]

    def found(self, displays: Sequence[Display], wanted: Wanted = _any) -> Iterator[Finding]:
        """What could be worked out of the targets wanted, one after the other.

        First for accomplices, who stand where the desk's counts say; where nothing is, for readers of tables only.
        """
        figures = [
            figure if figure.display == display else replace(figure, display=display)
            for figure, display in zip(self._figures, displays, strict=True)
        ]
        asked: set[object] = set()
        if self._system.rules.s:
            block = self._block(figures, self._truth, wanted)
            asked.update(map(_named, block.targets, block.masks))
            exposed = False
            for finding in _judged(block, self._system):
                exposed = True
                yield finding
            if exposed:
                return
        alone = [replace(figure, count=None) for figure in figures]
        yield from _judged(
            self._block(alone, [UNBOUNDED] * len(alone), wanted, frozenset(asked)), self._system.alone
        )  # fmt: skip

    def _block(
        self, figures: Sequence[Figure], truth: Sequence[int], wanted: Wanted, asked: frozenset[object] = frozenset()
    ) -> Block:
        sizes = np.array(list(self._system.sizes.values()), dtype=np.int64).reshape(-1, 2)
        highs = [UNBOUNDED if figure.display.high is None else figure.display.high for figure in figures]
        low, high, true = (np.full(len(self._matrix), fill, dtype=np.int64) for fill in (0, UNBOUNDED, UNBOUNDED))
        np.maximum.at(low, self._row, np.array([*sizes[:, 0], *(figure.display.low for figure in figures)]))
        np.minimum.at(high, self._row, np.array([*sizes[:, 1], *highs]))
        np.minimum.at(true, self._row, np.array([*sizes[:, 1], *truth]))
        left = (
            found for inner, outer, mask in self._between for found in between(figures[inner], figures[outer], mask)
        )
        targets, masks = distinct((*small(figures, list(self._regions)), *left), self._matrix.shape[1])
        kept = [
            place
            for place, (target, mask) in enumerate(zip(targets, masks, strict=True))
            if wanted(target) and _named(target, mask) not in asked
        ]
        return Block(
            self._names, self._matrix, low, high, np.minimum(true, high),
            tuple(targets[place] for place in kept), masks[kept],
        )  # fmt: skip


def _named(target: Target, mask: Mask) -> object:
    """A target, whatever is known of its number."""
    return target.reason, target.table, target.cells, target.threshold, target.hidden, mask.tobytes()


def _judged(block: Block, system: System) -> Iterator[Finding]:
    if not block.targets:
        return
    judge = Judge(block, Doubt(system), SECONDS)
    for number, target in enumerate(block.targets):
        verdict = judge.verdict(number)
        if verdict is not Verdict.SAFE:
            yield Finding(verdict, target.reason, target.table, target.cells)

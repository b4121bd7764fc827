"""Constraints in whole numbers: for each item a row of coefficients over the atoms, and between what its sum must stay.

Atoms that no row and no target can tell apart are one column: whatever is possible for their sum is possible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from privacy.audit.atoms import Atoms, Mask, Whole, components, named
from privacy.audit.figures import Figure, Item, Mean, Share, System
from privacy.audit.targets import Target, plain, targets

UNBOUNDED = 10**9
"""More than anybody counts."""


@dataclass(frozen=True, slots=True)
class Block:
    """Constraints that are judged together, and what is to be judged: one component, or all where sizes are open."""

    variables: tuple[str, ...]
    matrix: Whole
    """Rows by columns."""
    low: Whole
    high: Whole
    truth: Whole
    """For each row the true sum where the desk knows it, else `high`: no more accomplices can stand there."""
    targets: tuple[Target, ...]
    masks: Mask
    """Targets by columns."""

    @property
    def most(self) -> Whole:
        """How many people can in truth stand in each column, as far as the desk knows."""
        found: Whole = np.where(self.matrix != 0, self.truth[:, None], UNBOUNDED).min(axis=0, initial=UNBOUNDED)
        return found

    def can_stand(self, some: Whole) -> bool:
        """Whether so many people of each column are nowhere more than in truth, as far as the desk knows."""
        counts = (self.matrix >= 0).all(axis=1)
        return bool((self.matrix[counts] @ some <= self.truth[counts]).all())


def blocks(system: System, asked: Sequence[Figure] = ()) -> tuple[Block, ...]:
    """The blocks of a system: where the sizes of patterns are known exactly, components do not depend on each other.

    `asked` are further sets of people to be told of, as targets behind all others; what they display is not believed.
    """
    stays = tuple(system.sizes)
    known = all(low == high for low, high in system.sizes.values())
    parts = [_Part(system, Atoms(component, stays), asked) for component in components(system)]
    if known or len(parts) == 1:
        return tuple(part.block() for part in parts)
    return (_joined(parts, system),)


def sizes_of(system: System) -> list[tuple[int, int]]:
    """Fewest and most people of each snapshot pattern."""
    return list(system.sizes.values())


class _Part:
    """One component's constraints."""

    def __init__(self, system: System, atoms: Atoms, asked: Sequence[Figure]) -> None:
        self.names = atoms.component.names
        self.targets, self.masks = targets(system, atoms)
        for figure in asked:
            if named(figure) <= frozenset(self.names):
                region = atoms.region(figure.population, figure.moment)
                self.targets = (*self.targets, plain(figure))
                self.masks = np.vstack([self.masks, region])
        self.sizes = np.array([atoms.of_stay(stay) for stay in atoms.stays], dtype=np.int64)
        self._bounds = sizes_of(system)
        rows = [row for item in atoms.component.items for row in _rows(item, atoms)]
        self.matrix = np.array([row for row, _, _ in rows], dtype=np.int64).reshape(-1, atoms.width)
        self.low = np.array([low for _, low, _ in rows], dtype=np.int64)
        self.high = np.array([high for _, _, high in rows], dtype=np.int64)
        self.truth = np.array(
            [
                item.count if isinstance(item, Figure) and item.count is not None else UNBOUNDED
                for item in atoms.component.items
                for _ in _rows(item, atoms)
            ],
            dtype=np.int64,
        )

    def block(self) -> Block:
        low, high = np.array(self._bounds, dtype=np.int64).reshape(-1, 2).T
        return merged(
            Block(
                self.names,
                np.vstack([self.sizes, self.matrix]),
                np.concatenate([low, self.low]),
                np.concatenate([high, self.high]),
                np.minimum(np.concatenate([high, self.truth]), np.concatenate([high, self.high])),
                self.targets,
                self.masks,
            )
        )


def _rows(item: Item, atoms: Atoms) -> Iterator[tuple[Whole, int, int]]:
    match item:
        case Figure():
            high = UNBOUNDED if item.display.high is None else item.display.high
            yield atoms.region(item.population, item.moment).astype(np.int64), item.display.low, high
        case Share():
            # (p - 0.5) n <= 100 x <= (p + 0.5) n, doubled.
            part, whole = (atoms.region(each, item.moment).astype(np.int64) for each in (item.part, item.whole))
            yield 200 * part - (2 * item.percent - 1) * whole, 0, UNBOUNDED
            yield (2 * item.percent + 1) * whole - 200 * part, 0, UNBOUNDED
        case Mean():
            # (m - 0.05) n <= sum of points <= (m + 0.05) n, times twenty.
            whole = atoms.region(item.whole, item.moment).astype(np.int64)
            points = 20 * atoms.points(item.variable, dict(item.points)) * whole
            yield points - (2 * item.tenths - 1) * whole, 0, UNBOUNDED
            yield (2 * item.tenths + 1) * whole - points, 0, UNBOUNDED


def _joined(parts: Sequence[_Part], system: System) -> Block:
    """One block of all components, with a column for the size of each pattern that they share."""
    patterns = np.array(sizes_of(system), dtype=np.int64).reshape(-1, 2)
    widths = [part.matrix.shape[1] for part in parts]
    total = sum(widths) + len(patterns)
    rows, low, high, truth, masks = [], [], [], [], []
    start = 0
    for part, width in zip(parts, widths, strict=True):
        for number, size in enumerate(part.sizes):
            link = np.zeros(total, dtype=np.int64)
            link[start : start + width], link[sum(widths) + number] = size, -1
            rows.append(link)
        low.append(np.zeros(len(patterns), dtype=np.int64))
        high.append(np.zeros(len(patterns), dtype=np.int64))
        truth += [np.full(len(patterns), UNBOUNDED), part.truth]
        rows.extend(_padded(part.matrix, start, total))
        low.append(part.low)
        high.append(part.high)
        masks.append(_padded(part.masks.astype(np.int64), start, total))
        start += width
    rows.extend(_padded(np.eye(len(patterns), dtype=np.int64), start, total))
    return merged(
        Block(
            tuple(name for part in parts for name in part.names),
            np.array(rows, dtype=np.int64),
            np.concatenate([*low, patterns[:, 0]]),
            np.concatenate([*high, patterns[:, 1]]),
            np.concatenate([*truth, patterns[:, 1]]),
            tuple(target for part in parts for target in part.targets),
            np.vstack(masks).astype(np.bool_),
        )
    )


def _padded(matrix: Whole, start: int, total: int) -> Whole:
    wide = np.zeros((len(matrix), total), dtype=np.int64)
    wide[:, start : start + matrix.shape[1]] = matrix
    return wide


def merged(block: Block) -> Block:
    """The same block with equal columns as one, and equal rows as the narrower of both."""
    both = np.vstack([block.matrix, block.masks.astype(np.int64)])
    _, first = np.unique(both, axis=1, return_index=True)
    first = np.sort(first)
    matrix, masks = block.matrix[:, first], block.masks[:, first]
    rows: dict[bytes, list[int]] = {}
    for row, *bounds in zip(matrix, block.low.tolist(), block.high.tolist(), block.truth.tolist(), strict=True):
        low, high, truth = bounds
        before = rows.setdefault(row.tobytes(), bounds)
        rows[row.tobytes()] = [max(before[0], low), min(before[1], high), min(before[2], truth)]
    bounds_of = np.array(list(rows.values()), dtype=np.int64).reshape(-1, 3)
    kept = np.array([np.frombuffer(row, dtype=np.int64) for row in rows], dtype=np.int64).reshape(-1, len(first))
    return replace(
        block, matrix=kept, low=bounds_of[:, 0], high=bounds_of[:, 1], truth=bounds_of[:, 2], masks=masks
    )  # fmt: skip

"""What must stay in doubt: small figures, remainders, differences of nested figures, and who came or went.

A set that is surely large, because the figures alone say so or because the desk knows, is no target.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from privacy.audit.atoms import Atoms, Mask
from privacy.audit.figures import EVERYBODY, Display, Figure, Kind, Moment, System


class Reason(StrEnum):
    """Why a set is delicate."""

    SMALL = "small"
    REST = "rest"
    DIFFERENCE = "difference"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Target:
    """A set of people whose number must stay in doubt where it is small."""

    reason: Reason
    table: str
    cells: tuple[str, ...]
    """Names of the figures it comes from."""
    threshold: int
    low: int
    high: int
    """What the figures it comes from say by themselves."""
    hidden: bool
    """Whether readers are told that it is small."""


def targets(system: System, atoms: Atoms) -> tuple[tuple[Target, ...], Mask]:
    """All targets of a component, and for each the columns it counts."""
    figures = [item for item in atoms.component.items if isinstance(item, Figure)]
    regions = [atoms.region(figure.population, figure.moment) for figure in figures]
    every = (*small(figures, regions), *nested(figures, regions), *_moved(system, atoms, figures))
    return distinct(every, atoms.width)


def distinct(every: Iterable[tuple[Target, Mask]], width: int) -> tuple[tuple[Target, ...], Mask]:
    """One target for each set of columns, the strictest."""
    found: dict[bytes, tuple[Target, Mask]] = {}
    for target, mask in every:
        key = np.packbits(mask).tobytes()
        if mask.any() and (key not in found or found[key][0].threshold < target.threshold or target.hidden):
            found[key] = target, mask
    masks = np.array([mask for _, mask in found.values()], dtype=np.bool_).reshape(-1, width)
    return tuple(target for target, _ in found.values()), masks


def plain(figure: Figure) -> Target:
    """A set that is asked about for itself."""
    return Target(Reason.SMALL, figure.table, (figure.cell,), figure.threshold, 0, figure.threshold - 1, hidden=True)


Found = Iterator[tuple[Target, Mask]]


def _known(figure: Figure) -> Display:
    """What the desk knows of a figure where it knows it, else what readers do."""
    return figure.display if figure.count is None else replace(figure.display, low=figure.count, high=figure.count)


def small(figures: Sequence[Figure], regions: Sequence[Mask]) -> Found:
    """Figures that readers are told to be small."""
    for figure, region in zip(figures, regions, strict=True):
        if figure.display.kind is Kind.SMALL:
            known = _known(figure)
            low, high = known.low, figure.threshold - 1 if known.high is None else known.high
            yield (
                Target(Reason.SMALL, figure.table, (figure.cell,), figure.threshold, low, high, hidden=True),
                region,
            )


def nested(figures: Sequence[Figure], regions: Sequence[Mask]) -> Found:
    """What lies between two figures, where it may be small. Who joined or left a population is `_moved`'s."""
    for inner, outer in pairs(figures, regions):
        yield from between(figures[inner], figures[outer], regions[outer] & ~regions[inner])


def pairs(figures: Sequence[Figure], regions: Sequence[Mask]) -> list[tuple[int, int]]:
    """Places of two figures of which one is a part of the other and what is left is delicate, whatever they display."""
    together = sorted(
        (place for place, figure in enumerate(figures) if figure.display.kind is not Kind.RULE),
        key=lambda place: (figures[place].moment.present, figures[place].moment.absent or 0),
    )
    if not together:
        return []
    told = {(figures[place].population, figures[place].moment) for place in together}
    matrix = np.array([regions[place] for place in together], dtype=np.float32)
    sizes = matrix.sum(axis=1)
    shared = matrix @ matrix.T
    found = []
    for inner, outer in np.argwhere((shared == sizes[:, None]) & (sizes[:, None] < sizes[None, :])).tolist():
        part, whole = figures[together[inner]], figures[together[outer]]
        # Told at both moments, the larger group says more beside the smaller one than it does later.
        apart = part.moment != whole.moment and (whole.population, part.moment) in told
        if sizes[inner] and not apart and _delicate(part, whole):
            found.append((together[inner], together[outer]))
    return found


def _delicate(part: Figure, whole: Figure) -> bool:
    """Whether the rest is more than what nearly everybody's opinion leaves, which harms nobody."""
    return part.rest or whole.population not in part.within


def between(part: Figure, whole: Figure, mask: Mask) -> Found:
    """What is left of one figure beside another, where it may be small."""
    less, more = _known(part), _known(whole)
    # That somebody took part harms nobody, whatever else was asked; what she did not answer may.
    threshold = part.threshold if whole.population == EVERYBODY else max(part.threshold, whole.threshold)
    low = max(0, more.low - (more.low if less.high is None else less.high))
    high = threshold - 1 if more.high is None else more.high - less.low
    if low < threshold:
        reason = Reason.REST if whole.population in part.within else Reason.DIFFERENCE
        cells = (f"{part.table}: {part.cell}", f"{whole.table}: {whole.cell}")
        yield Target(reason, part.table, cells, threshold, low, high, hidden=False), mask


def _moved(system: System, atoms: Atoms, figures: Sequence[Figure]) -> Found:
    """Who came into a population, or left it, between two snapshots in both of which it was counted."""
    by_population: dict[object, dict[int, Figure]] = {}
    for figure in figures:
        if figure.population != EVERYBODY and figure.moment.absent is None:
            by_population.setdefault(figure.population, {})[figure.moment.present] = figure
    stays = [stay for stay, (_, most) in system.sizes.items() if most]
    for at in by_population.values():
        moments = sorted(at)
        for place, before in enumerate(moments):
            for after in moments[place + 1 :]:
                joined, left = Moment(after, before), Moment(before, after)
                some = {moment for moment in (joined, left) for stay in stays if moment.holds(stay)}
                yield from _came_or_went(system, atoms, at[before], at[after], joined, some)
                yield from _came_or_went(system, atoms, at[after], at[before], left, some)


def by_rule(one: Figure, other: Figure) -> bool:
    """Whether the rule of moves speaks of a population told in two snapshots: both times bounded, once as a figure."""
    kinds = {one.display.kind, other.display.kind}
    return not kinds & {Kind.WITHHELD, Kind.MOST} and kinds != {Kind.SMALL}


def _came_or_went(
    system: System, atoms: Atoms, without: Figure, having: Figure, moment: Moment, some: set[Moment]
) -> Found:
    """Those in `having` and not in `without`; their number is the difference where nobody went the other way."""
    if moment not in some or (system.ruled and by_rule(without, having)):
        return
    less, more = _known(without), _known(having)
    threshold = max(having.threshold, without.threshold)
    low, high = 0, threshold - 1 if more.high is None else more.high
    if len(some) == 1:
        low = max(0, more.low - (more.low if less.high is None else less.high))
        high -= less.low if more.high is not None else 0
    if low < threshold:
        reason = Reason.JOINED if moment.present > (moment.absent or 0) else Reason.LEFT
        cells = (f"{without.table}: {without.cell}", f"{having.table}: {having.cell}")
        mask = atoms.region(having.population, moment)
        yield Target(reason, having.table, cells, threshold, low, high, hidden=False), mask

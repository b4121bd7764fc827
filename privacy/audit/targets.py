"""What must stay in doubt: small figures, remainders, differences of nested figures, and who came or went.

A set that is surely large, because the figures alone say so or because the desk knows, is no target.
"""

from collections.abc import Iterator
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
    regions = {id(figure): atoms.region(figure.population, figure.moment) for figure in figures}
    found: dict[bytes, tuple[Target, Mask]] = {}
    every = (*_small(figures, regions), *_nested(figures, regions), *_moved(system, atoms, figures))
    for target, mask in every:
        key = np.packbits(mask).tobytes()
        if mask.any() and (key not in found or found[key][0].threshold < target.threshold or target.hidden):
            found[key] = target, mask
    masks = np.array([mask for _, mask in found.values()], dtype=np.bool_).reshape(-1, atoms.width)
    return tuple(target for target, _ in found.values()), masks


def plain(figure: Figure) -> Target:
    """A set that is asked about for itself."""
    return Target(Reason.SMALL, figure.table, (figure.cell,), figure.threshold, 0, figure.threshold - 1, hidden=True)


Found = Iterator[tuple[Target, Mask]]


def _known(figure: Figure) -> Display:
    """What the desk knows of a figure where it knows it, else what readers do."""
    return figure.display if figure.count is None else replace(figure.display, low=figure.count, high=figure.count)


def _small(figures: list[Figure], regions: dict[int, Mask]) -> Found:
    for figure in figures:
        if figure.display.kind is Kind.SMALL:
            known = _known(figure)
            low, high = known.low, figure.threshold - 1 if known.high is None else known.high
            yield (
                Target(Reason.SMALL, figure.table, (figure.cell,), figure.threshold, low, high, hidden=True),
                regions[id(figure)],
            )


def _nested(figures: list[Figure], regions: dict[int, Mask]) -> Found:
    """What lies between two figures, where it may be small. Who joined or left a population is `_moved`'s."""
    together = sorted(
        (figure for figure in figures if figure.display.kind is not Kind.RULE),
        key=lambda figure: (figure.moment.present, figure.moment.absent or 0),
    )
    if not together:
        return
    told = {(figure.population, figure.moment) for figure in together}
    matrix = np.array([regions[id(figure)] for figure in together], dtype=np.float32)
    sizes = matrix.sum(axis=1)
    shared = matrix @ matrix.T
    for inner, outer in np.argwhere((shared == sizes[:, None]) & (sizes[:, None] < sizes[None, :])):
        part, whole = together[inner], together[outer]
        # Told at both moments, the larger group says more beside the smaller one than it does later.
        apart = part.moment != whole.moment and (whole.population, part.moment) in told
        if sizes[inner] and not apart and _delicate(part, whole):
            yield from _between(part, whole, regions[id(whole)] & ~regions[id(part)])


def _delicate(part: Figure, whole: Figure) -> bool:
    """Whether the rest is more than what nearly everybody's opinion leaves, which harms nobody."""
    return part.rest or whole.population not in part.within


def _between(part: Figure, whole: Figure, mask: Mask) -> Found:
    less, more = _known(part), _known(whole)
    # That somebody took part harms nobody, whatever else was asked; what she did not answer may.
    threshold = part.threshold if whole.population == EVERYBODY else max(part.threshold, whole.threshold)
    low = max(0, more.low - (more.low if less.high is None else less.high))
    high = threshold - 1 if more.high is None else more.high - less.low
    if low < threshold:
        reason = Reason.REST if whole.population in part.within else Reason.DIFFERENCE
        cells = (f"{part.table}: {part.cell}", f"{whole.table}: {whole.cell}")
        yield Target(reason, part.table, cells, threshold, low, high, hidden=False), mask


def _moved(system: System, atoms: Atoms, figures: list[Figure]) -> Found:
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

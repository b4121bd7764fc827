"""The slow and obvious reader of everything published: tries every way in which people can have answered.

A world says for each full answer (one code of each variable) and each snapshot pattern how many people gave it. It fits
where everything that was published about it is true. Nothing here knows of components, programs or flows.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, product
from typing import Any, NamedTuple

import numpy as np

from privacy.audit.figures import Figure, Mean, Moment, Population, Share, Stay, System


class Person(NamedTuple):
    """One full answer at one pattern."""

    codes: dict[str, str]
    stay: Stay

    def of(self, population: Population, moment: Moment) -> bool:
        """Whether she is counted."""
        return moment.holds(self.stay) and all(self.codes[name] in codes for name, codes in population)


World = tuple[int, ...]
Every = np.ndarray[tuple[int, ...], np.dtype[Any]]
"""Many worlds, one a row: for each kind of person, how many there are."""
Fits = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def persons(system: System) -> list[Person]:
    """Every kind of person that the form allows."""
    names = [variable.id for variable in system.variables]
    every = [dict(zip(names, codes, strict=True)) for codes in product(*(v.codes for v in system.variables))]
    return [Person(codes, stay) for codes in every if _allowed(system, codes) for stay in system.sizes]


def _allowed(system: System, codes: dict[str, str]) -> bool:
    somebody = Stay(0, 0)
    for population in system.impossible:
        if Person(codes, somebody).of(population, Moment(0)):
            return False
    return all(
        variable.not_asked is None
        or (codes[variable.id] != variable.not_asked) == Person(codes, somebody).of(variable.asked_of, Moment(0))
        for variable in system.variables
    )


def worlds(system: System) -> Every:
    """Every world that fits what was published, one a row. Sizes of patterns must be small."""
    kinds = persons(system)
    every = np.zeros((1, len(kinds)), dtype=np.int16)
    for stay, (low, high) in system.sizes.items():
        places = [place for place, kind in enumerate(kinds) if kind.stay == stay]
        some = _placed(places, range(low, high + 1), len(kinds))
        every = (every[:, np.newaxis] + some[np.newaxis]).reshape(-1, len(kinds))
    return every[np.logical_and.reduce([_true(item, kinds, every) for item in system.items] or [every[:, 0] >= 0])]


def _placed(places: Sequence[int], sizes: Iterable[int], kinds: int) -> Every:
    """Every way in which so many people can be of some of the kinds."""
    found = [each for size in sizes for each in combinations_with_replacement(places, size)]
    return np.array([[people.count(kind) for kind in range(kinds)] for people in found], dtype=np.int16).reshape(
        len(found), kinds
    )


def count(population: Population, moment: Moment, kinds: list[Person], world: World) -> int:
    """How many of a world a population has at a moment."""
    return sum(many for kind, many in zip(kinds, world, strict=True) if kind.of(population, moment))


def counts(population: Population, moment: Moment, kinds: list[Person], every: Every) -> Every:
    """The same for many worlds at once."""
    found: Every = every[:, [kind.of(population, moment) for kind in kinds]].sum(axis=1, dtype=np.int64)
    return found


def _true(item: Figure | Share | Mean, kinds: list[Person], every: Every) -> Fits:
    match item:
        case Figure():
            value = counts(item.population, item.moment, kinds, every)
            most = item.display.high
            enough: Fits = value >= item.display.low
            return enough if most is None else enough & (value <= most)
        case Share():
            part, whole = (counts(each, item.moment, kinds, every) for each in (item.part, item.whole))
            near: Fits = abs(100 * part - item.percent * whole) * 2 <= whole
            return near
        case Mean():
            total, points = np.zeros(len(every), dtype=np.int64), np.zeros(len(every), dtype=np.int64)
            for place, kind in enumerate(kinds):
                if kind.of(item.whole, item.moment):
                    total += every[:, place]
                    points += item.points.get(kind.codes[item.variable], 0) * every[:, place].astype(np.int64)
            return abs(10 * points - item.tenths * total) * 2 <= total


def extremes(
    system: System, population: Population, moment: Moment, known: World | None = None, every: Every | None = None
) -> tuple[int, int]:
    """Smallest and largest size of a population in all worlds that hold the people `known`.

    `every` are all worlds of the system, where somebody has them already.
    """
    kinds, every = persons(system), worlds(system) if every is None else every
    holding = every if known is None else every[(every >= np.array(known)).all(axis=1)]
    values = counts(population, moment, kinds, holding)
    return int(values.min()), int(values.max())

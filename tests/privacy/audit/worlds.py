"""The slow and obvious reader of everything published: tries every way in which people can have answered.

A world says for each full answer (one code of each variable) and each snapshot pattern how many people gave it. It fits
where everything that was published about it is true. Nothing here knows of components, programs or flows.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import NamedTuple

from privacy.audit.figures import Figure, Mean, Moment, Population, Share, Stay, System


class Person(NamedTuple):
    """One full answer at one pattern."""

    codes: dict[str, str]
    stay: Stay

    def of(self, population: Population, moment: Moment) -> bool:
        """Whether she is counted."""
        return moment.holds(self.stay) and all(self.codes[name] in codes for name, codes in population)


World = tuple[int, ...]


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


def worlds(system: System) -> Iterator[World]:
    """Every world that fits what was published. Sizes of patterns must be small."""
    kinds = persons(system)
    choices = []
    for stay, (low, high) in system.sizes.items():
        places = [place for place, kind in enumerate(kinds) if kind.stay == stay]
        choices.append([each for size in range(low, high + 1) for each in combinations_with_replacement(places, size)])
    for people in product(*choices):
        world = [0] * len(kinds)
        for place in (place for group in people for place in group):
            world[place] += 1
        if all(_true(item, kinds, tuple(world)) for item in system.items):
            yield tuple(world)


def count(population: Population, moment: Moment, kinds: list[Person], world: World) -> int:
    """How many of a world a population has at a moment."""
    return sum(many for kind, many in zip(kinds, world, strict=True) if kind.of(population, moment))


def _true(item: Figure | Share | Mean, kinds: list[Person], world: World) -> bool:
    match item:
        case Figure():
            value = count(item.population, item.moment, kinds, world)
            return item.display.low <= value and (item.display.high is None or value <= item.display.high)
        case Share():
            part, whole = (count(each, item.moment, kinds, world) for each in (item.part, item.whole))
            return abs(Fraction(100 * part) - item.percent * whole) * 2 <= whole
        case Mean():
            heard = [
                (item.points.get(kind.codes[item.variable], 0), many)
                for kind, many in zip(kinds, world, strict=True)
                if kind.of(item.whole, item.moment)
            ]
            total, points = sum(many for _, many in heard), sum(point * many for point, many in heard)
            return abs(Fraction(10 * points) - item.tenths * total) * 2 <= total


def extremes(system: System, population: Population, moment: Moment, known: World | None = None) -> tuple[int, int]:
    """Smallest and largest size of a population in all worlds that hold the people `known`."""
    kinds = persons(system)
    values = [
        count(population, moment, kinds, world)
        for world in worlds(system)
        if known is None or all(have >= need for have, need in zip(world, known, strict=True))
    ]
    return min(values), max(values)

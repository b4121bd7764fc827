"""Atoms: every way in which one person can answer the linked questions, and the figures as sums over them.

Questions are linked when one figure, one impossible population or one skip rule names both. The cross is taken within
such a component only. Any two components with as many people of each snapshot pattern can be put together person by
person, whatever stands in them; so all that one can tell of another is how many people each pattern has.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from privacy.audit.errors import TooLarge, Unknown
from privacy.audit.figures import Figure, Item, Mean, Moment, Population, Share, Stay, System, Variable

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]

MOST_ATOMS = 20_000
"""Ways to answer times snapshot patterns, in one component. A choice: beyond it one program takes longer than a person
waits, and a release with so many linked answers is one nobody could explain."""


@dataclass(frozen=True, slots=True)
class Component:
    """Variables that are linked, and the figures about them."""

    variables: tuple[Variable, ...]
    items: tuple[Item, ...]
    impossible: tuple[Population, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the variables."""
        return tuple(variable.id for variable in self.variables)


def named(item: Item) -> frozenset[str]:
    """Variables that an item speaks of."""
    match item:
        case Figure():
            return _of(item.population)
        case Share():
            return _of(item.part) | _of(item.whole)
        case Mean():
            return _of(item.whole) | {item.variable}


def _of(population: Population) -> frozenset[str]:
    return frozenset(name for name, _ in population)


def components(system: System) -> tuple[Component, ...]:
    """The components of a system, in the order of its variables; figures about everybody stand in each.

    Raises:
        Unknown: a figure names a variable that was not declared, or a code that it does not have.
    """
    check(system)
    parent = {variable.id: variable.id for variable in system.variables}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    links = [*map(named, system.items), *map(_of, system.impossible)]
    links += [_of(variable.asked_of) | {variable.id} for variable in system.variables]
    for link in links:
        first, *others = map(root, link or [""]) if link else [""]
        for other in others:
            parent[root(other)] = root(first)
    members: dict[str, list[Variable]] = {}
    for variable in system.variables:
        members.setdefault(root(variable.id), []).append(variable)
    return tuple(_component(system, tuple(variables)) for variables in members.values())


def _component(system: System, variables: tuple[Variable, ...]) -> Component:
    inside = frozenset(variable.id for variable in variables)
    return Component(
        variables,
        tuple(item for item in system.items if named(item) <= inside),
        tuple(population for population in system.impossible if _of(population) <= inside),
    )


def check(system: System) -> None:
    """That each figure speaks of what was declared. Raises Unknown."""
    codes = {variable.id: frozenset(variable.codes) for variable in system.variables}
    for item in system.items:
        for name, some in _parts(item):
            if name not in codes or not some <= codes[name]:
                raise Unknown(item.table, name)


def _parts(item: Item) -> Iterator[tuple[str, frozenset[str]]]:
    match item:
        case Figure():
            yield from item.population
        case Share():
            yield from item.part | item.whole
        case Mean():
            yield from item.whole
            yield item.variable, frozenset(item.points)


class Atoms:
    """The atoms of one component, times the snapshot patterns: the columns of its constraints."""

    def __init__(self, component: Component, stays: Sequence[Stay]) -> None:
        """Lays out the columns. Raises TooLarge where there are too many, before any is made."""
        self.component = component
        self.stays = tuple(stays)
        _refuse_large(component, len(self.stays))
        self._place = {variable.id: place for place, variable in enumerate(component.variables)}
        every = np.array(
            list(product(*(range(len(variable.codes)) for variable in component.variables))), dtype=np.int64
        ).reshape(-1, len(component.variables))
        self._codes: Whole = every
        self._codes = every[self._possible()]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._codes) * len(self.stays)

    def region(self, population: Population, moment: Moment) -> Mask:
        """The columns of a population at a moment."""
        return self._spread(self.holds(population), moment.holds)

    def of_stay(self, stay: Stay) -> Mask:
        """The columns of everybody of one pattern."""
        return self._spread(np.ones(len(self._codes), dtype=np.bool_), lambda other: other == stay)

    def points(self, variable: str, points: dict[str, int]) -> Whole:
        """For each column the points of its code; 0 where it has none."""
        place = self._place[variable]
        of = np.array([points.get(code, 0) for code in self.component.variables[place].codes], dtype=np.int64)
        return np.repeat(of[self._codes[:, place]], len(self.stays))

    def holds(self, population: Population) -> Mask:
        """Which ways of answering belong to a population."""
        inside = np.ones(len(self._codes), dtype=np.bool_)
        for name, codes in population:
            place = self._place[name]
            of = np.array([code in codes for code in self.component.variables[place].codes], dtype=np.bool_)
            inside &= of[self._codes[:, place]]
        return inside

    def _spread(self, atoms: Mask, holds: Callable[[Stay], bool]) -> Mask:
        stays = np.array([holds(stay) for stay in self.stays], dtype=np.bool_)
        return np.outer(atoms, stays).ravel()

    def _possible(self) -> Mask:
        possible = np.ones(len(self._codes), dtype=np.bool_)
        for population in self.component.impossible:
            possible &= ~self.holds(population)
        for variable in self.component.variables:
            if variable.not_asked is not None:
                apart = self.holds(frozenset({(variable.id, frozenset({variable.not_asked}))}))
                possible &= apart != self.holds(variable.asked_of)
        return possible


def _refuse_large(component: Component, stays: int) -> None:
    atoms = _cross(component.variables) * stays
    if atoms > MOST_ATOMS:
        raise TooLarge(component.names, atoms, _heaviest(component, stays))


def _cross(variables: Iterable[Variable]) -> int:
    return prod(len(variable.codes) for variable in variables)


def _heaviest(component: Component, stays: int) -> str | None:
    """The table of several questions without which the largest component that is left is smallest."""
    tables = dict.fromkeys(item.table for item in component.items if len(named(item)) > 1)

    def left(table: str) -> int:
        items = tuple(item for item in component.items if item.table != table)
        rest = components(System(component.variables, {}, items, component.impossible))
        return max(_cross(each.variables) for each in rest) * stays

    return min(tables, key=left, default=None)

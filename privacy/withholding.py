"""Withholding one more figure until nothing hidden can be worked out: greedy, then giving back what was not needed.

Which figure goes hangs on a lot that only who holds the seed can foresee wherever figures are nearly alike, because
every suppression that follows a known rule can be run backwards (matching attack, Algorithms 2019, 12(8):165).
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Protocol

from privacy.circulation import Key
from privacy.tables import SafeCell, Withheld

NEAR_TIE = 1.25
"""Figures this close to the smallest are taken in an order nobody outside can foresee."""


class Table(Protocol):
    """A table on its way through the door."""

    def count(self, key: Key) -> int:
        """The true value of a number."""
        ...

    def exposed(self, displays: Mapping[Key, SafeCell]) -> Iterator[Key]:
        """Hidden numbers that a reader could narrow too far."""
        ...

    def doubt(self, key: Key, displays: Mapping[Key, SafeCell]) -> int:
        """How many values besides its own a number could have."""
        ...

    def may_give_up(self, displays: Mapping[Key, SafeCell], exposed: Key) -> list[Key]:
        """Shown figures that could be withheld for a number."""
        ...


def seed_of(secret: bytes, root: bytes) -> bytes:
    """What every lot about a bundle hangs on: its Merkle root, under the round's private key (32 bytes each).

    Custodians can draw again what was drawn. Who holds all that is public (root, public key, ledger) cannot.
    """
    return hashlib.blake2b(root, key=secret, person=b"sauti withhold", digest_size=32).digest()


class Lots:
    """Places in an order that hangs on a secret and on the names of a table's numbers, and on nothing else."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._name = name
        self._seed = seed

    def __call__(self, key: Key) -> bytes:
        """The place of `key`."""
        text = "\0".join((self._name, *key)).encode()
        return hashlib.blake2b(text, key=self._seed[:64], digest_size=16).digest()

    def weighed(self, key: Key, count: int) -> float:
        """`count`, up to a near tie heavier, by lot."""
        return count * (1 + (NEAR_TIE - 1) * int.from_bytes(self(key)) / 2**128)


def settled(table: Table, displays: Mapping[Key, SafeCell], lots: Lots) -> dict[Key, SafeCell] | None:
    """`displays` with as few more withheld as this finds; None where nothing is enough."""
    now, given_up = dict(displays), []
    while (exposed := next(table.exposed(now), None)) is not None:
        key = _sacrifice(table, now, exposed, lots)
        if key is None:
            return None
        now[key] = Withheld()
        given_up.append(key)
    for key in sorted(given_up, key=lambda key: lots.weighed(key, table.count(key)), reverse=True):
        again = now | {key: displays[key]}
        if next(table.exposed(again), None) is None:
            now = again
    return now


def _sacrifice(table: Table, displays: Mapping[Key, SafeCell], exposed: Key, lots: Lots) -> Key | None:
    """Among the smallest figures that would bring more doubt, or among the smallest where none would by itself."""
    offered = table.may_give_up(displays, exposed)
    if not offered:
        return None
    before = table.doubt(exposed, displays)
    helping = [key for key in offered if table.doubt(exposed, {**displays, key: Withheld()}) > before] or offered
    smallest = min(map(table.count, helping))
    return min((key for key in helping if table.count(key) <= NEAR_TIE * smallest), key=lots)

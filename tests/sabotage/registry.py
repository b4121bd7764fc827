"""Sabotages: small functions that break one rule on purpose, and the test that must then fail.

`make sabotage` applies each and demands a failure, so that a requirement counts as proved only if its test would
notice the opposite.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

Breakage = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One way to break `requirement`, and the test id that must catch it."""

    requirement: str
    caught_by: str
    name: str
    breakage: Breakage


SABOTAGES: list[Sabotage] = []


def sabotage(requirement: str, caught_by: str) -> Callable[[Breakage], Breakage]:
    """Registers a breakage of `requirement` that the test `caught_by` (a pytest node id) must notice."""

    def register(breakage: Breakage) -> Breakage:
        SABOTAGES.append(Sabotage(requirement, caught_by, breakage.__name__, breakage))
        return breakage

    return register

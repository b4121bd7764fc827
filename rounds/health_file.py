"""Checks of a server for other programs: what `sauti doctor --format json` prints."""

from collections.abc import Iterable
from typing import Literal

from flows.model import Frozen
from rounds.health import Check, Grade


class Looked(Frozen):
    """One thing that was looked at."""

    name: str
    """Names what was looked at and never changes; the words may."""
    grade: Grade
    """`good`; `look`: it works, and somebody should know; `bad`: it does not work, or endangers people."""
    finding: str
    remedy: str
    """What to do; empty where all is good."""


class HealthFile(Frozen):
    """All that was looked at, in its order."""

    format: Literal["sauti-health"]
    version: Literal[1]
    checks: tuple[Looked, ...]

    @classmethod
    def of(cls, checks: Iterable[Check]) -> "HealthFile":
        """The file of these checks."""
        told = (Looked(name=one.name, grade=one.grade, finding=one.finding, remedy=one.remedy) for one in checks)
        return cls(format="sauti-health", version=1, checks=tuple(told))

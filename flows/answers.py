"""Answer values: what a person said to one question, in words of the consultation's codes.

`repr` of every answer shows its type and nothing else, so that no traceback, log or assertion message can carry
what somebody said.
"""

from dataclasses import dataclass
from enum import StrEnum


class _Quiet:
    """Keeps content out of `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class Chosen(_Quiet):
    """One choice of a single question, or several of a multiple one; ids in the consultation's order."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Rated(_Quiet):
    """A point on a scale."""

    value: int


@dataclass(frozen=True, slots=True, repr=False)
class Ranked(_Quiet):
    """Choice ids, most important first."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Banded(_Quiet):
    """The band a number fell into; the number itself is never kept."""

    band: str


@dataclass(frozen=True, slots=True, repr=False)
class Said(_Quiet):
    """Words of her own."""

    text: str


class Stance(StrEnum):
    """What somebody thinks of a statement. The order is a byte format."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 - the third answer to a statement, not a password


@dataclass(frozen=True, slots=True, repr=False)
class Voted(_Quiet):
    """A vote on a statement."""

    stance: Stance


@dataclass(frozen=True, slots=True)
class Skipped:
    """She went past the question."""


@dataclass(frozen=True, slots=True)
class Declined:
    """She prefers not to say: an answer of its own, unlike a skip."""


Answer = Chosen | Rated | Ranked | Banded | Said | Voted | Skipped | Declined

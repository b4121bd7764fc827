"""Two kinds of table that nothing can mistake for one another: what was counted, and what may be seen.

A `RawTable` never leaves the process that counted it and does not show its counts even in a traceback. A `SafeTable`
holds only what every reader may know; `privacy.control.protect` is the only way from one to the other.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from flows.model import Frozen, Sensitivity

NO_ANSWER = "_no_answer"
"""Code of the cell for those who were asked and skipped the question or preferred not to say."""


class Shape(StrEnum):
    """How the cells of a one-way table relate to the persons in it."""

    PARTITION = "partition"
    """Everybody stands in exactly one cell."""
    CHOICES = "choices"
    """Everybody who answered may stand in several cells; those who did not stand in *no answer*."""


@dataclass(frozen=True, slots=True)
class Picks:
    """What the form itself lets a reader know of a multiple question: how many choices each person made."""

    fewest: int
    most: int
    exclusive: frozenset[str]
    """Codes that stand alone and therefore count as a whole answer."""


@dataclass(frozen=True, slots=True, repr=False)
class RawTable:
    """True counts of one question; NO_ANSWER is the last cell wherever somebody could have given none."""

    id: str
    shape: Shape
    sensitivity: Sensitivity
    codes: tuple[str, ...]
    counts: tuple[int, ...]
    asked: int
    """Persons to whom the question was put: the group this table is about."""
    answered: int
    left_out: int | None = None
    """Where only some were asked: persons of the wider group who were not. None where everybody was asked."""
    tangled: bool = False
    """Who was asked hangs on several answers at once, so that other tables could be combined with this one."""
    known_groups: tuple[frozenset[str], ...] = ()
    """Sets of cells whose exact sum a reader must be assumed to know, because another table is about just them."""
    picks: Picks | None = None
    ceiling: tuple[str, int] | None = None
    """A cell that no more than so many could fall into, because the choice was offered to them alone."""

    def __repr__(self) -> str:
        return f"<RawTable {self.id}>"


class Shown(Frozen):
    """A rounded count, and its share of the rounded group where the group is large enough."""

    display: Literal["shown"] = "shown"
    count: int
    percent: int | None = None


class Small(Frozen):
    """Fewer than `below`, perhaps nobody."""

    display: Literal["small"] = "small"
    below: int


class Withheld(Frozen):
    """Not small, but showing it would give a hidden figure away."""

    display: Literal["withheld"] = "withheld"


class Most(Frozen):
    """`least` or more: a bound in place of a figure that would give the small ones beside it away.

    It stands where nothing else is left to tell, so that what most or nearly all say is not lost.
    """

    display: Literal["most"] = "most"
    least: int


SafeCell = Annotated[Shown | Small | Withheld | Most, Field(discriminator="display")]


class Row(Frozen):
    """One row of a safe table."""

    code: str
    cell: SafeCell


class Refusal(StrEnum):
    """Why a whole table is withheld, as far as saying so gives nothing away.

    A small group, answers that all agree and figures that could be worked out share one word on purpose: to tell them
    apart would tell a reader which of them it is.
    """

    PROTECTED = "protected"
    TANGLED = "tangled"


class SafeTable(Frozen):
    """What may be seen of one question. Without rows where the whole table is withheld."""

    id: str
    asked: Shown | None = None
    rows: tuple[Row, ...] = ()
    refusal: Refusal | None = None

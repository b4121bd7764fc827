"""Two kinds of table that nothing can mistake for one another: what was counted, and what may be seen.

A `RawTable` or `RawCross` never leaves the process that counted it and does not show its counts even in a traceback.
A `SafeTable` or `SafeCross` holds only what every reader may know; `privacy.control` is the only way from one to the
other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from flows.model import Frozen, Sensitivity

NO_ANSWER = "_no_answer"
"""Code of the cell for those who were asked and skipped the question or preferred not to say."""


NOT_ASKED = "_not_asked"
"""Code, in a cross, of those to whom a question was not put."""


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
    merges: tuple[tuple[str, str, str], ...] = ()
    """(new code, and the two that become it), in the order in which they may be brought together."""
    points: bool = False
    """Whether the codes are numbers of a scale, of which a mean can be told."""
    places: tuple[tuple[int, ...], ...] = ()
    """Of a ranking: for each code but NO_ANSWER, how many put it first, second, and so on."""
    merged: int = 0
    """How many of the merges a repair makes in any case."""
    kept_back: frozenset[str] = frozenset()
    """Categories whose figure a repair withholds, whatever else stands there."""

    def __repr__(self) -> str:
        return f"<RawTable {self.id}>"


@dataclass(frozen=True, slots=True, repr=False)
class RawCross:
    """True counts of two questions together, over everybody.

    `by` makes the rows, a partition; `question` makes the columns, which in a multiple question overlap. Where only
    some were asked, NOT_ASKED is a further row or column.
    """

    id: str
    by: RawTable
    question: RawTable
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """For each row, one count for each column."""
    people: int
    impossible: frozenset[tuple[str, str]] = frozenset()
    """Cells that the form itself keeps empty."""
    tangled: bool = False
    """Who was asked hangs on answers in ways that this cross by itself does not show."""
    merged: int = 0
    """How many merges, beyond those of its questions' own tables, a repair makes in any case."""
    kept_back: frozenset[tuple[str, str]] = frozenset()
    """Cells whose figure a repair withholds, by row and column."""

    def __repr__(self) -> str:
        return f"<RawCross {self.id}>"


@dataclass(frozen=True, slots=True)
class Counts:
    """Raw tables by id. They never leave the desk's memory."""

    tables: Mapping[str, RawTable] = field(default_factory=dict, repr=False)
    crosses: Mapping[str, RawCross] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release of the same round, as far as its people still stand: what only the desk knows."""

    stood: Counts = field(repr=False)
    """Those of them who were counted then."""
    joined: Counts = field(repr=False)
    """Those who have come since."""


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


class Impossible(Frozen):
    """A cell that the form itself keeps empty: nobody can stand there."""

    display: Literal["impossible"] = "impossible"


SafeCell = Annotated[Shown | Small | Withheld | Most, Field(discriminator="display")]
CrossCell = Annotated[Shown | Small | Withheld | Impossible, Field(discriminator="display")]


class Row(Frozen):
    """One row of a safe table."""

    code: str
    cell: SafeCell
    of: tuple[str, ...] = ()
    """Codes of the form that this row brings together; none where it is one of them itself."""


class Places(Frozen):
    """How often one choice of a ranking was put first, second and so on, as displayed."""

    code: str
    counts: tuple[int, ...]
    points: int
    """Borda: of k places the first gives k points, the last one point; worked out from `counts` and nothing else."""


class Refusal(StrEnum):
    """Why a whole table is withheld, as far as saying so gives nothing away.

    A small group, answers that all agree and figures that could be worked out share one word on purpose: to tell them
    apart would tell a reader which of them it is.
    """

    PROTECTED = "protected"
    TANGLED = "tangled"


class Limit(StrEnum):
    """Why a cross is not made at all: it follows from figures that everybody sees."""

    FEW = "few"
    """Fewer answered than a cross needs, or than so many cells need."""
    BUDGET = "budget"
    """One cross more than a round may show."""


class SafeTable(Frozen):
    """What may be seen of one question. Without rows where the whole table is withheld."""

    id: str
    asked: Shown | None = None
    rows: tuple[Row, ...] = ()
    refusal: Refusal | None = None
    mean: float | None = None
    """Of a scale every point of which is shown: its mean to one decimal, worked out from the displayed figures."""
    places: tuple[Places, ...] = ()
    """Of a ranking every place of which may be shown."""

    @property
    def hidden(self) -> int:
        """Cells whose figure is not shown."""
        return sum(not isinstance(row.cell, Shown) for row in self.rows)


class Head(Frozen):
    """What a row or a column of a cross stands for, and how large that group is."""

    code: str
    total: SafeCell
    of: tuple[str, ...] = ()
    """Codes of the form that it brings together; none where it is one of them itself."""
    mean: float | None = None
    """As in a table; for a row beside a scale."""


class SafeCross(Frozen):
    """What may be seen of two questions together. Without cells where the whole cross is withheld.

    Shares in its cells are shares of their row.
    """

    id: str
    by: str
    """The question whose answers make the rows."""
    question: str
    """The question whose answers make the columns."""
    asked: Shown | None = None
    rows: tuple[Head, ...] = ()
    columns: tuple[Head, ...] = ()
    cells: tuple[tuple[CrossCell, ...], ...] = ()
    """For each row, one cell for each column."""
    refusal: Refusal | Limit | None = None

    @property
    def hidden(self) -> int:
        """Cells whose figure is not shown."""
        return sum(not isinstance(cell, Shown | Impossible) for row in self.cells for cell in row)


class Exact(Frozen):
    """A count as it is, in a closed annex."""

    display: Literal["exact"] = "exact"
    count: int


class Kept(Frozen):
    """Withheld in a closed annex, because it is small or because it protects what is: which of them is not said."""

    display: Literal["kept"] = "kept"


AnnexCell = Annotated[Exact | Kept | Impossible, Field(discriminator="display")]


class AnnexCross(Frozen):
    """A cross in exact figures, for a recipient who has signed for it; in the categories of the public one."""

    id: str
    people: int
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_totals: tuple[AnnexCell, ...] = ()
    column_totals: tuple[AnnexCell, ...] = ()
    cells: tuple[tuple[AnnexCell, ...], ...] = ()
    """For each row, one cell for each column."""

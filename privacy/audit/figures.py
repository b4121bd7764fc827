"""What was published, as constraints: everything that a reader holds, from the first release to the candidate.

A figure counts the people of a population at a moment. A population is a conjunction of answers; a moment says in which
snapshots they were. Nothing here knows how tables are laid out: `privacy.audit.reading` translates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from privacy.rules import Rules

Population = frozenset[tuple[str, frozenset[str]]]
"""Who is counted: for each variable named, the codes of those who are. Empty for everybody."""

EVERYBODY: Population = frozenset()


def people(**codes: str | frozenset[str]) -> Population:
    """The population in which each named variable has the given code, or one of them."""
    return frozenset((name, frozenset({code}) if isinstance(code, str) else code) for name, code in codes.items())


@dataclass(frozen=True, slots=True)
class Variable:
    """A question as a partition of everybody, with the form's rules about who can stand where."""

    id: str
    codes: tuple[str, ...]
    not_asked: str | None = None
    """Code of those to whom it was not put."""
    asked_of: Population = EVERYBODY
    """Where `not_asked` is given: exactly these people were asked."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A snapshot pattern: in all snapshots from the first to the last named, and in no other."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Those who stand in snapshot `present` and, where `absent` names one, not in that one: joiners and leavers."""

    present: int
    absent: int | None = None

    def holds(self, stay: Stay) -> bool:
        """Whether people of this pattern are counted at this moment."""
        missing = self.absent is None or not stay.first <= self.absent <= stay.last
        return stay.first <= self.present <= stay.last and missing


class Kind(StrEnum):
    """Kinds of constraint. Each is something that a reader knows."""

    EXACT = "exact"
    ROUNDED = "rounded"
    SMALL = "small"
    WITHHELD = "withheld"
    MOST = "most"
    SHARE = "share"
    MEAN = "mean"
    SIZES = "sizes"
    IMPOSSIBLE = "impossible"
    SKIPPED = "skipped"
    PICKS = "picks"
    RULE = "rule"
    """Nothing that was printed: what a reader learns because she knows the rule of moves (`privacy.moves`)."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a count was displayed, and the smallest and largest count that is displayed like that."""

    kind: Kind
    low: int
    high: int | None


def exact(value: int) -> Display:
    """A count as it is."""
    return Display(Kind.EXACT, value, value)


def rounded(value: int, rules: Rules, threshold: int) -> Display:
    """A count of at least `threshold`, shown as the nearest multiple of the base."""
    low, high = rules.unrounded(value)
    return Display(Kind.ROUNDED, max(threshold, low), high)


def small(threshold: int) -> Display:
    """Fewer than the threshold, perhaps nobody."""
    return Display(Kind.SMALL, 0, threshold - 1)


def withheld(threshold: int = 0) -> Display:
    """Not shown; at least `threshold` where small counts carry a sign of their own."""
    return Display(Kind.WITHHELD, threshold, None)


def most(least: int, threshold: int) -> Display:
    """So many or more."""
    return Display(Kind.MOST, max(least, threshold), None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One displayed count. `count`, which only the desk knows, is never shown and limits what accomplices can know."""

    table: str
    cell: str
    population: Population
    moment: Moment
    display: Display
    threshold: int
    within: frozenset[Population] = frozenset()
    """Groups that this figure is a part of in its own table."""
    rest: bool = False
    """Whether the remainder of such a group is as delicate as the figure: multiple questions and harmful ones."""
    count: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """A whole percentage: how many of `whole` stand in `part`, which is within it."""

    table: str
    part: Population
    whole: Population
    moment: Moment
    percent: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean to one decimal over those whose code of a variable has points."""

    table: str
    variable: str
    points: Mapping[str, int]
    whole: Population
    moment: Moment
    tenths: int


Item = Figure | Share | Mean


class Mode(StrEnum):
    """Which test a hidden count must stand."""

    ROUNDED = "rounded"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class System:
    """All that was ever published about one consultation, and what a reader knows besides."""

    variables: tuple[Variable, ...]
    sizes: Mapping[Stay, tuple[int, int]]
    """Snapshot patterns that occur, each with the fewest and most people a reader must reckon with. Whoever invited
    people knows how many came and went, so the desk gives exact sizes; then components cannot tell on one another."""
    items: tuple[Item, ...]
    impossible: tuple[Population, ...] = ()
    """Populations that the form keeps empty."""
    rules: Rules = field(default_factory=lambda: Rules(s=0))
    """With `s` above 0 the figures' true counts should be given: without them every possible count is tried."""
    mode: Mode = Mode.ROUNDED
    ruled: bool = False
    """Whether the ledger's rule of moves holds: of a figure told in two snapshots none or many joined, none or many
    left. Then readers count on it, and `privacy.moves` has added what they learn."""

    @property
    def alone(self) -> "System":
        """The same for whoever knows nobody's answers and no true count: what anybody can judge who holds the tables.

        Which coalition of accomplices exists hangs on true counts. Without them every one that could exist would have
        to be tried, in worlds that are not so; the desk tries those that are.
        """
        items = tuple(replace(item, count=None) if isinstance(item, Figure) else item for item in self.items)
        return replace(self, items=items, rules=replace(self.rules, s=0))

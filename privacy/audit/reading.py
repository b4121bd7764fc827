"""From the desk's tables to figures: what readers of safe tables hold, and the counts that only the desk knows.

Percentages, means and Borda points of safe tables are worked out from displayed figures and say nothing further, so
they are no constraints here. Places of a ranking beyond the first are figures, and are not read either: within one
release `privacy.ranking` judges them, and lets them out only where each is large; nobody compares them across releases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flows.model import Sensitivity
from privacy.audit.choices import Choices
from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Moment,
    Population,
    Stay,
    System,
    Variable,
    most,
    rounded,
    small,
    withheld,
)
from privacy.rules import Rules
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    Impossible,
    Most,
    Picks,
    RawCross,
    RawTable,
    SafeCross,
    SafeTable,
    Shape,
    Shown,
    Small,
    Withheld,
)

Shows = Shown | Small | Withheld | Most


@dataclass(frozen=True, slots=True)
class Release:
    """One release: each table as it was counted and as it was shown."""

    tables: Sequence[tuple[RawTable, SafeTable]]
    crosses: Sequence[tuple[RawCross, SafeCross]] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads all releases of one consultation, in which each question keeps its codes."""

    rules: Rules
    asked_of: Mapping[str, Population] = field(default_factory=dict)
    """Whom a question was put to, where not everybody was asked."""

    def system(self, releases: Sequence[Release], sizes: Mapping[Stay, tuple[int, int]]) -> System:
        """Everything in these releases, of which each is one snapshot, in their order."""
        variables: dict[str, Variable] = {}
        items: list[Figure] = []
        for snapshot, release in enumerate(releases):
            for raw, safe in release.tables:
                variables[raw.id] = self._variable(raw)
                items += self.of_table(raw, safe, Moment(snapshot))
            for cross, shown in release.crosses:
                for side in (cross.by, cross.question):
                    variables.setdefault(side.id, self._variable(side))
                items += self.of_cross(cross, shown, Moment(snapshot))
        return System(tuple(variables.values()), sizes, tuple(items), rules=self.rules)

    def _variable(self, raw: RawTable) -> Variable:
        if raw.shape is Shape.CHOICES:
            return self._choices(raw).variable()
        if raw.id not in self.asked_of:
            return Variable(raw.id, raw.codes)
        return Variable(raw.id, (*raw.codes, NOT_ASKED), NOT_ASKED, self.asked_of[raw.id])

    def _choices(self, raw: RawTable) -> Choices:
        options = tuple(code for code in raw.codes if code != NO_ANSWER)
        picks = raw.picks or Picks(1, len(options), frozenset())
        return Choices(raw.id, options, picks, self.asked_of.get(raw.id, EVERYBODY), raw.id not in self.asked_of)

    def of_table(self, raw: RawTable, safe: SafeTable, moment: Moment) -> Iterator[Figure]:
        """Figures of a table of one question; none where it was withheld whole."""
        asked = self.asked_of.get(raw.id, EVERYBODY)
        threshold = self.rules.threshold(raw.sensitivity)
        if safe.asked is not None:
            display = self._display(safe.asked, threshold)
            yield Figure(safe.id, "asked", asked, moment, display, threshold, count=raw.asked)
        counts = dict(zip(raw.codes, raw.counts, strict=True))
        answered = self._answered(raw)
        for row in safe.rows:
            codes = row.of or (row.code,)
            count = sum(counts[code] for code in codes)
            within = {asked, frozenset({(raw.id, answered)})}
            yield Figure(
                safe.id, row.code, self._people(raw, codes), moment, self._display(row.cell, threshold), threshold,
                frozenset(within), rest=_delicate(raw) and row.code != NO_ANSWER, count=count,
            )  # fmt: skip

    def of_cross(self, raw: RawCross, safe: SafeCross, moment: Moment) -> Iterator[Figure]:
        """Figures of a table of two questions, its totals among them."""
        by, question = ({code: place for place, code in enumerate(codes)} for codes in (raw.rows, raw.columns))
        threshold = max(self.rules.threshold(side.sensitivity) for side in (raw.by, raw.question))
        for row, cells in zip(safe.rows, safe.cells, strict=True):
            for column, cell in zip(safe.columns, cells, strict=True):
                ones, others = row.of or (row.code,), column.of or (column.code,)
                if isinstance(cell, Impossible):
                    continue
                group, answer = self._people(raw.by, ones), self._people(raw.question, others)
                count = sum(raw.counts[by[one]][question[other]] for one in ones for other in others)
                yield Figure(
                    safe.id, f"{row.code} {column.code}", group | answer, moment, self._display(cell, threshold),
                    threshold, frozenset({group, answer, EVERYBODY}), rest=_delicate(raw.question), count=count,
                )  # fmt: skip
        for side, heads in ((raw.by, safe.rows), (raw.question, safe.columns)):
            counts = dict(zip(side.codes, side.counts, strict=True))
            for head in heads:
                codes = head.of or (head.code,)
                known = sum(counts.get(code, side.left_out or 0) for code in codes)
                least = self.rules.threshold(side.sensitivity)
                within = frozenset({EVERYBODY, frozenset({(side.id, self._answered(side))})})
                yield Figure(
                    safe.id, head.code, self._people(side, codes), moment, self._display(head.total, least), least,
                    within, rest=_delicate(side) and head.code not in {NO_ANSWER, NOT_ASKED}, count=known,
                )  # fmt: skip

    def _people(self, raw: RawTable, codes: Sequence[str]) -> Population:
        if raw.shape is Shape.CHOICES:
            choices = self._choices(raw)
            return frozenset({(raw.id, frozenset().union(*map(choices.holding, codes)))})
        return frozenset({(raw.id, frozenset(codes))})

    def _answered(self, raw: RawTable) -> frozenset[str]:
        if raw.shape is Shape.CHOICES:
            return self._choices(raw).answered()
        return frozenset(raw.codes) - {NO_ANSWER}

    def _display(self, cell: Shows, threshold: int) -> Display:
        match cell:
            case Shown():
                return rounded(cell.count, self.rules, threshold)
            case Small():
                return small(cell.below)
            case Most():
                return most(cell.least, threshold)
            case Withheld():
                return withheld(threshold)


def _delicate(raw: RawTable) -> bool:
    """Whether nobody may learn how few stand outside a cell: choices, and answers that could harm."""
    return raw.shape is Shape.CHOICES or raw.sensitivity is not Sensitivity.OPINION

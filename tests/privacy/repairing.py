"""A judge for repairs: control makes tables again, and the real audit reads them beside an earlier release."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flows.model import Sensitivity
from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Moment,
    Stay,
    System,
    Variable,
    most,
    people,
    rounded,
    small,
    withheld,
)
from privacy.audit.run import audit
from privacy.control import protect, protect_crosses
from privacy.repairing import Judged
from privacy.repairs import Repair, Tables, ordered, ordered_cross, told_less
from privacy.rules import Rules
from privacy.tables import NO_ANSWER, Most, RawCross, RawTable, SafeCell, SafeCross, SafeTable, Shape, Shown, Small

SEED = bytes(32)
RULES = Rules.of_round(10, 0)
MERGES = (("c01", "c0", "c1"), ("c012", "c01", "c2"))


def table(name: str, counts: Sequence[int], merges: tuple[tuple[str, str, str], ...] = MERGES) -> RawTable:
    """A single question; the last count is of those who gave no answer."""
    codes = (*(f"c{place}" for place in range(len(counts) - 1)), NO_ANSWER)
    asked = sum(counts)
    return RawTable(
        name, Shape.PARTITION, Sensitivity.OPINION, codes, tuple(counts), asked, asked - counts[-1], merges=merges
    )


def cross(by: RawTable, question: RawTable, counts: Sequence[Sequence[int]]) -> RawCross:
    """Both questions together."""
    lines = tuple(map(tuple, counts))
    return RawCross(f"{by.id}*{question.id}", by, question, by.codes, question.codes, lines, by.asked)


@dataclass(frozen=True)
class Desk:
    """Raw tables beside an earlier release of the same people but for those who joined since."""

    tables: tuple[RawTable, ...]
    crosses: tuple[RawCross, ...] = ()
    earlier: tuple[RawTable, ...] = ()
    rules: Rules = RULES

    def made(self, repair: Repair) -> Tables:
        """What the door lets through under a repair."""
        raw = {each.id: ordered(each, repair) for each in self.tables}
        crosses = [
            replace(ordered_cross(each, repair), by=raw[each.by.id], question=raw[each.question.id])
            for each in self.crosses
        ]
        tables = tuple(protect(each, self.rules, SEED) for each in raw.values())
        return told_less(Tables(tables, protect_crosses(crosses, self.rules, SEED)), repair)

    def system(self, shown: Tables) -> System:
        """Everything published, as the audit reads it."""
        variables = tuple(Variable(each.id, each.codes) for each in self.tables)
        now = Moment(1 if self.earlier else 0)
        counts = {each.id: each for each in self.tables}
        items = [figure for each in shown.tables for figure in self._of(each, counts[each.id], now)]
        items += [figure for each in shown.crosses for figure in self._of_cross(each, now)]
        sizes = {Stay(0, now.present): (self.tables[0].asked,) * 2}
        for before in self.earlier:
            items += self._of(protect(before, self.rules, SEED), before, Moment(0))
            joined = self.tables[0].asked - before.asked
            sizes = {Stay(0, 1): (before.asked,) * 2, Stay(1, 1): (joined, joined)}
        return System(variables, sizes, tuple(items), rules=self.rules)

    def __call__(self, repair: Repair) -> Judged:
        """The tables under a repair, and what the audit finds."""
        shown = self.made(repair)
        return Judged(shown, audit(self.system(shown)).found)

    def _of(self, safe: SafeTable, raw: RawTable, moment: Moment) -> Iterator[Figure]:
        counts, least = dict(zip(raw.codes, raw.counts, strict=True)), self.rules.threshold(raw.sensitivity)
        for row in safe.rows:
            codes = row.of or (row.code,)
            yield Figure(
                safe.id, row.code, people(**{safe.id: frozenset(codes)}), moment, _display(row.cell, self.rules, least),
                least, frozenset({EVERYBODY}), count=sum(counts[code] for code in codes),
            )  # fmt: skip

    def _of_cross(self, safe: SafeCross, moment: Moment) -> Iterator[Figure]:
        raw = next(each for each in self.crosses if each.id == safe.id)
        least = self.rules.threshold(raw.by.sensitivity)
        for row, line in zip(safe.rows, safe.cells, strict=True):
            for column, cell in zip(safe.columns, line, strict=True):
                assert cell.display != "impossible"
                one, other = frozenset(row.of or (row.code,)), frozenset(column.of or (column.code,))
                count = sum(raw.counts[raw.rows.index(a)][raw.columns.index(b)] for a in one for b in other)
                group, answer = people(**{safe.by: one}), people(**{safe.question: other})
                yield Figure(
                    safe.id, f"{row.code} {column.code}", group | answer, moment, _display(cell, self.rules, least),
                    least, frozenset({group, answer, EVERYBODY}), count=count,
                )  # fmt: skip
        for side, heads in ((safe.by, safe.rows), (safe.question, safe.columns)):
            for head in heads:
                group = people(**{side: frozenset(head.of or (head.code,))})
                display = _display(head.total, self.rules, least)
                yield Figure(safe.id, head.code, group, moment, display, least, frozenset({EVERYBODY}))


def _display(cell: SafeCell, rules: Rules, least: int) -> Display:
    match cell:
        case Shown():
            return rounded(cell.count, rules, least)
        case Small():
            return small(cell.below)
        case Most():
            return most(cell.least, least)
        case _:
            return withheld(least)

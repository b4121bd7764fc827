"""The exact audit as the last wall of the door: what it would refuse of a table, or of a cross, is never let through.

The walls before it are quick and look at hidden numbers one by one. The audit looks at more: at what lies between two
figures, and at every way in which accomplices may stand. So where the quick walls find nothing, a table, or a cross
with the tables of its two questions, is read as the audit reads it, and what it finds is withheld against like anything
else that is exposed. It is asked twice: on true counts, for whoever knows some of the people; and as whoever holds only
the tables would ask it, so that nothing is let out here that the gate then refuses. Which figure goes hangs on the
round's secret and on nothing else: the same counts come out the same.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from flows.model import Sensitivity
from privacy.audit.choices import Choices
from privacy.audit.errors import AuditRefused
from privacy.audit.figures import EVERYBODY, Display, Figure, Moment, Population, Stay, System, Variable
from privacy.audit.panel import Panel, Wanted
from privacy.audit.reading import Printed, displayed, system
from privacy.audit.run import Finding, audit
from privacy.audit.targets import Target
from privacy.circulation import Key
from privacy.crossing import Displays
from privacy.form import facts_of
from privacy.frames import Frame, Published
from privacy.rules import Rules
from privacy.schemes import Scheme
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    Counts,
    Picks,
    RawCross,
    RawTable,
    SafeCell,
    SafeTable,
    Shape,
    Shown,
)

NOW = Moment(0)
FOUND = "found"
"""Kind of a key that names a finding of the audit: the words of what it is about."""


@dataclass(frozen=True)
class Side:
    """One question of a cross: its own table, and the rows or columns that it makes."""

    name: str
    raw: RawTable
    published: Published
    scheme: Scheme
    """Of the cross; as coarse as the published one or coarser."""
    outside: int | None
    """People to whom it was not put, where the cross has a row or column of them."""
    rules: Rules

    @property
    def threshold(self) -> int:
        """Smallest count of its own table that may be shown."""
        return self.rules.threshold(self.raw.sensitivity)

    @property
    def delicate(self) -> bool:
        """Whether it may harm to know how few stand outside one of its categories."""
        return self.raw.shape is Shape.CHOICES or self.raw.sensitivity is not Sensitivity.OPINION

    @cached_property
    def _choices(self) -> Choices | None:
        if self.raw.shape is not Shape.CHOICES:
            return None
        options = tuple(code for code in self.raw.codes if code != NO_ANSWER)
        return Choices(self.name, options, self.raw.picks or Picks(1, len(options), frozenset()))

    @cached_property
    def variable(self) -> Variable:
        """Everybody by what she answered; whom it was not put to is one more answer."""
        codes = self.published.scheme.codes if self._choices is None else self._choices.variable().codes
        return Variable(self.name, codes if self.outside is None else (*codes, NOT_ASKED))

    def people(self, *codes: str) -> Population:
        """Those who stand in some categories of its own table."""
        if self._choices is not None:
            codes = tuple(some for code in codes for some in self._choices.holding(code))
        return frozenset({(self.name, frozenset(codes))})

    def head(self, head: str) -> Population:
        """Those who stand in a row or column of the cross."""
        codes = self.published.scheme.codes if head != NOT_ASKED else (NOT_ASKED,)
        return self.people(*(code for code in codes if self._head_of(code) == head))

    def _head_of(self, code: str) -> str:
        return code if code == NOT_ASKED else self.scheme.holds(self.published.scheme.of[code][0])

    @property
    def asked(self) -> Population:
        """Those to whom it was put."""
        if self.outside is None:
            return EVERYBODY
        return frozenset({(self.name, frozenset(self.variable.codes) - {NOT_ASKED})})

    @property
    def answered(self) -> Population:
        """Those who answered it."""
        return frozenset({(self.name, frozenset(self.variable.codes) - {NOT_ASKED, NO_ANSWER})})

    def count(self, head: str) -> int:
        """How many stand in a row or column of the cross."""
        if head == NOT_ASKED:
            return self.outside or 0
        return self.scheme.table.counts[self.scheme.codes.index(head)]

    def figures(self, heads: Mapping[str, SafeCell]) -> Iterator[Figure]:
        """Of its own table, and of the rows or columns of the cross, as these `heads` show them."""
        own, rules, least = f"own {self.name}", self.rules, self.threshold
        size = displayed(Shown(count=rules.rounded(self.raw.asked)), rules, least)
        yield Figure(own, "asked", self.asked, NOW, size, least, count=self.raw.asked)
        cells = zip(
            self.published.scheme.codes, self.published.scheme.table.counts, self.published.displays, strict=True
        )
        for code, count, cell in cells:
            yield Figure(
                own, code, self.people(code), NOW, displayed(cell, rules, least), least,
                frozenset({self.asked, self.answered}), self.delicate and code != NO_ANSWER, count,
            )  # fmt: skip
        for head, cell in heads.items():
            yield Figure(
                self.name, head, self.head(head), NOW, displayed(cell, rules, least), least,
                frozenset({EVERYBODY, self.answered}), self.delicate and head not in {NO_ANSWER, NOT_ASKED},
                self.count(head),
            )  # fmt: skip


def found_in_table(scheme: Scheme, displays: tuple[SafeCell, ...], rules: Rules) -> tuple[Finding, ...]:
    """What the audit finds of a table by itself."""
    raw = scheme.table
    if raw.shape is Shape.PARTITION and all(isinstance(cell, Shown) for cell in displays):
        return ()
    side = Side("table", raw, Published(scheme, displays, (), ()), scheme, None, rules)
    return _found(System((side.variable,), {Stay(0, 0): (raw.asked, raw.asked)}, tuple(side.figures({})), rules=rules))


def may_be_placed(raw: RawTable, safe: SafeTable, rules: Rules) -> bool:
    """Whether a ranking's table may stand with its figures by place: the audit judges it, and finds nothing.

    What it would not judge, because there are too many orders, is not told by place either.
    """
    facts = facts_of(raw, rules).model_copy(update={"top": len(raw.places[0])})
    release = Printed([facts], [safe], counts=Counts({raw.id: raw}))
    try:
        everything = system([release], {Stay(0, 0): (raw.asked, raw.asked)}, rules)
        return (not rules.s or audit(everything).safe) and audit(everything.alone).safe
    except AuditRefused:
        return False


def _found(everything: System) -> tuple[Finding, ...]:
    """What the audit finds: for accomplices, who stand where the desk's counts say, and for readers at the gate."""
    try:
        known = audit(everything).found if everything.rules.s else ()
        return known or audit(everything.alone).found
    except AuditRefused:
        # It judges no question of so many answers by itself either, and says so where all tables are audited.
        return ()


@dataclass(frozen=True, repr=False)
class Arbiter:
    """A cross on its way through the door, with the audit behind the quick walls."""

    frame: Frame
    raw: RawCross
    by: Published
    question: Published
    rules: Rules

    def count(self, key: Key) -> int:
        """The true value of a number."""
        return self.frame.table.count(key)

    def exposed(self, displays: Displays) -> Iterator[Key]:
        """Hidden numbers that a reader could narrow too far; behind them, what the audit finds."""
        quick = next(self.frame.table.exposed(displays), None)
        if quick is not None:
            yield quick
        elif not self._all_told(displays):
            yield from map(_key, self._found(displays))

    def _all_told(self, displays: Displays) -> bool:
        """Whether each figure is shown, in a cross whose cells do not overlap: then sums of them are large as well."""
        cells = (*displays.values(), *self.by.displays, *self.question.displays)
        return self.raw.question.shape is Shape.PARTITION and all(isinstance(cell, Shown) for cell in cells)

    def doubt(self, key: Key, displays: Displays) -> int:
        """How many values besides its own a number could have; of a finding, whether it is gone."""
        if key[0] != FOUND:
            return self.frame.table.doubt(key, displays)
        return int(next(self._found(displays, lambda target: _key(target) == key), None) is None)

    def may_give_up(self, displays: Displays, exposed: Key) -> list[Key]:
        """Shown figures that could be withheld for a number: those in its row or column, else any."""
        if exposed[0] != FOUND:
            return self.frame.table.may_give_up(displays, exposed)
        shown = [key for key, cell in displays.items() if isinstance(cell, Shown)]
        return [key for key in shown if set(key[1:]) & set(exposed[1:])] or shown

    def _found(self, displays: Displays, wanted: Wanted = lambda _target: True) -> Iterator[Finding]:
        """What the audit finds of this cross beside its questions' own tables, of the targets wanted."""
        if self._panel is not None:
            # Figures that cannot all be true, as whoever seals by herself can make them, are no finding here either.
            with suppress(AuditRefused):
                yield from self._panel.found([self._displayed(each, displays) for each in self._laid], wanted)

    @cached_property
    def _panel(self) -> Panel | None:
        try:
            return Panel(self.system(self.frame.table.primary()))
        except AuditRefused:
            # It judges no question of so many answers by itself either, and says so where all tables are audited.
            return None

    @cached_property
    def _sides(self) -> tuple[Side, Side]:
        raw, frame = self.raw, self.frame
        every = (
            ("rows", raw.by, self.by, frame.rows, raw.rows),
            ("columns", raw.question, self.question, frame.columns, raw.columns),
        )
        rows, columns = (
            Side(name, table, own, scheme, raw.people - table.asked if NOT_ASKED in codes else None, self.rules)
            for name, table, own, scheme, codes in every
        )
        return rows, columns

    @cached_property
    def _laid(self) -> tuple[tuple[Figure, Key | None], ...]:
        """All figures, and the key of what each displays where that is not settled by the questions' own tables."""
        rows, columns = self._sides
        threshold, totals = max(rows.threshold, columns.threshold), self.frame.totals
        displays = self.frame.table.primary()
        items: list[tuple[Figure, Key | None]] = []
        for side, heads in zip(self._sides, self.frame.heads, strict=True):
            own = side.figures({head: displays.get((side.name, head)) or totals[side.name, head] for head in heads})
            for figure in own:
                key = figure.table, figure.cell
                items.append((figure, key if key in displays else None))
        for (row, column), count in self.frame.table.counts.items():
            group, answer = rows.head(row), columns.head(column)
            figure = Figure(
                "cell", f"{row} {column}", group | answer, NOW,
                displayed(displays["cell", row, column], self.rules, threshold), threshold,
                frozenset({group, answer, EVERYBODY}), columns.delicate, count,
            )  # fmt: skip
            items.append((figure, ("cell", row, column)))
        return tuple(items)

    def _displayed(self, laid: tuple[Figure, Key | None], displays: Displays) -> Display:
        figure, key = laid
        return figure.display if key is None else displayed(displays[key], self.rules, figure.threshold)

    def system(self, displays: Displays) -> System:
        """This cross and the tables of its questions, as constraints."""
        rows, columns = self._sides
        items = tuple(replace(each[0], display=self._displayed(each, displays)) for each in self._laid)
        sizes = {Stay(0, 0): (self.raw.people, self.raw.people)}
        return System((rows.variable, columns.variable), sizes, items, tuple(self._impossible()), self.rules)

    def _impossible(self) -> Iterator[Population]:
        """Pairs of categories that the form keeps empty."""
        rows, columns = self._sides
        for row in (*self.by.scheme.codes, NOT_ASKED):
            for column in (*self.question.scheme.codes, NOT_ASKED):
                pairs = {(one, other) for one in _members(self.by, row) for other in _members(self.question, column)}
                if pairs <= self.raw.impossible:
                    yield rows.people(row) | columns.people(column)


def _members(published: Published, code: str) -> tuple[str, ...]:
    return (code,) if code == NOT_ASKED else published.scheme.of[code]


def _key(found: Finding | Target) -> Key:
    """A finding, or what may become one, by all the words that it names."""
    return (FOUND, found.reason, found.table, *(word for cell in found.cells for word in cell.split()))

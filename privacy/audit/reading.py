"""From tables to figures: what readers of safe tables hold, and the counts that only the desk knows.

Percentages, means and Borda points of safe tables are worked out from displayed figures and say nothing further, so
they are no constraints here. The figures of a ranking by place are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from privacy.audit.figures import (
    EVERYBODY,
    Display,
    Figure,
    Moment,
    Population,
    Stay,
    System,
    most,
    rounded,
    small,
    withheld,
)
from privacy.audit.questions import Question
from privacy.form import Facts
from privacy.rules import Rules
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    Counts,
    Head,
    Impossible,
    Most,
    RawCross,
    RawTable,
    SafeCross,
    SafeTable,
    Shown,
    Small,
    Withheld,
)

Shows = Shown | Small | Withheld | Most


@dataclass(frozen=True, slots=True)
class Printed:
    """One release as it was printed, with the form's facts; and its counts where whoever reads it knows them."""

    form: Sequence[Facts]
    tables: Sequence[SafeTable]
    crosses: Sequence[SafeCross] = ()
    counts: Counts = field(default_factory=Counts)


def system(releases: Sequence[Printed], sizes: Mapping[Stay, tuple[int, int]], rules: Rules) -> System:
    """Everything in these releases of one form, of which each is one snapshot, in their order.

    Raises TooLarge where the places of a ranking were told and it has too many orders.
    """
    form = {facts.id: facts for release in releases for facts in release.form}
    ordered = {table.id for release in releases for table in release.tables if table.places}
    questions = {name: Question(facts, form, name in ordered) for name, facts in form.items()}
    items: list[Figure] = []
    for snapshot, release in enumerate(releases):
        reader = _Reader(questions, rules, release.counts, Moment(snapshot))
        for table in release.tables:
            items += reader.of_table(table)
        for cross in release.crosses:
            items += reader.of_cross(cross)
    return System(
        tuple(question.variable() for question in questions.values()),
        sizes,
        tuple(items),
        tuple(population for question in questions.values() for population in question.impossible()),
        rules,
    )


def joiners_in(release: Printed, rules: Rules) -> dict[Population, int]:
    """How many of each population that a release tells of are among some of its people, whose counts it is given."""
    form = {facts.id: facts for facts in release.form}
    ordered = {table.id for table in release.tables if table.places}
    questions = {name: Question(facts, form, name in ordered) for name, facts in form.items()}
    reader = _Reader(questions, rules, release.counts, Moment(0))
    found: dict[Population, int] = {}
    for table in release.tables:
        raw = release.counts.tables.get(table.id)
        if raw is not None:
            found[questions[table.id].asked_of] = raw.asked
            found[questions[table.id].answered()] = raw.answered
        found |= _counts(reader.of_table(table))
    for cross in release.crosses:
        found |= _counts(reader.of_cross(cross))
    return found


def _counts(figures: Iterable[Figure]) -> dict[Population, int]:
    return {figure.population: figure.count for figure in figures if figure.count is not None}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the tables of one release."""

    questions: Mapping[str, Question]
    rules: Rules
    counts: Counts
    moment: Moment

    def of_table(self, safe: SafeTable) -> Iterator[Figure]:
        """Figures of a table of one question; none where it was withheld whole."""
        question, raw = self.questions[safe.id], self.counts.tables.get(safe.id)
        asked, facts = question.asked_of, question.facts
        if safe.asked is not None:
            display = displayed(safe.asked, self.rules, facts.threshold)
            known = None if raw is None else raw.asked
            yield Figure(safe.id, "asked", asked, self.moment, display, facts.threshold, count=known)
        for row in safe.rows:
            codes, display = row.of or (row.code,), displayed(row.cell, self.rules, facts.threshold)
            yield Figure(
                safe.id, row.code, question.people(codes), self.moment, display, facts.threshold,
                frozenset({asked, question.answered()}), facts.delicate and row.code != NO_ANSWER, _sum(raw, codes),
            )  # fmt: skip
        yield from self._of_places(safe, question, raw)

    def _of_places(self, safe: SafeTable, question: Question, raw: RawTable | None) -> Iterator[Figure]:
        threshold = question.facts.threshold
        known = {} if raw is None else dict(zip(raw.codes, raw.places, strict=False))
        for places in safe.places:
            for place, shown in enumerate(places.counts):
                count = known[places.code][place] if known else None
                yield Figure(
                    safe.id, f"{places.code} {place + 1}", question.at(places.code, place), self.moment,
                    rounded(shown, self.rules, threshold), threshold, frozenset({question.answered()}),
                    rest=True, count=count,
                )  # fmt: skip

    def of_cross(self, safe: SafeCross) -> Iterator[Figure]:
        """Figures of a table of two questions, its totals among them."""
        by, question = self.questions[safe.by], self.questions[safe.question]
        raw = self.counts.crosses.get(safe.id)
        threshold = max(by.facts.threshold, question.facts.threshold)
        for row, cells in zip(safe.rows, safe.cells, strict=True):
            for column, cell in zip(safe.columns, cells, strict=True):
                if isinstance(cell, Impossible):
                    continue
                ones, others = row.of or (row.code,), column.of or (column.code,)
                group, answer = by.people(ones), question.people(others)
                yield Figure(
                    safe.id, f"{row.code} {column.code}", group | answer, self.moment,
                    displayed(cell, self.rules, threshold), threshold, frozenset({group, answer, EVERYBODY}),
                    question.facts.delicate, _within(raw, ones, others),
                )  # fmt: skip
        people = None if raw is None else raw.people
        yield from self._heads(safe.id, by, safe.rows, people)
        yield from self._heads(safe.id, question, safe.columns, people)

    def _heads(self, cross: str, side: Question, heads: Sequence[Head], people: int | None) -> Iterator[Figure]:
        raw, least = self.counts.tables.get(side.facts.id), side.facts.threshold
        outside = 0 if raw is None or people is None else people - raw.asked
        for head in heads:
            codes = head.of or (head.code,)
            yield Figure(
                cross, head.code, side.people(codes), self.moment, displayed(head.total, self.rules, least), least,
                frozenset({EVERYBODY, side.answered()}),
                side.facts.delicate and head.code not in {NO_ANSWER, NOT_ASKED}, _sum(raw, codes, outside),
            )  # fmt: skip


def displayed(cell: Shows, rules: Rules, threshold: int) -> Display:
    """What a cell tells whoever reads it."""
    match cell:
        case Shown():
            return rounded(cell.count, rules, threshold)
        case Small():
            return small(cell.below)
        case Most():
            return most(cell.least, threshold)
        case Withheld():
            return withheld(threshold)


def _sum(raw: RawTable | None, codes: Sequence[str], outside: int = 0) -> int | None:
    """How many stand in these cells of a table, or `outside` it because they were not asked."""
    if raw is None:
        return None
    counts = dict(zip(raw.codes, raw.counts, strict=True)) | {NOT_ASKED: outside}
    return sum(counts[code] for code in codes)


def _within(raw: RawCross | None, rows: Sequence[str], columns: Sequence[str]) -> int | None:
    if raw is None:
        return None
    return sum(
        count
        for row, counts in zip(raw.rows, raw.counts, strict=True)
        for column, count in zip(raw.columns, counts, strict=True)
        if row in rows and column in columns
    )

"""Whether a candidate displays everything by the rules it names, which anybody can try who knows no count.

The audit takes a displayed figure for one that was rounded, a share for one of displayed figures, and a small one for
anything below its threshold. Where a desk displayed otherwise, by mistake or on purpose, figures would be let out as
safe that tell more than was judged. So it is asked before any audit, at the desk and at the gate.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from privacy.audit.rows import UNBOUNDED
from privacy.candidate import Candidate
from privacy.errors import ReleaseRefused
from privacy.form import Facts
from privacy.release import rules_of
from privacy.rules import Rules
from privacy.tables import Head, Impossible, Most, SafeCell, SafeCross, SafeTable, Shown, Small
from privacy.telling import mean_shown, share

SCALE = "scale"
Cell = SafeCell | Impossible


def check_displayed(candidate: Candidate) -> None:
    """Raises ReleaseRefused `other-display` where anything is displayed otherwise, or figures stand where none may.

    And `not-audited` where a table is about nothing that the candidate's form knows.
    """
    wrong = tuple(dict.fromkeys(_wrong(candidate)))
    if wrong:
        raise ReleaseRefused("other-display", wrong)


def _wrong(candidate: Candidate) -> Iterator[str]:
    """What is displayed otherwise, by its id."""
    shown, rules = candidate.respondents, rules_of(candidate)
    if shown is None:
        # Of so few people there is no figure at all, and so no audit either.
        yield from (table.id for table in candidate.every_table)
        yield from (cross.id for cross in candidate.crosses)
        yield from (facts.id for facts in candidate.form)
        return
    thresholds = {candidate.rules.threshold, candidate.rules.threshold_sensitive}
    yield from (facts.id for facts in candidate.form if facts.threshold not in thresholds)
    look = _Look(rules, {facts.id: facts for facts in candidate.form}, candidate)
    if not look.stands(shown, rules.min_numbers, None) or shown.count >= UNBOUNDED:
        yield "respondents"
    yield from (table.id for table in candidate.every_table if not look.table(table))
    yield from (cross.id for cross in candidate.crosses if not look.cross(cross))


@dataclass(frozen=True, slots=True)
class _Look:
    """At the tables of one candidate."""

    rules: Rules
    form: Mapping[str, Facts]
    candidate: Candidate

    def least(self, question: str) -> int:
        """Smallest figure of a question that may be shown."""
        if question not in self.form:
            raise ReleaseRefused("not-audited", (question,))
        return self.form[question].threshold

    def stands(self, cell: Cell, threshold: int, whole: int | None) -> bool:
        """Whether a cell is displayed by the rules; a share of it is one of the `whole` displayed."""
        rules = self.rules
        match cell:
            case Shown(count=count, percent=percent):
                shared = whole is not None and whole >= rules.percent_from
                right = share(count, whole) if shared and whole is not None else None
                return self._multiple(count, rules.rounded(threshold)) and percent == right
            case Small(below=below):
                return below == threshold
            case Most(least=least):
                return self._multiple(least, threshold)
            case _:
                return True

    def _multiple(self, figure: int, least: int) -> bool:
        everybody = self.candidate.respondents
        return figure % self.rules.base == 0 and least <= figure <= (everybody.count if everybody else 0)

    def table(self, table: SafeTable) -> bool:
        """Whether a table of one question is displayed by the rules."""
        least = self.least(table.id)
        whole = None if table.asked is None else table.asked.count
        asked = table.asked is None or self.stands(table.asked, least, None)
        cells = all(self.stands(row.cell, least, whole) for row in table.rows)
        return (
            asked
            and cells
            and (bool(table.rows) or table.asked is None)
            and self._mean(table.id, table.mean, ((row.code, row.of, row.cell) for row in table.rows))
            and all(self._place(places.counts, places.points, least) for places in table.places)
        )

    def _place(self, counts: tuple[int, ...], points: int, least: int) -> bool:
        figures = all(self._multiple(count, self.rules.rounded(least)) for count in counts)
        return figures and points == sum((len(counts) - place) * count for place, count in enumerate(counts))

    def _mean(self, question: str, mean: float | None, rows: Iterable[tuple[str, tuple[str, ...], Cell]]) -> bool:
        if mean is None:
            return True
        scale = any(each.id == question and each.kind == SCALE for each in self.candidate.subject.questions)
        return scale and mean == mean_shown(rows, self.rules)

    def cross(self, cross: SafeCross) -> bool:
        """Whether a table of two questions is displayed by the rules."""
        if not cross.cells:
            return cross.asked is None and not cross.rows and not cross.columns
        least = max(self.least(cross.by), self.least(cross.question))
        asked = cross.asked is not None and self.stands(cross.asked, self.rules.crosses_from, None)
        sides = ((cross.by, cross.rows), (cross.question, cross.columns))
        heads = all(self._head(cross, side, head) for side, every in sides for head in every)
        return (
            asked
            and heads
            and len(cross.cells) == len(cross.rows)
            and all(self._line(cross, head, line, least) for head, line in zip(cross.rows, cross.cells, strict=True))
        )

    def _head(self, cross: SafeCross, question: str, head: Head) -> bool:
        """Whether a total is displayed by the rules; it may have the share that it has in its question's own table."""
        tables = [each.asked for each in self.candidate.every_table if each.id == question]
        wholes = [each.count for each in (*tables, cross.asked) if each is not None]
        return any(self.stands(head.total, self.least(question), whole) for whole in (None, *wholes))

    def _line(self, cross: SafeCross, head: Head, line: tuple[Cell, ...], least: int) -> bool:
        whole = head.total.count if isinstance(head.total, Shown) else None
        if len(line) != len(cross.columns):
            return False
        rows = ((column.code, column.of, cell) for column, cell in zip(cross.columns, line, strict=True))
        return all(self.stands(cell, least, whole) for cell in line) and self._mean(cross.question, head.mean, rows)

"""From one safe table to what is said of it: rows as displayed, and one sentence that no figure outside it feeds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from privacy import tables
from privacy.candidate import AskedQuestion
from privacy.tables import (
    NO_ANSWER,
    NOT_ASKED,
    CrossCell,
    Impossible,
    Most,
    Refusal,
    SafeCell,
    SafeCross,
    SafeTable,
    Shown,
    Small,
    Withheld,
)
from privacy.trends import FEWEST, Trend
from reports import drawings, texts
from reports.document import Drawn, Phrase, Row, Table, side_by_side
from reports.words import Words

Labels = Callable[[str], Phrase]
"""Code of a row → its words."""


def table_of(words: Words, safe: SafeTable, labels: Labels, head: str, base: int, caption: str) -> Table:
    """The table of `safe` with one row, and a bar, for each of its cells."""
    shares = any(_share(words, row.cell) for row in safe.rows)
    points = {place.code: words.number(place.points) for place in safe.places}
    columns = ((texts.COLUMN_SHARE, shares), (texts.COLUMN_POINTS, bool(points)))
    heads = (head, texts.COLUMN_PEOPLE(words), *(column(words) for column, there in columns if there))
    asked = safe.asked.count if safe.asked else 0
    rows = []
    for row in safe.rows:
        aside = row.code == NO_ANSWER
        more = ((_share(words, row.cell), shares), (points.get(row.code, ""), bool(points)))
        cells = (figure(words, row.cell), *(cell for cell, there in more if there))
        rows.append(Row(labels(row.code), cells, drawings.bar(row.cell, asked, base, aside=aside), aside=aside))
    return Table(caption, tuple(Phrase(each, words.language) for each in heads), tuple(rows), Drawn.BARS)


def figure(words: Words, cell: SafeCell | CrossCell) -> str:
    """One cell as it stands in a table; nothing where nobody can stand."""
    match cell:
        case Shown():
            return words.number(cell.count)
        case Most():
            return texts.LEAST(words, n=words.number(cell.least))
        case Small():
            return texts.SMALL(words, n=words.number(cell.below))
        case Withheld():
            return texts.WITHHELD(words)
        case Impossible():
            return ""
        case _:
            assert_never(cell)


def _share(words: Words, cell: SafeCell | CrossCell) -> str:
    return words.percent(cell.percent / 100) if isinstance(cell, Shown) and cell.percent is not None else ""


def _among_shares(words: Words, cell: SafeCell | CrossCell) -> str:
    """One cell of a table of shares; where it has none, it says that what it counts are people."""
    match cell:
        case Shown():
            return _share(words, cell) or texts.SOME_PEOPLE(words, cell.count)
        case Most():
            return texts.LEAST_PEOPLE(words, cell.least)
        case Small():
            return texts.SMALL_PEOPLE(words, cell.below)
        case _:
            return figure(words, cell)


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of some people on one statement: how many people, displayed, and the displayed figure of each stance."""

    statement: Phrase
    people: int
    cells: Mapping[str, SafeCell]


def votes_of(words: Words, votes: Iterable[Votes], heads: Iterable[str]) -> Table:
    """Several statements in one table: shares where they may be given, and one diverging bar for each statement."""
    rows = []
    for each in votes:
        sides = [each.cells[code] for code in ("disagree", "pass", "agree") if code in each.cells]
        shown = tuple(_among_shares(words, cell) for cell in sides)
        rows.append(Row(each.statement, shown, drawings.diverging(sides, each.people)))
    said = tuple(Phrase(head, words.language) for head in heads)
    return Table(texts.CAPTION_VOTES(words), said, tuple(rows), Drawn.DIVERGING)


def scale_of(words: Words, safe: SafeTable, labels: Labels, label: Phrase, caption: str) -> Table:
    """One scale in one row: its points from one end to the other, and one diverging bar."""
    points = [row for row in safe.rows if row.code != NO_ANSWER]
    heads = (Phrase(texts.COLUMN_SCALE(words), words.language), *(labels(row.code) for row in points))
    shown = tuple(_among_shares(words, row.cell) for row in points)
    asked = safe.asked.count if safe.asked else 0
    drawing = drawings.diverging([row.cell for row in points], asked)
    return Table(caption, heads, (Row(label, shown, drawing),), Drawn.DIVERGING)


def cross_of(words: Words, cross: SafeCross, groups: Labels, labels: Labels, head: str, caption: str) -> Table:
    """Two questions together: a row for each group, in it shares of that group, or figures where it is too small."""
    columns = [column for column in cross.columns if column.code not in {NO_ANSWER, NOT_ASKED}]
    places = [place for place, column in enumerate(cross.columns) if column in columns]
    heads = (Phrase(head, words.language), *(labels(column.code) for column in columns))
    rows = []
    for group, cells in zip(cross.rows, cross.cells, strict=True):
        if group.code not in {NO_ANSWER, NOT_ASKED}:
            shown = tuple(_among_shares(words, cells[place]) for place in places)
            rows.append(Row(groups(group.code), shown))
    return Table(caption, heads, tuple(rows))


def trend_of(words: Words, through: Trend, labels: Labels, ends: Sequence[str], caption: str) -> Table:
    """One question through rounds: a column of shares for each, and a line through those that may be shown.

    `ends` are the days in which the rounds ended, written out; of two rounds the heads say which is the earlier one.
    """
    two = len(ends) == FEWEST
    before = (texts.COLUMN_EARLIER(words),) if two else tuple(ends[:-1])
    heads = (texts.COLUMN_ANSWER(words), *before, texts.COLUMN_NOW(words))
    rows = []
    for place, row in enumerate(through.waves[-1].table.rows):
        if row.code != NO_ANSWER:
            cells = [wave.table.rows[place].cell if wave.table.rows else Withheld() for wave in through.waves]
            shown = tuple(_among_shares(words, cell) for cell in cells)
            rows.append(Row(labels(row.code), shown, slope=drawings.slope(cells)))
    return Table(caption, tuple(Phrase(each, words.language) for each in heads), tuple(rows), Drawn.SLOPES)


def mean(words: Words, question: AskedQuestion, safe: SafeTable) -> str:
    """The mean of a scale every point of which is shown; nothing where there is none."""
    if safe.mean is None:
        return ""
    low, high = (words.number(int(question.labels[end].code)) for end in (0, -1))
    return texts.MEAN(words, mean=words.number(safe.mean), low=low, high=high)


def sentence(words: Words, question: AskedQuestion, safe: SafeTable, labels: Labels) -> str:
    """What the table says in words: the answer given most often, as far as it can be shown."""
    if safe.refusal is not None:
        return (texts.TANGLED if safe.refusal is Refusal.TANGLED else texts.PROTECTED)(words)
    answers = [row for row in safe.rows if row.code != NO_ANSWER]
    shown = [(row.code, row.cell) for row in answers if isinstance(row.cell, Shown)]
    if not shown:
        return _bound(words, answers, safe, labels)
    most = max(cell.count for _, cell in shown)
    leading = [(code, cell) for code, cell in shown if cell.count == most]
    said = _leading(words, question, [labels(code).text for code, _ in leading], leading[0][1], labels)
    # A figure that is not shown as itself may be larger than any that is: the comparison must not look complete.
    partial = any(not isinstance(row.cell, Shown | Small) for row in answers)
    return f"{said} {texts.OF_SHOWN(words)}" if partial else said


def _bound(words: Words, answers: list[tables.Row], safe: SafeTable, labels: Labels) -> str:
    """What can be said where no figure is shown: a lower limit, or nothing."""
    for row in answers:
        if isinstance(row.cell, Most) and safe.asked is not None:
            asked = words.number(safe.asked.count)
            return texts.AT_LEAST(words, row.cell.least, label=labels(row.code).text, asked=asked)
    return texts.NO_FIGURE(words)


def _leading(words: Words, question: AskedQuestion, names: list[str], cell: Shown, labels: Labels) -> str:
    figure_said = words.number(cell.count) if cell.percent is None else words.percent(cell.percent / 100)
    if len(names) > 1:
        return texts.TIED(words, labels=side_by_side(names, words.direction), figure=figure_said)
    if question.kind == "scale":
        low, high = (labels(question.labels[end].code).text for end in (0, -1))
        return texts.SCALE_MOST(words, label=names[0], low=low, high=high, figure=figure_said)
    said = {"multiple": texts.CHOSEN_MOST, "ranking": texts.FIRST_MOST}.get(question.kind, texts.MOST_OFTEN)
    return said(words, label=names[0], figure=figure_said)


def wrote(words: Words, safe: SafeTable) -> str:
    """How many people wrote words of their own, as far as that can be shown."""
    cell = next((row.cell for row in safe.rows if row.code != NO_ANSWER), None)
    match cell:
        case Shown():
            return texts.WROTE(words, cell.count)
        case Small():
            return texts.WROTE_FEW(words, cell.below)
        case Most():
            return texts.WROTE_MOST(words, cell.least)
        case _:
            return texts.WROTE_SOME(words)

"""From one safe table to what is said of it: rows as displayed, and one sentence that no figure outside it feeds."""

from collections.abc import Callable

from privacy import tables
from privacy.candidate import AskedQuestion
from privacy.tables import NO_ANSWER, Most, Refusal, SafeCell, SafeTable, Shown, Small, Withheld
from reports import texts
from reports.document import Bar, Phrase, Row, Table
from reports.words import Words

Labels = Callable[[str], Phrase]
"""Code of a row → its words."""


def table_of(words: Words, safe: SafeTable, labels: Labels, head: str, caption: str) -> Table:
    """The table of `safe` with one row for each of its cells."""
    asked = safe.asked.count if safe.asked else 0
    shares = any(isinstance(row.cell, Shown) and row.cell.percent is not None for row in safe.rows)
    return Table(
        caption=caption,
        label_head=head,
        figure_head=texts.COLUMN_PEOPLE(words),
        share_head=texts.COLUMN_SHARE(words) if shares else None,
        rows=tuple(_row(words, labels(row.code), row.code, row.cell, asked) for row in safe.rows),
    )


def _row(words: Words, label: Phrase, code: str, cell: SafeCell, asked: int) -> Row:
    aside = code == NO_ANSWER
    match cell:
        case Shown():
            share = "" if cell.percent is None else words.percent(cell.percent / 100)
            return Row(label, words.number(cell.count), share, 100 * cell.count // asked, aside=aside)
        case Most():
            least = texts.LEAST(words, n=words.number(cell.least))
            return Row(label, least, "", 100 * cell.least // asked, Bar.BOUND, aside=aside)
        case Small():
            return Row(label, texts.SMALL(words, n=words.number(cell.below)), "", aside=aside)
        case Withheld():
            return Row(label, texts.WITHHELD(words), "", aside=aside)


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
    partial = any(isinstance(row.cell, Withheld | Most) for row in answers)
    return f"{said} {texts.OF_SHOWN(words)}" if partial else said


def _bound(words: Words, answers: list[tables.Row], safe: SafeTable, labels: Labels) -> str:
    """What can be said where no figure is shown: a lower limit, or nothing."""
    for row in answers:
        if isinstance(row.cell, Most) and safe.asked is not None:
            asked = words.number(safe.asked.count)
            return texts.AT_LEAST(words, row.cell.least, label=labels(row.code).text, asked=asked)
    return texts.NO_FIGURE(words)


def _leading(words: Words, question: AskedQuestion, names: list[str], cell: Shown, labels: Labels) -> str:
    figure = words.number(cell.count) if cell.percent is None else words.percent(cell.percent / 100)
    if len(names) > 1:
        return texts.TIED(words, labels=" · ".join(names), figure=figure)
    if question.kind == "scale":
        low, high = (labels(question.labels[end].code).text for end in (0, -1))
        return texts.SCALE_MOST(words, label=names[0], low=low, high=high, figure=figure)
    said = {"multiple": texts.CHOSEN_MOST, "ranking": texts.FIRST_MOST}.get(question.kind, texts.MOST_OFTEN)
    return said(words, label=names[0], figure=figure)


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

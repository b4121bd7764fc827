"""Figures for machines: one row for each displayed figure, with tags of the Humanitarian Exchange Language (HXL 1.1).

A withheld figure is an empty field whose neighbour says why. Tags that stand for one person or one place finer than a
first-level region are refused, so that nothing written or read here can hold rows of persons.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from privacy.candidate import AskedQuestion
from privacy.tables import NO_ANSWER, CrossCell, Impossible, Most, SafeCell, SafeCross, SafeTable, Shown, Small
from reports.document import Datum, Display
from reports.errors import DocumentRefused
from reports.writer import Writer

HEADS = ("table", "question", "by", "group", "code", "answer", "people", "percent", "display", "release")
TAGS = (
    "#meta+table", "#indicator+question", "#meta+by", "#indicator+group", "#indicator+code", "#indicator+name",
    "#affected+ind", "#indicator+num+pct", "#meta+display", "#meta+id",
)  # fmt: skip
"""`#affected` counts persons; `+pct`, `+table`, `+by`, `+group`, `+code` and `+display` are attributes of our own."""

_OF_ONE = re.compile(r"#(?:respondee|contact|geo|loc|adm[2-9]|victim)\b")
"""`#respondee` is defined for a single respondent; the others point at one person or at a small place."""


def check_tags(tags: Iterable[str]) -> None:
    """Raises DocumentRefused where a tag belongs to rows about persons and not to counts of them."""
    if any(_OF_ONE.match(tag.strip().lower()) for tag in tags):
        remedy = "a data annex counts people in groups; remove columns about single persons or small places"
        raise DocumentRefused("row-level-tag", remedy)


def data_of(writer: Writer) -> tuple[Datum, ...]:
    """Every cell of every safe table of the candidate, in its order; nothing of a table that is withheld whole."""
    rows: list[Datum] = []
    for question in writer.subject.questions:
        if writer.candidate.respondents is None:
            break
        text = writer.asked_words(question.text).text
        rows += _of_table(writer.candidate.table(question.id), text, _labels(writer, question))
    for cross in writer.candidate.crosses:
        rows += _of_cross(writer, cross)
    languages = writer.candidate.languages
    if languages is not None:
        rows += _of_table(languages, "", writer.words.name_of)
    return tuple(rows)


def _labels(writer: Writer, question: AskedQuestion) -> Callable[[str], str]:
    """Words for the codes of a question; what people wrote has none but whether they did."""
    labels = writer.labels(question)
    return lambda code: code if question.kind == "text" and code != NO_ANSWER else labels(code).text


def _of_table(safe: SafeTable, question: str, label: Callable[[str], str]) -> Iterator[Datum]:
    for row in safe.rows:
        shown = row.cell if isinstance(row.cell, Shown) else None
        yield Datum(
            table=safe.id, question=question, by="", group="", code=row.code, answer=label(row.code),
            count=shown.count if shown else None, percent=shown.percent if shown else None, display=_display(row.cell),
        )  # fmt: skip


def _of_cross(writer: Writer, cross: SafeCross) -> Iterator[Datum]:
    question = next(each for each in writer.subject.questions if each.id == cross.question)
    about, groups = writer.rows_of(cross)
    text, labels = writer.asked_words(question.text).text, _labels(writer, question)
    for group, cells in zip(cross.rows, cross.cells, strict=True):
        for column, cell in zip(cross.columns, cells, strict=True):
            shown = cell if isinstance(cell, Shown) else None
            yield Datum(
                table=cross.id, question=text, by=about, group=groups(group.code).text, code=column.code,
                answer=labels(column.code), count=shown.count if shown else None,
                percent=shown.percent if shown else None, display=_display(cell),
            )  # fmt: skip


def _display(cell: SafeCell | CrossCell) -> Display:
    match cell:
        case Shown():
            return Display.ROUNDED
        case Small():
            return Display.SMALL
        case Most():
            return Display.AT_LEAST
        case Impossible():
            return Display.IMPOSSIBLE
        case _:
            return Display.WITHHELD

"""A row that brings categories together is told in the words that the consultation has for it."""

from privacy.candidate import Candidate, Label
from privacy.tables import NO_ANSWER, Row, SafeTable, Shown, Small
from reports.rendering import render
from tests.privacy import synthetic
from tests.reports.test_summary import candidate

WORDS = {"en": "18 to 49", "ar": "من 18 إلى 49"}


def merged(question: str) -> Candidate:
    """A candidate in which two categories of a question stand as one."""
    base = candidate(124)
    label = Label.model_validate({"code": "under_50", "text": WORDS})
    rows = (
        Row(code="under_50", cell=Shown(count=85, percent=68), of=("young", "middle")),
        Row(code=NO_ANSWER, cell=Small(below=15)),
    )
    asked = tuple(
        each.model_copy(update={"merged": (label,)}) if each.id == question else each for each in base.subject.questions
    )
    tables = tuple(
        SafeTable(id=question, asked=Shown(count=125), rows=rows) if each.id == question else each
        for each in base.tables
    )
    return base.model_copy(
        update={"tables": tables, "subject": base.subject.model_copy(update={"questions": asked})}
    )  # fmt: skip


def test_a_merged_row_has_words_of_its_own() -> None:
    """In a band question and on a scale alike, in the document's language or the one it was asked in."""
    assert set(synthetic.WORDS) == set(WORDS)
    for question in ("age", "trust"):
        for language in ("en", "ar"):
            assert WORDS[language] in render(merged(question), language, "md")

"""What documents say of opinion groups: small tables, what sets each apart, what is shared; nothing that is hidden."""

import pytest

from flows.answers import Stance
from flows.statements import GROUPS
from locales import compile as compile_catalogues
from locales.catalog import catalogue, languages
from privacy.candidate import Candidate
from privacy.tables import NO_ANSWER, Head, Impossible, SafeCross, Shown, Small
from reports import texts
from reports.document import Document, Table, phrases
from reports.narrative import ProductName
from reports.rendering import document, written
from tests.reports.samples import candidate

VOTES = {
    "vote_heard": {"a": (240, 30, 30), "b": (40, 150, 10)},
    "vote_worth": {"a": (200, 60, 40), "b": (150, 25, 25)},
}


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def cross(name: str, rows: dict[str, tuple[int, int, int]], *, hidden: bool = False) -> SafeCross:
    """A statement by group, as it is displayed."""
    last = Impossible() if hidden else Small(below=15)
    return SafeCross(
        id=f"{GROUPS}*{name}", by=GROUPS, question=name, asked=Shown(count=600),
        rows=(*(Head(code=code, total=Shown(count=sum(row))) for code, row in rows.items()),
              Head(code="c" if hidden else NO_ANSWER, total=Small(below=15))),
        columns=tuple(Head(code=code, total=Shown(count=200)) for code in (*Stance, NO_ANSWER)),
        cells=(*((*(Shown(count=count, percent=round(100 * count / sum(row))) for count in row), last)
                 for row in rows.values()), (Small(below=15),) * 4),
    )  # fmt: skip


def grouped(**changed: object) -> Candidate:
    """The sample with two statements by two groups."""
    crosses = tuple(cross(name, rows) for name, rows in VOTES.items())
    return candidate().model_copy(update={"crosses": crosses, **changed})


def text_of(made: Document) -> str:
    """All words of a document."""
    return "\n".join(phrases(made.parts))


@pytest.mark.parametrize("language", languages())
def test_groups_are_told_in_every_language(language: str) -> None:
    """In the note's annex and in the summary: a table a group, what sets it apart, what is shared. Proves: R1, R7."""
    words = catalogue(language, "reports")
    for made in (document(grouped(), ProductName.PBC, language), document(grouped(), ProductName.SUMMARY, language)):
        text = text_of(made)
        assert texts.GROUPS_ARE(words, n=words.number(25)) in text
        for letter, people in zip(texts.LETTERS(words).split(), (300, 200), strict=False):
            assert texts.GROUP_CAPTION(words, letter=letter, n=words.number(people)) in text
        assert texts.CONSENSUS_MEANS(words) in text
        assert words.percent(241 / 302 * 41 / 202) in text
        assert words.percent(201 / 302 * 151 / 202) in text


def test_what_sets_a_group_apart_is_said_of_it() -> None:
    """One group agrees that it was heard, the other one disagrees; each is told once, in the group's own place."""
    words, made = catalogue("en", "reports"), document(grouped(), ProductName.PBC, "en")
    asked = {question.id: question.text["en"] for question in candidate().subject.questions}
    text = text_of(made)

    assert texts.APART_AGREE(words, statement=asked["vote_heard"]) in text
    assert texts.APART_DISAGREE(words, statement=asked["vote_heard"]) in text
    assert texts.APART_NOTHING(words) not in text
    tables = [block for section in made.annex for block in section.blocks if isinstance(block, Table)]
    assert [row.cells for row in tables[0].rows] == [("10%", "10%", "80%"), ("20%", "13%", "67%")]
    assert {datum.by for datum in made.data if datum.by} == {texts.GROUPS(words)}
    assert {datum.group for datum in made.data if datum.by} == {"A", "B", texts.IN_NO_GROUP(words)}


def test_where_nothing_is_shown_nothing_is_said() -> None:
    """No group, no section; a hidden size, no table; without every group's votes no consensus. Proves: R1."""
    words = catalogue("en", "reports")
    refused = SafeCross(id=f"{GROUPS}*vote_heard", by=GROUPS, question="vote_heard", refusal="protected")
    assert texts.GROUPS(words) not in text_of(document(grouped(crosses=(refused,)), ProductName.PBC, "en"))

    hidden = grouped(crosses=(cross("vote_heard", {"a": (240, 30, 30)}, hidden=True),))
    text = text_of(document(hidden, ProductName.PBC, "en"))
    assert texts.APART_NOTHING(words) in text
    assert texts.CONSENSUS_MEANS(words) not in text
    assert "Group \u2068C" not in text


def test_what_nearly_all_share_is_told_as_a_lower_limit() -> None:
    """Where few of each group disagree, the figure that they share says that it may be larger."""
    words, shared = catalogue("en", "reports"), cross("vote_worth", VOTES["vote_worth"])
    cells = tuple((row[0], Small(below=15), *row[2:]) for row in shared.cells)
    text = text_of(document(grouped(crosses=(shared.model_copy(update={"cells": cells}),)), ProductName.PBC, "en"))

    least = words.percent(201 / 256 * 151 / 191)
    assert texts.LEAST(words, n=least) in text


@pytest.mark.parametrize("form", ["html", "md", "docx", "pdf"])
def test_groups_stand_in_every_format(form: str) -> None:
    """Each renderer takes the section, from right to left as well, and the note keeps to its two pages before it."""
    assert written(document(grouped(), ProductName.PBC, "ar"), form)

"""What is not in the consultation is in the report: every row, every column, every cell, each with a way on."""

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.findings import Finding, Severity
from flows.xlsform.account import Account, SettledTwice
from flows.xlsform.book import Book, Row, Sheet
from flows.xlsform.importing import FORM, Imported, imported
from flows.xlsform.kinds import UNSUPPORTED
from flows.xlsform.reading import read
from tests.flows.forms import (
    CHOICES,
    CONSULTATION,
    HEADER,
    Rows,
    as_csv,
    as_markdown,
    asked,
    cell,
    form,
    items,
    told,
)

ASKED = ["select_one yes_no", "q", "Shall we?"]


@pytest.mark.parametrize(
    "type_",
    sorted(
        UNSUPPORTED.keys()
        - {"end_repeat", "begin_repeat", "begin_loop", "end_loop"}
        - {"begin_kobomatrix", "end_kobomatrix"}
    ),
)
def test_what_must_not_be_asked_is_told_with_a_way_on(type_: str) -> None:
    """Pictures, places, dates, devices: an error with row, reason and remedy; a warning where the rest is wanted."""
    strict, rest = (asked(ASKED, [type_, "x", "What?"], drop=drop) for drop in (False, True))

    assert told(strict) == [("error", "survey!A3", "not-asked")]
    assert told(rest) == [("warning", "survey!A3", "not-asked")]
    assert all(one.message and one.remedy for one in strict.findings)
    assert [item["id"] for item in items(rest)] == ["q"]
    assert not rest.rows["survey", 3]


def test_everything_inside_a_repeat_is_left_out_row_by_row() -> None:
    """A repeat cannot be asked in a chat, and so nothing in it, however deep; after it, questions are asked again."""
    made = asked(
        ["begin_repeat", "r", "Each"],
        ["text", "a", "What?"],
        ["begin_repeat", "s"],
        ["photo", "b"],
        ["end_repeat"],
        ["end_repeat"],
        ASKED,
        drop=True,
    )

    assert [code for _, _, code in told(made)] == [
        "not-asked",
        "in-repeat",
        "in-repeat",
        "in-repeat",
        "in-repeat",
        "in-repeat",
    ]
    assert [item["id"] for item in items(made)] == ["q"]


def test_a_table_of_kobos_is_left_out_with_its_rows_and_what_kobo_adds_is_no_mistake() -> None:
    """What is asked in each row of a table is no question by itself; a note of the version needs no mending."""
    made = asked(
        ["begin_kobomatrix", "m", "What was lost?"],
        ["integer", "how_many", "How many?"],
        ["begin_group", "inner"],
        ["end_group"],
        ["end_kobomatrix"],
        ASKED,
        ["calculate", "__version__", None, "'v1'"],
        ["calculate", "_version_", None, "'v1'"],
        ["calculate", "version_of_mine", None, "'v1'"],
        header=[*HEADER, "calculation"],
        drop=True,
    )
    rest = [one for one in made.findings if one.code == "not-used"]

    assert [code for _, _, code in told(made)][:5] == ["not-asked", *["in-table"] * 4]
    assert [item["id"] for item in items(made)] == ["q"]
    assert ["Kobo" in one.message for one in rest] == [True, True, False]


def test_a_message_about_how_many_is_told_as_said_by_the_bot() -> None:
    """Where a constraint only counts, its message is not lost without a word: the bot says it in its own words."""
    made = asked(
        ["select_multiple places", "q", "Where?", "count-selected(.) <= 2", "Two at most."],
        header=[*HEADER, "constraint", "constraint_message::English (en)"],
    )

    assert told(made) == [("warning", "survey!E2", "own-words")]
    assert "constraint_message" not in items(made)[0]


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([["slect_one yes_no", "x", "What?"]], ("error", "survey!A3", "unknown-type")),
        ([["poem", "x", "What?"]], ("error", "survey!A3", "unknown-type")),
        ([[None, "x", "What?"]], ("error", "survey!A3", "unknown-type")),
        ([["text", None, "What?"]], ("error", "survey!A3", "no-name")),
        ([["calculate", "x"]], ("error", "survey!A3", "no-name")),
        ([["begin_group", "x", "Open"], ["note", "n", "Read."]], ("error", "survey!A3", "group-open")),
        ([["end_group"]], ("error", "survey!A3", "group-not-begun")),
        ([["select_one nowhere", "x", "What?"]], ("error", "survey!A3", "no-list")),
        ([["note", "n", "You said ${q}."]], ("error", "survey!C3", "answer-in-text")),
        ([["acknowledge", "n", "Read."]], ("warning", "survey!A3", "said-not-asked")),
        ([["note", "n", "**Read** <b>this</b>."]], ("warning", "survey!C3", "markup")),
    ],
)
def test_a_slip_is_told_at_its_cell(rows: list[list[Any]], finding: tuple[str, str, str]) -> None:
    """Misspelt types, missing names, groups that do not end: the cell, and what to do."""
    assert finding in told(asked(ASKED, *rows))


def test_an_empty_group_and_a_row_that_is_switched_off_are_told() -> None:
    """A group of which nothing is left is told at both ends."""
    made = asked(
        ["begin_group", "g", "Empty"],
        ["photo", "p", "Show"],
        ["end_group"],
        [*ASKED, None],
        ["text", "t", "What?", "yes"],
        header=[*HEADER, "disabled"],
        drop=True,
    )

    assert told(made) == [
        ("warning", "survey!A3", "not-asked"),
        ("warning", "survey!A2", "group-empty"),
        ("warning", "survey!A4", "group-empty"),
        ("warning", "survey!A6", "disabled"),
    ]


def test_nothing_can_be_demanded() -> None:
    """`required` is an error, or left out with the rest; no question is required, and `no` is no demand.

    Proves: Q3
    """
    rows = ([*ASKED, "yes"], ["text", "t", "What?", "no"], ["acknowledge", "n", "Read.", "true()"])
    strict, rest = (asked(*rows, header=[*HEADER, "required"], drop=drop) for drop in (False, True))

    assert [one for one in told(strict) if one[2] == "required"] == [
        ("error", "survey!D2", "required"),
        ("error", "survey!D4", "required"),
    ]
    assert ("warning", "survey!D2", "required") in told(rest)
    assert all("required" not in item for item in items(rest))


@pytest.mark.parametrize(
    ("header", "text", "finding"),
    [
        ("appearance", "minimal", ("warning", "survey!D1", "column-not-used")),
        ("default", "yes", ("warning", "survey!D1", "column-not-used")),
        ("video::English (en)", "a.mp4", ("error", "survey!D1", "media")),
        ("image", "a.png", ("error", "survey!D1", "media")),
        ("hint::Arabic (ar)", None, ("warning", "survey!D1", "column-empty")),
        ("hint", "Slowly.", ("error", "survey!D1", "no-language")),
        ("hint::Klingonish", "Slowly.", ("error", "survey!D1", "unknown-language")),
        ("label::en", "Again", ("error", "survey!D1", "twice")),
        ("", "Stray", ("warning", "survey!D1", "no-header")),
        ("constrain", "x", ("warning", "survey!D1", "column-not-used")),
    ],
)
def test_a_column_that_is_not_taken_over_is_told_once(
    header: str, text: str | None, finding: tuple[str, str, str]
) -> None:
    """Whatever a column holds, it is taken over or told, with what to do."""
    made = asked([*ASKED, text], header=[*HEADER, header])

    assert told(made) == [finding]
    assert made.columns["survey", 4] is False


def test_a_cell_that_means_nothing_to_its_row_is_told() -> None:
    """A rule in the wrong row would be lost: it is told at its cell."""
    made = asked(
        [*ASKED, None, None],
        ["note", "n", "Read.", ". != 'a'", None],
        ["text", "t", "What?", None, "start=1"],
        header=[*HEADER, "constraint", "parameters"],
    )

    assert told(made) == [("warning", "survey!D3", "not-used"), ("warning", "survey!E4", "not-used")]


def test_lists_choices_and_sheets_that_nothing_uses_are_told() -> None:
    """An unused list, a choice without a name or a list, and further sheets each stand in the report."""
    choices: Rows = [*CHOICES[:3], ["yes_no", None, "Maybe"], [None, "perhaps", "Perhaps"], ["other", "a", "A"]]
    made = form([HEADER, ASKED], choices, Notes=[["for us"]], choises=[["x"]], external_choices=[["y"]])

    assert [(cell(one), one.code) for one in made.findings] == [
        ("Notes!A1", "sheet-not-read"),
        ("choises!A1", "sheet-not-read"),
        ("external_choices!A1", "sheet-not-read"),
        ("choices!A4", "no-name"),
        ("choices!A5", "no-name"),
        ("choices!A6", "list-not-used"),
    ]
    assert "choices" in made.findings[1].remedy


def test_what_is_missing_in_front_is_told() -> None:
    """Without the sheet `consultation` one finding says so; with it, each row that is missing, doubled or unknown."""
    nothing = form([HEADER, ASKED], consultation=[])
    some = form(
        [HEADER, ASKED],
        consultation=[*CONSULTATION[:-2], ["title", "Again"], ["nonsense", "?"], ["about"]],
        settings=[["form_id", "version", "style"], ["small", "v7", "pages"], ["more", 2, None]],
    )

    assert told(nothing) == [("error", "consultation!A1", "no-consent")]
    assert sorted(told(some)) == sorted(
        [
            ("error", "consultation!A9", "twice"),
            ("error", "consultation!A10", "unknown-row"),
            ("error", "consultation!A11", "no-text"),
            ("error", "consultation!A1", "row-missing"),
            ("error", "consultation!A1", "row-missing"),
            ("warning", "settings!C1", "column-not-used"),
            ("warning", "settings!B2", "edition"),
            ("error", "settings!A3", "twice"),
        ]
    )


def test_a_form_without_a_question_says_so() -> None:
    """Nothing but what cannot be asked, or no sheet of questions at all."""
    assert told(asked(["photo", "p", "Show"], drop=True))[-1] == ("error", "survey!A1", "nothing-asked")
    assert told(form([]))[-1] == ("error", "survey!A1", "nothing-asked")


def test_the_account_takes_each_once_and_forgets_none() -> None:
    """A row that is accounted for twice is our fault and stops; one that nobody looked at is told."""
    account = Account("form.xlsx")
    account.take_row("survey", 2)
    with pytest.raises(SettledTwice):
        account.take_row("survey", 2)
    survey = Sheet("survey", Row(1, {1: "type"}), (Row(2, {1: "x"}), Row(3, {1: "y"})))
    beside = Sheet("towns.csv", Row(1, {2: "name"}), (Row(2, {2: "a"}),))
    account.close(Book("form.xlsx", (survey,), lists=(beside,)), FORM)

    assert [(one.sheet, one.line, one.column) for one in account.findings] == [
        ("survey", 3, 1),
        ("survey", 1, 1),
        ("towns.csv", 2, 1),
        ("towns.csv", 1, 2),
    ]
    assert {one.code for one in account.findings} == {"not-read"}


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    """A finding names its cell as people see it, beyond the 26th column too."""
    found = [
        str(Finding(Severity.ERROR, "x", 7, column, "", "", "", "f.xlsx", "survey")) for column in (1, 26, 27, 703)
    ]

    assert [one.split(":")[0] for one in found] == [
        "f.xlsx survey!A7",
        "f.xlsx survey!Z7",
        "f.xlsx survey!AA7",
        "f.xlsx survey!AAA7",
    ]


TYPES = (
    "select_one yes_no",
    "select_multiple places",
    "select_one lost",
    "rank places",
    "range",
    "integer",
    "text",
    "note",
    "acknowledge",
    "calculate",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "photo",
    "geopoint",
    "nonsense",
    "",
    "select_one yes_no or_other",
)
HEADERS = (
    "hint::English (en)",
    "label::French (fr)",
    "label::Nowhere",
    "label",
    "relevant",
    "required",
    "appearance",
    "constraint",
    "audio::fr",
    "",
    "bands",
    "calculation",
    "choice_filter",
    "parameters",
    "heavy",
)
WORDS = (
    st.none()
    | st.sampled_from(("${q1} = 'yes'", "${q2} + 1", "yes", "places", "start=1 end=4", "region = 'a'", "?"))
    | (st.text(string.ascii_letters + " é${}'\"=().", max_size=12))
)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Forms as strangers write them: any type, any name, any column, words of their own everywhere."""
    headers = [*HEADER, *draw(st.lists(st.sampled_from(HEADERS), max_size=5))]
    rows: dict[int, dict[int, str]] = {}
    for number in range(2, draw(st.integers(2, 14))):
        cells = [
            draw(st.sampled_from(TYPES)),
            draw(st.sampled_from(("", f"q{number}", "Q 1", "q1"))),
            f"label {number}",
            *(draw(WORDS) or "" for _ in headers[3:]),
        ]
        rows[number] = {column: text.strip() for column, text in enumerate(cells, start=1) if text.strip()}
    survey = _sheet("survey", headers, rows)
    lists = {
        number: {
            1: draw(st.sampled_from(("yes_no", "places", "", "idle"))),
            2: draw(st.sampled_from(("a", "1", ""))),
            3: f"choice {number}",
            4: draw(st.sampled_from(("", "x"))),
        }
        for number in range(2, 7)
    }
    choices = _sheet(
        "choices",
        [*CHOICES[0], draw(st.sampled_from(("region", "", "list_name")))],
        {number: {c: t for c, t in row.items() if t} for number, row in lists.items()},
    )
    front = _sheet(
        "consultation",
        CONSULTATION[0],
        {
            number: dict(enumerate(row, start=1))
            for number, row in enumerate(CONSULTATION[1 : draw(st.integers(1, 9))], start=2)
        },
    )
    fixed = _sheet("settings", ["form_id", "style"], {2: {1: "small"}, 4: {2: "x"}} if draw(st.booleans()) else {})
    return Book("form.xlsx", (survey, choices, front, fixed))


def _sheet(name: str, headers: list[str], rows: dict[int, dict[int, str]]) -> Sheet:
    header = {number: text for number, text in enumerate(headers, start=1) if text}
    return Sheet(name, Row(1, header), tuple(Row(*one) for one in sorted(rows.items()) if one[1]))


def _header(book: Book, name: str) -> int:
    """The row of headers of a sheet, or of a list beside the form."""
    return next((one.header.number for one in book.lists if one.name == name), book.sheet(name.lower()).header.number)


def missing(book: Book, made: Imported) -> list[str]:
    """What is neither in the consultation nor in the report, or claims to be both."""
    found = [(one.sheet, one.line) for one in made.findings]
    lost = [
        f"{sheet} row {row}" for (sheet, row), taken in made.rows.items() if not taken and (sheet, row) not in found
    ]
    heads = [(one.sheet, one.column) for one in made.findings if one.line == _header(book, one.sheet)]
    lost += [
        f"{sheet} column {number}"
        for (sheet, number), taken in made.columns.items()
        if not taken and heads.count((sheet, number)) != 1
    ]
    told = {one.sheet for one in made.findings if one.code == "sheet-not-read"}
    lost += [sheet.name for sheet in book.sheets if (sheet.name.lower() in FORM) == (sheet.name in told)]
    ours = [*book.lists, *(sheet for sheet in book.sheets if sheet.name.lower() in FORM)]
    return lost + [
        f"{sheet.name} {row.number}"
        for sheet in ours
        for row in sheet.rows
        if (sheet.name, row.number) not in made.rows
    ]


def as_read(book: Book, kind: str) -> Book:
    """The form as it comes out of a file of this kind."""
    sheets = {
        one.name: [
            [row.cells.get(column, "") for column in range(1, max(row.cells, default=0) + 1)]
            for row in (one.header, *one.rows)
        ]
        for one in book.sheets
    }
    text = as_markdown(**sheets) if kind == "markdown" else as_csv(kind, **sheets)
    return read(text.encode(), "form.csv")


@settings(max_examples=150, deadline=None)
@given(books(), st.booleans(), st.sampled_from(("workbook", ",", ";", "\t", "markdown")))
def test_every_row_and_column_is_imported_or_told_exactly_once(book: Book, drop: bool, kind: str) -> None:
    """However a form is written, as workbook or as text: no question, choice, setting or language is lost in silence.

    A row counts as imported where its own words stand in the consultation, and only there.
    """
    if kind != "workbook":
        book = as_read(book, kind)
    made = imported(book, drop=drop)
    said = str(made.tree.value)

    assert missing(book, made) == []
    assert "not-read" not in {one.code for one in made.findings}
    first = 1 if kind == "workbook" else 2
    for row in book.sheet("survey").rows:
        if row.cells.get(first, "") not in {"calculate", "end_group", "begin_group"}:
            assert made.rows["survey", row.number] == (f"'{row.cells[first + 2]}'" in said), row
    for row in book.sheet("choices").rows:
        assert made.rows["choices", row.number] == (f"'{row.cells[first + 2]}'" in said), row

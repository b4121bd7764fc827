"""Lists of choices in files beside the form: taken over like those of the sheet, bounded, and accounted for."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.findings import ConsultationError
from flows.xlsform import reading
from flows.xlsform.beside import MOST, wanted, with_lists
from flows.xlsform.importing import Imported, imported
from flows.xlsform.reading import listed, read
from tests.flows.forms import CHOICES, CONSULTATION, HEADER, Rows, items, told, workbook
from tests.flows.test_xlsform_report import missing

TOWNS = "name,label,region,people\n1,Aby,north,10\n2,Bex,north,\n3,Cos,south,7\n4,Dol,south,9\n"


def with_towns(
    *rows: Sequence[object], header: Rows | None = None, drop: bool = False, **files: str | bytes
) -> Imported:  # fmt: skip
    """A form that asks these rows, with these files beside it, as imported; nothing of it is lost."""
    held = {f"{name}.csv": one.encode() if isinstance(one, str) else one for name, one in files.items()}
    whole = [*(header or [[*HEADER, "choice_filter", "parameters"]]), *map(list, rows)]
    book, refused = with_lists(
        read(workbook(survey=whole, choices=CHOICES, consultation=CONSULTATION), "form.xlsx"), held
    )
    made = imported(book, drop=drop)
    assert missing(book, made) == []
    return made._replace(findings=(*refused, *made.findings))


def test_choices_come_from_the_file_with_their_filter_and_their_codes() -> None:
    """Codes are spelled as ours and rules follow; columns that a filter names are attributes, others are told."""
    made = with_towns(
        ["select_one places", "place", "Where?"],
        ["select_one_from_file towns.csv", "town", "Which town?", "region = ${place}"],
        ["select multiple from file towns.csv", "more", "Which towns?", "name != '1'"],
        towns=TOWNS,
    )
    _, town, more = items(made)

    assert (town["kind"], more["kind"]) == ("single", "multiple")
    assert town["choices"][0] == {"id": "c1", "text": {"en": "Aby"}, "attributes": {"region": "north"}}
    assert [choice["id"] for choice in more["choices"]] == ["c1", "c2", "c3", "c4"]
    assert town["choice_filter"] == "region = ${place}"
    assert more["choice_filter"] == "name != 'c1'"
    assert told(made) == [
        ("warning", "towns.csv!D1", "column-not-used"),
        ("warning", "towns.csv!A2", "called-otherwise"),
    ]


def test_a_list_may_call_its_columns_otherwise_and_have_several_languages() -> None:
    """`value=code label=title` says which columns are meant, as in ODK; further languages stand in their headers."""
    made = with_towns(
        ["select_one_from_file a.csv", "a", "Which?", None, "value=Code, label=title"],
        ["select_one_from_file b.csv", "b", "Which?", None, "randomize=true"],
        a="Code;title\nx;X\ny;Y\n",
        b="name\tlabel::English (en)\tlabel::Nowhere\nx\tX\tY\n",
    )

    assert items(made)[0]["choices"] == [{"id": "x", "text": {"en": "X"}}, {"id": "y", "text": {"en": "Y"}}]
    assert told(made) == [("error", "b.csv!C1", "unknown-language"), ("warning", "survey!E3", "not-used")]


def test_a_list_in_several_languages_says_which_one_a_bare_label_is() -> None:
    """Where a form has two languages and says of none that it is the usual one, a bare label is an error."""
    header = [["type", "name", "label::English (en)", "label::French (fr)"]]
    made = with_towns(
        ["select_one_from_file a.csv", "a", "Which?", "Quel ?"], header=header, a="name,label\nx,X\ny,Y\n"
    )

    assert told(made) == [("error", "a.csv!B1", "no-language")]


@pytest.mark.parametrize("file", ["gone.csv", "towns.geojson", "towns.xml"])
def test_what_does_not_lie_there_or_is_no_csv_is_not_asked(file: str) -> None:
    """The row is told with a way on, and a rule that looks at it stays an error."""
    rows = [[f"select_one_from_file {file}", "town", "Which town?"], ["select_one places", "p", "Where?"]]
    strict, rest = (with_towns(*rows, drop=drop, towns=TOWNS) for drop in (False, True))

    assert told(strict) == [("error", "survey!A2", "not-asked")]
    assert told(rest) == [("warning", "survey!A2", "not-asked")]
    assert "beside the form" in rest.findings[0].message
    assert [item["id"] for item in items(rest)] == ["p"]


def test_files_are_named_once_and_no_more_than_are_brought() -> None:
    """What has to be fetched is told by the form alone, in its order, and bounded."""
    rows = [[f"select_one_from_file {number % 30}.csv", f"q{number}", "Which?"] for number in range(60)]
    book = read(workbook(survey=[HEADER, *rows, ["select_one_from_file a.xml", "x", "?"]]), "form.xlsx")

    assert wanted(book) == tuple(f"{number}.csv" for number in range(MOST))


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "empty", 0),
        (b"\n \n,,\n", "empty", 0),
        (workbook(survey=[["name"]]), "no-list", 0),
        ("name,label\na,\xc9t\xe9\n".encode("latin-1"), "not-utf-8", 2),
        (b'name,label\na,"A\nb,B\n', "not-csv", 2),
        (b"name,label\n" + b"a,A\n" * 1001, "too-large", 0),
        (b"name,label\n" + b" " * reading.MAX_LIST, "too-large", 0),
        (b"name,label\na," + b"A" * (reading.MAX_TEXT + 1), "too-large", 0),
        (b"name" + b",x" * 1001, "too-large", 0),
    ],
)
def test_a_harmful_or_broken_list_is_refused_with_its_reason(data: bytes, code: str, row: int) -> None:
    """No CSV, cells that run into each other, more than anybody can be offered: one finding, at the file."""
    made = with_towns(["select_one_from_file a.csv", "a", "Which?"], ["text", "t", "What should change?"], a=data)
    found = next(one for one in made.findings if one.sheet == "a.csv")

    assert (found.code, found.line) == (code, row)
    assert found.message
    assert found.remedy
    assert [item["id"] for item in items(made)] == ["t"]


CELLS = st.sampled_from(("a", "1", "", "x y", "é", '"', "${q}", "yes"))
HEADS = st.sampled_from(("name", "label", "label::French (fr)", "region", "", "value", "list_name", "image", "name"))


@settings(max_examples=120, deadline=None)
@given(st.lists(HEADS, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=6), st.booleans())
def test_every_row_and_column_of_a_list_is_imported_or_told_once(
    heads: list[str], rows: list[list[str]], drop: bool
) -> None:  # fmt: skip
    """Whatever stands in a list, nothing of it is lost in silence; `with_towns` looks."""
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [heads, *rows])
    made = with_towns(
        ["select_one_from_file a.csv", "a", "Which?", "region = 'x'"], ["text", "t", "What?"], a=text, drop=drop
    )

    assert "not-read" not in {one.code for one in made.findings}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_end_in_anything_but_a_list_or_a_reason(data: bytes) -> None:
    """Whatever lies beside the form."""
    with suppress(ConsultationError):
        assert listed(data, "form.xlsx", "a.csv").name == "a.csv"

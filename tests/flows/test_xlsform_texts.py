"""Forms that are plain text: CSV in all its dialects and tables of Markdown, sound, strange and harmful."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.findings import ConsultationError
from flows.xlsform import reading
from flows.xlsform.importing import imported
from flows.xlsform.reading import read
from flows.xlsform.tables import is_one_sheet, is_table
from tests.flows.forms import CHOICES, CONSULTATION, HEADER, Rows, as_csv, as_markdown, items, workbook

SHEETS: dict[str, Rows] = {
    "survey": [
        [*HEADER, "relevant"],
        ["select_one yes_no", "q", "Shall we?"],
        ["text", "t", 'She said "yes, but":\nwhat then?', "${q} = 'yes'"],
        ["note", "n", "Left | right"],
    ],
    "choices": CHOICES,
    "settings": [["form_id", "default_language"], ["small", "en"]],
    "consultation": CONSULTATION,
}
FLAT = {
    name: [[cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row] for row in rows]
    for name, rows in SHEETS.items()
}
MARKDOWN = as_markdown(**FLAT)
PLAIN = as_csv(**FLAT)


def refused(data: bytes, name: str = "form.csv") -> str:
    """The place and code with which a text is refused."""
    with pytest.raises(ConsultationError) as caught:
        read(data, name)
    (one,) = caught.value.findings
    assert one.message
    assert one.remedy
    return f"{one.line} {one.code}"


@pytest.mark.parametrize(
    "data",
    [
        as_csv(**SHEETS).encode(),
        as_csv(";", **SHEETS).encode(),
        as_csv("\t", **SHEETS).encode(),
        as_csv(**SHEETS).encode("utf-8-sig"),
        as_csv("\t", **SHEETS).encode("utf-16"),
        as_csv(**SHEETS).replace("\r\n", "\n").encode(),
    ],
    ids=["comma", "semicolon", "tab", "mark", "utf-16", "line ends"],
)
def test_a_form_as_csv_is_the_form(data: bytes) -> None:
    """Whatever parts its cells and however it is coded, a text says what its workbook says, quoted line ends too."""
    assert is_table(data)
    assert imported(read(data, "form.csv")).tree.value == imported(read(workbook(**SHEETS), "form.csv")).tree.value


def test_a_form_as_markdown_is_the_form() -> None:
    """Tables of Markdown say the same; comments and rules between rows are nothing, an escaped pipe is a pipe."""
    decorated = f"# My form\n\n{MARKDOWN}".replace("|  | select", "| --- | :-- |\n|  | select").replace(
        "Shall we? |", "Shall we? | # why?"
    )
    made = imported(read(decorated.encode(), "form.md"))

    assert made.tree.value == imported(read(workbook(**FLAT), "form.md")).tree.value
    assert items(made)[2]["text"] == {"en": "Left | right"}
    assert {one.code for one in made.findings} == {"list-not-used"}


def test_places_are_those_that_a_person_sees() -> None:
    """A finding names the row from the top of the file, and the column as a spreadsheet letters it."""
    text = as_csv(
        settings=[["form_id"], ["small"]],
        survey=[[*HEADER, "default"], ["photo", "p", "Show", None], ["text", "t", "What?", "x"]],
        consultation=CONSULTATION,
    )
    made = imported(read(text.encode(), "form.csv"))

    assert sorted(str(one).split(":")[0] for one in made.findings) == ["form.csv survey!B6", "form.csv survey!E5"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (as_csv(**FLAT, Survey=[HEADER, ["text", "again", "Again?"]]), [("error", 28, "twice")]),
        (f"Read this first.\n{MARKDOWN}", [("warning", 1, "line-not-read")]),
        (f"{MARKDOWN}\nThank you!\n| | stray |", [("warning", 28, "line-not-read")]),
        (f",before\n{PLAIN}", None),
        (f"{PLAIN}Thanks\n,to all\n", [("warning", 28, "sheet-not-read")]),
    ],
    ids=["a sheet twice", "prose first", "prose below", "cells before", "a further sheet"],
)
def test_what_belongs_to_no_sheet_is_told(text: str, told: list[tuple[str, int, str]] | None) -> None:
    """Nothing of a text is passed over: a second sheet of a name, lines between tables, a sheet of thanks."""
    if told is None:
        assert refused(text.encode()) == "0 no-workbook"
        return
    usual = {str(one) for one in imported(read(PLAIN.encode(), "x")).findings}
    found = [one for one in imported(read(text.encode(), "x")).findings if one.sheet != "choices"]

    assert [(one.severity.value, one.line, one.code) for one in found if str(one) not in usual][: len(told)] == told


def test_cells_before_the_first_sheet_are_told() -> None:
    """A text that begins with comments, and has cells before it names a sheet, still gives its rows and tells these."""
    made = imported(read(f"# ours\n|  | stray | cells |\n{MARKDOWN}".encode(), "form.md"))

    assert [(one.line, one.code) for one in made.findings if one.code == "line-not-read"] == [(2, "line-not-read")]
    assert items(made)[0]["id"] == "q"


def test_a_sheet_named_in_every_row_is_one_sheet() -> None:
    """Whoever repeats the sheet's name beside each row means the same sheet; the name may stand beside the headers."""
    rows = ["survey,type,name,label", "survey,text,t,What?", ",note,n,Read.", "settings,form_id,default_language"]
    made = imported(read("\n".join([*rows, "settings,small,en"]).encode(), "form.csv"))

    assert [item["id"] for item in items(made)] == ["t", "n"]
    assert made.tree.value["id"] == "small"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("survey\n,type,name,label\n,text,q,caf\xe9\n".encode("latin-1"), "3 not-utf-8"),
        (b'survey\n,type,name,label\n,text,q,"What?\n,text,r,And?\n', "3 not-csv"),
        (b'survey\n,type,name,label\n,text,q,"What" then?\n', "3 not-csv"),
        (b"survey\n,type,name\n,text," + b"x" * 20_000 + b"\n", "0 too-large"),
        (b"survey\n" + b",x" * (reading.MAX_CELLS + 1), "0 too-large"),
        (b"".join(b"sheet%d\n,a\n" % number for number in range(50)).replace(b"sheet0", b"survey"), "0 too-large"),
        (b"survey" + b"," * (reading.MAX_BYTES + 1), "0 too-large"),
        (b"| survey |\n" + b"|" * (1 << 20) + b"x\n", ""),
        (b"survey,\n" + b"\n" * (1 << 20) + b",\n", ""),
        (b"type;name;label\ntext;q;What?\n", "0 one-sheet"),
        (b"\xff\xfe", "0 no-workbook"),
        (b"survey\n", ""),
        (b"survey\n,\x00,\x00\n", ""),
    ],
)
def test_a_text_that_is_broken_or_made_to_harm_ends_in_one_reason(data: bytes, told: str) -> None:
    """Quotation marks that swallow rows, other encodings, floods of cells: one plain reason, or an empty form."""
    if told:
        assert refused(data) == told
    else:
        assert imported(read(data, "form.csv")).findings


def test_only_a_form_is_taken_for_one() -> None:
    """YAML, prose and one sheet alone are told apart by their first words."""
    assert not is_table(b"format: sauti-consultation\n")
    assert not is_table(b"")
    assert is_table(b'\n# mine\n"Survey" ;\n')
    assert is_one_sheet(b'"type"\t"name"\n')
    assert not is_one_sheet(b"format: sauti-consultation\ntype: x\n")


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from((as_csv(**SHEETS), as_csv(";", **SHEETS), MARKDOWN)),
    st.lists(st.tuples(st.integers(0, 1 << 12), st.sampled_from('",;|\t\n#\\ \x00é')), min_size=1, max_size=6),
)
def test_no_slip_of_the_hand_ends_in_anything_but_a_reason(text: str, slips: list[tuple[int, str]]) -> None:
    """Whatever sign is typed wherever: a form with a report, or a refusal."""
    for place, sign in slips:
        at = place % len(text)
        text = text[:at] + sign + text[at:]
    with suppress(ConsultationError):
        assert imported(read(text.encode(), "form.csv")).tree.value["format"]

"""Files that are not what they claim, or that are made to do harm: one plain reason, and nothing unfolded."""

import time
import tracemalloc
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.findings import ConsultationError
from flows.xlsform import reading
from flows.xlsform.importing import imported
from flows.xlsform.reading import OLE, read
from tests.flows.forms import CHOICES, CONSULTATION, HEADER, items, workbook

GOOD = workbook(survey=[HEADER, ["select_one yes_no", "q", "Shall we?"]], choices=CHOICES, consultation=CONSULTATION)
SHEET = "xl/worksheets/sheet1.xml"
OLDER = Path(__file__).with_name("older.xls").read_bytes()


def with_part(change: dict[str, bytes]) -> bytes:
    """The good workbook with some of its parts replaced or added."""
    whole = BytesIO()
    with ZipFile(BytesIO(GOOD)) as old, ZipFile(whole, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return whole.getvalue()


def sheet(rows: str) -> bytes:
    """The XML of a sheet with these rows."""
    head = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
    )
    return f"{head}{rows}</sheetData></worksheet>".encode()


def refusal(data: bytes, name: str = "form.xlsx") -> str:
    """The code with which a file is refused."""
    with pytest.raises(ConsultationError) as caught:
        read(data, name)
    assert all(one.message and one.remedy and one.file == name for one in caught.value.findings)
    return caught.value.findings[0].code


LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + LAUGHS + b"]><worksheet>&a8;</worksheet>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
WIDE = f'<?xml version="1.0" encoding="utf-16"?>{BOMB.decode()[21:]}'.encode("utf-16")
CELL = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"type,name,label\ntext,q,What?\n", "one-sheet"),
        (b"Dear colleagues,\nthe form is attached.\n", "no-workbook"),
        ("format: sauti-consultation\n".encode("utf-16"), "no-workbook"),
        (b"PK\x03\x04", "unreadable"),
        (GOOD[: len(GOOD) // 2], "unreadable"),
        (b"PK\x03\x04" + bytes(reading.MAX_BYTES), "too-large"),
        (with_part({SHEET: BOMB}), "document-type"),
        (with_part({SHEET: OUTSIDE}), "document-type"),
        (with_part({SHEET: WIDE}), "document-type"),
        (with_part({"xl/workbook.xml": b" " * 65_530 + OUTSIDE}), "document-type"),
        (with_part({"xl/vbaProject.bin": b"macro"}), "macros"),
        (with_part({SHEET: sheet(" " * (reading.MAX_UNPACKED + 1))}), "too-large"),
        (with_part({f"xl/{number}": b"" for number in range(reading.MAX_PARTS)}), "too-large"),
        (with_part({SHEET: b"<worksheet"}), "unreadable"),
        (with_part({SHEET: sheet(f'<row r="1">{CELL}</row>' * 2)}), ""),
        (OLE + bytes(3000), "unreadable"),
        (OLE + bytes(600) + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros"),
        (OLDER[: len(OLDER) // 2], "unreadable"),
    ],
)
def test_a_harmful_or_broken_file_is_refused_with_its_reason(data: bytes, code: str) -> None:
    """Bombs, entities, macros, halves, texts under another name: one finding that says what to do, before unpacking."""
    if code:
        assert refusal(data) == code
    else:
        assert read(data, "form.xlsx").sheets


def test_a_file_of_another_program_is_no_workbook() -> None:
    """A zip of anything else, an OpenDocument sheet for one, is told to be saved as a workbook."""
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert refusal(whole.getvalue()) == "no-workbook"


@pytest.mark.parametrize("name", ["~$form.xlsx", ".~lock.form.xlsx#"])
def test_the_mark_of_an_open_workbook_is_told_as_such(name: str) -> None:
    """Somebody chose the file beside the one that is meant."""
    assert refusal(b"somebody", name) == "lock-file"


@pytest.mark.parametrize(
    "rows",
    [
        "".join(f'<row r="{row}"><c r="XFD{row}" t="inlineStr"><is><t>x</t></is></c></row>' for row in range(1, 200)),
        f'<row r="1">{CELL}</row><row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 20_000}</t></is></c></row>',
    ],
    ids=["far to the right", "one long cell"],
)
def test_a_huge_sheet_is_refused_in_bounded_time_and_memory(rows: str) -> None:
    """What no form needs is not built: little time, little memory, whatever the sheet says of its size."""
    data = with_part({SHEET: sheet(rows)})
    tracemalloc.start()
    begun = time.process_time()
    try:
        assert refusal(data) == "too-large"
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 20


def test_the_time_that_a_long_list_takes_grows_with_its_length() -> None:
    """Thousands of choices, used by several questions, are told to be too many before anybody runs out of patience."""
    many = [[*CHOICES[0]], *([["l", f"c{number}", f"Choice {number}"] for number in range(4000)])]
    rows = [HEADER, *(["select_one l", f"q{number}", "Which?"] for number in range(3))]
    book = read(workbook(survey=rows, choices=many, consultation=CONSULTATION), "form.xlsx")
    begun = time.process_time()
    made = imported(book)

    assert len(items(made)[2]["choices"]) == 4000
    assert time.process_time() - begun < 8


def test_too_many_cells_and_sheets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds hold for both kinds of workbooks."""
    monkeypatch.setattr(reading, "MAX_SHEETS", 1)
    assert (refusal(GOOD), refusal(OLDER)) == ("too-large", "too-large")
    monkeypatch.setattr(reading, "MAX_SHEETS", 40)
    monkeypatch.setattr(reading, "MAX_CELLS", 5)
    assert (refusal(GOOD), refusal(OLDER)) == ("too-large", "too-large")


def test_a_sheet_that_claims_to_be_smaller_is_read_whole() -> None:
    """What lies outside the claimed size, below many empty rows or far to the right, is not lost."""
    far = '<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c></row><row r="900">'
    far += '<c r="AZ900" t="inlineStr"><is><t>far</t></is></c></row>'
    (found, *_) = read(with_part({SHEET: sheet(far)}), "form.xlsx").sheets

    assert [(row.number, dict(row.cells)) for row in found.rows] == [(900, {52: "far"})]


def test_formulas_give_their_value_and_without_one_are_told() -> None:
    """A formula that was worked out is its value; one that never was would be an empty cell, and is told."""
    known = '<c r="A1"><f>1+1</f><v>2</v></c>'
    with_value = read(with_part({SHEET: sheet(f'<row r="1">{known}</row>')}), "form.xlsx")

    assert with_value.sheets[0].header.cells == {1: "2"}
    with pytest.raises(ConsultationError) as caught:
        read(with_part({SHEET: sheet('<row r="1"><c r="B1"><f>1+1</f></c></row>')}), "form.xlsx")
    assert [str(one).split(":")[0] for one in caught.value.findings] == ["form.xlsx survey!B1"]


def test_numbers_dates_and_truth_are_words_as_in_other_programs() -> None:
    """A code that is a number has no point, yes is TRUE, and a space that does not break stays one in a text."""
    data = workbook(survey=[[1, 2.0, 2.5, True, "a\u00a0?", " x "]])

    assert list(read(data, "form.xlsx").sheets[0].header.cells.values()) == ["1", "2", "2.5", "TRUE", "a\u00a0?", "x"]


def test_an_older_workbook_is_read_like_a_newer_one() -> None:
    """An .xls under any name gives the same consultation."""
    made = imported(read(OLDER, "form.xlsx"))

    assert items(made)[0]["choices"][0] == {"id": "c1", "text": {"en": "Yes"}}
    assert [one.code for one in made.findings] == ["called-otherwise"]


def flipped(data: bytes, places: list[int]) -> bytes:
    """The bytes with some of them changed."""
    changed = bytearray(data)
    for place in places:
        changed[place % len(changed)] ^= 1 + place % 255
    return bytes(changed)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from((GOOD, OLDER)), st.lists(st.integers(0, 1 << 16), min_size=1, max_size=8), st.booleans())
def test_no_damage_ends_in_anything_but_a_reason(data: bytes, places: list[int], shorter: bool) -> None:
    """Whatever byte is changed: a book, or a refusal."""
    damaged = flipped(data[: len(data) - len(data) // 3] if shorter else data, places)
    with suppress(ConsultationError):
        assert imported(read(damaged, "form.xlsx")).tree.value["format"]

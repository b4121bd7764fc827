"""The data annex as those read it who collect such files: by its tags, with a library of theirs."""

import csv
import re
from io import BytesIO, StringIO
from math import ceil
from pathlib import Path
from unicodedata import category

import hxl
import openpyxl
import pytest

from locales import compile as compile_catalogues
from privacy.tables import Most
from reports.data import HEADS, TAGS, check_tags
from reports.document import Display, Table, without_isolates
from reports.errors import DocumentRefused
from reports.narrative import ProductName
from reports.rendering import document, written
from tests.reports.samples import candidate
from tests.reports.test_files import made


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def test_the_library_of_the_standard_reads_it_back() -> None:
    """By libhxl, each count of persons is empty or a multiple of five, and says which of both. Proves: R8."""
    data = hxl.data(hxl.make_input(BytesIO(written(made(ProductName.DATA), "csv"))))
    rows = list(data)

    assert tuple(column.display_tag for column in data.columns) == TAGS
    assert len(rows) == len(document(candidate(), ProductName.DATA, "en").data) > 50
    for row in rows:
        count, why = row.get("#affected+ind"), row.get("#meta+display")
        assert (not count) is (why != "rounded5")
        assert not count or int(count) % 5 == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_workbook_and_csv_hold_the_same(form: str, tmp_path: Path) -> None:
    """The standard's library finds the same tags in both forms."""
    path = tmp_path / f"data.{form}"
    path.write_bytes(written(made(ProductName.DATA), form))

    data = hxl.data(hxl.make_input(str(path), hxl.InputOptions(allow_local=True)))

    assert [column.display_tag for column in data.columns] == list(TAGS)
    assert sum(not row.get("#affected+ind") for row in data) == sum(
        datum.count is None for datum in made(ProductName.DATA).data
    )


@pytest.mark.parametrize(
    "tag", ["#respondee", "#respondee+age", "#contact+email", "#geo+lat", "#loc+name", "#adm2+name"]
)
def test_tags_of_single_persons_and_small_places_are_refused(tag: str) -> None:
    """A file with a column about one person or a place finer than a region is not written. Proves: R8."""
    with pytest.raises(DocumentRefused, match="row-level-tag"):
        check_tags([*TAGS, tag])
    check_tags([*TAGS, "#adm1+name"])


def test_a_text_cannot_become_a_formula() -> None:
    """A label that begins like a formula is disarmed in CSV and stays text in the workbook."""
    evil = candidate().subject.title.root | {"en": "x"}
    question = candidate().subject.questions[0]
    changed = question.model_copy(update={"text": type(question.text)({**evil, "en": "=HYPERLINK(1)"})})
    subject = candidate().subject.model_copy(update={"questions": (changed, *candidate().subject.questions[1:])})
    found = candidate().model_copy(update={"subject": subject})

    made = document(found, ProductName.DATA, "en")
    rows = list(csv.reader(StringIO(written(made, "csv").decode())))
    sheet = openpyxl.load_workbook(BytesIO(written(made, "xlsx")))["data"]

    assert rows[0] == list(HEADS)
    assert rows[2][1] == "'=HYPERLINK(1)"
    assert (sheet["B3"].data_type, sheet["B3"].value) == ("s", "=HYPERLINK(1)")


def test_a_lower_limit_is_an_empty_field_with_its_reason() -> None:
    """A figure of which only a lower limit is told has no number for machines, and its own word for why."""
    first, *others = candidate().tables
    rows = (first.rows[0].model_copy(update={"cell": Most(least=105)}), *first.rows[1:])
    limited = candidate().model_copy(update={"tables": (first.model_copy(update={"rows": rows}), *others)})

    datum = document(limited, ProductName.DATA, "en").data[0]

    assert (datum.count, datum.percent, datum.display) == (None, None, Display.AT_LEAST)


def test_reasons_are_words_for_machines() -> None:
    """Each display has a word of its own, so that an empty field is never a riddle."""
    assert {display.value for display in Display} == {
        "rounded5", "withheld_small", "withheld", "at_least", "not_possible"
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar", "my", "zh"])
def test_a_workbook_can_be_read_on_paper(language: str) -> None:
    """Each word reads in its language's direction, nothing is cut off at its cell's edge, heads are on each page."""
    book = openpyxl.load_workbook(BytesIO(written(made(ProductName.DATA, language), "xlsx")))
    order = 2 if language == "ar" else 1

    assert book["data"].print_title_rows == "$1:$2"
    assert {cell.alignment.readingOrder for row in book["about"].iter_rows() for cell in row if cell.value} == {order}
    assert {cell.alignment.readingOrder for cell in book["data"]["B"][2:]} == {order}
    assert {cell.alignment.readingOrder for cell in book["data"]["A"]} == {1}
    for sheet in book:
        spans = [(how.min or 1, how.max or 1, how.width) for how in sheet.column_dimensions.values()]
        widths = {column: width for first, last, width in spans for column in range(first, last + 1)}
        texts = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert texts
        for cell in texts:
            letters = sum(category(sign) not in {"Mn", "Cf"} for sign in str(cell.value))
            lines = ceil(letters / widths[cell.column])
            assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * lines, cell.coordinate


def test_a_figure_on_the_second_sheet_stands_beside_what_it_counts() -> None:
    """Where a table is told there, each of its rows is one row of the sheet."""
    told = made(ProductName.DATA)
    rows = [
        (row.label.text, *row.cells)
        for section in told.parts for block in section.blocks if isinstance(block, Table) for row in block.rows
    ]  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(written(told, "xlsx")))
    stands = {tuple(filter(None, row)) for row in book["about"].iter_rows(values_only=True)}

    assert len(rows) > 30
    assert {tuple(without_isolates(cell, rtl=False) for cell in row if cell) for row in rows} <= stands


@pytest.mark.parametrize("language", ["en", "ar", "ckb", "my"])
def test_no_invisible_sign_stands_between_words_and_machines(language: str) -> None:
    """Labels in the file of figures can be found by what is seen of them."""
    text = written(made(ProductName.DATA, language), "csv").decode()

    assert not re.search("[\u2066-\u2069]", text)

"""Small forms for tests, written as rows and saved as real workbooks."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from flows.findings import Finding
from flows.xlsform.importing import Imported, imported
from flows.xlsform.reading import read

Rows = list[list[Any]]

CONSULTATION: Rows = [
    ["name", "label::English (en)"],
    *([name, f"Words for {name}"] for name in ("title", "asked_by", "process", "about")),
    *([name, "May we?"] for name in ("count", "paraphrase", "quote", "other_processes", "results")),
]
HEADER = ["type", "name", "label::English (en)"]
CHOICES: Rows = [
    ["list_name", "name", "label::English (en)"],
    ["yes_no", "yes", "Yes"],
    ["yes_no", "no", "No"],
    ["places", "north", "North"],
    ["places", "south", "South"],
    ["places", "coast", "Coast"],
]


def workbook(**sheets: Rows) -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def form(survey: Rows, choices: Rows = CHOICES, *, drop: bool = False, **sheets: Rows) -> Imported:
    """A form with these questions and a consent, as imported."""
    rest: dict[str, Rows] = {"consultation": CONSULTATION, "settings": [["form_id"], ["small"]], **sheets}
    return imported(read(workbook(survey=survey, choices=choices, **rest), "form.xlsx"), drop=drop)


def asked(*rows: list[Any], header: list[str] | None = None, choices: Rows = CHOICES, drop: bool = False) -> Imported:
    """A form that asks what these rows of the sheet `survey` say."""
    return form([header or HEADER, *rows], choices, drop=drop)


def items(made: Imported) -> list[dict[str, Any]]:
    """All items of a form, in order."""
    return [item for section in made.tree.value["sections"] for item in section["items"]]


def told(made: Imported) -> list[tuple[str, str, str]]:
    """Severity, cell and code of each finding, but for lists that nobody uses."""
    return [(one.severity.value, cell(one), one.code) for one in made.findings if one.code != "list-not-used"]


def cell(finding: Finding) -> str:
    """Where a finding is, as spreadsheets call it."""
    return str(finding).split(":", 1)[0].removeprefix("form.xlsx ")

"""Small forms for tests, written as rows and saved as real workbooks, as CSV or as tables of Markdown."""

import csv
from io import BytesIO, StringIO
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


def as_csv(sign: str = ",", /, **sheets: Rows) -> str:
    """The same as text: each sheet below a row with its name, each row behind an empty cell."""
    whole = StringIO(newline="")
    writer = csv.writer(whole, delimiter=sign)
    for name, rows in sheets.items():
        writer.writerow([name])
        writer.writerows([[None, *row] for row in rows])
    return whole.getvalue()


def as_markdown(**sheets: Rows) -> str:
    """The same as tables of Markdown."""
    lines = []
    for name, rows in sheets.items():
        lines.append(f"| {name} |")
        for row in rows:
            cells = ("" if cell is None else str(cell).replace("|", r"\|") for cell in row)
            lines.append(f"|  | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


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

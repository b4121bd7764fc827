"""Attacks A13 and A14: against a document made without care they succeed, against ours they do not.

A13: numbers come back through the text beside a clean table. A14: numbers, names and hours lie in the file behind it.
"""

import re
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from pypdf import PdfReader

from flows.findings import ConsultationError
from locales import compile as compile_catalogues
from privacy.tables import Shown
from reports import narrative
from reports.narrative import ProductName
from reports.products import PLANS
from reports.rendering import FORMATS, document, references, written
from tests.reports.samples import candidate

COUNTS = {"meaning": 331, "unsure": 14, "women": 7}
"""What a careless author still knew: counts that no table shows."""
CARELESS = "Many want safety ({meaning} of them). Only seven women disagreed, and {unsure} were not sure."
WORDS = {"two": 2, "three": 3, "seven": 7}


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


def read_from_text(text: str) -> set[int]:
    """A13: every number a reader finds in prose, as digits or as a word."""
    words = {number for word, number in WORDS.items() if re.search(rf"\b{word}\b", text)}
    return words | {int(found) for found in re.findall(r"\d+", text)}


def read_from_file(data: bytes) -> tuple[set[int], bool]:
    """A14: numbers anywhere in an office file's parts, in sight or not, and whether it tells who made it or when."""
    with ZipFile(BytesIO(data)) as file:
        parts = {entry.filename: file.read(entry) for entry in file.infolist()}
        hours = {entry.date_time for entry in file.infolist()}
    # A cell of words holds the place of its words, not a number.
    told = re.sub(r'<c [^>]*t="s"[^>]*>.*?</c>', "", b"".join(parts.values()).decode("utf-8", errors="replace"))
    numbers = {int(found) for found in re.findall(r"<(?:c:)?v>(\d+)</|>(\d+)<", told) for found in found if found}
    who = re.search(r"<(?:dc:creator|cp:lastModifiedBy)>[^<]", told) is not None
    return numbers, who or len(hours) > 1 or re.search(r">20\d\d-\d\d-\d\dT", told) is not None


def careless_workbook() -> bytes:
    """Rounded figures in sight; the counts on a hidden sheet and in the cache of a chart."""
    book = openpyxl.Workbook()
    book.properties.creator = "Somebody"
    shown, counts = book.create_sheet("shown"), book.create_sheet("counts")
    shown.append(["Safe daily life", 330])
    for name, count in COUNTS.items():
        counts.append([name, count])
    counts.sheet_state = "hidden"
    chart = BarChart()
    chart.add_data(Reference(counts, min_col=2, min_row=1, max_row=3))
    shown.add_chart(chart, "D1")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a13_numbers_that_come_back_through_the_text() -> None:
    """A careless sentence gives three counts away; ours refuses it and lets only displayed figures in. Proves: R6."""
    careless = CARELESS.format(**COUNTS)
    head = "---\nformat: sauti-narrative\nversion: 1\nproduct: pbc\nlanguage: en\n---\n"
    ours = "Many want safety ({{meaning.daily_safety.count}} of them). Some disagreed, and a few were not sure."
    told = narrative.load((head + ours).encode(), "n.md", references(candidate()))[0]
    shown = {row.cell.count for table in candidate().tables for row in table.rows if isinstance(row.cell, Shown)}

    assert set(COUNTS.values()) <= read_from_text(careless)
    with pytest.raises(ConsultationError) as refused:
        narrative.load((head + careless).encode(), "n.md", references(candidate()))
    assert {finding.code for finding in refused.value.findings} == {"loose-number", "number-word"}
    assert read_from_text(told.sections[0].blocks[0].text.text) <= shown  # type: ignore[union-attr]  # a paragraph


@pytest.mark.parametrize("product", [ProductName.DATA, ProductName.PBC])
@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a14_what_lies_in_the_file(product: ProductName, form: str) -> None:
    """A careless workbook gives counts and its author away; in ours every number is a displayed one. Proves: R8."""
    found, traced = read_from_file(careless_workbook())
    ours, ours_traced = read_from_file(written(document(candidate(), product, "en"), form))

    assert set(COUNTS.values()) <= found
    assert traced
    assert not set(COUNTS.values()) & ours
    assert not ours_traced


def test_a14_pictures_and_pages_hold_no_figure_of_their_own() -> None:
    """A careless vector chart says its count as text; our drawings have no text in any format. Proves: R8."""
    careless = f'<svg><rect width="33"/><text>{COUNTS["meaning"]}</text></svg>'
    page = written(document(candidate(), ProductName.PBC, "en"), "html").decode()
    drawings = re.findall(r"<svg.*?</svg>", page)
    pdf = PdfReader(BytesIO(written(document(candidate(), ProductName.PBC, "en"), "pdf")))

    assert re.search(r"<text>\d+", careless)
    assert drawings
    assert not [drawing for drawing in drawings if re.sub(r"<[^>]*>", "", drawing)]
    assert not any(str(count) in page.extract_text().split() for page in pdf.pages for count in (331, 14))
    assert not pdf.attachments


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("product", PLANS)
def test_no_file_knows_what_no_table_shows(product: ProductName, form: str) -> None:
    """How many withdrew or could not be opened, and the server's key, are for those who decide and in no file."""
    private = candidate().model_copy(
        update={"method": candidate().method.model_copy(update={"tombstones": 7919, "refused": {"damaged": 6841}})}
    )
    made = written(document(private, product, "en"), form)
    everything = made
    if form in {"xlsx", "docx"}:
        with ZipFile(BytesIO(made)) as file:
            everything = b"".join(file.read(name) for name in file.namelist())
    if form == "pdf":
        everything = "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).encode()

    assert not [secret for secret in (b"7919", b"6841", b"cd" * 32) if secret in everything]

"""Pages for the web as a screen reader and a keyboard meet them, in a real browser, by the rules of axe-core."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from locales import compile as compile_catalogues
from locales.catalog import languages
from reports.compose import Told
from reports.document import Document
from reports.narrative import Head, Narrative, ProductName
from reports.rendering import document, written
from tests.reports.samples import candidate, rounds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DESK, NARROWEST = 820, 320
"""The second is the narrowest screen for which WCAG 2.2 demands that nothing is scrolled sideways (1.4.10)."""


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues.compile_all()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A page whose policy lets the examiner's script in; our own test of the policy is elsewhere."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def shown(page: "Page", folder: Path, product: ProductName, language: str, told: Told | None = None) -> Document:
    """Opens a product's page at a desk."""
    made = document(candidate(), product, language, told or Told())
    path = folder / "page.html"
    path.write_bytes(written(made, "html"))
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(path.as_uri())
    return made


def broken(page: "Page") -> list[tuple[str, list[str]]]:
    """Rules that axe-core finds broken, and where."""
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page).response
    assert response["passes"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in response["violations"]]


PAGES = [(ProductName.SUMMARY, "en"), (ProductName.PBC, "ar"), (ProductName.UPR, "en"), (ProductName.COMMUNITY, "my")]
"""Between them every kind of block, in both directions."""


@pytest.mark.parametrize(("product", "language"), PAGES)
def test_a_page_can_be_read_by_everybody(page: "Page", tmp_path: Path, product: ProductName, language: str) -> None:
    """Headings, landmarks, names, contrast, tables: no rule is broken."""
    shown(page, tmp_path, product, language)

    assert broken(page) == []


@pytest.mark.parametrize("language", languages())
def test_nothing_runs_off_the_side_of_a_phone(page: "Page", tmp_path: Path, language: str) -> None:
    """On the narrowest screen nothing is scrolled sideways: asks, facts, hashes and tables of votes find their room."""
    ask = {"to": "Members of the Peacebuilding Commission", "verb": "Invite", "what": "those led.", "by": "2027-09-30"}
    head = {"format": "sauti-narrative", "version": 1, "product": "pbc", "language": language, "asks": [ask]}
    for told in (Told(Narrative(Head.model_validate(head), ())), Told(earlier=rounds(3))):
        shown(page, tmp_path, ProductName.PBC, language, told)
        page.set_viewport_size({"width": NARROWEST, "height": 900})

        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


def test_a_table_on_a_phone_still_says_what_its_figures_are(page: "Page", tmp_path: Path) -> None:
    """Where the heads of a wide table have no room, each figure says its own, and the drawing stands below."""
    shown(page, tmp_path, ProductName.PBC, "en")
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    row = page.locator("table.wide tbody tr").first
    heads = row.locator("td.figure").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )

    assert heads == ['"Disagree "', '"Passed "', '"Agree "']
    assert row.locator("svg").is_visible()
    assert broken(page) == []


def test_slopes_and_diverging_bars_can_be_read_by_everybody(page: "Page", tmp_path: Path) -> None:
    """Two rounds side by side are drawn, and the table beside the drawing says all of it."""
    shown(page, tmp_path, ProductName.PBC, "en", Told(earlier=rounds(2)))

    assert broken(page) == []
    assert page.locator("svg.slopes").count() >= 3
    assert page.locator("svg:not([aria-hidden=true])").count() == 0


def test_the_examiner_sees_what_is_wrong(page: "Page", tmp_path: Path) -> None:
    """A page without a language and with pale letters is not passed: the examiner is awake."""
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><title>x</title><main><h1>x</h1><p style='color:#ccc'>Pale.</p></main>", "utf-8")
    page.goto(path.as_uri())

    assert {"html-has-lang", "color-contrast"} <= {name for name, _ in broken(page)}


def test_a_keyboard_goes_nowhere_because_nothing_is_hidden(page: "Page", tmp_path: Path) -> None:
    """Nothing on a page takes the focus, folds or waits for a mouse: what there is to read is there."""
    shown(page, tmp_path, ProductName.PBC, "ar")

    assert page.locator("a, button, input, select, details, [tabindex], [onclick]").count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_bars_grow_from_the_side_where_reading_begins(page: "Page", tmp_path: Path, language: str) -> None:
    """Labels stand where lines begin and bars grow from there; figures end on the right in both directions."""
    shown(page, tmp_path, ProductName.PBC, language)
    row = page.locator("main table:has(svg.bars) tbody tr").first
    label, figure, bar, track, certain = (
        row.locator(part).evaluate("part => part.getBoundingClientRect().toJSON()")
        for part in ("th", "td.figure >> nth=0", "td.bar", "rect.track", "rect.figure")
    )

    assert (label["x"] < figure["x"] < bar["x"]) is (language == "en")
    side, other = ("left", "right") if language == "en" else ("right", "left")
    assert abs(track[side] - certain[side]) < 1 < abs(track[other] - certain[other])
    assert page.locator("td.figure").first.evaluate("cell => getComputedStyle(cell).textAlign") == "right"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_is_printed_as_it_is_read(page: "Page", tmp_path: Path, language: str) -> None:
    """Printed, the annex begins on a page of its own, each page is stamped and has the size of a sheet."""
    made = shown(page, tmp_path, ProductName.PBC, language)
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    texts_of = [sheet.extract_text() for sheet in printed.pages]

    for sheet in printed.pages:
        assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == pytest.approx((595.3, 841.9), abs=1)
    if language == "en":
        annex = [text for text in texts_of if made.annex[0].heading.text in text]
        assert len(annex) == 1
        assert made.sections[-1].heading.text not in annex[0]
        assert all("DRAFT" in text for text in texts_of)


@pytest.mark.parametrize("language", languages())
def test_each_printed_sheet_says_which_it_is(page: "Page", tmp_path: Path, language: str) -> None:
    """Loose sheets can be put in order, in the digits of their language; none holds next to nothing."""
    for product in (ProductName.PBC, ProductName.UPR, ProductName.SUMMARY):
        made = shown(page, tmp_path, product, language, Told(number="1"))
        sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]

        for place, text in enumerate(sheets, 1):
            # Words are left out: a file's reader finds their letters as they are joined, and turned.
            digits = [one for one in "".join(text.split("\n")[:2]) if one.isdigit()]
            wanted = [made.digits[int(one)] for one in f"{place}{len(sheets)}{made.number}"]
            assert not Counter(wanted) - Counter(digits), (product, place)
            assert len(text) > LEAST, (product, place)


LEAST = 200
"""Letters of a sheet that is worth printing: a mark alone, or one box, has fewer."""


@pytest.mark.parametrize("language", ["ar", "ckb", "prs"])
def test_a_percent_sign_stays_on_its_side_on_a_phone(page: "Page", tmp_path: Path, language: str) -> None:
    """What a figure is called, which is set before it, does not turn what comes after."""
    shown(page, tmp_path, ProductName.PBC, language)
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    cells = page.locator("table.wide td.figure")

    assert cells.count() >= 6
    assert set(cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').unicodeBidi)")) == {
        "isolate"
    }

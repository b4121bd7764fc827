"""All languages side by side: every card of the bot, what is missing or too long marked, in one file for the mail."""

import base64
import hashlib
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from bot.participant import render
from bot.preview.sheet import marked, sheet
from bot.preview.sidebyside import MISSING, columns, rows
from flows.card import screen
from flows.checks.walk import options
from flows.loader import load
from flows.model import Consultation, Item, Note
from flows.session import Session, State
from sauti.main import app
from tests.architecture.house import ROOT
from tests.storage.asked import CONSULTATION

PROTECTION = ROOT / "examples" / "protection.yaml"
SMALLEST = ROOT / "examples" / "smallest.yaml"


@cache
def example() -> Consultation:
    """The whole example, in twelve languages."""
    return load(PROTECTION.read_bytes(), PROTECTION.name)


def ruled() -> Consultation:
    """The small consultation with a rule over each of its questions and their choices."""
    tree: dict[str, Any] = CONSULTATION.model_dump(mode="json")
    first, second = tree["sections"][0]["items"]
    first["choice_filter"] = "name = 'nowhere'"
    second["relevant"] = "selected(${place}, 'north')"
    return Consultation.model_validate(tree)


@pytest.mark.parametrize("consultation", [example(), ruled()], ids=["example", "ruled"])
def test_everything_that_is_asked_stands_there_in_every_language(consultation: Consultation) -> None:
    """Each question and choice, also those that a rule hides from most, with the rule beside it. Proves: Q7."""
    by_name = {row.name: row for row in rows(consultation)}

    for item in consultation.items:
        row = by_name[item.id]
        assert [cell.language for cell in row.cells] == list(consultation.languages)
        assert row.note == (f"only if {item.relevant}" if item.relevant else row.note)
        for cell in row.cells:
            labels = {label for line in cell.card.rows for label, _ in line}
            assert item.text[cell.language] in cell.card.text
            assert {option.text[cell.language] for _, option in options(item)} <= labels


def unnumbered(card: render.Card, item: Item) -> str:
    """The text of a card below the line that counts questions: laid open, a consultation has more of them."""
    return card.text if isinstance(item, Note) else card.text.split("\n\n", 1)[1]


def test_each_card_is_the_bots_own() -> None:
    """What a reviewer reads is what the bot would show at that place, letter by letter. Proves: F8."""
    asked, by_name = example(), {row.name: row for row in rows(example())}

    for place, item in enumerate(asked.items):
        for cell in by_name[item.id].cells:
            shown = screen(asked, Session(State.ASKING, cell.language, place, spent=1))
            if shown.place == place and (isinstance(item, Note) or item.relevant is None):
                card = render.card(asked, shown, rehearsal=False)
                assert unnumbered(card, item) == unnumbered(cell.card, item)
                assert card.rows == cell.card.rows
    assert len(by_name) > len(asked.items) + 30


def test_what_is_missing_or_too_long_is_marked_where_it_stands(tmp_path: Path) -> None:
    """A file that the linter refuses is shown all the same: its gaps in the cell, in the list, in the language's count.

    Proves: Q7
    """
    tree = yaml.safe_load(SMALLEST.read_text("utf-8"))
    item = tree["sections"][0]["items"][0]
    del item["text"]["fr"]
    tree["consent"]["count"]["en"] = "word " * 130
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")

    done = CliRunner().invoke(app, ["preview", str(tmp_path / "mine.yaml"), "--out", str(tmp_path / "all.html")])
    page = (tmp_path / "all.html").read_text("utf-8")
    cells = {
        (row.name, cell.language): cell.flaws
        for row in rows(Consultation.model_validate(tree))
        for cell in row.cells
        if cell.flaws
    }

    assert (done.exit_code, done.stdout) == (0, "")
    assert "language-missing" in done.stderr
    assert cells == {
        (item["id"], "fr"): ("not translated",),
        ("Consent: count", "en"): ("130 words; a screen is read up to 120",),
    }
    assert page.count(MISSING) == 1
    assert page.count('class="flaw"') == 2
    assert "2 marked" in page
    assert "not reviewed" in page


def test_the_file_needs_nothing_and_runs_nothing() -> None:
    """No script, no address but its own cells, one style under its hash; markup in a text stays words. Proves: T6."""
    hostile = "<b>🕊️ & <script>alert(1)</script>"
    tree = CONSULTATION.model_dump(mode="json")
    tree["title"]["en"] = tree["sections"][0]["items"][0]["text"]["ar"] = hostile
    made = sheet(Consultation.model_validate(tree), "<i>.yaml")
    (style,) = re.findall(r"<style>(.*?)</style>", made.html, re.DOTALL)

    assert "<script" not in made.html
    assert made.html.count(hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) == 3
    assert all(address.startswith("#") for address in re.findall(r'(?:href|src)="([^"]*)"', made.html))
    assert "url(" not in style
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in made.policy
    assert made.policy in unescape(made.html)


def test_looks_of_a_card_are_kept() -> None:
    """Bold and italic ranges are cut as Telegram cuts them, by UTF-16 units."""
    card = render.Card("🕊️ a<b", (render.Range("bold", 4, 1),))

    assert marked(card) == "🕊️ <strong>a</strong>&lt;b"


@pytest.mark.browser
def test_columns_are_chosen_by_keyboard_and_read_in_their_direction(browser: Browser, tmp_path: Path) -> None:
    """Space takes a column away, Arabic stands from right to left, a mark leads to its cell. Proves: P10, F8."""
    tree = CONSULTATION.model_dump(mode="json")
    del tree["sections"][0]["items"][0]["text"]["ar"]
    (tmp_path / "all.html").write_text(sheet(Consultation.model_validate(tree), "mine.yaml").html, "utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.goto((tmp_path / "all.html").as_uri())

    arabic = page.get_by_role("columnheader", name="العربية")
    expect(arabic).to_be_visible()
    cell = page.locator("td.flawed")
    expect(cell).to_have_css("direction", "rtl")
    page.get_by_role("link", name="place, ar").click()
    expect(cell).to_be_in_viewport()
    page.get_by_label("English").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("columnheader", name="English")).to_be_hidden()
    expect(arabic).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("group", name="Languages to show")).to_be_hidden()
    page.close()
    assert complaints == []


def test_every_language_has_its_head() -> None:
    """Name, direction and what nobody has signed, for each column."""
    heads = {one.language: one for one in columns(example())}

    assert {tag for tag, one in heads.items() if one.direction == "rtl"} == {"ar", "ckb", "prs"}
    assert heads["ar"].unreviewed == "not reviewed: its questions and the bot's own words"
    assert {one.unreviewed for one in columns(CONSULTATION)} == {"not reviewed: the bot's own words"}

"""The preview's pages as a screen reader and a keyboard meet them, in two directions and in a script of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot.participant import texts
from flows.events import Control
from locales.catalog import autonym, catalogue, direction
from tests.handbook.taking import PROTECTION, served
from tests.reports.test_accessible import NARROWEST, broken

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LANGUAGES = ("ar", "my")


@pytest.fixture(scope="module")
def preview() -> Iterator[str]:
    """The example's preview; she who holds a phone chooses her language."""
    with served("preview", str(PROTECTION)) as url:
        yield url


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A window whose policy lets the examiner's script in; tests of the policy are elsewhere."""
    context = browser.new_context(bypass_csp=True, color_scheme="light", viewport={"width": 900, "height": 930})
    yield context.new_page()
    context.close()


def tabbed(page: "Page", name: str) -> None:
    """Reaches what is called so with the tabulator key alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.innerText || '').trim()") == name:
            return
    raise AssertionError(f"the tabulator key does not reach {name!r}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_phones_can_be_read_and_used_by_everybody(page: "Page", preview: str, language: str) -> None:
    """No rule of axe-core is broken; keys alone lead to the next card; the phone says its direction.

    Proves: F8, P10
    """
    from playwright.sync_api import expect

    words = catalogue(language, texts.DOMAIN)
    page.goto(preview)
    page.get_by_label("Language").select_option(language)
    page.get_by_role("button", name="Open a phone").focus()
    page.keyboard.press("Enter")
    phone = page.get_by_role("region", name=f"Phone of {autonym(language)}")
    expect(phone.get_by_text(words.text(*texts.SAFE))).to_be_visible()
    assert broken(page) == []
    tabbed(page, words.text(*texts.CONTROLS[Control.YES]))
    page.keyboard.press("Enter")

    expect(phone.get_by_text(words.text(*texts.AGE))).to_be_visible()
    expect(phone).to_have_attribute("dir", direction(language))
    card = phone.locator(".bot .text").last
    assert card.evaluate("at => getComputedStyle(at).direction") == direction(language)
    assert broken(page) == []
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


def test_languages_side_by_side_can_be_read_by_everybody(page: "Page", preview: str) -> None:
    """The table of all languages: names, heads, contrast; each cell in its own language and direction. Proves: P10."""
    page.goto(f"{preview}/languages")

    assert broken(page) == []
    for language in LANGUAGES:
        cell = page.locator(f"td.in-{language}").first
        assert cell.evaluate("at => at.closest('[lang]').lang") == language
        assert cell.evaluate("at => getComputedStyle(at).direction") == direction(language)

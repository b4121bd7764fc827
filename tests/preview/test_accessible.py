"""The preview's pages as a screen reader and a keyboard meet them, in two directions and in a script of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot.participant import texts
from flows.events import Control
from locales.catalog import autonym, catalogue, direction, languages
from tests.handbook.taking import PROTECTION, served
from tests.reports.test_accessible import NARROWEST, broken

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

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


def spoken(at: "Locator") -> tuple[str, str]:
    """In which language and direction a screen reader takes it."""
    lang, way = at.evaluate("at => [at.closest('[lang]').lang, getComputedStyle(at).direction]")
    return str(lang), str(way)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_phone_is_read_with_the_voice_of_its_language(
    page: "Page", preview: str, language: str
) -> None:
    """Cards and buttons in the language that was chosen there; before, each paragraph and name in its own.

    Changed back to English in the middle, the card is English; what the page says of itself is so all along.

    Proves: P10
    """
    from playwright.sync_api import expect

    page.goto(preview)
    phone = page.get_by_role("region", name="Phone of Preview")
    for one in languages(texts.DOMAIN):
        words, named = catalogue(one, texts.DOMAIN), phone.get_by_role("button", name=autonym(one), exact=True)
        asked = phone.locator(".bot .text span").filter(has_text=words.text(*texts.CHOOSE_LANGUAGE))
        assert [spoken(each) for each in (asked, named)] == [(one, direction(one))] * 2
    assert broken(page) == []

    for chosen in (language, "en"):
        words, way = catalogue(chosen, texts.DOMAIN), direction(chosen)
        phone.get_by_role("button", name=autonym(chosen), exact=True).click()
        card = phone.locator(".bot .text").last
        expect(card).to_contain_text(words.text(*texts.SAFE))
        button = phone.get_by_role("button", name=words.text(*texts.CONTROLS[Control.YES]), exact=True)
        assert [spoken(each) for each in (card, button)] == [(chosen, way)] * 2
        expect(phone).to_have_attribute("dir", way)
        assert spoken(phone.locator(".state"))[0] == "en"
        assert broken(page) == []
        if chosen != "en":
            phone.get_by_role("button", name=words.text(*texts.CONTROLS[Control.LANGUAGE]), exact=True).click()


def test_languages_side_by_side_can_be_read_by_everybody(page: "Page", preview: str) -> None:
    """The table of all languages: names, heads, contrast; each cell in its own language and direction. Proves: P10."""
    page.goto(f"{preview}/languages")

    assert broken(page) == []
    for language in LANGUAGES:
        cell = page.locator(f"td.in-{language}").first
        assert cell.evaluate("at => at.closest('[lang]').lang") == language
        assert cell.evaluate("at => getComputedStyle(at).direction") == direction(language)

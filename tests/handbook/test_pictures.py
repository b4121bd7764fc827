"""Pictures of README and handbook are taken anew and laid beside those that the pages show."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.handbook.likeness import IMAGES, Picture, boxes, moved, repainted
from tests.handbook.taking import PICTURES, taken
from tests.support.browser import ARGS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MOST_BYTES = 400_000
"""A README is also read over a slow line."""


@pytest.fixture
def blank(browser: "Browser") -> Iterator["Page"]:
    """A page to measure pictures on."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_what_the_software_shows(browser: "Browser", blank: "Page", tmp_path: Path, name: str) -> None:
    """Its words, where they stand, and its colours are today's; else take it again, and look. Proves: F8."""
    kept, now = Picture.read(name), taken(browser, name, tmp_path)
    (tmp_path / f"{name}.png").write_bytes(now.png)

    again = f"look at {tmp_path / name}.png, then run: python -m tests.handbook.taking {name}"
    assert moved(kept.words, now.words) == [], again
    assert repainted(blank, kept.png, now.png) == "", again


def test_every_picture_has_its_words_and_is_small() -> None:
    """None lies there that nobody takes, and none is heavy for a slow line."""
    sizes = {path.stem: path.stat().st_size for path in IMAGES.glob("*.png")}

    assert set(sizes) == {path.stem for path in IMAGES.glob("*.words")} == set(PICTURES)
    assert max(sizes.values()) <= MOST_BYTES


OTHER_LETTERS = ("--font-render-hinting=none", "--disable-lcd-text", "--disable-font-subpixel-positioning")
BREAKING = {
    "a word": "document.querySelector('h1').textContent = 'What protection means to us'",
    "a line": "document.querySelector('tbody tr').remove()",
    "a place": "document.querySelector('h1').style.paddingLeft = '30px'",
    "a colour": "for (const one of document.querySelectorAll('svg *')) one.style.fill = '#a00'",
    "a background": "document.body.style.background = '#ddd'",
}


@pytest.mark.parametrize("change", BREAKING)
def test_a_change_of_the_page_is_seen(browser: "Browser", blank: "Page", tmp_path: Path, change: str) -> None:
    """A word, a row, a place and a colour: each is seen by the look that is there for it."""
    page = browser.new_page()
    with PICTURES["summary"](page, tmp_path):
        before = Picture(page.screenshot(), boxes(page))
        page.evaluate(f"() => {{ {BREAKING[change]} }}")
        after = Picture(page.screenshot(), boxes(page))
    page.close()

    assert not moved(before.words, before.words)
    assert bool(moved(before.words, after.words)) == (change in {"a word", "a line", "a place"})
    assert bool(repainted(blank, before.png, after.png)) == (change in {"a line", "a colour", "a background"})


def test_letters_that_are_drawn_otherwise_are_no_change(browser: "Browser", blank: "Page", tmp_path: Path) -> None:
    """Without hinting, and with other edges, every letter is other pixels and the picture is the same."""
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGS, *OTHER_LETTERS])
    one, drawn = (taken(each, "summary", tmp_path) for each in (browser, other))
    other.close()

    assert one.png != drawn.png
    assert moved(one.words, drawn.words) == []
    assert repainted(blank, one.png, drawn.png) == ""

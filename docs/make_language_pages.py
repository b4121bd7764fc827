"""Takes a picture of every screen in every language: `python -m docs.make_language_pages`, a minute; look at them.

Each card is what the bot's own renderer makes, put into the look of the simulator's chat page and shown by Chromium, so
that a cut label, a line that turns around or a letter without a shape is seen before a phone shows it. Questions are
the example's. The pictures go to build/languages and are not committed. A language for which this machine has no font
is named, and its picture shows boxes: `.ci/debian` installs fonts-noto-core for all but Chinese, and fonts-noto-cjk.
"""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path

from bot.participant import keeping, render, texts
from bot.participant.render import Card
from bot.preview.sheet import marked
from flows.card import screen
from flows.events import Control
from flows.loader import load
from flows.model import PURPOSES, Consultation
from flows.screens import Notice
from flows.session import Session, State
from locales.catalog import Catalogue, catalogues
from storage.receipts import from_seed
from tests.support.browser import chromium

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "languages"
STYLE = ROOT / "bot" / "simulator" / "static" / "style.css"
FONTED = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ku-iq", "fa")
"""The twelve languages, as fontconfig names them: Sorani is Kurdish of Iraq, Dari goes with Persian."""
COLUMNS = "body { display: block; height: auto; columns: 22rem 4; padding: 1rem; } .message { break-inside: avoid; }"
"""Four phones' widths beside each other instead of one long chat."""


def main() -> None:
    """One PNG for each language."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in unshaped(FONTED):
        sys.stderr.write(f"no font here for {language}: install fonts-noto-core and fonts-noto-cjk\n")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 900}, color_scheme="light")
        for words in catalogues(texts.DOMAIN):
            page.set_content(page_of(words))
            page.screenshot(path=FOLDER / f"{words.language}.png", full_page=True)


def unshaped(tags: Iterable[str]) -> list[str]:
    """Languages whose letters no installed font has, as fontconfig sees it."""
    ask = shutil.which("fc-list")
    if ask is None:
        return list(tags)

    def fonts(tag: str) -> bytes:
        return subprocess.run([ask, f":lang={tag}"], capture_output=True, check=True).stdout  # noqa: S603 - our own words

    return [tag for tag in tags if not fonts(tag)]


def page_of(words: Catalogue) -> str:
    """All cards and notices of one language under each other."""
    shown = "\n".join(_bubble(card) for card in dict.fromkeys(cards(words.language)))
    notices = _bubble(Card("\n\n".join(render.say(words, texts.NOTICES[one]) for one in Notice)))
    head = f'<meta charset="utf-8"><style>{STYLE.read_text()}{COLUMNS}</style>'
    return f'<!doctype html><html lang="{words.language}">{head}<body><h1>{words.name}</h1>{shown}{notices}'


def cards(language: str) -> Iterator[Card]:
    """Every kind of card, and every line outside a conversation."""
    asked = example()
    for state, place, spent in itertools.product(State, range(len(asked.items)), (0, 1)):
        if place < len(PURPOSES) or state is State.ASKING:
            session = Session(state, language, place, spent=spent, back_to=State.ASKING, asked=Control.PAUSE, word="…")
            yield render.card(asked, screen(asked, session), rehearsal=False)
    for message in (*texts.ENDINGS.values(), texts.WITHDRAW, texts.WITHDRAWN, texts.MISTYPED, texts.WIPED, texts.HELP):
        yield render.line(message, (language,))
    yield render.line(texts.RECEIPT_KEPT, (language,), Control.HIDE)
    kept = keeping.Kept(from_seed(b"a seed for pictures"), language, rehearsal=True)
    yield keeping.receipt_card(kept)
    for action in (Control.RECEIPT_KEPT, keeping.WRONG[0]):
        yield keeping.answer(bytes(32), kept, action)


@cache
def example() -> Consultation:
    """The example, in every language there is."""
    path = ROOT / "examples" / "protection.yaml"
    return load(path.read_bytes(), path.name)


def _bubble(card: Card) -> str:
    rows = "".join(
        '<div class="row">' + "".join(f'<button class="key" dir="auto">{escape(label)}</button>' for label, _ in row)
        + "</div>" for row in card.rows
    )  # fmt: skip
    return (
        f'<article class="message bot"><div class="bubble"><p class="text" dir="auto">{marked(card)}</p></div>'
        f'<div class="board">{rows}</div></article>'
    )


if __name__ == "__main__":
    main()

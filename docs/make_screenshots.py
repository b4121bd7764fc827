"""Takes the pictures of README and handbook from running programs: `python -m docs.make_screenshots`, some minutes.

`python -m docs.make_screenshots preview` takes those of a preview alone, in half a minute. Not part of CI: it needs a
browser and patience, and the pictures change only when somebody wants them to.
"""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

from bot.participant import texts
from flows.events import Control
from locales.catalog import autonym, catalogue

IMAGES = Path(__file__).parent / "images"
MOST_BYTES = 400_000
"""A README is also read over a slow line."""
PATIENCE = 300_000
"""Milliseconds for anything the demo has to do first."""


def main(arguments: list[str]) -> None:
    """All pictures, or those of a preview alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 812, "height": 880}, color_scheme="light")
        context.set_default_timeout(PATIENCE)
        with served("preview", "examples/protection.yaml", "--lang", "en") as url:
            pictures_of_a_preview(context.new_page(), url)
        if arguments != ["preview"]:
            with served("demo") as url:
                pictures_of_the_demo(context, url)
        browser.close()


def pictures_of_a_preview(page: Page, url: str) -> None:
    """Two phones beside each other, and the languages that they speak with a third, side by side."""
    page.set_viewport_size({"width": 830, "height": 860})
    page.goto(url)
    for language in ("en", "ar"):
        words = catalogue(language, texts.DOMAIN)
        if language != "en":
            page.get_by_label("Language").select_option(language)
            page.get_by_role("button", name="Open a phone").click()
        phone = page.get_by_role("region", name=f"Phone of {autonym(language)}")
        press(phone, words.text(*texts.CONTROLS[Control.YES]))
    page.mouse.move(0, 0)
    shoot(page, "preview")
    page.goto(f"{url}/languages")
    page.set_viewport_size({"width": 1240, "height": 860})
    for box in page.get_by_role("checkbox").all():
        if box.get_attribute("id") not in {"show-en", "show-ar", "show-my"}:
            box.uncheck()
    shoot(page, "languages")


def pictures_of_the_demo(context: BrowserContext, url: str) -> None:
    """The chat and the summary, from one demo with its invented people."""
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Close and summarise").wait_for()
    picture_of_the_chat(context, state(url)["chat"])
    while state(url)["answering"]:
        time.sleep(1)
    page.get_by_role("button", name="Close and summarise").click()
    page.get_by_role("link", name="English").wait_for()
    picture_of_the_summary(context, f"{url}/summary/en")


@contextmanager
def served(*words: str) -> Iterator[str]:
    """A command that serves a page; yields its address."""
    command = [sys.executable, "-m", "sauti", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "")["url"]
        finally:
            process.send_signal(signal.SIGTERM)


def state(url: str) -> Any:  # noqa: ANN401 - any JSON
    """What the demo's page is told."""
    with urllib.request.urlopen(f"{url}/state") as answer:  # noqa: S310 - our own server
        return json.loads(answer.read())


def picture_of_the_chat(context: BrowserContext, url: str) -> None:
    """Two people side by side, mid-way, each in her language."""
    page = context.new_page()
    page.goto(url)
    amina, layla = (a_phone(page, *who) for who in (("Amina", "en"), ("ليلى", "ar")))
    go_on(amina, "en", 5)
    go_on(layla, "ar", 4)
    page.mouse.move(0, 0)
    shoot(page, "chat")
    page.close()


def a_phone(page: Page, name: str, language: str) -> Locator:
    """Adds a person and starts the bot in her language."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Phone language").select_option(language)
    page.get_by_role("button", name="Add a person").click()
    phone = page.get_by_role("region", name=f"Phone of {name}")
    phone.get_by_role("button", name="Start", exact=True).click()
    press(phone, autonym(language))
    return phone


def go_on(phone: Locator, language: str, question: int) -> None:
    """Taps on, agreeing and skipping, until the question with this number stands in the chat."""
    words = catalogue(language, texts.DOMAIN)
    wanted = words.text(
        texts.PROGRESS.context, texts.PROGRESS.text, number=words.number(question), all=words.number(15)
    )
    ways = [texts.CONTROLS[one] for one in (Control.SKIP, Control.ADULT, Control.YES, Control.NEXT)]
    no, check = texts.CONTROLS[Control.NO], texts.CHECKS[1]
    while wanted not in phone.locator(".bot .text").last.inner_text():
        shown = phone.locator(".bot .text").last.inner_text()
        known = [no] if words.text(check.context, check.text) in shown else ways
        labels = [words.text(way.context, way.text) for way in known]
        there = {text.strip() for text in phone.get_by_role("button").all_inner_texts()}
        press(phone, next(label for label in labels if label in there))


def press(phone: Locator, label: str) -> None:
    """Presses a button and waits until the card has changed."""
    card = phone.locator(".log")
    before = card.inner_html()
    phone.get_by_role("button", name=label, exact=True).last.click()
    for _ in range(200):
        if card.inner_html() != before:
            break
        time.sleep(0.1)
    time.sleep(0.3)


def picture_of_the_summary(context: BrowserContext, url: str) -> None:
    """The top of the summary, down to the first tables."""
    page = context.new_page()
    page.set_viewport_size({"width": 900, "height": 1390})
    page.goto(url)
    shoot(page, "summary")


def shoot(page: Page, name: str) -> None:
    """One PNG of what the window shows."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes; at most {MOST_BYTES}")


if __name__ == "__main__":
    main(sys.argv[1:])

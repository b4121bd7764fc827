"""The pictures of README and handbook, each taken from running software as somebody would see it who follows the page.

`python -m tests.handbook.taking` takes all of them again, `python -m tests.handbook.taking chat` one. Beside each
picture `docs/images` keeps its words and where they stand (`likeness`): look at it, and at the change of its words.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

from bot.participant import texts
from bot.staff import texts as staff_texts
from bot.staff.desk import Desk
from bot.staff.incoming import Incoming
from flows.events import Control
from flows.loader import load
from locales import compile as compile_catalogues
from locales.catalog import autonym, catalogue
from reports.compose import Told
from reports.narrative import ProductName
from reports.rendering import document, written
from storage import staff_offers
from storage.database import connect
from storage.migrations import migrate
from storage.rounds import RoundState
from storage.staff import StaffStore
from storage.staff_keys import StaffKeys
from storage.times import day
from tests.architecture.house import ROOT
from tests.handbook.likeness import Picture, boxes
from tests.reports.samples import candidate
from tests.simulator.test_page import Stage, join
from tests.staff.clock import today
from tests.staff.phone import PlainPapers
from tests.storage.world import World
from tests.support.browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PROTECTION = ROOT / "examples" / "protection.yaml"
CODE = "LYPSPR9H"
"""The code of the round in a picture, drawn by lot once: with another each time, bubbles would have another width."""
WITHIN = 60.0
"""Seconds for a process to start on a busy machine."""


@contextmanager
def served(*words: str, **settings: str) -> Iterator[str]:
    """A command of ours that serves something; yields the address that it prints, if it prints one."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    command = [sys.executable, "-m", "sauti", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=known | settings) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline()).get("url", "")
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def preview(page: "Page", _folder: Path) -> Iterator[None]:
    """Two phones beside each other, in two directions."""
    page.set_viewport_size({"width": 830, "height": 930})
    with served("preview", str(PROTECTION), "--lang", "en") as url:
        page.goto(url)
        for language in ("en", "ar"):
            if language != "en":
                page.get_by_label("Language").select_option(language)
                page.get_by_role("button", name="Open a phone").click()
            phone = page.get_by_role("region", name=f"Phone of {autonym(language)}")
            press(phone, catalogue(language, texts.DOMAIN).text(*texts.CONTROLS[Control.YES]))
        yield


@contextmanager
def languages(page: "Page", _folder: Path) -> Iterator[None]:
    """Three languages side by side."""
    page.set_viewport_size({"width": 1240, "height": 860})
    with served("preview", str(PROTECTION)) as url:
        page.goto(f"{url}/languages")
        for box in page.get_by_role("checkbox").all():
            box.set_checked(box.get_attribute("id") in {"show-en", "show-ar", "show-my"})
        yield


@contextmanager
def chat(page: "Page", folder: Path) -> Iterator[None]:
    """Two people mid-way in one round, each in her language, with the bot as a process."""
    page.set_viewport_size({"width": 812, "height": 940})
    address = f"sqlite:///{folder}/sauti.db"
    engine = connect(address)
    migrate(engine)
    engine.dispose()
    with Stage() as stage, World.make(address, folder / "secrets") as world:
        with patch("storage.rounds.secrets.choice", side_effect=CODE):
            world.open_round(load(PROTECTION.read_bytes(), PROTECTION.name))
        settings = {
            "SAUTI_DATABASE_URL": address, "SAUTI_SECRETS_DIR": str(folder / "secrets"),
            "SAUTI_BOT_API_URL": stage.url, "SAUTI_BOT_TOKEN": stage.bot["token"],
        }  # fmt: skip
        with served("bot", **settings):
            page.goto(f"{stage.url}/?start={CODE}")
            for name, language, question in (("Amina", "en", 5), ("ليلى", "ar", 4)):
                join(page, name, language)
                phone = page.get_by_role("region", name=f"Phone of {name}")
                press(phone, autonym(language))
                go_on(phone, language, question)
            yield


@contextmanager
def summary(page: "Page", folder: Path) -> Iterator[None]:
    """The top of a summary, down to the first tables."""
    made = folder / "summary.html"
    made.write_bytes(written(document(candidate(), ProductName.SUMMARY, "en", Told()), "html"))
    page.set_viewport_size({"width": 900, "height": 1390})
    page.goto(made.as_uri())
    yield


@contextmanager
def staff(page: "Page", folder: Path) -> Iterator[None]:
    """Two people of the staff: one sees her list, one a round that runs."""
    page.set_viewport_size({"width": 812, "height": 700})
    address = f"sqlite:///{folder}/sauti.db"
    engine = connect(address)
    migrate(engine)
    engine.dispose()
    with Stage() as stage, World.make(address, folder / "secrets") as world:
        for number, state in enumerate((RoundState.OPEN, RoundState.PAUSED, RoundState.CLOSED), 0x3A):
            drawn = SimpleNamespace(token_bytes=bytes([number, 0xC4]).ljust, choice=itemgetter(number % 32))
            with patch("storage.rounds.secrets", drawn):
                world.rounds.set_state(world.drafted(), state, proved=True)
        store = StaffStore(world.engine, StaffKeys(stage.bot["token"]))
        people = {name: stage.ask("/sim/people", {"first_name": name})["id"] for name in ("Amina", "Baraka")}
        _linked(world, store, people)
        settings = {
            "SAUTI_DATABASE_URL": address, "SAUTI_BOT_API_URL": stage.url,
            "SAUTI_STAFF_BOT_TOKEN": stage.bot["token"], "SAUTI_BOT_NAME": "quiet_bot",
        }  # fmt: skip
        with served("staff-bot", **settings):
            page.goto(stage.url)
            for name, number in people.items():
                page.get_by_label("Someone here already").select_option(str(number))
                phone = page.get_by_role("region", name=f"Phone of {name}")
                phone.get_by_role("button", name="Start", exact=True).click()
                phone.get_by_role("button", name="Hide", exact=True).wait_for()
            press(phone, "3ac4")
            yield


def _linked(world: World, store: StaffStore, people: dict[str, int]) -> None:
    """Links these accounts, to whom nothing more is told today: what comes unasked depends on the hour."""
    desk = Desk(store, world.rounds, PlainPapers(), "", today)
    for name, account in people.items():
        offer = staff_offers.offer(world.engine, name.lower(), "operator", today(), 60)
        desk.answer(Incoming(account, 1, typed=offer.code))
    for known, kind in product(store.linked(), ("digest", *staff_texts.ALARMS)):
        store.claim(known, kind, day(today()))


PICTURES = {one.__name__: one for one in (preview, languages, chat, summary, staff)}


def taken(browser: "Browser", name: str, folder: Path) -> Picture:
    """One picture, taken anew. `folder` is an empty one."""
    context = browser.new_context(color_scheme="light", timezone_id="UTC", locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(WITHIN * 1000)
    with PICTURES[name](page, folder):
        page.mouse.move(0, 0)
        picture = Picture(page.screenshot(), boxes(page))
    context.close()
    return picture


def main(names: list[str]) -> None:
    """Takes the pictures of these names, or all of them, and puts them where the pages show them."""
    compile_catalogues.compile_all()
    with chromium() as browser:
        for name in names or PICTURES:
            with TemporaryDirectory() as folder:
                taken(browser, name, Path(folder)).write(name)


def go_on(phone: "Locator", language: str, question: int) -> None:
    """Taps on, agreeing and skipping, until the question with this number stands in the chat."""
    words = catalogue(language, texts.DOMAIN)
    wanted = words.text(*texts.PROGRESS, number=words.number(question), all=words.number(15))
    ways = [texts.CONTROLS[one] for one in (Control.SKIP, Control.ADULT, Control.YES, Control.NEXT)]
    no, check = texts.CONTROLS[Control.NO], texts.CHECKS[1]
    while wanted not in (shown := phone.locator(".bot .text").last.inner_text()):
        known = [no] if words.text(*check) in shown else ways
        there = {text.strip() for text in phone.get_by_role("button").all_inner_texts()}
        press(phone, next(label for label in (words.text(*way) for way in known) if label in there))


def press(phone: "Locator", label: str) -> None:
    """Presses a button and waits until the card has changed, and stands still."""
    log, button = phone.locator(".log"), phone.get_by_role("button", name=label, exact=True).last
    button.wait_for()
    before, until = log.inner_html(), time.monotonic() + WITHIN
    button.click()
    while (now := log.inner_html()) == before:
        assert time.monotonic() < until, "nothing happens after a press"
        time.sleep(0.02)
    time.sleep(0.2)
    while (later := log.inner_html()) != now:
        now = later
        time.sleep(0.2)


if __name__ == "__main__":
    main(sys.argv[1:])

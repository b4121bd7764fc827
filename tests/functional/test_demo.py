"""The demo as a newcomer meets it: once without watching, and watched in a real browser."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.participant import texts as spoken
from flows.events import Control
from locales.catalog import catalogue
from reports import texts
from reports.feedback import RECORD
from sauti.demo.cast import CAST, Way
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

pytestmark = pytest.mark.slow
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "uk", "my", "sw", "am", "ckb", "prs")
PATIENCE = 120_000
"""Milliseconds that the browser waits: six processes share the machine with other tests."""


def begin(temporary: Path, *arguments: str) -> "subprocess.Popen[str]":
    """The demo, with its temporary folder where the test can look, leading a group whose members can be counted."""
    return subprocess.Popen(
        [sys.executable, "-m", "sauti", "demo", *arguments],
        cwd=ROOT, env=os.environ | {"TMPDIR": str(temporary)},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def children(temporary: Path) -> list[int]:
    """Processes that were started by the demo over this folder: they carry its path in their environment."""
    mark = f"TMPDIR={temporary}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


def nothing_left(temporary: Path) -> bool:
    """Whether neither a process nor a file of the demo is left; a process just ended may take a moment to vanish."""
    ends = time.monotonic() + 5
    while children(temporary) and time.monotonic() < ends:
        time.sleep(0.1)
    return not children(temporary) and list(temporary.glob("sauti-demo-*")) == []


def test_once_with_few_people_tells_no_figure(tmp_path: Path) -> None:
    """Eight people are too few: the summary is in words, in twelve languages, and run.json tells how it went."""
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    process = begin(temporary, "--once", "--participants", "8", "--out", str(out))
    stdout, stderr = process.communicate(timeout=400)
    assert process.returncode == 0, stderr

    run = json.loads((out / "run.json").read_text("utf-8"))
    assert json.loads(stdout) == run
    assert (run["format"], run["version"], run["participants_started"]) == ("sauti-demo-run", 1, 8)
    assert 0 <= run["participants_withdrawn"] <= run["participants_sent"] <= 8
    assert run["updates_handled"] > run["participants_sent"] * 20
    assert run["wall_seconds"] > 0
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["candidate.json", "release.json", "ledger.jsonl", "run.json", "summary.html", "summary.md", RECORD]
        + [f"summary.{language}.{suffix}" for language in LANGUAGES for suffix in ("html", "md")]
        + [f"community.{language}.html" for language in LANGUAGES]
        + [f"pbc.{language}.{suffix}" for language in ("en", "fr", "ar") for suffix in ("pdf", "docx")]
    )
    candidate = json.loads((out / "candidate.json").read_text("utf-8"))
    assert (candidate["respondents"], candidate["tables"], candidate["rehearsal"]) == (None, [], True)
    assert "no table is made" in stderr
    assert "Of fewer than 20 people no figure would be shown at all" in stderr
    release = json.loads((out / "release.json").read_text("utf-8"))
    assert (release["number"], release["candidate"], len(release["votes"])) == (1, candidate, 2)
    for language in LANGUAGES:
        page = (out / f"summary.{language}.md").read_text("utf-8")
        words = catalogue(language, "reports")
        assert texts.DRAFT(words) not in page
        assert texts.REHEARSAL(words) in page
    assert (out / "summary.html").read_bytes() == (out / "summary.en.html").read_bytes()
    assert nothing_left(temporary)


@pytest.mark.parametrize("wait", [0.0, 4.0])
def test_ended_while_it_opens_it_leaves_nothing(tmp_path: Path, wait: float) -> None:
    """Addresses within a minute; SIGTERM while a round is being opened: 0 within ten seconds, no process, no file."""
    began = time.monotonic()
    process = begin(tmp_path, "--participants", "2")
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    took = time.monotonic() - began
    assert len(children(tmp_path)) > 1

    time.sleep(wait)
    process.send_signal(signal.SIGTERM)
    ended = time.monotonic()
    process.communicate(timeout=30)

    assert ready["ready"] is True
    assert took < 60
    assert process.returncode == 0
    assert time.monotonic() - ended < 10
    assert nothing_left(tmp_path)


def test_once_that_is_ended_says_that_it_was_not_done(tmp_path: Path) -> None:
    """A caller that ends `--once` early gets 3, not 0: there is no summary."""
    process = begin(tmp_path, "--once", "--participants", "2", "--out", str(tmp_path / "out"))
    while process.poll() is None and not list(tmp_path.glob("sauti-demo-*/commands.log")):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)

    assert process.returncode == 3
    assert "Traceback" not in stderr
    assert nothing_left(tmp_path)


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """Windows whose consoles stay silent, a CSP violation above all."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Any]:
    """A watched demo with three invented people; yields its ready line."""
    process = begin(tmp_path, "--participants", "3")
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
        assert nothing_left(tmp_path)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def look(page: "Page", name: str) -> None:
    """A screenshot where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/demo-{name}.png", full_page=True)


def take_part(phone: "Locator") -> None:
    """From *Start* to the receipt, in Arabic: agrees to be counted, skips every question, sends."""
    from playwright.sync_api import expect

    phone.get_by_role("button", name="Start", exact=True).click()
    phone.get_by_role("button", name="العربية", exact=True).click()
    controls = spoken.CONTROLS
    words = catalogue("ar", spoken.DOMAIN)
    ways = [
        Control.RECEIPT_KEPT, Control.SEND, Control.SKIP, Control.ADULT, Control.YES, Control.NEXT, Control.NO,
    ]  # fmt: skip
    wrong = words.text(spoken.CHECKS[1].context, spoken.CHECKS[1].text)
    labels = {way: words.text(controls[way].context, controls[way].text) for way in ways}
    for _ in range(60):
        keys = phone.locator(".keys, .log").get_by_role("button")
        expect(keys.first).to_be_visible()
        there = {text.strip() for text in keys.all_inner_texts()}
        known = [Control.NO] if wrong in phone.locator(".bot .text").last.inner_text() else ways
        way = next((way for way in known if labels[way] in there), None)
        if way is Control.RECEIPT_KEPT:
            return
        before = phone.locator(".bot .text").last.inner_text()
        if way is not None:
            with contextlib.suppress(Exception):
                phone.get_by_role("button", name=labels[way], exact=True).last.click(timeout=2000)
        ends = time.monotonic() + 20
        while phone.locator(".bot .text").last.inner_text() == before and time.monotonic() < ends:
            time.sleep(0.05)
    raise AssertionError("the conversation came to no end")


def state(url: str) -> Any:  # noqa: ANN401 - any JSON
    """What the page is told."""
    with urllib.request.urlopen(f"{url}/state") as answer:  # noqa: S310 - our own server
        return json.loads(answer.read())


def press(url: str, wish: str, header: str) -> int:
    """The status of a wish that comes from elsewhere."""
    request = urllib.request.Request(f"{url}/wish/{wish}", b"", {"X-Sauti-Demo": header})  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def join(page: "Page", context: "BrowserContext") -> None:
    """Takes part by hand, through the page's own link to the chat."""
    with context.expect_page() as opened:
        page.get_by_role("link", name="the chat").click()
    chat = opened.value
    chat.get_by_label("Name").fill("ليلى")
    chat.get_by_label("Phone language").select_option("ar")
    chat.get_by_role("button", name="Add a person").click()
    take_part(chat.get_by_role("region", name="Phone of ليلى"))
    look(chat, "chat")
    chat.close()  # else its console would tell that the simulator has gone


def read_in_arabic(page: "Page", context: "BrowserContext") -> None:
    """Follows the link to the Arabic summary and finds a rehearsal that runs from right to left."""
    from playwright.sync_api import expect

    with context.expect_page() as opened:
        page.get_by_role("link", name="العربية").click()
    summary = opened.value
    expect(summary.locator("html")).to_have_attribute("dir", "rtl", timeout=PATIENCE)
    expect(summary.get_by_text(str(texts.REHEARSAL(catalogue("ar", "reports")))).first).to_be_visible()
    look(summary, "arabic")
    summary.close()


def take_the_note(page: "Page", url: str) -> None:
    """Finds the note to the Commission in Arabic, and by the same way nothing but notes."""
    from playwright.sync_api import expect

    expect(page.get_by_role("link", name="pbc.ar.pdf")).to_have_attribute("href", "note/pbc.ar.pdf")
    assert page.request.get(f"{url}/note/pbc.ar.pdf").body().startswith(b"%PDF")
    assert page.request.get(f"{url}/note/candidate.json").status == 404


@pytest.mark.browser
def test_the_watched_story(demo: Any, context: "BrowserContext") -> None:  # noqa: ANN401 - any JSON
    """One joins by the page, closes, reads the summary in Arabic, starts over; no figure shows before the end."""
    from playwright.sync_api import expect

    page, url = context.new_page(), demo["url"]
    page.goto(url)
    look(page, "opening")
    close, status = page.get_by_role("button", name="Close and summarise"), page.get_by_role("status")
    expect(close).to_be_visible(timeout=PATIENCE)
    look(page, "open")
    before = state(url)
    assert set(before) == {"phase", "code", "chat", "answering", "languages", "cast", "notes"}
    assert [press(url, *wish) for wish in (("again", "1"), ("close", ""))] == [409, 403]

    join(page, context)
    assert not any(letter.isdigit() for letter in page.get_by_role("main").inner_text().replace(before["code"], ""))
    close.click()
    expect(status).to_have_text("The summary is ready.", timeout=PATIENCE)
    look(page, "summary")
    read_in_arabic(page, context)
    take_the_note(page, url)

    page.get_by_role("button", name="Start over").click()
    expect(close).to_be_visible(timeout=PATIENCE)
    assert state(url)["code"] != before["code"]
    expect(page.get_by_role("link", name="العربية")).to_be_hidden()
    page.close()


def test_the_cast_speaks_every_language_and_shows_every_way() -> None:
    """One of the first twelve for each language there is, and somebody for each thing a visitor should find."""
    assert sorted(one.language for one in CAST) == sorted(LANGUAGES)
    assert {one.way for one in CAST} == {*Way}
    assert len({one.name for one in CAST}) == len(CAST)

"""The chat page in a real browser: what a tester sees, in two directions, by mouse and by keyboard, under its CSP."""

import asyncio
import json
import os
import threading
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import pytest

from bot.simulator.errors import Json
from bot.simulator.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


class Stage:
    """A simulator in a thread, and a bot whose lines the test speaks itself."""

    def __init__(self) -> None:
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))

    async def _serve(self) -> None:
        async with running(rate_limits=False) as simulator:
            self.url = simulator.url
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        self.bot = self.ask("/sim/bots", {"name": "Listening post"})
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def ask(self, path: str, body: Json | None = None) -> Any:  # noqa: ANN401 - any JSON
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})  # noqa: S310 - our own server
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return json.loads(answer.read())

    def says(self, method: str, **args: object) -> Any:  # noqa: ANN401 - any JSON
        return self.ask(f"/bot{self.bot['token']}/{method}", args)["result"]

    def heard(self) -> list[Json]:
        updates: list[Json] = self.says("getUpdates")
        if updates:
            self.says("getUpdates", offset=updates[-1]["update_id"] + 1)
        return updates


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A simulator for one test."""
    with Stage() as it:
        yield it


@pytest.fixture
def page(browser: "Browser", stage: Stage) -> Iterator["Page"]:
    """The chat page; the test fails if its console reports anything, a CSP violation above all."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(stage.url)
    yield page
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{os.environ['PYTEST_CURRENT_TEST'].split('::')[1].split(' ')[0]}.png")
    context.close()
    assert complaints == []


def keys(*rows: tuple[str, ...]) -> Json:
    """Return an inline keyboard whose data are its labels' places."""
    return {
        "inline_keyboard": [
            [{"text": label, "callback_data": f"{row}-{column}"} for column, label in enumerate(labels)]
            for row, labels in enumerate(rows)
        ]
    }


def join(page: "Page", name: str, language: str) -> None:
    """Add a person on the page and start the bot."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Phone language").select_option(language)
    page.get_by_role("button", name="Add a person").click()
    page.get_by_role("region", name=f"Phone of {name}").get_by_role("button", name="Start", exact=True).click()


def ask_both(stage: Stage, english: int, arabic: int) -> tuple[int, int]:
    """Ask one question in two languages and return the two message ids."""
    first = stage.says(
        "sendMessage",
        chat_id=english,
        text="What would make your way to the market safer?\nChoose what fits best. You can skip any question.",
        entities=[{"type": "bold", "offset": 0, "length": 45}],
        reply_markup=keys(("More light", "More patrols"), ("Women's groups",), ("Skip", "Pause")),
    )
    second = stage.says(
        "sendMessage",
        chat_id=arabic,
        text="ما الذي يجعل الطريق إلى السوق أكثر أمانًا؟\nاختاري ما يناسبك، ويمكنك تخطّي أي سؤال (3/12).",
        reply_markup=keys(("إنارة أكثر", "دوريات أكثر"), ("مجموعات النساء",), ("تخطّي", "توقّف")),
    )
    return first["message_id"], second["message_id"]


def test_two_people_side_by_side(stage: Stage, page: "Page") -> None:
    """English and Arabic phones side by side show press, toast, text, edit and deletion, with no CSP violation."""
    from playwright.sync_api import expect

    join(page, "Amina", "en")
    join(page, "ليلى", "ar")
    amina, layla = (page.get_by_role("region", name=f"Phone of {name}") for name in ("Amina", "ليلى"))
    expect(amina.get_by_text("/start")).to_be_visible()
    expect(layla.get_by_text("/start")).to_be_visible()
    chats = [update["message"]["chat"]["id"] for update in stage.heard()]
    card, arabic = ask_both(stage, *chats)

    amina.get_by_role("button", name="More light").click()
    layla.get_by_label("Message from ليلى").fill("نريد مصابيح قرب البئر")
    layla.get_by_label("Message from ليلى").press("Enter")
    expect(layla.get_by_text("نريد مصابيح قرب البئر")).to_be_visible()
    pressed, typed = stage.heard()
    stage.says("answerCallbackQuery", callback_query_id=pressed["callback_query"]["id"], text="Received")
    stage.says(
        "editMessageText",
        chat_id=chats[0],
        message_id=card,
        text="Thank you.",
        reply_markup=keys(("Next",)),
    )
    stage.says("deleteMessage", chat_id=chats[1], message_id=typed["message"]["message_id"])

    expect(amina.get_by_role("status")).to_have_text("Received")
    expect(amina.get_by_text("Thank you.")).to_be_visible()
    expect(amina.get_by_text("edited", exact=True)).to_be_visible()
    expect(layla.get_by_text("deleted by the bot")).to_be_visible()
    assert pressed["callback_query"]["data"] == "0-0"
    text = layla.locator(f"[data-message='{arabic}'] .text")
    assert text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert amina.locator(".text").last.evaluate("node => getComputedStyle(node).direction") == "ltr"


def test_keyboard_alone_is_enough(stage: Stage, page: "Page") -> None:
    """A person who uses no mouse adds herself, starts, presses a button, and keeps her place when buttons change."""
    from playwright.sync_api import expect

    page.get_by_label("Name").focus()
    page.keyboard.type("Amina")
    page.keyboard.press("Enter")
    start = page.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_visible()
    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("/start")).to_be_visible()
    chat = stage.heard()[0]["message"]["chat"]["id"]
    card = stage.says("sendMessage", chat_id=chat, text="One", reply_markup=keys(("Yes", "No")))
    page.get_by_role("button", name="No", exact=True).focus()
    page.keyboard.press("Space")

    expect(page.get_by_role("log")).to_be_visible()
    stage.says(
        "editMessageText", chat_id=chat, message_id=card["message_id"], text="Two", reply_markup=keys(("A", "B"))
    )

    expect(page.get_by_role("button", name="B", exact=True)).to_be_focused()


def test_markup_in_a_text_stays_text(stage: Stage, page: "Page") -> None:
    """What looks like markup is shown as typed and never run."""
    from playwright.sync_api import expect

    join(page, "Amina", "en")
    expect(page.get_by_text("/start")).to_be_visible()
    chat = stage.heard()[0]["message"]["chat"]["id"]
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    stage.says("sendMessage", chat_id=chat, text=hostile, reply_markup=keys((hostile,)))

    expect(page.locator(".bot .text")).to_have_text(hostile)
    expect(page.locator(".key")).to_have_text(hostile)
    assert page.locator(".log img, .log script").count() == 0


def test_block_alert_and_earlier_buttons(stage: Stage, page: "Page") -> None:
    """Blocking, an alert and a button from an earlier keyboard work from the page."""
    from playwright.sync_api import expect

    join(page, "Amina", "en")
    expect(page.get_by_text("/start")).to_be_visible()
    chat = stage.heard()[0]["message"]["chat"]["id"]
    card = stage.says("sendMessage", chat_id=chat, text="One", reply_markup=keys(("Old",)))
    stage.says("editMessageText", chat_id=chat, message_id=card["message_id"], text="Two", reply_markup=keys(("New",)))
    page.get_by_text("earlier buttons").click()
    page.get_by_role("button", name="Old").click()
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    pressed, blocked = stage.heard()
    stage.says(
        "answerCallbackQuery", callback_query_id=pressed["callback_query"]["id"], text="Too late", show_alert=True
    )

    expect(page.get_by_role("dialog")).to_contain_text("Too late")
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"


def test_phone_width(stage: Stage, page: "Page") -> None:
    """On a narrow screen one phone fills the width and nothing sticks out sideways."""
    from playwright.sync_api import expect

    page.set_viewport_size({"width": 390, "height": 800})
    join(page, "ليلى", "ar")
    expect(page.get_by_text("/start")).to_be_visible()
    chat = stage.heard()[0]["message"]["chat"]["id"]
    stage.says("sendMessage", chat_id=chat, text="هل أنت بأمان الآن؟", reply_markup=keys(("نعم", "لا")))
    expect(page.get_by_role("button", name="نعم")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".phone").bounding_box()["width"] <= 390  # type: ignore[index]  # it is on the screen

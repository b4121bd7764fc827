"""The control API: what people can do, what can be read, and that its page of documentation is the whole truth."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from bot.simulator.attachments import KINDS
from bot.simulator.control import ACTS, ROUTES
from bot.simulator.driver import Driver, NothingHappenedError, Person
from bot.simulator.errors import ControlError, Json
from bot.simulator.faults import Kind
from bot.simulator.server import Simulator
from tests.simulator.conftest import Raw

GUIDE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()


def keys(*labels: str) -> Json:
    """Return one row of buttons whose data are their labels."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label} for label in labels]]}


@pytest.fixture
async def amina(driver: Driver, bot: Json) -> Person:
    """Somebody who has just started the bot."""
    person = await driver.person("Amina", last_name="A.", username="amina_sim", language_code="ar", bot=bot["id"])
    await person.start("K7QD")
    return person


async def updates(raw: Raw) -> list[Json]:
    """Return and confirm what waits."""
    batch: list[Json] = (await raw("getUpdates"))["result"]
    if batch:
        await raw("getUpdates", offset=batch[-1]["update_id"] + 1)
    return batch


async def test_start_reaches_the_bot_as_telegram_sends_it(amina: Person, raw: Raw) -> None:
    """A start carries payload, command entity, names, username and language, and ids that need more than 32 bits."""
    (update,) = await updates(raw)
    message = update["message"]
    assert message["text"] == "/start K7QD"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"] == {
        "id": amina.id,
        "is_bot": False,
        "first_name": "Amina",
        "last_name": "A.",
        "username": "amina_sim",
        "language_code": "ar",
    }
    assert message["chat"]["type"] == "private"
    assert 2**32 < amina.id < 2**52


async def test_press_by_label_index_and_on_an_old_screen(amina: Person, raw: Raw) -> None:
    """Buttons are found by label without direction marks, by place, on a named message, and on keyboards long gone."""
    card = (await raw("sendMessage", chat_id=amina.id, text="1", reply_markup=keys("\u2068نعم\u2069", "No")))["result"]
    await raw("editMessageText", chat_id=amina.id, message_id=card["message_id"], text="2", reply_markup=keys("Next"))
    await updates(raw)

    await amina.press("Next")
    await amina.press(index=0)
    await amina.press("نعم", past=1)
    await amina.press(index=1, past=1, message=card["message_id"])
    await raw("deleteMessage", chat_id=amina.id, message_id=card["message_id"])
    await amina.press("Next", message=card["message_id"])
    pressed = [update["callback_query"] for update in await updates(raw)]

    assert [query["data"] for query in pressed] == ["Next", "Next", "\u2068نعم\u2069", "No", "Next"]
    assert [query["message"]["date"] == 0 for query in pressed] == [False] * 4 + [True]
    with pytest.raises(ControlError) as refusal:
        await amina.press("Next")
    assert refusal.value.code == "no_button"


async def test_reply_keyboard(amina: Person, raw: Raw) -> None:
    """A key of a reply keyboard types its label, and the keyboard goes when the bot takes it away."""
    await raw("sendMessage", chat_id=amina.id, text="choose", reply_markup={"keyboard": [[{"text": "Yes"}]]})
    await updates(raw)
    await amina.press("Yes")
    (update,) = await updates(raw)
    assert update["message"]["text"] == "Yes"
    await raw("sendMessage", chat_id=amina.id, text="done", reply_markup={"remove_keyboard": True})
    assert (await amina.chat()).raw["reply_keyboard"] is None


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_thing_parses(amina: Person, raw: Raw, kind: str) -> None:
    """Whatever a person sends arrives as an update that the real library's model accepts."""
    from aiogram.types import Update

    await updates(raw)
    await amina.send(kind, caption="look", forwarded=True, group=1)
    (update,) = await updates(raw)
    parsed = Update.model_validate(update)
    assert parsed.message
    assert getattr(parsed.message, kind) is not None
    assert parsed.message.forward_origin is not None


async def test_edit_delete_block(amina: Person, raw: Raw) -> None:
    """An edited message is told, a deleted one is not, blocking and unblocking are, and a blocker cannot write."""
    said = await amina.say("one")
    await updates(raw)
    await amina.edit(said["message_id"], "two")
    await amina.delete(said["message_id"])
    await amina.block()
    with pytest.raises(ControlError) as refusal:
        await amina.say("three")
    await amina.start()
    kinds = [next(key for key in update if key != "update_id") for update in await updates(raw)]

    assert kinds == ["edited_message", "my_chat_member", "my_chat_member", "message"]
    assert refusal.value.code == "blocked"
    screen = await amina.chat()
    (gone,) = [message for message in screen.messages if message.deleted]
    assert (gone.id, gone.raw["deleted_by"], gone.edits) == (said["message_id"], "person", 1)


async def test_groups(driver: Driver, bot: Json, amina: Person, raw: Raw) -> None:
    """The bot learns that it was put into a group, can leave it, and is then told nothing more."""
    await updates(raw)
    group = await driver.call("POST", f"/sim/bots/{bot['id']}/groups", {"person": amina.id, "title": "Village"})
    act = f"/sim/bots/{bot['id']}/people/{amina.id}/say"
    await driver.call("POST", act, {"text": "hello all", "chat": group["chat"]})
    joined, said = await updates(raw)
    assert joined["my_chat_member"]["chat"]["type"] == "group"
    assert said["message"]["chat"]["id"] == group["chat"]
    assert (await raw("leaveChat", chat_id=group["chat"]))["ok"]
    assert (await driver.call("POST", act, {"text": "gone?", "chat": group["chat"]}))["update_id"] is None
    assert (await raw("sendMessage", chat_id=group["chat"], text="x"))["error_code"] == 403


async def test_raw_updates(driver: Driver, bot: Json, raw: Raw) -> None:
    """Any JSON object can be injected, with an id of its own even below the offset, and reaches the bot unchanged."""
    first = await driver.inject(bot["id"], {"message": {"nonsense": [1, None, "x"]}})
    await raw("getUpdates", offset=first + 1)
    stale = await driver.inject(bot["id"], {"update_id": 5, "poll": {}})
    (update,) = (await raw("getUpdates", offset=first + 1))["result"]
    assert (stale, update) == (5, {"update_id": 5, "poll": {}})
    assert (await raw("getUpdates", offset=first + 1))["result"] == []


async def test_waiting(amina: Person, raw: Raw) -> None:
    """Waiting ends with the change waited for, at once if it has happened, and says so when nothing happens."""
    await raw("sendMessage", chat_id=amina.id, text="early")
    assert (await amina.next_card()).text == "early"
    waiting = asyncio.ensure_future(amina.next_card())
    await asyncio.sleep(0.05)
    await raw("sendChatAction", chat_id=amina.id, action="typing")
    assert not waiting.done()
    await raw("sendMessage", chat_id=amina.id, text="late")
    assert (await waiting).text == "late"
    with pytest.raises(NothingHappenedError):
        await amina.next_card(timeout=0.1)
    with pytest.raises(NothingHappenedError):
        await amina.wait("never said", timeout=0.1)


async def test_events(driver: Driver, amina: Person, raw: Raw) -> None:
    """One long poll tells of new people and changed chats, and continues from its cursor."""
    cursor = (await driver.call("GET", "/sim"))["cursor"]
    poll = asyncio.ensure_future(driver.call("GET", "/sim/events", after=cursor, timeout=10))
    await asyncio.sleep(0.05)
    await raw("sendMessage", chat_id=amina.id, text="x")
    answer = await poll
    assert [(event["kind"], event["chat"]) for event in answer["events"]] == [("chat", amina.id)]
    assert (await driver.call("GET", "/sim/events", after=answer["next"], timeout=0))["events"] == []


async def test_journal_pages(driver: Driver, raw: Raw) -> None:
    """Calls can be read page by page, by method, each once and in order."""
    for _ in range(5):
        await raw("getMe")
        await raw("getWebhookInfo")
    page = await driver.call("GET", "/sim/calls", limit=3)
    rest = await driver.calls(after=page["next"])
    assert [call["cursor"] for call in page["calls"] + rest] == list(range(1, 11))
    assert len(await driver.calls("getme")) == 5


async def test_many_people_at_once(driver: Driver, raw: Raw) -> None:
    """A hundred people hold their conversations at the same time in one process, and each sees only her own."""

    async def bot_side() -> None:
        offset = 0
        while offset < 100_000_001 + 100:
            for update in (await raw("getUpdates", offset=offset, timeout=5))["result"]:
                offset = update["update_id"] + 1
                chat = update["message"]["chat"]["id"]
                await raw("sendMessage", chat_id=chat, text=f"hello {chat}")

    async def one() -> None:
        person = await driver.person()
        await person.start()
        assert (await person.next_card(timeout=30)).text == f"hello {person.id}"

    async with asyncio.TaskGroup() as group:
        group.create_task(bot_side())
        for _ in range(100):
            group.create_task(one())


@pytest.mark.parametrize(
    ("verb", "path", "body", "code"),
    [
        ("GET", "/sim/nothing", {}, "no_route"),
        ("POST", "/sim/bots", {"token": "x"}, "bad_token"),
        ("POST", "/sim/bots", {"username": "1"}, "bad_username"),
        ("POST", "/sim/people", {}, "no_name"),
        ("POST", "/sim/people", {"first_name": 5}, "bad_text"),
        ("GET", "/sim/bots/1/chats", {}, "no_bot"),
        ("POST", "/sim/bots/7000000001/people/1/say", {"text": "x"}, "no_person"),
        ("POST", "/sim/clock", {"advance": -1}, "clock_backwards"),
        ("POST", "/sim/clock", {"advance": "1"}, "bad_number"),
        ("PUT", "/sim/limits", {"enabled": 1}, "bad_flag"),
        ("PUT", "/sim/faults", {"rules": {}}, "bad_fault"),
    ],
)
async def test_wrong_requests(driver: Driver, bot: Json, verb: str, path: str, body: Json, code: str) -> None:
    """A wrong control request is refused with a stable code and says what to do."""
    assert bot["id"] == 7_000_000_001
    with pytest.raises(ControlError) as refusal:
        await driver.call(verb, path, body)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


async def test_another_origin_cannot_steer(simulator: Simulator) -> None:
    """A form or script of another page cannot move the people: without the JSON content type nothing is done."""
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{simulator.url}/sim/bots", data="{}") as answer:
            assert answer.status == 415
        async with session.post(f"{simulator.url}/sim/bots", json=[1]) as answer:
            assert answer.status == 400
    assert simulator.world.bots == {}


async def test_page_headers(simulator: Simulator) -> None:
    """Every file of the page comes with the strict policy, and no path leads out of its folder."""
    async with aiohttp.ClientSession() as session:
        for name in ("", "page.js", "chat.js", "style.css", "icon.svg"):
            async with session.get(f"{simulator.url}/{name}") as answer:
                assert answer.status == 200
                assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
        for name in ("server.py", "..%2fserver.py", "static"):
            async with session.get(f"{simulator.url}/{name}") as answer:
                assert answer.status == 404


def test_guide_names_every_route() -> None:
    """docs/simulator.md lists exactly the routes, acts, kinds, faults and methods there are."""
    from bot.simulator.api import BEHAVIOURS

    assert set(re.findall(r"^\| `(GET|POST|PUT) (/sim\S*)`", GUIDE, re.MULTILINE)) == set(ROUTES)
    for name in [*ACTS, *Kind]:
        assert f"`{name}`" in GUIDE
    for kind in KINDS:
        assert re.search(rf"\b{kind}\b", GUIDE)
    acted = GUIDE.split("**Acted out:**")[1].split(". Every other")[0]
    assert {name.strip().lower() for name in acted.split(",")} == {*BEHAVIOURS, "getupdates"}

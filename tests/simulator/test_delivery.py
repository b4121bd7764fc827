"""Updates arrive at least once, in order, until confirmed; by polling and by webhook; and no longer than a day."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.updates import KEPT_SECONDS, Updates
from tests.simulator.conftest import Raw

Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.just(0), st.just(0)),
        st.tuples(st.just("poll"), st.integers(-5, 30), st.integers(1, 100)),
        st.tuples(st.just("wait"), st.sampled_from([1, 3600, KEPT_SECONDS // 2, KEPT_SECONDS]), st.just(0)),
    ),
    max_size=40,
)


class Referee:
    """Telegram's rules as slowly and plainly as they read."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, float]] = []
        self.made = 0

    def put(self, now: float) -> None:
        self.waiting.append((self.made, now))
        self.made += 1

    def poll(self, offset: int, limit: int, now: float) -> list[int]:
        self.waiting = [(number, born) for number, born in self.waiting if now - born <= KEPT_SECONDS]
        if offset > 0:
            self.waiting = [(number, born) for number, born in self.waiting if number >= offset]
        if offset < 0:
            self.waiting = self.waiting[offset:]
        return [number for number, _ in self.waiting][:limit]


@given(STEPS)
def test_offsets_as_telegram_reads_them(steps: list[Step]) -> None:
    """Whatever a bot polls and however long it sleeps, it gets what the plainest reading of the rules gives."""
    queue, referee, now, base = Updates(history=True), Referee(), 0.0, 100_000_001
    for what, first, second in steps:
        if what == "put":
            queue.put("message", {}, 1, now)
            referee.put(now)
        elif what == "wait":
            now += first
        else:
            offset = base + first if first > 0 else first
            expected = [base + number for number in referee.poll(first, second, now)]
            assert [entry.id for entry in queue.take(offset, second, now)] == expected
    assert queue.created == queue.confirmed + queue.dropped + len(queue)
    assert all((entry.confirmed is not None) + entry.dropped <= 1 for entry in queue.log)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.booleans()), max_size=30))
def test_a_forgetful_bot_still_gets_everything(rounds: list[tuple[int, int, bool]]) -> None:
    """A bot that crashes between receiving and confirming gets every update at least once, the first time in order."""
    queue, seen, offset = Updates(history=True), list[int](), 0
    for new, limit, crashes in [*rounds, (0, 100, False), (0, 100, False)]:
        for _ in range(new):
            queue.put("message", {}, 1, 0.0)
        batch = queue.take(offset, limit, 0.0)
        seen += [entry.id for entry in batch if entry.id not in seen]
        if batch and not crashes:
            offset = batch[-1].id + 1
    queue.take(offset, 1, 0.0)
    assert seen == sorted(seen)
    assert len(seen) == queue.created == queue.confirmed


async def test_polling_waits_and_is_woken(driver: Driver, bot: Json, raw: Raw) -> None:
    """A long poll answers as soon as somebody writes, and an empty one after its time."""
    amina = await driver.person()
    poll = asyncio.ensure_future(raw("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    said = await amina.say("hello")

    (update,) = (await asyncio.wait_for(poll, 5))["result"]
    assert update["update_id"] == said["update_id"]
    assert update["message"]["from"]["id"] == amina.id
    assert (await raw("getUpdates", offset=said["update_id"] + 1))["result"] == []
    (row,) = await driver.updates(bot["id"])
    assert row["confirmed"] is not None
    assert row["deliveries"] == 1


async def test_second_poller_ends_the_first(raw: Raw) -> None:
    """Two pollers of one token: the first is told of the conflict."""
    first = asyncio.ensure_future(raw("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await raw("getUpdates")

    answer = await asyncio.wait_for(first, 5)
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]


async def test_allowed_updates(driver: Driver, raw: Raw) -> None:
    """Only the kinds a bot asked for arrive; leaving the list out keeps it, an empty list means the default again."""
    amina = await driver.person()
    await amina.start()
    await raw("getUpdates", allowed_updates=["callback_query"])
    assert (await amina.say("unheard"))["update_id"] is None
    await raw("getUpdates")
    assert (await amina.say("unheard"))["update_id"] is None
    await raw("getUpdates", allowed_updates=[])
    assert (await amina.say("heard"))["update_id"] is not None


async def test_nothing_is_kept_longer_than_a_day(driver: Driver, bot: Json, raw: Raw) -> None:
    """After 24 hours of silence an update is gone, and the log says that it was dropped, not confirmed."""
    amina = await driver.person()
    await amina.say("old")
    await driver.advance(KEPT_SECONDS + 1)
    await amina.say("new")

    assert [u["message"]["text"] for u in (await raw("getUpdates"))["result"]] == ["new"]
    old, new = await driver.updates(bot["id"])
    assert (old["dropped"], old["confirmed"]) == (True, None)
    assert not new["dropped"]


async def test_logged_out_and_closed(raw: Raw, driver: Driver) -> None:
    """After logOut the bot is refused for ten minutes; close asks for the webhook to be deleted first."""
    assert (await raw("close"))["ok"]
    assert (await raw("logOut"))["ok"]
    assert (await raw("getMe"))["description"] == "Logged out"
    await driver.advance(601)
    assert (await raw("getMe"))["ok"]


Handle = Callable[[web.Request, Json], Awaitable[web.Response]]


@asynccontextmanager
async def hook(raw: Raw, handle: Handle, **options: object) -> AsyncIterator[str]:
    """Serve a webhook with a handler of the test's own."""

    async def receive(request: web.Request) -> web.Response:
        return await handle(request, await request.json())

    app = web.Application()
    app.router.add_post("/hook", receive)
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}/hook"
        assert (await raw("setWebhook", url=url, **options))["ok"]
        yield url


async def settled(driver: Driver, bot: Json, count: int) -> list[Json]:
    """Wait until so many updates are confirmed and return the log."""
    for _ in range(400):
        rows = await driver.updates(bot["id"])
        if sum(row["confirmed"] is not None for row in rows) >= count:
            return rows
        await asyncio.sleep(0.02)
    pytest.fail("updates were not confirmed in time")


async def test_webhook_retries_until_200(driver: Driver, bot: Json, raw: Raw) -> None:
    """A webhook that fails twice gets the update a third time, with the secret, and only then it is confirmed."""
    tries = list[str | None]()

    async def fail_twice(request: web.Request, _update: Json) -> web.Response:
        tries.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=500 if len(tries) < 3 else 200)

    async with hook(raw, fail_twice, secret_token="abc"):  # noqa: S106 - a test's own
        amina = await driver.person()
        await amina.say("hello")
        (row,) = await settled(driver, bot, 1)
        info = (await raw("getWebhookInfo"))["result"]
        conflict = await raw("getUpdates")
    assert row["deliveries"] == 3
    assert tries == ["abc"] * 3
    assert "500" in info["last_error_message"]
    assert conflict["error_code"] == 409
    assert "webhook is active" in conflict["description"]


async def test_webhook_keeps_each_chat_in_order(driver: Driver, bot: Json, raw: Raw) -> None:
    """One chat's updates are posted one after the other, different chats at the same time."""
    heard, together, most = dict[int, list[str]](), 0, 0

    async def slowly(_request: web.Request, update: Json) -> web.Response:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.03)
        heard.setdefault(update["message"]["chat"]["id"], []).append(update["message"]["text"])
        together -= 1
        return web.Response()

    async with hook(raw, slowly):
        people = [await driver.person(f"P{number}") for number in range(3)]
        for word in ("one", "two", "three"):
            for person in people:
                await person.say(word)
        await settled(driver, bot, 9)
    assert list(heard.values()) == [["one", "two", "three"]] * 3
    assert most == 3


async def test_reply_in_the_webhooks_answer(driver: Driver, raw: Raw) -> None:
    """A method in the answer to a webhook is performed like any other call."""

    async def answer(_request: web.Request, update: Json) -> web.Response:
        chat = update["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "answered"})

    async with hook(raw, answer):
        amina = await driver.person()
        await amina.start()
        assert (await amina.next_card()).text == "answered"


async def test_back_to_polling(driver: Driver, raw: Raw) -> None:
    """Deleting the webhook brings what was not confirmed to the poll, or drops it when asked to."""

    async def refuse(_request: web.Request, _update: Json) -> web.Response:
        return web.Response(status=503)

    async with hook(raw, refuse):
        amina = await driver.person()
        await amina.say("kept")
        await asyncio.sleep(0.1)
        await raw("deleteWebhook")
    assert [u["message"]["text"] for u in (await raw("getUpdates"))["result"]] == ["kept"]
    await raw("deleteWebhook", drop_pending_updates=True)
    assert (await raw("getUpdates"))["result"] == []

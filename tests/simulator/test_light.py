"""The light path shows a person the same as the strict one, and its ceiling can be measured."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import aiohttp
import pytest

from bot.simulator.ceiling import measure_ceiling, null_bot
from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.server import running
from tests.simulator.libraries import aiogram_bot, ptb_bot

Library = Callable[..., AbstractAsyncContextManager[None]]
Sight = list[tuple[str, tuple[str, ...]]]


async def scenario(*, light: bool) -> list[Sight]:
    """Let three people talk to the null bot and return what each saw after every act."""
    sights: list[Sight] = []
    async with running(rate_limits=False, light=light) as simulator, Driver(simulator.url) as driver:
        bot = await driver.bot()
        async with null_bot(simulator.url, bot["token"]):
            for number in range(3):
                person, sight = await driver.person(f"P{number}"), Sight()
                for act in range(6):
                    await (person.press("Next") if act else person.start("code"))
                    await person.next_card()
                    sight += [(message.text, message.labels) for message in (await person.chat()).visible]
                sights.append(sight)
    return sights


async def test_light_shows_the_same() -> None:
    """One scenario, strict and light: every person sees the same messages and buttons after every act."""
    strict, light = await scenario(light=False), await scenario(light=True)
    assert strict == light
    assert strict[0][-1] == ("card 5", ("Next",))


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("library", [aiogram_bot, ptb_bot], ids=["aiogram", "ptb"])
async def test_real_library_on_the_light_path(library: Library, *, webhook: bool) -> None:
    """Real libraries, unmodified, with forms and uploads, see no difference on the light path."""
    async with running(rate_limits=False, light=True) as simulator, Driver(simulator.url) as driver:
        bot = await driver.bot()
        async with library(simulator, bot["token"], webhook=webhook):
            amina = await driver.person()
            await amina.start("K7QD")
            assert (await amina.next_card()).text == "hello /start K7QD"
            await amina.press("Yes")
            await amina.wait("thanks")
            await amina.say("picture")
            await amina.wait("again")
        counters = await driver.call("GET", f"/sim/bots/{bot['id']}/counters")
    assert counters["refusals"] == {}


@pytest.mark.parametrize(
    ("method", "args", "words"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("deleteMessage", {}, "chat not found"),
        ("answerCallbackQuery", {}, "malformed parameters"),
        ("sendTelepathy", {}, "no behaviour"),
        ("getUpdates", {"limit": 0}, "limit"),
    ],
)
async def test_light_still_refuses(method: str, args: Json, words: str) -> None:
    """Rules about the world hold on the light path too, and nonsense is refused rather than met with a crash."""
    async with running(rate_limits=False, light=True) as simulator, Driver(simulator.url) as driver:
        bot = await driver.bot()
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{simulator.url}/bot{bot['token']}/{method}", json=args) as answer:
                assert words in (await answer.json())["description"]
            async with session.get(f"{simulator.url}/") as answer:
                assert answer.status == 200


async def test_light_faults_and_keep_alive() -> None:
    """Faults and long polls work on the light path, and one connection carries many requests."""
    async with running(rate_limits=False, light=True) as simulator, Driver(simulator.url) as driver:
        bot = await driver.bot()
        base = f"{simulator.url}/bot{bot['token']}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
            for _ in range(3):
                async with session.get(f"{base}/getMe?x=1") as answer:
                    assert (await answer.json())["ok"]
            await driver.faults({"kind": "server_error", "times": 1})
            async with session.get(f"{base}/getMe") as answer:
                assert answer.status == 502
            await driver.faults({"kind": "lost_reply", "times": 1})
            with pytest.raises(aiohttp.ClientError):
                await session.post(f"{base}/getMe")
            async with session.get(f"{base}/getUpdates?timeout=1") as answer:
                assert (await answer.json())["result"] == []


async def test_light_closes_on_nonsense() -> None:
    """A length that is none, or a head without end, closes the connection and harms no other."""
    async with running(rate_limits=False, light=True) as simulator, Driver(simulator.url) as driver:
        port = int(simulator.url.rpartition(":")[2])
        for nonsense in (b"POST /bot1:x/getMe HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"POST /bot" + b"a" * 70_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(nonsense)
            assert await reader.read() == b""
            writer.close()
        assert (await driver.call("GET", "/sim"))["history"] is False


async def test_ceiling() -> None:
    """The ceiling counts presses answered with a new card, and gives the waits that go with them."""
    found = await measure_ceiling(people=5, seconds=0.3)
    assert found.people == 5
    assert found.updates > 5
    assert found.updates_per_second == pytest.approx(found.updates / found.seconds)
    assert 0 < found.p50_ms <= found.p99_ms
    assert found.cpu_ms > 0

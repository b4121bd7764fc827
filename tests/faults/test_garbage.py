"""Garbage among real people's updates (T3, S2)."""

import asyncio
import itertools
from pathlib import Path

import aiohttp
import pytest

from tests.faults.crowd import crowd
from tests.faults.garbage import Fuzzer, sendable
from tests.faults.referee import settle
from tests.faults.stage import Custody, Stage, staged

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def test_garbage_through_telegram_is_survived(stage: Stage) -> None:
    """A thousand updates of every shape come between those of people by polling: all people come to their end.

    Proves: S2, T3
    """
    bot, fuzzer = stage.server(), Fuzzer(1)
    await bot.start()

    async def pours() -> None:
        for number in range(1000):
            await stage.driver.inject(stage.bot, sendable(fuzzer.update()))
            if number % 20 == 0:
                assert bot.alive
                await asyncio.sleep(0.1)

    async with crowd(stage, 8, steadily=True) as people:
        await people.meanwhile(6, pours)
        figures = await settle(stage, people.people)

    assert figures.updates > 1000
    assert figures.responses == figures.people


async def test_garbage_at_the_door_is_survived(tmp_path: Path, custody: Custody, simulator: str) -> None:
    """Any bytes are posted to the webhook, with the secret and without: nothing but 200, 401, 413 and 503 comes back.

    Proves: S2, T3
    """
    place = f"sqlite:///{tmp_path}/stage/sauti.db"
    async with staged(tmp_path / "stage", place, custody, simulator, by_webhook=True) as (stage, proxy):
        bot, fuzzer = stage.server(), Fuzzer(2)
        proxy.behind.append(bot)
        await bot.start()
        secret = (stage.webhook or ("", ""))[1]
        answers: set[int] = set()

        async def pours() -> None:
            wrong = itertools.cycle((secret, secret, secret, secret, "wrong", "", "ä\udcff", secret[:-1]))
            async with aiohttp.ClientSession() as client:
                for number in range(1000):
                    given = next(wrong)
                    body = bytes(2 << 20) if number == 504 else fuzzer.bytes()
                    headers = {HEADER: given} if given.isascii() else {}
                    async with client.post(f"{bot.url}/hook", data=body, headers=headers) as answer:
                        answers.add(answer.status)
                    if number % 20 == 0:
                        assert bot.alive
                        await asyncio.sleep(0.1)

        async with crowd(stage, 9, steadily=True) as people:
            await people.meanwhile(6, pours)
            figures = await settle(stage, people.people)

    assert answers == {200, 401, 413}
    assert figures.responses == figures.people

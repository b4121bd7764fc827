"""Simulators for tests: in this process, on a free port of 127.0.0.1, gone when the test ends."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.simulator.driver import Driver
from bot.simulator.errors import Json
from bot.simulator.server import Simulator, running


class Raw:
    """A bot that is nothing but HTTP calls, so that a test can call wrongly."""

    def __init__(self, simulator: Simulator, token: str, session: aiohttp.ClientSession) -> None:
        self.url = f"{simulator.url}/bot{token}"
        self.session = session

    async def __call__(self, method: str, **args: object) -> Json:
        async with self.session.post(f"{self.url}/{method}", json=args) as answer:
            body: Json = await answer.json()
            assert body["ok"] is (answer.status == 200)
            return body


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A strict simulator without rate limits."""
    async with running(rate_limits=False) as it:
        yield it


@pytest.fixture
async def driver(simulator: Simulator) -> AsyncIterator[Driver]:
    """A driver over HTTP."""
    async with Driver(simulator.url) as it:
        yield it


@pytest.fixture
async def bot(driver: Driver) -> Json:
    """A fresh bot: id and token."""
    return await driver.bot()


@pytest.fixture
async def raw(simulator: Simulator, bot: Json) -> AsyncIterator[Raw]:
    """The fresh bot's hand on the wire."""
    async with aiohttp.ClientSession() as session:
        yield Raw(simulator, bot["token"], session)

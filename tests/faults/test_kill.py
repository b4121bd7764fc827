"""`kill -9` at any instant, of one bot and of one among several (S1, S4)."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.servers import Server
from tests.faults.stage import Custody, Stage, staged
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]


async def killed_again_and_again(bots: list[Server], times: int, dice: random.Random) -> None:
    """Kills one of `bots` at a random instant and starts it again, `times` times."""
    for _ in range(times):
        bot = dice.choice(bots)
        await asyncio.sleep(dice.uniform(0.0, 1.5))
        await bot.kill()
        said = await bot.launch()
        if dice.random() < 0.8:  # sometimes it dies before it has come up
            await bot.ready(said)


async def test_fifty_kills_lose_and_double_nothing(stage: Stage) -> None:
    """The bot dies at fifty random instants while a dozen people talk to it: every confirmed answer counts once.

    Proves: S1, T3
    """
    bot = stage.server()
    await bot.start(plainly=True)
    async with crowd(stage, 50) as people:
        await people.meanwhile(12, lambda: killed_again_and_again([bot], 50, random.Random(50)))
        figures = await settle(stage, people.people, kills=50)

    assert figures.responses > 10


@pytest.mark.postgres
async def test_two_bots_take_turns_and_die_in_turn(
    tmp_path: Path, custody: Custody, simulator: str, postgres: Cluster
) -> None:
    """Two bots behind one address on PostgreSQL, either killed at twelve instants: people notice nothing but a pause.

    Proves: S1, S4, T3
    """
    database = postgres.url(postgres.create())
    async with staged(tmp_path / "stage", database, custody, simulator, by_webhook=True) as (stage, proxy):
        bots = [stage.server(), stage.server()]
        proxy.behind += bots
        await asyncio.gather(*(bot.start() for bot in bots))
        async with crowd(stage, 12) as people:
            await people.meanwhile(12, lambda: killed_again_and_again(bots, 12, random.Random(12)))
            figures = await settle(stage, people.people, kills=12)

    assert figures.responses > 10

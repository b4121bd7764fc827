"""`kill -9` at any instant, of one bot and of one among several (S1, S4)."""

import asyncio
import random

import pytest

from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]


PLAINLY = 16
"""Every so many times the bot starts as `python -m sauti bot`, which takes seconds; else forked from a warm process."""


async def killed_again_and_again(stage: Stage, times: int, dice: random.Random) -> None:
    """Kills one of the bots at a random instant under load and starts it again, `times` times."""
    bot, all_up = stage.bots[0], True
    for time in range(times):
        if all_up:
            bot = dice.choice(stage.bots)
            await stage.goes_on(dice.randint(0, 12))
        await asyncio.sleep(dice.uniform(0.0, 0.5))
        await bot.kill()
        said = await bot.launch(plainly=time % PLAINLY == PLAINLY - 1)
        all_up = dice.random() < 0.8 or time == times - 1  # sometimes it dies again while it comes up
        if all_up:
            await bot.ready(said)


async def test_fifty_kills_lose_and_double_nothing(stage: Stage) -> None:
    """The bot dies at fifty random instants while a dozen people talk to it: every confirmed answer counts once.

    Proves: S1, T3
    """
    await stage.server().start(plainly=True)
    async with crowd(stage, 50) as people:
        await people.meanwhile(12, lambda: killed_again_and_again(stage, 50, random.Random(50)))
        figures = await settle(stage, people.people, kills=50)

    assert figures.responses > 10


@pytest.mark.postgres
async def test_two_bots_take_turns_and_die_in_turn(pair: Stage) -> None:
    """Of two bots behind one address, one or the other dies at fifty instants: people notice nothing but a pause.

    Proves: S1, S4, T3
    """
    async with crowd(pair, 12) as people:
        await people.meanwhile(12, lambda: killed_again_and_again(pair, 50, random.Random(12)))
        figures = await settle(pair, people.people, kills=50)

    assert figures.responses > 10

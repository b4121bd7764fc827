"""The disk fills up; the database goes away and comes back (S1)."""

import asyncio
import resource

import pytest

from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.stage import Stage
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
ENDLESS = resource.RLIM_INFINITY


def room_left(pid: int, size: int) -> None:
    """From now on no file of this process grows beyond `size` bytes: to it, the disk is full."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, ENDLESS))


async def test_a_full_disk_confirms_nothing_and_loses_nothing(stage: Stage) -> None:
    """Three times no byte can be written, not even to the log: the bot lives, confirms nothing, and then goes on.

    Proves: S1, T3
    """
    bot = stage.server()
    await bot.start()

    async def fills_up() -> None:
        for size in (64 * 1024, 4096, 0):
            await stage.goes_on(40)
            room_left(bot.pid, size)
            await stage.stands_still(4)
            assert bot.alive
            room_left(bot.pid, ENDLESS)

    async with crowd(stage, 3) as people:
        await people.meanwhile(10, fills_up)
        await settle(stage, people.people)


@pytest.mark.postgres
async def test_a_database_that_restarts_is_waited_for(pair: Stage, postgres: Cluster) -> None:
    """PostgreSQL is stopped, crashed and started under load: both bots find it again by themselves.

    Proves: S1, S4, T3
    """
    log = ("-l", str(postgres.folder / "log"))

    async def restarts() -> None:
        for way in ("fast", "immediate", "immediate"):
            await pair.goes_on(40)
            await asyncio.to_thread(postgres.control, "restart", "-m", way, *log)
        await pair.goes_on(40)
        await asyncio.to_thread(postgres.control, "stop", "-m", "fast")
        await pair.stands_still(2)
        await asyncio.to_thread(postgres.control, "start", *log)
        await pair.goes_on(40)
        assert all(bot.alive for bot in pair.bots)

    async with crowd(pair, 4) as people:
        await people.meanwhile(10, restarts)
        await settle(pair, people.people)

"""The disk fills up; the database goes away and comes back (S1)."""

import asyncio
import resource
from pathlib import Path

import pytest

from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.stage import Custody, Stage, staged
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(300)]
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
            await asyncio.sleep(2)
            room_left(bot.pid, size)
            await asyncio.sleep(2)
            confirmed = (await stage.counters())["confirmed"]
            await asyncio.sleep(3)
            assert bot.alive
            assert (await stage.counters())["confirmed"] == confirmed
            room_left(bot.pid, ENDLESS)

    async with crowd(stage, 3) as people:
        await people.meanwhile(10, fills_up)
        await settle(stage, people.people)


@pytest.mark.postgres
async def test_a_database_that_restarts_is_waited_for(
    tmp_path: Path, custody: Custody, simulator: str, postgres: Cluster
) -> None:
    """PostgreSQL is stopped, crashed and started under load: the bot finds it again by itself.

    Proves: S1, T3
    """
    database = postgres.url(postgres.create())
    async with staged(tmp_path / "stage", database, custody, simulator) as (stage, _):
        bot = stage.server()
        await bot.start()

        async def restarts() -> None:
            for way in ("fast", "immediate", "immediate"):
                await asyncio.sleep(2)
                await asyncio.to_thread(postgres.control, "restart", "-m", way, "-l", str(postgres.folder / "log"))
            await asyncio.to_thread(postgres.control, "stop", "-m", "fast")
            await asyncio.sleep(2)
            await asyncio.to_thread(postgres.control, "start", "-l", str(postgres.folder / "log"))
            await asyncio.sleep(2)
            assert bot.alive

        async with crowd(stage, 4) as people:
            await people.meanwhile(10, restarts)
            await settle(stage, people.people)

"""How much simulator and driver can do with a bot that does nothing: the line a benchmark must stay under."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

from bot.simulator.crowd import Act, Crowd
from bot.simulator.server import running

ROOT: Final = Path(__file__).parents[2]
PRESSES: Final = 40
"""Of each person before somebody new takes her place."""
LOOK: Final = 0.005


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What was reached: updates a second, and a person's wait from press to new card in milliseconds.

    `cpu_ms` is what one update cost this process in processor time: the steadiest figure on a shared machine.
    """

    people: int
    seconds: float
    updates: int
    updates_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float


async def measure_ceiling(people: int, seconds: float) -> Ceiling:
    """Let people press as fast as the null bot answers, for `seconds` (plus start-up), on the light path.

    The people live in this process and the null bot in its own, as with a real bot under load.
    """
    async with running(rate_limits=False, light=True) as simulator:
        bot = simulator.world.add_bot()
        async with null_bot(simulator.url, bot.token):
            crowd = Crowd(simulator.world, bot, (Act(0),) * PRESSES)
            crowd.arrive(people)
            while crowd.arrived < people:  # noqa: ASYNC110 - people shall not stop to tell
                await asyncio.sleep(LOOK)
            crowd.begin()
            begun, burnt = time.monotonic(), time.process_time()
            await asyncio.sleep(seconds)
            tally = crowd.rest()
            took, burnt = time.monotonic() - begun, time.process_time() - burnt
    flat = sorted(tally.waits)
    cuts = quantiles(flat, n=100) if len(flat) > 1 else [0.0] * 99
    each = burnt / max(len(flat), 1)
    return Ceiling(people, took, len(flat), len(flat) / took, cuts[49] * 1000, cuts[98] * 1000, each * 1000)


@asynccontextmanager
async def null_bot(url: str, token: str) -> AsyncIterator[None]:
    """Run the null bot in a process of its own."""
    arguments = ("-m", "bot.simulator.nullbot", url, token)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()

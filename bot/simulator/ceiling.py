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

from bot.simulator.driver import Driver, Person
from bot.simulator.server import running

ROOT: Final = Path(__file__).parents[2]


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
    async with running(rate_limits=False, light=True) as simulator, Driver(door=simulator.control) as driver:
        bot = await driver.bot()
        async with null_bot(simulator.url, bot["token"]):
            crowd = [await driver.person(f"P{number}", bot=bot["id"]) for number in range(people)]
            await asyncio.gather(*(_arrive(person) for person in crowd))
            loop = asyncio.get_running_loop()
            begun, burnt = loop.time(), time.process_time()
            waits = await asyncio.gather(*(_press_until(person, begun + seconds) for person in crowd))
            took, burnt = loop.time() - begun, time.process_time() - burnt
    flat = sorted(wait for row in waits for wait in row)
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


async def _arrive(person: Person) -> None:
    await person.start()
    await person.next_card(timeout=30)


async def _press_until(person: Person, ends: float) -> list[float]:
    clock = asyncio.get_running_loop().time
    waits: list[float] = []
    while (before := clock()) < ends:
        await person.press(index=0)
        await person.next_card(timeout=30)
        waits.append(clock() - before)
    return waits

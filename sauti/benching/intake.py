"""One measurement of one bot under one condition: start it, let a crowd talk to it, count, and end it."""

import asyncio
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.simulator.crowd import Crowd
from bot.simulator.faults import Kind, Rule
from bot.simulator.server import Simulator, running
from bot.simulator.world import Bot
from sauti.benching.children import Child, Cores, child, cores
from sauti.benching.contestants import ALL, Contestant, Prepared, Seat, seated
from sauti.benching.figures import Waits, waits
from sauti.benching.preparing import prepare

TOKEN = "7000000001:" + "b" * 35
START_WITHIN, ARRIVE_WITHIN, REST_WITHIN = 60.0, 120.0, 60.0
LONGEST = 90.0
"""Seconds a window may grow until everybody has had two answers."""
_LOOK = 0.005


class BenchError(Exception):
    """A bot that could not be measured. Names the bot and what it did not do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How many people at once, how updates arrive, and how far away Telegram is."""

    people: int
    webhook: bool
    delay_ms: int
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What one measurement found. `rest_busy` is the share of its core that simulator and people used."""

    bot: str
    condition: Condition
    updates_per_second: float
    waits: Waits
    cpu_ms: float
    calls: float
    rss_mib: float
    cold_seconds: float
    conversations: int
    unanswered: int
    bot_busy: float
    rest_busy: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What all measurements of a run share."""

    prepared: Prepared
    folder: Path
    cores: Cores
    seconds: float


async def measure(bench: Bench, contestant: Contestant, condition: Condition) -> Sample:
    """One measurement, in a fresh folder with a fresh simulator.

    Raises:
        BenchError: the bot never asked for updates, ended by itself, or left people without an answer.
    """
    folder = bench.folder / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    async with running(rate_limits=condition.limits, light=True) as simulator:
        server = simulator.world.add_bot(token=TOKEN)
        if condition.delay_ms:
            simulator.api.faults.set([_far(condition.delay_ms)], 0)
        seat = Seat(simulator.url, TOKEN, folder, _free_port() if condition.webhook else None)
        seated(bench.prepared, contestant, seat)
        begun = time.monotonic()
        settings = contestant.settings(seat)
        async with child(contestant.command(seat), settings, bench.folder / "log", bench.cores.bot) as process:
            await _until(lambda: server.pollers > 0 or server.webhook is not None, process, contestant, START_WITHIN)
            cold = time.monotonic() - begun
            run = _Run(bench, contestant, condition, simulator, server, process)
            return await run.sample(cold)


def run(crowds: Sequence[int], rounds: int, names: Sequence[str] | None) -> Iterator[str]:
    """Rounds of all named bots, each crowd in turn; one line for each measurement."""
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        folder, split = Path(name), cores()
        if split.rest is not None:
            os.sched_setaffinity(0, {split.rest})
        bench = Bench(prepare(folder / "prepared"), folder, split, 5.0)
        for people in crowds:
            for number in range(rounds):
                for bot in names or ALL:
                    sample = asyncio.run(measure(bench, ALL[bot], Condition(people, webhook=False, delay_ms=0)))
                    speed = f"{sample.updates_per_second:.0f}/s, p99 {sample.waits.p99:.0f} ms"
                    cost = f"{sample.cpu_ms:.2f} ms CPU, {sample.calls:.2f} calls, {sample.rss_mib:.0f} MiB"
                    start = f"cold start {sample.cold_seconds:.2f} s, yardstick busy {sample.rest_busy:.0%}"
                    yield f"{people} people, round {number + 1}, {bot}: {speed}, {cost}, {start}"


@dataclass(frozen=True, slots=True)
class _Run:
    """A started bot and its crowd."""

    bench: Bench
    contestant: Contestant
    condition: Condition
    simulator: Simulator
    server: Bot
    process: Child

    async def sample(self, cold: float) -> Sample:
        """Lets everybody arrive, counts for a while, lets everybody finish."""
        people = self.condition.people
        code = self.bench.prepared.code if self.contestant.ours else ""
        crowd = Crowd(self.simulator.world, self.server, self.contestant.acts, payload=code)
        crowd.arrive(people)
        await self._until(lambda: crowd.arrived == people, ARRIVE_WITHIN)
        crowd.begin()
        before = self._clocks()
        ends = before.time + self.bench.seconds
        await asyncio.sleep(self.bench.seconds)
        while len(crowd.tally.waits) < 2 * people and time.monotonic() < ends + LONGEST:  # noqa: ASYNC110 - counted by the people, who shall not stop to tell
            await asyncio.sleep(_LOOK)
        after, tally = self._clocks(), crowd.tally
        resident = self.process.resident_mib()
        crowd.rest()
        answered, took = max(len(tally.waits), 1), after.time - before.time
        ended = len(tally.waits), tally.conversations
        figures = waits(tally.waits)
        unanswered = await self._settled(crowd)
        return Sample(
            self.contestant.name, self.condition, ended[0] / took, figures,
            cpu_ms=1000 * (after.bot - before.bot) / answered, calls=(after.calls - before.calls) / answered,
            rss_mib=resident, cold_seconds=cold, conversations=ended[1], unanswered=unanswered,
            bot_busy=(after.bot - before.bot) / took, rest_busy=(after.rest - before.rest) / took,
        )  # fmt: skip

    async def _settled(self, crowd: Crowd) -> int:
        """People still without an answer, after everybody had time to get one."""
        ends = time.monotonic() + REST_WITHIN
        while crowd.unanswered and time.monotonic() < ends:  # noqa: ASYNC110 - as above
            await asyncio.sleep(_LOOK)
        return crowd.unanswered

    def _clocks(self) -> "_Clocks":
        return _Clocks(time.monotonic(), self.process.cpu_seconds(), time.process_time(), self._calls())

    def _calls(self) -> int:
        """Calls to Telegram so far, without those that fetch updates."""
        counts = self.simulator.api.journal.counts
        return sum(count for method, count in counts.items() if method.lower() != "getupdates")

    async def _until(self, holds: Callable[[], bool], within: float) -> None:
        await _until(holds, self.process, self.contestant, within)


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Readings at one moment: seconds of the wall, of the bot's processor, of ours, and calls made."""

    time: float
    bot: float
    rest: float
    calls: int


async def _until(holds: Callable[[], bool], process: Child, contestant: Contestant, within: float) -> None:
    ends = time.monotonic() + within
    while not holds():
        if not process.alive():
            raise BenchError(f"bench: {contestant.name} ended by itself; its last words stand in the log")
        if time.monotonic() > ends:
            raise BenchError(f"bench: {contestant.name} left people without an answer")
        await asyncio.sleep(_LOOK)


def _far(delay_ms: int) -> Rule:
    """Every call of a bot reaches Telegram so much later; calls do not wait for each other."""
    return Rule(Kind.DELAY, frozenset(), None, 1.0, None, delay_ms / 1000, None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])

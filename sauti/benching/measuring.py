"""One session: a bot's process beside a fresh simulator, one crowd after the other, read by the clock and by /proc."""

import asyncio
import gc
import shutil
import socket
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.simulator import methods
from bot.simulator.crowd import Crowd
from bot.simulator.faults import Kind, Rule
from bot.simulator.server import Simulator, running
from bot.simulator.world import Bot
from sauti.benching.children import Child, Cores, child
from sauti.benching.contestants import Contestant, Prepared, Seat, seated
from sauti.benching.figures import waits
from sauti.benching.samples import Sample, Session, Setting

TOKEN: Final = "7000000001:" + "b" * 35
START_WITHIN, ARRIVE_WITHIN, REST_WITHIN = 60.0, 60.0, 60.0
ANSWERS: Final = 3
"""Answers that each person has had, on average, before a window closes: otherwise slow bots would look quick."""
LONGEST: Final = 90.0
"""Seconds by which a window may grow for that."""
SAYING: Final = frozenset(methods.BEHAVIOURS)
"""Calls about chats."""
_LOOK, _STILL = 0.005, 0.25


class BenchError(Exception):
    """A bot that could not be measured. Names the bot and what it did not do."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all sessions of a run share: the open round, a folder, cores, and seconds of a window."""

    prepared: Prepared
    folder: Path
    cores: Cores
    seconds: float

    @property
    def log(self) -> Path:
        """What the bots said."""
        return self.folder / "log"


async def measured(bench: Bench, contestant: Contestant, session: Session, number: int) -> AsyncGenerator[Sample, None]:
    """The samples of one session, in a fresh folder with a fresh simulator; `number` is the round.

    Raises:
        BenchError: the bot never asked for updates, ended by itself, or left a whole crowd without an answer.
    """
    # Our own garbage collector would stop all people for a tenth of a second, and be the bot's slowest hundredth.
    gc.collect()
    gc.freeze()
    setting, folder = session.setting, bench.folder / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    async with running(rate_limits=setting.limits, light=True) as simulator:
        server = simulator.world.add_bot(token=TOKEN)
        simulator.api.faults.set(_distance(setting), 0)
        seat = Seat(simulator.url, TOKEN, folder, _free_port() if setting.webhook else None)
        seated(bench.prepared, contestant, seat)
        begun = time.monotonic()
        command, settings = contestant.command(seat), contestant.settings(seat)
        async with child(command, settings, bench.log, bench.cores.bot) as process:
            at_work = _Session(bench, contestant, setting, number, simulator, server, process)
            await at_work.until(lambda: server.pollers > 0 or server.webhook is not None, START_WITHIN)
            cold = time.monotonic() - begun
            for people in session.crowds:
                yield await at_work.sample(people, cold)


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Readings at one moment: seconds of the wall, of the bot's processor and of ours."""

    wall: float
    bot: float
    yardstick: float


@dataclass(frozen=True, slots=True)
class _Session:
    """A started bot."""

    bench: Bench
    contestant: Contestant
    setting: Setting
    number: int
    simulator: Simulator
    server: Bot
    process: Child

    async def sample(self, people: int, cold: float) -> Sample:
        """Lets everybody arrive, counts for a while, and lets everybody get the answer she waits for."""
        code = self.bench.prepared.code if self.contestant.ours else ""
        crowd = Crowd(self.simulator.world, self.server, self.contestant.acts, payload=code)
        calls, refusals = self._calls(), self._refusals()
        crowd.arrive(people)
        latest = time.monotonic() + ARRIVE_WITHIN
        await self.until(
            lambda: crowd.arrived == people or (crowd.arrived > 0 and time.monotonic() > latest), 2 * ARRIVE_WITHIN
        )
        crowd.begin()
        before = self._clocks()
        await self._window(crowd, people)
        after, tally, resident = self._clocks(), crowd.rest(), self.process.resident_mib()
        await self._settled(crowd)
        count, took = len(tally.waits), after.wall - before.wall
        if not count:
            raise BenchError(f"bench: {self.contestant.name} left everybody without an answer")
        return Sample(
            self.number, self.contestant.name, self.setting, people, count / took, waits(tally.waits),
            cpu_ms=1000 * (after.bot - before.bot) / count,
            calls=(self._calls() - calls) / crowd.acted,
            rss_mib=resident,
            cold_seconds=cold,
            bot_busy=(after.bot - before.bot) / took,
            yardstick_busy=(after.yardstick - before.yardstick) / took,
            conversations=tally.conversations,
            unanswered=crowd.unanswered,
            refusals=self._refusals() - refusals,
            pending=len(self.server.updates),
        )  # fmt: skip

    async def until(self, holds: Callable[[], bool], within: float) -> None:
        """Waits until something holds. Raises BenchError where it does not in time, or where the bot ends."""
        ends = time.monotonic() + within
        while not holds():
            if not self.process.alive():
                raise BenchError(f"bench: {self.contestant.name} ended by itself")
            if time.monotonic() > ends:
                raise BenchError(f"bench: {self.contestant.name} left people without an answer")
            await asyncio.sleep(_LOOK)

    async def _window(self, crowd: Crowd, people: int) -> None:
        await asyncio.sleep(self.bench.seconds)
        latest = time.monotonic() + LONGEST
        await self.until(lambda: len(crowd.tally.waits) >= ANSWERS * people or time.monotonic() > latest, LONGEST + 1.0)

    async def _settled(self, crowd: Crowd) -> None:
        """Waits for the last answers, and for the toasts and deletions that go with them."""
        latest = time.monotonic() + REST_WITHIN
        await self.until(
            lambda: not (crowd.unanswered or len(self.server.updates)) or time.monotonic() > latest, REST_WITHIN + 1.0
        )
        before = -1
        while (calls := self._calls()) != before and time.monotonic() < latest:
            before = calls
            await asyncio.sleep(_STILL)

    def _clocks(self) -> _Clocks:
        return _Clocks(time.monotonic(), self.process.cpu_seconds(), time.process_time())

    def _calls(self) -> int:
        """Calls so far that say something in a chat; fetching updates and setting up a bot's profile are none."""
        return sum(count for method, count in self.simulator.api.journal.counts.items() if method.lower() in SAYING)

    def _refusals(self) -> int:
        return sum(self.simulator.api.journal.refusals.values())


def _distance(setting: Setting) -> list[Rule]:
    """Every exchange, by whomever it was begun, takes so much longer; exchanges do not wait for each other."""
    if not setting.delay_ms:
        return []
    methods: tuple[frozenset[str], ...] = (frozenset(), frozenset({"webhook"}))
    return [Rule(Kind.DELAY, one, None, 1.0, None, setting.delay_ms / 1000, None) for one in methods]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])

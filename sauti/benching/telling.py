"""`sauti bench broadcast`: the pace of a broadcast as its receiver counts it, and what a kill does to a long one."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.broadcast.sending import LANES
from bot.simulator.errors import Json
from bot.simulator.journal import Journal
from bot.simulator.limits import OVERALL_RATE
from bot.simulator.server import Simulator, running
from sauti.benching.children import Child
from sauti.benching.contestants import ROOT
from sauti.benching.measuring import TOKEN, BenchError
from sauti.benching.preparing import prepare
from sauti.ending import end

LOOK: Final = 0.05
STOP_WITHIN: Final = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many chats are told at Telegram's pace, and how many are queued for a broadcast that is killed half-way."""

    paced: int = 9_000
    queued: int = 100_000


QUICK: Final = Plan(300, 2_000)


@dataclass(frozen=True, slots=True)
class Paced:
    """A broadcast at the limit. `allowed` and `achieved` are messages a second, `most` in any second."""

    chats: int
    seconds: float
    allowed: float
    achieved: float
    most: int
    refused: int
    twice: int
    begin_mib: float
    end_mib: float


@dataclass(frozen=True, slots=True)
class Killed:
    """A broadcast killed half-way and begun again. `missed` were claimed and not yet written to."""

    chats: int
    before: int
    after: int
    missed: int
    twice: int
    seconds: float
    begin_mib: float
    end_mib: float


@dataclass(frozen=True, slots=True)
class Found:
    """Both."""

    paced: Paced
    killed: Killed

    @property
    def met(self) -> bool:
        """Whether both did what they must."""
        one, two = self.paced, self.killed
        pace = one.achieved >= 0.99 * one.allowed and one.most <= one.allowed and not one.refused
        return pace and not (one.twice or two.twice) and two.missed <= LANES


async def run(plan: Plan, tell: Callable[[str], object]) -> Found:
    """Measures both. Raises BenchError where a broadcaster ends before it should."""
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        folder = Path(name)
        prepare(folder / "prepared", notified=True)
        tell(f"telling {plan.paced} chats at {OVERALL_RATE:.0f} a second")
        paced = await _paced(folder, plan.paced)
        tell(f"telling {plan.queued} chats, with a kill half-way")
        return Found(paced, await _killed(folder, plan.queued))


async def _paced(folder: Path, chats: int) -> Paced:
    async with running(rate_limits=True, light=True) as simulator:
        ahead, moments = _queue(simulator, chats), _moments(simulator)
        async with _broadcaster(folder, simulator, ahead, anew=True) as process:
            await _until(process, lambda: len(moments) > 0)
            begin = Child(process.pid).resident_mib()
            await _until(process, lambda: len(moments) >= chats)
            finish = Child(process.pid).resident_mib()
            await process.wait()
        refused = sum(simulator.api.journal.refusals.values())
    times = [moment for moment, _ in moments]
    seconds = times[-1] - times[0]
    twice = sum(count > 1 for count in Counter(chat for _, chat in moments).values())
    return Paced(
        chats, seconds, OVERALL_RATE, (len(times) - 1) / seconds, most_in_a_second(times), refused, twice, begin, finish
    )


async def _killed(folder: Path, chats: int) -> Killed:
    begun = time.monotonic()
    async with running(rate_limits=False, light=True) as simulator:
        ahead, moments = _queue(simulator, chats), _moments(simulator)
        async with _broadcaster(folder, simulator, ahead, anew=True, leaping=True) as process:
            await _until(process, lambda: len(moments) > 0)
            begin = Child(process.pid).resident_mib()
            await _until(process, lambda: len(moments) >= chats // 2)
            process.kill()
            await process.wait()
        before = len(moments)
        async with _broadcaster(folder, simulator, ahead, anew=False, leaping=True) as process:
            await _until(process, lambda: len(moments) >= chats - 2 * LANES or process.returncode is not None)
            finish = Child(process.pid).resident_mib() if process.returncode is None else begin
            await process.wait()
        if process.returncode:
            raise BenchError("bench: the second broadcast did not come to its end")
    told = Counter(chat for _, chat in moments)
    twice = sum(count > 1 for count in told.values())
    seconds = time.monotonic() - begun
    return Killed(chats, before, len(moments) - before, chats - len(told), twice, seconds, begin, finish)


def most_in_a_second(times: Sequence[float]) -> int:
    """The most of these ascending moments that lie in any half-open second."""
    most = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _queue(simulator: Simulator, chats: int) -> list[int]:
    """So many people who have opened a chat with the bot."""
    world = simulator.world
    bot = world.add_bot(token=TOKEN)
    found = []
    for _ in range(chats):
        person = world.add_person("Invented", None, None, "en")
        world.chat_of(bot, person).open = True
        found.append(person.id)
    return found


class _Witness(Journal):
    """The simulator's journal, which also notes moment and chat of every message that was taken."""

    def __init__(self) -> None:
        super().__init__(history=False)
        self.moments: list[tuple[float, int]] = []

    def note(self, record: Json, answer: Json) -> None:
        """As the journal does."""
        super().note(record, answer)
        if record["method"] == "sendMessage" and answer.get("ok"):
            self.moments.append((record["time"], int(record["params"]["chat_id"])))


def _moments(simulator: Simulator) -> list[tuple[float, int]]:
    """(moment, chat) of every message that is taken from now on, as the simulator notes them."""
    simulator.api.journal = witness = _Witness()
    return witness.moments


@asynccontextmanager
async def _broadcaster(
    folder: Path, simulator: Simulator, ahead: list[int], *, anew: bool, leaping: bool = False
) -> AsyncIterator[Process]:
    """A broadcaster that has been told its people; with `anew` in a database in which nobody was told anything."""
    seat = folder / "run"
    if anew:
        shutil.rmtree(seat, ignore_errors=True)
        shutil.copytree(folder / "prepared", seat)
    settings = {
        "SAUTI_DATABASE_URL": f"sqlite:///{seat / 'sauti.db'}",
        "SAUTI_SECRETS_DIR": str(seat / "secrets"),
        "SAUTI_BOT_API_URL": simulator.url,
        "SAUTI_BOT_TOKEN": TOKEN,
        "PYTHONPATH": str(ROOT),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    command = ("-m", "sauti.benching.telling_child", "--most", str(int(OVERALL_RATE)), *(["--leaping"] * leaping))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env=inherited | settings, stdin=PIPE, process_group=0
    )
    try:
        if process.stdin is not None:
            process.stdin.write(json.dumps(ahead).encode())
            await process.stdin.drain()
            process.stdin.close()
        yield process
    finally:
        await end(process, STOP_WITHIN)


async def _until(process: Process, holds: Callable[[], bool]) -> None:
    while not holds():
        if process.returncode is not None:
            raise BenchError("bench: the broadcaster ended by itself")
        await asyncio.sleep(LOOK)

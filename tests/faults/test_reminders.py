"""Reminders through the death of whoever leads: two bots on one PostgreSQL, a clock that the test moves (P7, S4)."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.participant import texts
from bot.simulator.driver import Screen
from flows.events import Control
from storage.leading import Place
from tests.faults.asked import WORD
from tests.faults.crowd import crowd
from tests.faults.people import Participant
from tests.faults.referee import TOLD
from tests.faults.servers import Server
from tests.faults.stage import Custody, Stage, now, staged
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900), pytest.mark.postgres]
PEOPLE = 8
TWIST = "hurried"
MORNING = timedelta(hours=10)
"""In the zone of a rehearsal, when they talk; a day later their drafts end, and two hours before, they are reminded."""
_LEADERS = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted"


class Time:
    """The bots' clock."""

    def __init__(self, stage: Stage) -> None:
        self._file: Path = stage.folder / "tmp" / "clock"
        self._file.parent.mkdir(exist_ok=True)
        today = now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.ahead = (today + MORNING - now()).total_seconds()
        self.put(0)

    def put(self, hours: float) -> None:
        """Moves it on."""
        self.ahead += hours * 3_600
        new = self._file.with_suffix(".new")
        new.write_text(str(self.ahead))
        new.replace(self._file)  # whole or not at all: the bots read it all the time

    @property
    def shown(self) -> datetime:
        return (now() + timedelta(seconds=self.ahead)).astimezone(UTC)


async def until(true: Callable[[], Awaitable[bool]], within: float = 60.0) -> None:
    """Looks again and again until something is so. Raises TimeoutError where it never is."""
    async with asyncio.timeout(within):
        while not await true():  # noqa: ASYNC110 - another process brings it about, and tells nobody
            await asyncio.sleep(0.02)


async def leads(stage: Stage) -> None:
    """Waits until somebody holds the seat."""
    async with await psycopg.AsyncConnection.connect(stage.database, autocommit=True) as line:

        async def held() -> bool:
            return bool((await line.execute(_LEADERS, (Place.LEADER >> 32,))).rowcount)

        await until(held)


async def asks(one: Participant) -> None:
    """As far as a question; she pauses and asks to be reminded."""
    await one.live(until=one.at(WORD))
    await one.person.press(one.label(Control.PAUSE))
    await one.person.wait(one.label(Control.REMIND), 60.0)
    await one.person.press(one.label(Control.REMIND))
    await one.stage.quiet()


def reminded(one: Participant, screen: Screen) -> int:
    """How many reminders ever stood in her chat."""
    line = one.word(texts.REMINDER)
    return sum(message.from_bot and line in message.text for message in screen.messages)


async def counted(people: list[Participant]) -> list[int]:
    """Reminders by person."""
    return [reminded(one, await one.person.chat()) for one in people]


async def settled(people: list[Participant], least: int) -> list[int]:
    """Reminders by person, once there are `least` in all, or will not be, and no more come."""

    async def enough() -> bool:
        return sum(await counted(people)) >= least

    with contextlib.suppress(TimeoutError):
        await until(enough, 40.0)
    await asyncio.sleep(3.0)
    return await counted(people)


async def start(stage: Stage, bots: list[Server]) -> None:
    """The first bot leads, the second waits."""
    await bots[0].start(twist=TWIST)
    await leads(stage)
    await bots[1].start(twist=TWIST)


@pytest.mark.parametrize("when", ["before", "around", "after"])
async def test_each_is_reminded_once_though_the_leader_dies(
    tmp_path: Path, custody: Custody, simulator: str, postgres: Cluster, when: str
) -> None:
    """The leader is killed before the slot, in the middle of sending, or after it; the other bot sends what is left.

    Killed before: everybody is reminded, late, once. After: nobody again. In the middle: nobody twice, and at most the
    one whose message was under way is missing.

    Proves: P7, S4, S1
    """
    database = postgres.url(postgres.create())
    async with staged(tmp_path / "stage", database, custody, simulator, by_webhook=True) as (stage, proxy):
        bots = [stage.server(), stage.server()]
        proxy.behind += bots
        time = Time(stage)
        await start(stage, bots)
        async with crowd(stage, 7, steadily=True) as people:
            everybody = [await people.someone() for _ in range(PEOPLE)]
            await asyncio.gather(*map(asks, everybody))
            time.put(1)
            await asyncio.sleep(2.0)
            assert sum(await counted(everybody)) == 0
            counts = await a_day_later(stage, time, everybody, when)
    TOLD.append(f"killed {when}: reminders by number of people {dict(Counter(counts))}")

    assert set(counts) <= {0, 1}
    assert counts.count(0) <= (1 if when == "around" else 0)


async def a_day_later(stage: Stage, time: Time, everybody: list[Participant], when: str) -> list[int]:
    """The slot of all of them passes, and the leader is killed; reminders by person."""
    leader = stage.bots[0]
    if when == "before":
        await leader.kill()
    time.put(21.5)
    if when == "around":

        async def begun() -> bool:
            return sum(await counted(everybody)) > 0

        await until(begun)
        await leader.kill()
    counts = await settled(everybody, PEOPLE)
    if when == "after":
        await leader.kill()
        await leads(stage)
        counts = await settled(everybody, PEOPLE)
    return counts

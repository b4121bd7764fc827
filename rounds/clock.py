"""The clock: who among many processes does what time demands, when, and until when.

One process leads (`storage.leading`). While it does, APScheduler wakes its jobs, the first time at once, because what
was due while nobody led is looked for first. The scheduler keeps nothing on disk and decides nothing: what is due, and
that it happens once, stands in the database (`storage.due`), so a wake too many does nothing and one too few is made up
for by the next. It sleeps by the machine's calendar, and a calendar that was put back would let it sleep for hours; so
every few seconds the calendar is compared with the time that has really passed, and after a jump everything is woken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from storage.leading import Seat

BEAT: Final = 2.0
"""Seconds between two questions whether this process leads."""
JUMP: Final = 5.0
"""Seconds by which the calendar may slide against real time from one question to the next."""
PATIENCE: Final = 5.0
"""Seconds that jobs have to come to a good place when this process stops leading."""

Leads = Callable[[], bool]
"""Whether to go on: asked between two pieces of work."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that the leader does again and again; what there is to do, it finds out itself."""

    name: str
    every: float
    """Seconds."""
    work: Callable[[Leads], Awaitable[None]]


def calendar() -> datetime:
    """The machine's time, by which the scheduler sleeps."""
    return datetime.now(UTC)  # noqa: TID251 - not for deciding: only to see it jump


class Clock:
    """One process that leads, or waits for its turn to."""

    def __init__(self, seat: Seat, jobs: Sequence[Job], beat: float = BEAT) -> None:
        self._seat, self._jobs, self._pause = seat, jobs, beat
        self._scheduler: Any = None
        self._running: set[asyncio.Task[Any]] = set()
        self._broken: Exception | None = None
        self._slide = 0.0

    @property
    def leads(self) -> bool:
        """Whether jobs run here now."""
        return self._scheduler is not None

    async def run(self, stop: asyncio.Event) -> None:
        """Leads whenever nobody else does, until `stop`; then lets the next one lead at once.

        Raises:
            Exception: what a job raised; a job that breaks is a mistake of ours, and must not break in silence.
        """
        try:
            while not stop.is_set() and self._broken is None:
                await self.beat()
                await _until(stop, self._pause)
        finally:
            await self._step_down()
            await asyncio.to_thread(self._seat.leave)
        if self._broken is not None:
            raise self._broken

    async def beat(self) -> None:
        """One question whether this process leads, and what follows from the answer."""
        leads = await asyncio.to_thread(self._seat.held)
        if leads and self._scheduler is None:
            self._begin()
        elif not leads:
            await self._step_down()
        elif self._jumped():
            self._wake()

    def _begin(self) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - only the leader pays for it

        self._jumped()
        # Late is never too late, twice is never better than once, and no job overtakes itself.
        rules = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=rules)
        for job in self._jobs:
            self._scheduler.add_job(
                self._do, "interval", args=(job,), id=job.name, seconds=job.every, next_run_time=calendar()
            )
        self._scheduler.start()

    def _wake(self) -> None:
        for job in self._jobs:
            self._scheduler.modify_job(job.name, next_run_time=calendar())

    def _jumped(self) -> bool:
        """Whether the calendar has slid against the time that really passed since this was last asked."""
        before, self._slide = self._slide, calendar().timestamp() - asyncio.get_running_loop().time()
        return abs(self._slide - before) > JUMP

    async def _do(self, job: Job) -> None:
        task = asyncio.current_task()
        if task is None or self._scheduler is None:
            return
        self._running.add(task)
        mine = self._scheduler
        try:
            await job.work(lambda: self._scheduler is mine)
        except Exception as error:  # noqa: BLE001 - raised by `run`, where the scheduler would only log it
            self._broken = error
        finally:
            self._running.discard(task)

    async def _step_down(self) -> None:
        """Ends the jobs at their next good place, and those that find none."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is None:
            return
        scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=PATIENCE)
        scheduler.shutdown(wait=False)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

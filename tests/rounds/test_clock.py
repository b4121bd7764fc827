"""Who leads, when its jobs run, and when they stop: with the real scheduler and a seat that the test moves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from rounds import clock
from rounds.clock import Clock, Job, Leads

OFTEN = 0.05
BEAT = 0.02
HOURS = 5 * 3_600


@dataclass
class Place:
    """A seat that is free when the test says so."""

    free: bool = True
    left: int = 0

    def held(self) -> bool:
        return self.free

    def leave(self) -> None:
        self.left += 1


@dataclass
class Work:
    """Something that is done again and again."""

    done: int = 0
    each: Callable[[Leads], None] = field(default=lambda _leads: None)

    async def __call__(self, leads: Leads) -> None:
        self.done += 1
        self.each(leads)


async def _when(true: Callable[[], bool]) -> None:
    """Waits until something is so. Raises TimeoutError where it never is."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - another task does it, and tells nobody
            await asyncio.sleep(0.005)


async def test_only_whoever_leads_works() -> None:
    """Without the seat nothing runs; with it, at once and again; after it was lost, nothing; after the end, nothing.

    Proves: S4
    """
    place, work, stop = Place(free=False), Work(), asyncio.Event()
    made = Clock(place, [Job("work", OFTEN, work)], BEAT)
    running = asyncio.ensure_future(made.run(stop))
    await asyncio.sleep(4 * BEAT)
    assert (made.leads, work.done) == (False, 0)
    place.free = True
    await _when(lambda: work.done >= 3)
    place.free = False
    await _when(lambda: not made.leads)
    before = work.done
    await asyncio.sleep(4 * OFTEN)
    assert work.done == before
    place.free = True
    await _when(lambda: work.done > before)
    stop.set()
    await running
    before = work.done
    await asyncio.sleep(4 * OFTEN)

    assert work.done == before
    assert place.left == 1


async def test_the_first_look_comes_at_once() -> None:
    """Whoever begins to lead looks immediately for what was missed, however seldom the job runs otherwise.

    Proves: S1
    """
    work = Work()
    made = Clock(Place(), [Job("work", HOURS, work)], BEAT)
    await made.beat()
    await _when(lambda: work.done == 1)
    await made._step_down()


async def test_a_calendar_that_is_put_back_lets_nobody_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each jump of the machine's calendar, back or forward, jobs are woken once, and without one they sleep on.

    Proves: S1
    """
    work, woken, real = Work(), list[float](), clock.calendar
    made = Clock(Place(), [Job("work", HOURS, work)], BEAT)
    await made.beat()
    await _when(lambda: work.done == 1)
    with monkeypatch.context() as bent:
        for hours in (0, -5, 0, 3, 3):
            bent.setattr(Clock, "_wake", lambda _clock, hours=hours: woken.append(hours))
            bent.setattr(clock, "calendar", lambda hours=hours: real() + timedelta(hours=hours))
            await made.beat()
            await made.beat()
    assert woken == [-5, 0, 3]
    assert work.done == 1
    await made.beat()
    await _when(lambda: work.done == 2)
    await made._step_down()


async def test_a_job_ends_at_a_good_place() -> None:
    """A job under way when the seat is lost is told so between two pieces of work, and is let finish the one.

    Proves: S1
    """
    begun, whole = asyncio.Event(), []
    place = Place()

    async def pieces(leads: Leads) -> None:
        while leads():
            begun.set()
            await asyncio.sleep(0.05)
            whole.append(1)

    made = Clock(place, [Job("pieces", HOURS, pieces)], BEAT)
    await made.beat()
    await begun.wait()
    place.free = False
    before = len(whole)
    await made.beat()

    assert len(whole) == before + 1


async def test_a_job_that_breaks_is_heard() -> None:
    """A mistake in a job ends the process as any other does; it does not run on in silence."""

    def breaks(_leads: Leads) -> None:
        raise LookupError

    made = Clock(Place(), [Job("broken", HOURS, Work(each=breaks))], BEAT)
    with pytest.raises(LookupError):
        await asyncio.wait_for(made.run(asyncio.Event()), 10)


async def test_no_job_overtakes_itself() -> None:
    """A job that takes longer than its interval runs once at a time."""
    at_once = most = 0

    async def slow(_leads: Leads) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(4 * OFTEN)
        at_once -= 1

    made = Clock(Place(), [Job("slow", OFTEN, slow)], BEAT)
    await made.beat()
    await asyncio.sleep(10 * OFTEN)
    await made._step_down()

    assert most == 1

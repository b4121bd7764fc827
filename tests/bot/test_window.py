"""A window over a second: what its receiver counts is never more, however the line behaves, and hardly ever less."""

import asyncio
import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.window import Window
from sauti.benching.telling import most_in_a_second


class Time:
    """A clock that stands until somebody waits, and then is late by what the line costs."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.seconds

    async def until(self, moment: float, stop: asyncio.Event) -> None:
        del stop
        mine = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (moment, id(mine), mine))
        await mine

    def go_on(self) -> bool:
        """To the next moment that anybody waits for; False where nobody does."""
        if not self._waiting:
            return False
        moment, _, mine = heapq.heappop(self._waiting)
        self.seconds = max(self.seconds, moment)
        mine.set_result(None)
        return True


async def sent(most: int, trips: list[tuple[float, float]], lanes: int) -> list[float]:
    """When the receiver has counted each message, which takes so long to it and back, sent in `lanes` at a time."""
    time, stop, ahead, counted = Time(), asyncio.Event(), iter(trips), list[float]()
    window = Window(most, time)

    async def lane() -> None:
        for there, back in ahead:
            assert await window.turn(stop)
            await time.until(time.now() + there, stop)
            counted.append(time.now())
            await time.until(time.now() + back, stop)
            window.answered()

    working = [asyncio.ensure_future(lane()) for _ in range(lanes)]
    while not all(one.done() for one in working):
        for _ in range(3):
            await asyncio.sleep(0)
        time.go_on()
    await asyncio.gather(*working)
    return sorted(counted)


_TRIPS = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), max_size=60)


@given(st.integers(1, 8), _TRIPS, st.integers(1, 4))
def test_no_second_holds_more(most: int, trips: list[tuple[float, float]], lanes: int) -> None:
    """Whatever each way takes, and however many are under way, the receiver never counts more than allowed in a second.

    Proves: T4
    """
    counted = asyncio.run(sent(most, trips, lanes))

    assert len(counted) == len(trips)
    # Sums of floating-point seconds may differ in their last digits.
    assert most_in_a_second([one * (1 + 1e-9) for one in counted]) <= most


async def test_near_by_nearly_all_of_it_is_used() -> None:
    """With two milliseconds to the receiver and back, 99 of 100 allowed messages go out, evenly from the beginning.

    Proves: T4
    """
    counted = await sent(30, [(0.001, 0.001)] * 900, 3)

    assert (len(counted) - 1) / (counted[-1] - counted[0]) >= 0.99 * 30
    assert most_in_a_second(counted[:30]) == 30
    assert counted[14] - counted[0] > 0.4


async def test_told_to_stop_nobody_begins() -> None:
    """Who waits for a turn when it ends has none, and no place is lost."""
    window, stop = Window(1), asyncio.Event()
    assert await window.turn(stop)
    waiting = asyncio.ensure_future(window.turn(stop))
    await asyncio.sleep(0)
    stop.set()

    assert not await waiting
    window.answered()
    assert not await window.turn(stop)


@pytest.mark.parametrize(("times", "most"), [([], 0), ([1.0], 1), ([0.0, 0.5, 0.99, 1.0], 3), ([0.0, 1.0, 2.0], 1)])
def test_what_the_measurement_counts(times: list[float], most: int) -> None:
    """Seconds are half open: what is a whole second apart is not in the same one."""
    assert most_in_a_second(times) == most

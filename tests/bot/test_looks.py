"""One look for everybody who asks at about the same time, and never one that began before."""

import asyncio
import threading

import pytest

from bot.participant.looks import Looks
from storage.errors import StorageUnavailable


class Door:
    """What is looked at: a number that rises with each look; a look comes to an end when it is let go."""

    def __init__(self) -> None:
        self.looked = 0
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self) -> int:
        self.looked += 1
        found = self.looked
        self.begun.set()
        assert self.released.wait(10)
        return found


async def test_a_crowd_shares_a_look() -> None:
    """A hundred who ask in one moment are served by one look."""
    door = Door()
    door.released.set()
    looks = Looks(door)

    assert await asyncio.gather(*(looks.next() for _ in range(100))) == [1] * 100
    assert await looks.next() == 2


async def test_nobody_gets_what_was_seen_before_she_asked() -> None:
    """Who asks while a look is under way gets the next one, together with all others who came meanwhile."""
    door = Door()
    looks = Looks(door)
    early = asyncio.ensure_future(looks.next())
    assert await asyncio.to_thread(door.begun.wait, 10)
    late = [asyncio.ensure_future(looks.next()) for _ in range(3)]
    await asyncio.sleep(0)
    door.released.set()

    assert (await early, await asyncio.gather(*late)) == (1, [2, 2, 2])


async def test_a_look_that_fails_fails_for_those_who_wait_and_not_for_the_next() -> None:
    """All who shared it are told; whoever asks afterwards gets a look of her own."""
    failures = [StorageUnavailable()]

    def look() -> str:
        if failures:
            raise failures.pop()
        return "seen"

    looks = Looks(look)
    told = await asyncio.gather(looks.next(), looks.next(), return_exceptions=True)

    assert [type(one) for one in told] == [StorageUnavailable] * 2
    assert await looks.next() == "seen"


async def test_who_stops_waiting_takes_it_from_nobody_else() -> None:
    """One of two who share a look goes away; the other is served."""
    door = Door()
    looks = Looks(door)
    gone, stays = asyncio.ensure_future(looks.next()), asyncio.ensure_future(looks.next())
    assert await asyncio.to_thread(door.begun.wait, 10)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    door.released.set()

    assert await stays == 1

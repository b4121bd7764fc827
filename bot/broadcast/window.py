"""How fast messages go out that nobody asked for: never more than so many in any second, as their receiver counts (T4).

A message begins only when the one so many places before it was *answered* a second ago. The receiver counts each
between its beginning and its answer, so no second of its own can hold more, however the line delays or bunches them.
Apart from that they begin evenly, and what a late wake-up has lost is caught up within one interval.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final, Protocol

SECOND: Final = 1.0


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> float:
        """Seconds from any moment on, which never go back."""

    async def until(self, moment: float, stop: asyncio.Event) -> None:
        """Waits for a moment, but not longer than for `stop`."""


class LoopClock:
    """The running event loop's own time."""

    def now(self) -> float:
        """As `Clock`."""
        return asyncio.get_running_loop().time()

    async def until(self, moment: float, stop: asyncio.Event) -> None:
        """As `Clock`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), moment - self.now())


class Window:
    """At most `most` messages in any second."""

    def __init__(self, most: int, clock: Clock | None = None) -> None:
        self._clock = clock or LoopClock()
        self._interval = SECOND / most
        self._places = deque([float("-inf")] * most)
        """When each place is free again; those of messages under way are not among them."""
        self._next = self._held = float("-inf")

    async def turn(self, stop: asyncio.Event) -> bool:
        """Waits until one more may begin, and takes its place; False, and nothing taken, where `stop` comes first."""
        while not stop.is_set():
            now = self._clock.now()
            free = self._places[0] if self._places else now + self._interval
            at = max(free, self._next, self._held)
            if at <= now and self._places:
                self._places.popleft()
                self._next = max(self._next, now - self._interval) + self._interval
                return True
            await self._clock.until(at, stop)
        return False

    def answered(self) -> None:
        """One that had its turn is over, however it ended: its place is free in a second."""
        self._places.append(self._clock.now() + SECOND)

    def hold(self, seconds: float) -> None:
        """Nothing begins for so long: the receiver has said that it was too fast."""
        self._held = max(self._held, self._clock.now() + seconds)

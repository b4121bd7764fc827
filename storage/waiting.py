"""How coroutines wait for the writer's thread: many that one commit has answered are woken by one word.

asyncio's own bridge (`wrap_future`) sends a byte down a pipe for every future, and a future of threads takes a lock and
a condition for each. What a coroutine waits for here is one value, put in its place by the writer's thread after COMMIT
and read by the coroutine after it has been woken.
"""

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Answer(Generic[T]):
    """What the writer will say to one coroutine: as much of a future as the writer needs, made in an event loop."""

    __slots__ = ("_error", "_gone", "_result", "_waiting", "_woken")

    def __init__(self, waiting: "Waiting") -> None:
        self._waiting = waiting
        self._woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._result: T | None = None
        self._error: Exception | None = None
        self._gone = False

    def set_running_or_notify_cancel(self) -> bool:
        """Whether anybody still waits, asked before the work begins."""
        return not self._gone

    def set_result(self, result: T) -> None:
        """What the work gave; told by the next `Waiting.wake`."""
        self._result = result
        self._waiting.answered(self._woken)

    def set_exception(self, error: Exception) -> None:
        """What it raised; told likewise."""
        self._error = error
        self._waiting.answered(self._woken)

    async def get(self) -> T:
        """The result, or what was raised. Who stops waiting takes the work back, unless it has begun."""
        try:
            await self._woken
        except asyncio.CancelledError:
            self._gone = True
            raise
        if self._error is not None:
            raise self._error
        return cast("T", self._result)


class Waiting:
    """Everybody who waits for one writer, in whatever event loop."""

    def __init__(self) -> None:
        self._answered: deque[asyncio.Future[None]] = deque()

    def answered(self, woken: asyncio.Future[None]) -> None:
        """That this one can be woken."""
        self._answered.append(woken)

    def wake(self) -> None:
        """Tells all whose futures have resolved. From any thread, after each batch."""
        by_loop = defaultdict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]](list)
        with suppress(IndexError):
            while True:
                woken = self._answered.popleft()
                by_loop[woken.get_loop()].append(woken)
        for loop, several in by_loop.items():
            with suppress(RuntimeError):  # that loop has ended: nobody waits there any more
                loop.call_soon_threadsafe(_wake, several)


def _wake(several: list[asyncio.Future[None]]) -> None:
    for woken in several:
        if not woken.done():
            woken.set_result(None)

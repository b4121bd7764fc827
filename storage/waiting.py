"""How coroutines wait for the writer's thread: many that one commit has answered are woken by one word.

asyncio's own bridge (`wrap_future`) sends a byte down a pipe for every future. What is waited for here is a future of
the writer; its result is read only after it has resolved, which is after COMMIT.
"""

import asyncio
from collections import defaultdict, deque
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Waiting:
    """Everybody who waits for one writer, in whatever event loop."""

    def __init__(self) -> None:
        self._answered: deque[asyncio.Future[None]] = deque()

    async def result(self, future: Future[T]) -> T:
        """The future's result, or what it raises. Who stops waiting takes the work back, unless it has begun."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda _: self._answered.append(woken))
        if future.done():
            self.wake()
        try:
            await woken
        except asyncio.CancelledError:
            future.cancel()
            raise
        return future.result()

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

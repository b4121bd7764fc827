"""Looking something up for everybody who asks at about the same time.

When a crowd arrives, each newcomer asks which rounds are open. One look at a time is enough, off the event loop, and
all who came while it ran share the next one: nobody gets what was seen before she asked.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Looks(Generic[T]):
    """Shares what `look` finds."""

    def __init__(self, look: Callable[[], T]) -> None:
        """`look` may block; it is run in a thread."""
        self._look = look
        self._under_way: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def next(self) -> T:
        """What a look finds that has not begun yet. Raises what it raises."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._after(self._under_way))
        return await asyncio.shield(self._next)  # who stops waiting takes it from nobody else

    async def _after(self, before: "asyncio.Task[T] | None") -> T:
        if before is not None:
            await asyncio.wait({before})
        self._under_way, self._next = self._next, None
        return await asyncio.to_thread(self._look)

"""Order: what belongs to one person or one chat happens one after the other, and everything else side by side."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0
    waiting: int = 0


class Lanes:
    """One queue for each number, there only while somebody stands in it."""

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[Callable[[], bool]]:
        """Waits for its turn in the order of calling; yields whether somebody newer has come since."""
        lane = self._lanes.setdefault(number, _Lane())
        lane.newest += 1
        mine, lane.waiting = lane.newest, lane.waiting + 1
        try:
            async with lane.lock:
                yield lambda: lane.newest != mine
        finally:
            lane.waiting -= 1
            if not lane.waiting:
                self._lanes.pop(number, None)

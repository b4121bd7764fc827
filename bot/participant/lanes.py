"""Order: what belongs to one person or one chat happens one after the other, and everything else side by side."""

import asyncio
from collections.abc import Callable
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

    def turn(self, number: int) -> "_Turn":
        """`async with` waits for its turn in the order of coming; gives whether somebody newer has come since."""
        return _Turn(self._lanes, number)


class _Turn:
    """One place in one queue."""

    __slots__ = ("_lane", "_lanes", "_mine", "_number")

    def __init__(self, lanes: dict[int, _Lane], number: int) -> None:
        self._lanes, self._number = lanes, number

    async def __aenter__(self) -> Callable[[], bool]:
        lane = self._lanes.get(self._number)
        if lane is None:
            lane = self._lanes[self._number] = _Lane()
        lane.newest += 1
        lane.waiting += 1
        self._lane, self._mine = lane, lane.newest
        try:
            await lane.lock.acquire()
        except BaseException:
            self._leave()
            raise
        return self._overtaken

    async def __aexit__(self, *_error: object) -> None:
        self._lane.lock.release()
        self._leave()

    def _overtaken(self) -> bool:
        return self._lane.newest != self._mine

    def _leave(self) -> None:
        self._lane.waiting -= 1
        if not self._lane.waiting:
            self._lanes.pop(self._number, None)

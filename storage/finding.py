"""Finding the messages of one chat in the sweep box, which says of no row whose it is.

Every row has to be opened, so looking is dear and must not grow with the number of people who hide: there is one look
at a time, off the writer's thread, and whoever comes while it runs is served, together with everybody else who came,
by the next one. A look sees all that was stored before it was asked for.
"""

import asyncio
from collections.abc import Callable

from storage.errors import StorageError
from storage.values import SweepItem

Look = Callable[[frozenset[int]], dict[int, list[SweepItem]]]


class Finder:
    """Shares looks into the sweep box among those who wait for one."""

    def __init__(self, look: Look) -> None:
        """`look` opens the whole box; it is run in a thread of its own."""
        self._look = look
        self._one_at_a_time = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[tuple[SweepItem, ...]]] = {}

    async def find(self, chat_id: int) -> tuple[SweepItem, ...]:
        """Everything the box holds of a chat. Raises StorageUnavailable."""
        mine = self._waiting.setdefault(chat_id, asyncio.get_running_loop().create_future())
        async with self._one_at_a_time:
            if not mine.done():
                await self._serve()
        return await mine

    async def _serve(self) -> None:
        served, self._waiting = self._waiting, {}
        try:
            found = await asyncio.to_thread(self._look, frozenset(served))
        except asyncio.CancelledError:
            self._waiting = served | self._waiting  # somebody else who waits looks for them
            raise
        except StorageError as error:
            for one in served.values():
                one.set_exception(error)
        else:
            for chat_id, one in served.items():
                one.set_result(tuple(found[chat_id]))

"""What the simulator knows of the updates: which were confirmed. The bot's own word counts for nothing here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bot.simulator.driver import Driver
from bot.simulator.errors import Json


@dataclass(slots=True)
class Watch:
    """Updates of one bot that will not come again: confirmed, or dropped for their age."""

    driver: Driver
    bot: int
    settled: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    """Those of them that Telegram has given up, a day old, before any bot confirmed them."""
    _base: int = 0
    """Entries of the log below this are settled all."""

    async def look(self) -> None:
        """Reads what has changed."""
        after, leading = self._base, True
        while rows := (await self._page(after))["updates"]:
            for row in rows:
                over = row["confirmed"] is not None or row["dropped"]
                if over:
                    self.settled.add(row["update_id"])
                if row["dropped"]:
                    self.dropped.add(row["update_id"])
                leading = leading and over
                self._base += leading
            after += len(rows)

    async def _page(self, after: int) -> Json:
        return await self.driver.call("GET", f"/sim/bots/{self.bot}/updates", after=after)


@contextlib.asynccontextmanager
async def watching(driver: Driver, bot: int) -> AsyncIterator[Watch]:
    """Looks again and again for as long as the block lasts."""
    watch = Watch(driver, bot)

    async def look_on() -> None:
        while True:
            await watch.look()
            await asyncio.sleep(0.25)

    task = asyncio.ensure_future(look_on())
    try:
        yield watch
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

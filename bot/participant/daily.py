"""What is looked at once a day: whether help that is named still answers, and how long closed rounds have been kept.

Nobody in a chat sees any of this. It is told in the log, to whoever runs the bot.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.participant.log import Event, log
from storage.destroying import destroy, overdue
from storage.errors import StorageError
from storage.rounds import RUNNING, RoundStore
from storage.secrets import Secrets
from storage.times import day, iso_week

EVERY: Final = 3_600.0
"""Seconds between two looks at the calendar."""


class Daily:
    """One bot's days."""

    def __init__(self, rounds: RoundStore, secrets: Secrets, clock: Callable[[], datetime]) -> None:
        self._rounds, self._secrets, self._clock = rounds, secrets, clock
        self._last: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Looks around at the start, and after each midnight until `stop`."""
        while not stop.is_set():
            await self.look()
            try:
                await asyncio.wait_for(stop.wait(), EVERY)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Does what is to be done today, unless it has been done; what failed is tried again an hour later."""
        now = self._clock()
        if self._last == day(now):
            return
        try:
            await asyncio.to_thread(self._day, now)
            self._last = day(now)
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)

    def _day(self, now: datetime) -> None:
        for row in self._rounds.all():
            if row.state in RUNNING and (old := row.stale_referrals(now.date())):
                log(Event.REFERRALS_STALE, code=row.id.hex()[:8], count=old)
            if overdue(row, now.date()):
                destroy(self._rounds, self._secrets, self._rounds.doomed(row.id.hex(), iso_week(now)))
                log(Event.RETENTION_OVER, code=row.id.hex()[:8])

"""What is looked at once a day: whether help that is named still answers, and how long closed rounds have been kept.

Nobody in a chat sees any of this. It is told in the log, to whoever runs the bot.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.participant.log import Event, log
from rounds.clock import Job
from rounds.life import Act, Role, after
from storage import due
from storage.database import writing
from storage.destroying import box_overdue, destroy, destroy_box, overdue
from storage.due import Due
from storage.errors import StorageError
from storage.rounds import RUNNING, RoundStore
from storage.secrets import Secrets
from storage.times import DAY, day, iso_week

EVERY: Final = 3_600.0
"""Seconds between two looks at the calendar."""
JOB: Final = "daily"
_EVERYBODY: Final = b""
"""What is due is due for no row in particular."""


class Daily:
    """The days of one database, whichever process lives through them."""

    def __init__(self, rounds: RoundStore, secrets: Secrets, clock: Callable[[], datetime]) -> None:
        self._rounds, self._secrets, self._clock = rounds, secrets, clock

    @property
    def job(self) -> Job:
        """Once after each midnight, by whoever leads then; what failed is tried again an hour later."""
        return Job(JOB, EVERY, self._look)

    async def _look(self, _leads: object) -> None:
        await self.look()

    async def look(self) -> None:
        """Does what is to be done today, unless it has been done, by this process or another."""
        try:
            await asyncio.to_thread(self._perhaps, self._clock())
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)

    def _perhaps(self, now: datetime) -> None:
        """The day's work, and that it is done: in this order, because all of it may be done twice and none left out."""
        planned, midnight = due.planned(self._rounds.engine, JOB, _EVERYBODY), (day(now) + 1) * DAY
        # A plan for later than the next midnight was made by a calendar that ran ahead: it would let days go by.
        if planned is not None and now.timestamp() < planned.slot <= midnight:
            return
        if planned is not None and (late := planned.late(int(now.timestamp()))) > EVERY:
            log(Event.LATE, code=JOB, seconds=late)
        self._day(now)
        with writing(self._rounds.engine) as connection:
            due.put(connection, Due(JOB, _EVERYBODY, midnight))

    def _day(self, now: datetime) -> None:
        for row in self._rounds.all():
            if row.state in RUNNING and (old := row.stale_referrals(now.date())):
                log(Event.REFERRALS_STALE, code=row.id.hex()[:8], count=old)
            if box_overdue(row, now.date()) and not self._secrets.boxless(row.id):
                destroy_box(self._rounds, self._secrets, row.id)
                log(Event.BOX_OVER, code=row.id.hex()[:8])
            if overdue(row, now.date()):
                after(row.state, Act.DESTROY, Role.CLOCK)
                destroy(self._rounds, self._secrets, self._rounds.doomed(row.id.hex(), iso_week(now)))
                log(Event.RETENTION_OVER, code=row.id.hex()[:8])

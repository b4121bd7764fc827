"""Sends the reminders that are due: one silent line each, to whoever has asked for it, by day, and never a second one.

That it may be sent, and that it has been, is one transaction; the message goes out after it. So before anything is
claimed, Telegram is asked whether it hears us: a line that is down costs nobody her reminder.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from bot.participant.log import Event, log
from bot.participant.outcome import Outcome
from rounds.clock import Job, Leads
from storage.errors import StorageError
from storage.reminders import JOB, Reminder

EVERY: Final = 60.0
"""Seconds between two looks."""
PAUSE: Final = 0.05
"""Seconds between two messages: 20/s at most, below what Telegram allows for messages nobody waits for (T4)."""

Sleep = Callable[[float], Awaitable[None]]


class House(Protocol):
    """What of storage is needed here (`storage.intake.Intake`)."""

    async def reminders(self) -> tuple[Reminder, ...]:
        """Those that are due."""


class Reminds(Protocol):
    """Who decides whether somebody is reminded (`bot.participant.conversation.Conversation`)."""

    async def remind(self, one: Reminder) -> Outcome | None:
        """What is to be said, if anything."""


class Mouth(Protocol):
    """Who says it (`bot.participant.speaker.Speaker`)."""

    async def heard(self) -> bool:
        """Whether it would arrive."""

    async def say(self, said: Outcome) -> None:
        """Says it."""


class Reminding:
    """The reminders of one bot."""

    def __init__(self, house: House, reminds: Reminds, mouth: Mouth, sleep: Sleep = asyncio.sleep) -> None:
        self._house, self._reminds, self._mouth, self._sleep = house, reminds, mouth, sleep

    @property
    def job(self) -> Job:
        """Every minute, by whoever leads."""
        return Job("reminders", EVERY, self._look)

    async def _look(self, leads: Leads) -> None:
        try:
            await self.once(leads)
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)

    async def once(self, leads: Leads) -> None:
        """Sends all that are due, for as long as this process `leads`; the others stay due."""
        reminders = await self._house.reminders()
        late = max((one.late for one in reminders), default=0)
        if late and leads():
            log(Event.LATE, code=JOB, seconds=late)
        for one in reminders:
            if not leads() or not await self._mouth.heard():
                return
            said = await self._reminds.remind(one)
            if said is not None:
                await self._mouth.say(said)
                await self._sleep(PAUSE)

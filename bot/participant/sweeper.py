"""What time does: cards that go neutral, conversations that ended by themselves, and messages still to be deleted.

Nobody asked for any of this, so it goes out slowly enough to leave Telegram's patience to those who wait for an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

from bot.participant import texts
from bot.participant.log import Event, log
from bot.participant.outcome import Outcome
from bot.participant.render import line
from bot.participant.speaker import Speaker
from bot.participant.spoken import Spoken
from rounds.clock import Job
from storage.errors import StorageError
from storage.values import Expired, Resting, SweepItem

EVERY: Final = 60.0
"""Seconds between two rounds."""
GROUPS: Final = 20
"""Groups of messages (one call each) at a time."""
PAUSE: Final = 0.05
"""Seconds between two calls: 20/s at most, below what Telegram allows for messages nobody asked for (T4)."""

Sleep = Callable[[float], Awaitable[None]]


class House(Protocol):
    """What of storage is needed here (`storage.intake.Intake`)."""

    async def housekeeping(self) -> tuple[Expired, ...]:
        """Ends what is over."""

    async def resting(self) -> tuple[Resting, ...]:
        """Conversations in which nothing happens."""

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        """Messages to delete now."""

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Forgets them."""


class Rests(Protocol):
    """Who decides what a conversation at rest shows (`bot.participant.conversation.Conversation`)."""

    async def rest(self, one: Resting) -> Outcome | None:
        """What is to be said, if anything."""


class Sweeper:
    """One bot's rounds through its house."""

    def __init__(self, house: House, rests: Rests, speaker: Speaker, sleep: Sleep = asyncio.sleep) -> None:
        self._house, self._rests, self._speaker, self._sleep = house, rests, speaker, sleep

    @property
    def job(self) -> Job:
        """Every minute, by whoever leads."""
        return Job("sweep", EVERY, self._round)

    async def _round(self, _leads: object) -> None:
        try:
            await self.once()
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)

    async def once(self) -> None:
        """One round: neutral cards, then deletions; what Telegram refuses is tried again next time."""
        for one in await self._house.resting():
            said = await self._rests.rest(one)
            if said is not None:
                await self._say(said)
        for expired in await self._house.housekeeping():
            if expired.card_message_id is not None:
                neutral = line(texts.HARMLESS, self._speaker.spoken.languages)
                await self._say(Outcome(expired.chat_id, 0, card=neutral, edit=expired.card_message_id, unasked=True))
        while due := await self._house.sweep_due(GROUPS):
            gone = [item.id for item in due if await self._cleared(item)]
            await self._house.swept(gone)
            if len(gone) < len(due) or len(due) < GROUPS:
                return

    async def _say(self, said: Outcome) -> None:
        await self._speaker.say(said)
        await self._sleep(PAUSE)

    async def _cleared(self, item: SweepItem) -> bool:
        if item.message_ids:
            done = await self._speaker.clear(item.chat_id, item.message_ids)
        else:
            done = await self._speaker.wipe(item.chat_id)
        await self._sleep(PAUSE)
        return done


async def renewing(spoken: Spoken, stop: asyncio.Event) -> None:
    """Every minute until `stop`: in which languages strangers are met. In each process, because each of them speaks."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(spoken.renew)
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue

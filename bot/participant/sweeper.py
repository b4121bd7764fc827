"""What time does: conversations that ended by themselves, and messages that are still to be deleted."""

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from bot.participant import texts
from bot.participant.conversation import Outcome
from bot.participant.log import Event, log
from bot.participant.render import line
from bot.participant.speaker import Speaker
from storage.errors import StorageError
from storage.values import Expired, SweepItem

EVERY: Final = 60.0
"""Seconds between two rounds."""
GROUPS: Final = 20
"""Groups of messages (one call each) at a time: well below what Telegram allows for messages nobody asked for (T4)."""


class House(Protocol):
    """What of storage is needed here (`storage.intake.Intake`)."""

    async def housekeeping(self) -> tuple[Expired, ...]:
        """Ends what is over."""

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        """Messages to delete now."""

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Forgets them."""


async def keep_house(house: House, speaker: Speaker, stop: asyncio.Event) -> None:
    """Sweeps and ends what is over, every minute until `stop`."""
    while not stop.is_set():
        try:
            await once(house, speaker)
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue


async def once(house: House, speaker: Speaker) -> None:
    """One round: neutral lines over expired cards, then deletions; what Telegram refuses is tried again next time."""
    for expired in await house.housekeeping():
        if expired.card_message_id is not None:
            neutral = line(texts.HARMLESS, None)
            await speaker.say(Outcome(expired.chat_id, 0, card=neutral, edit=expired.card_message_id))
    while due := await house.sweep_due(GROUPS):
        gone = [item.id for item in due if await speaker.delete(item.chat_id, item.message_ids)]
        await house.swept(gone)
        if len(gone) < len(due) or len(due) < GROUPS:
            return

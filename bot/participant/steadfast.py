"""What storage is to remember of a message that stands in a chat already: tried again until it is remembered.

An update that could not be stored comes again from Telegram. A message that was sent does not: if storage goes away
just then, nothing would ever delete that message, and hiding would not find it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.participant.calls import Sleep
from bot.participant.recordings import Shelf, Uploads
from bot.participant.wiping import Box
from storage.errors import StorageUnavailable
from storage.values import SweepItem

TRIES = 12
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
"""Seconds between two tries, doubled each time: a minute all together, which a database needs to start again."""


Result = TypeVar("Result")


class Cards(Box, Shelf, Protocol):
    """Where the messages of the bot are remembered (`storage.intake.Intake`)."""

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> int | None:
        """Remembers the card in the draft; the message that was the card before."""


class Steadfast:
    """`Cards` that do not give up at once. All of them may be done twice without harm."""

    def __init__(self, cards: Cards, sleep: Sleep = asyncio.sleep) -> None:
        self._cards, self._sleep = cards, sleep

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> int | None:
        """As `Cards`. Raises StorageUnavailable after the last try."""
        work = partial(self._cards.card_sent, user_id=user_id, round_id=round_id, message_id=message_id)
        return await self._until_stored(work)

    async def line_sent(self, *, chat_id: int, message_id: int, later: timedelta) -> None:
        """As `Box`. Raises StorageUnavailable after the last try."""
        await self._until_stored(partial(self._cards.line_sent, chat_id=chat_id, message_id=message_id, later=later))

    @property
    def uploads(self) -> Uploads:
        """As `Shelf`: what is lost of these costs one more upload."""
        return self._cards.uploads

    async def recording(self, round_id: bytes, digest: bytes) -> bytes:
        """As `Shelf`. Raises StorageUnavailable after the last try."""
        return await self._until_stored(partial(self._cards.recording, round_id, digest))

    async def recording_wanted(self, *, user_id: int, round_id: bytes, nonce: bytes) -> bool:
        """As `Shelf`. Raises StorageUnavailable after the last try."""
        work = partial(self._cards.recording_wanted, user_id=user_id, round_id=round_id, nonce=nonce)
        return await self._until_stored(work)

    async def recording_sent(self, *, user_id: int, round_id: bytes, nonce: bytes, message_id: int | None) -> bool:
        """As `Shelf`. Raises StorageUnavailable after the last try."""
        sent = partial(
            self._cards.recording_sent, user_id=user_id, round_id=round_id, nonce=nonce, message_id=message_id
        )
        return await self._until_stored(sent)

    async def of_chat(self, chat_id: int) -> tuple[SweepItem, ...]:
        """As `Box`. Raises StorageUnavailable after the last try."""
        return await self._until_stored(partial(self._cards.of_chat, chat_id))

    async def swept(self, ids: Sequence[bytes]) -> None:
        """As `Box`. Raises StorageUnavailable after the last try."""
        await self._until_stored(partial(self._cards.swept, ids))

    async def _until_stored(self, work: Callable[[], Awaitable[Result]]) -> Result:
        pause = FIRST_PAUSE
        for _ in range(TRIES - 1):
            try:
                return await work()
            except StorageUnavailable:
                await self._sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        return await work()

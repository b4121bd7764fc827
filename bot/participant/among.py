"""The order of cards in one chat, where several processes speak there.

Turns of one person are in order whoever takes them, because the database sees to that. Their cards are not: the line
may bring an old one last. So each try to show a card waits until no other process is changing one in that chat, and
then looks whether the conversation is still where this card stands. If it is not, whoever took it on shows the next.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

from bot.participant.calls import at_once
from bot.participant.outcome import Outcome
from storage.errors import StorageError
from storage.values import Draft


class Order(Protocol):
    """Whose turn it is."""

    def turn(self, said: Outcome) -> AbstractAsyncContextManager[bool]:
        """Waits for it; whether the card is still wanted then."""


class Alone:
    """The order of a process that speaks alone."""

    def turn(self, _said: Outcome) -> AbstractAsyncContextManager[bool]:
        """Is there at once."""
        return at_once()


class Standing(Protocol):
    """Where conversations are (`storage.intake.Intake`)."""

    def voice(self, chat_id: int) -> bytes:
        """The lock of a chat."""

    async def standing(self, *, user_id: int, round_id: bytes) -> Draft | None:
        """One as it is now."""


class Locks(Protocol):
    """What processes wait for each other by (`storage.voices.Voices`)."""

    def turn(self, lock: bytes) -> AbstractAsyncContextManager[None]:
        """Nobody else is in a turn with an equal lock."""


class Among:
    """The order of a process that speaks among others."""

    def __init__(self, standing: Standing, locks: Locks) -> None:
        self._standing, self._locks = standing, locks

    @asynccontextmanager
    async def turn(self, said: Outcome) -> AsyncIterator[bool]:
        """Waits until nobody else speaks in the chat; whether the conversation is still where the card stands."""
        async with self._locks.turn(self._standing.voice(said.chat_id)):
            yield await self._wanted(said)

    async def _wanted(self, said: Outcome) -> bool:
        if said.draft is None:
            return True
        with suppress(StorageError):
            now = await self._standing.standing(user_id=said.user_id, round_id=said.draft.round_id)
            return now is not None and _shown(now) == _shown(said.draft)
        return True


def _shown(draft: Draft) -> tuple[object, ...]:
    return draft.session, draft.card.nonce if draft.card else None

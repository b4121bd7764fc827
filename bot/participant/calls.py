"""One call to Telegram, made until it has worked or cannot: what everything that the bot says and deletes goes through.

What fails for a passing reason is tried again a few times; after that it is let go, because the next tap draws the card
again and the sweep box deletes what was left. Being too fast is no failure: Telegram says when to come again, and cards
that were refused for it go out at a common pace.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.methods import SendVoice, TelegramMethod

from bot.participant.log import Event, log
from bot.participant.pace import Pace
from bot.participant.session import Reason, TelegramError, Written

TRIES = 4
FLOODS = 40
"""Times that one call is told to wait before it is let go: somebody is waiting for it, but not for ever."""
FIRST_PAUSE = 0.25
"""Seconds before the second try; doubled each time."""
LONGEST_WAIT = 60.0
"""Seconds of `retry_after` that are waited for at most."""

Overtaken = Callable[[], bool]
Turn = Callable[[], AbstractAsyncContextManager[bool]]
Sleep = Callable[[float], Awaitable[None]]


class EditCard(Written):
    """`editMessageText`."""

    __api_method__ = "editMessageText"


class SendCard(Written):
    """`sendMessage`."""

    __api_method__ = "sendMessage"


def never() -> bool:
    """Nothing overtakes this."""
    return False


@asynccontextmanager
async def at_once() -> AsyncIterator[bool]:
    """Nobody else speaks, so there is nobody to wait for."""
    yield True


@dataclass(frozen=True, slots=True)
class Way:
    """How a card goes out."""

    overtaken: Overtaken = never
    """Whether it has become pointless while it waited."""
    turn: Turn = at_once
    """Each try waits for its turn in the chat, and learns there whether it is still wanted."""
    first: bool = False
    """Before others that wait (T4)."""
    once: bool = False
    """Not again where nobody knows whether it went out."""


_ANY = Way()


class Calls:
    """Calls of one bot."""

    def __init__(self, bot: Bot, sleep: Sleep = asyncio.sleep) -> None:
        self._bot, self.sleep, self._pace = bot, sleep, Pace(sleep)

    async def quietly(
        self,
        method: TelegramMethod[Any],
        way: Way = _ANY,
        *,
        gone: object = True,
        stuck: object = None,
    ) -> object:
        """The result of a call; None where Telegram would not, whatever the reason.

        Args:
            method: the call.
            way: how a card goes out.
            gone: what it gives where there is no such message.
            stuck: what it gives where there is one that Telegram keeps as it is.
        """
        try:
            return await self.persistently(method, way)
        except TelegramError as error:
            match error.reason:
                case Reason.UNCHANGED:
                    return True
                case Reason.GONE:
                    return gone
                case Reason.STUCK:
                    return stuck
                case Reason.BLOCKED:
                    return None
            log(Event.TELEGRAM_REFUSED, code=error.reason, status=error.status)
            return None

    async def persistently(self, method: TelegramMethod[Any], way: Way = _ANY) -> object:
        """Tries again what may work later. Raises TelegramError for the last failure."""
        pause, left, floods = FIRST_PAUSE, 1 if way.once else TRIES, FLOODS
        card = isinstance(method, EditCard | SendCard | SendVoice)
        while True:
            try:
                return await (self._card(method, way) if card else self._bot(method))
            except TelegramError as error:
                flood = error.reason is Reason.FLOOD
                left, floods = left - (not flood), floods - flood
                passing = flood or error.reason is Reason.UNREACHABLE
                if not passing or 0 in {left, floods} or way.overtaken():
                    raise
                wait = min(error.retry_after, LONGEST_WAIT) or pause
                if flood:
                    self._pace.refused(wait)
                await self.sleep(wait)
                pause = pause if flood else pause * 2
                if way.overtaken():
                    raise

    async def _card(self, method: TelegramMethod[Any], way: Way) -> object:
        await self._pace.turn(first=way.first)
        if way.overtaken():
            raise TelegramError(Reason.UNCHANGED)
        async with way.turn() as wanted:
            if not wanted:
                raise TelegramError(Reason.UNCHANGED)
            return await self._bot(method)

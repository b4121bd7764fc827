"""Long polling that confirms nothing before it is safe.

Telegram takes an update as confirmed when the next `getUpdates` names a higher offset. aiogram's own loop asks for the
next updates while handlers still run, so a crash would lose what they hold. Here a batch is handled side by side
(each person's updates in order), and the offset moves on only when every one of them is on the disk. Updates are
read as plain JSON: one that no model understands cannot take the other ninety-nine with it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import Bot
from aiogram.methods import TelegramMethod

from bot.participant.gateway import Gateway
from bot.participant.incoming import update_id_of
from bot.participant.log import Event, log
from bot.participant.session import Reason, TelegramError
from storage.errors import StorageUnavailable

WANTED: Final = ["message", "callback_query", "my_chat_member"]
"""The only updates the bot asks for (T1)."""
LIMIT, HOLD = 100, 25
"""Updates a call, and seconds that Telegram holds a call when there are none."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class GetRawUpdates(TelegramMethod[list[Any]]):
    """`getUpdates` without models."""

    __returning__ = list
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int
    timeout: int
    allowed_updates: list[str]


async def poll(
    bot: Bot, gateway: Gateway, stop: asyncio.Event, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Takes updates until `stop`. Raises TelegramError for a token that is not valid."""
    offset: int | None = None
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            batch = await _fetch(bot, offset, stop)
            await _handle(gateway, batch)
        except TelegramError as error:
            if error.reason is Reason.TOKEN:
                raise
            log(Event.TELEGRAM_UNREACHABLE, code=error.reason, status=error.status)
            pause = await _wait(pause, error.retry_after, stop, sleep)
        except StorageUnavailable as error:
            log(Event.STORAGE_UNAVAILABLE, code=error.code)
            pause = await _wait(pause, 0.0, stop, sleep)
        else:
            offset, pause = _after(batch, offset), _FIRST_PAUSE
    if offset is not None:
        await _confirm(bot, offset)


async def _fetch(bot: Bot, offset: int | None, stop: asyncio.Event) -> list[Any]:
    """The next batch; nothing when `stop` comes first."""
    call = GetRawUpdates(offset=offset, limit=LIMIT, timeout=HOLD, allowed_updates=WANTED)
    asked = asyncio.ensure_future(bot(call, request_timeout=HOLD + 10))
    stopped = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if asked not in done:
        asked.cancel()
        return []
    batch: object = asked.result()
    if not isinstance(batch, list) or (batch and all(update_id_of(raw) is None for raw in batch)):
        # Nothing in it could be confirmed, so it would come again at once and for ever.
        raise TelegramError(Reason.UNREACHABLE)
    return batch


def _after(batch: list[Any], offset: int | None) -> int | None:
    """The offset that confirms `batch`. It may fall: after a quiet week Telegram's numbers begin anywhere."""
    numbers = [number for number in map(update_id_of, batch) if number is not None]
    return max(numbers) + 1 if numbers else offset


async def _handle(gateway: Gateway, batch: list[Any]) -> None:
    """Handles a batch; every update is tried, then the first failure of storage is told."""
    for result in await asyncio.gather(*(gateway.handle(raw) for raw in batch), return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _wait(
    pause: float, at_least: float, stop: asyncio.Event, sleep: Callable[[float], Awaitable[None]]
) -> float:  # fmt: skip
    """Waits before the next try, not longer than until `stop`; the pause after the next failure."""
    nap = asyncio.ensure_future(sleep(max(pause, at_least)))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({nap, stopped}, return_when=asyncio.FIRST_COMPLETED)
    nap.cancel()
    stopped.cancel()
    return min(pause * 2, _LONGEST_PAUSE)


async def _confirm(bot: Bot, offset: int) -> None:
    """Tells Telegram what is already safe, so that a clean restart brings nothing twice."""
    try:
        await bot(GetRawUpdates(offset=offset, limit=1, timeout=0, allowed_updates=WANTED), request_timeout=5)
    except TelegramError as error:
        log(Event.TELEGRAM_UNREACHABLE, code=error.reason, status=error.status)

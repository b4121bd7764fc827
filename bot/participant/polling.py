"""Long polling that confirms nothing before it is safe.

Telegram takes an update as confirmed when the next `getUpdates` names a higher offset. aiogram's own loop asks for the
next updates while handlers still run, so a crash would lose what they hold. Here a batch is handled side by side
(each person's updates in order), and the offset moves on only when everything below it is on the disk. While many
people write, the next updates are asked for as soon as half of a batch is done: the other half comes along once more,
is known, and stays unconfirmed. Updates are read as plain JSON: one that no model understands cannot take the other
ninety-nine with it.
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
HALF: Final = LIMIT // 2
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
    bot: Bot,
    gateway: Gateway,
    stop: asyncio.Event,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    heard: Callable[[Reason | None], None] = lambda _reason: None,
) -> None:
    """Takes updates until `stop`; `heard` is told what came of each call, None for an answer.

    Raises:
        TelegramError: the token is not valid.
    """
    hand, pause = _Hand(gateway), _FIRST_PAUSE
    try:
        while not stop.is_set():
            try:
                batch = await _fetch(bot, hand.offset, stop)
                heard(None)
                await hand.take(batch)
            except TelegramError as error:
                if error.reason is Reason.TOKEN:
                    raise
                heard(error.reason)
                log(Event.TELEGRAM_UNREACHABLE, code=error.reason, status=error.status)
                pause = await _wait(pause, error.retry_after, stop, sleep)
            except StorageUnavailable as error:
                log(Event.STORAGE_UNAVAILABLE, code=error.code)
                pause = await _wait(pause, 0.0, stop, sleep)
            else:
                pause = _FIRST_PAUSE
    finally:
        await hand.empty()
    if hand.offset is not None:
        await _confirm(bot, hand.offset)


class _Hand:
    """Updates that were taken and are not confirmed yet, by number; at most one batch and a half."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._left, self._enough = 0, asyncio.Event()
        self._few = 0
        self.offset: int | None = None
        """What may be confirmed: all below it is on the disk. It may fall: after a quiet week Telegram's numbers begin
        anywhere."""

    async def take(self, batch: list[Any]) -> None:
        """Begins with the new ones and waits until all are done; if half a batch was new, until half a batch is left.

        Raises:
            StorageUnavailable: something was not stored. The offset has not moved; all that it would have confirmed
                comes again.
        """
        before = len(self._tasks)
        for raw in batch:
            number = update_id_of(raw)
            if number is not None and number not in self._tasks:
                self._tasks[number] = task = asyncio.get_running_loop().create_task(self._gateway.handle(raw))
                self._left += 1
                task.add_done_callback(self._done)
        # Asking early brings what is under way once more; that is worth it only where much else comes along.
        await self._until(HALF if len(self._tasks) - before >= HALF else 0)
        failed = self._failed()
        if failed is not None:
            await self.empty()
            self._tasks.clear()
            raise failed
        self._move()

    async def empty(self) -> None:
        """Waits until all are done, and moves the offset if all of them are stored."""
        await self._until(0)
        if self._failed() is None:
            self._move()

    async def _until(self, few: int) -> None:
        self._few = few
        while self._left > few:
            self._enough.clear()
            await self._enough.wait()

    def _done(self, _task: asyncio.Task[None]) -> None:
        self._left -= 1
        if self._left <= self._few:
            self._enough.set()

    def _failed(self) -> BaseException | None:
        """What went wrong first; a task that somebody ended has stored nothing, either."""
        for task in self._tasks.values():
            if task.cancelled():
                return asyncio.CancelledError()
            if task.done() and task.exception() is not None:
                return task.exception()
        return None

    def _move(self) -> None:
        """Puts the offset behind everything that nothing unfinished stands before, and forgets that."""
        if not self._tasks:
            return
        unfinished = [number for number, task in self._tasks.items() if not task.done()]
        self.offset = min(unfinished, default=max(self._tasks) + 1)
        self._tasks = {number: task for number, task in self._tasks.items() if unfinished and number >= self.offset}


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

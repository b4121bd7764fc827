"""What time asks of the staff bot: chats that are wiped, the daily note, alarms, and planned openings.

The queue remembers nothing. Each look finds in the database what is to be done, and what a chat was told for which
day, so that a process that starts anew tells nothing twice and leaves no day out that is not over.
"""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import JobQueue

from bot.staff import telling, texts
from bot.staff.log import Event, log
from bot.staff.speaker import Speaker
from bot.staff.telling import Signs
from locales.catalog import catalogue
from storage.errors import StorageError
from storage.rounds import RoundStore
from storage.staff import StaffStore
from storage.times import day
from storage.watching import noticed

OFTEN: Final = 2.0
"""Seconds between two looks at who was unlinked, and at what has stood long enough."""
NOW_AND_THEN: Final = 300.0
"""Seconds between two looks at alarms and the calendar."""
MORNING: Final = 6
"""The hour, UTC, from which on the daily note goes out."""
APART: Final = 0.05
"""Seconds between two messages that nobody asked for: below Telegram's thirty a second by far (T4)."""


class Jobs:
    """All jobs of one staff bot."""

    def __init__(
        self, bot: Bot, store: StaffStore, rounds: RoundStore, speaker: Speaker, clock: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self._bot, self._store, self._rounds, self._speaker, self._clock = bot, store, rounds, speaker, clock
        self._signs = Signs(free=telling.ROOM)
        self.turn = asyncio.Lock()
        """Held by whoever speaks: a chat is not drawn by a press and a job at once."""

    def queue(self, queue: JobQueue[Any]) -> None:
        """Puts them into the queue. Late is never too late, twice is never better than once."""
        rules = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        queue.run_repeating(self._guarded(self.tend), OFTEN, first=0.1, name="tend", job_kwargs=rules)
        queue.run_repeating(self._guarded(self.look), NOW_AND_THEN, first=0.5, name="look", job_kwargs=rules)

    def used_elsewhere(self) -> None:
        """Somebody else has asked for this bot's updates."""
        self._signs = replace(self._signs, elsewhere=True)

    async def tend(self) -> None:
        """Wipes the chats of whoever was unlinked, deletes what has stood long enough."""
        async with self.turn:
            for account in await asyncio.to_thread(self._store.unlinked):
                await self._speaker.wipe(account)
                await asyncio.to_thread(self._store.forget, account)
            for account in await asyncio.to_thread(self._store.linked):
                await self._speaker.delete(
                    account, await asyncio.to_thread(self._store.standing, account, self._clock())
                )

    async def look(self) -> None:
        """Tells each alarm once a day while it holds, and each morning the daily note."""
        await self._look_around()
        async with self.turn:
            await self._tell()

    async def _tell(self) -> None:
        now, store = self._clock(), self._store
        rounds = await asyncio.to_thread(self._rounds.all)
        found = tuple(telling.alarms(rounds, await asyncio.to_thread(noticed, self._rounds.engine), self._signs, now))
        for account in await asyncio.to_thread(store.linked):
            words = catalogue(account.language, texts.DOMAIN)
            said = [
                (kind, telling.alarm(words, kind, telling.stale(rounds, now.date())))
                for kind in found
                if telling.concerned(account)
            ]
            if now.hour >= MORNING:
                said.append(("digest", telling.digest(words, rounds, len(found))))
            for kind, text in said:
                if await asyncio.to_thread(store.claim, account, kind, day(now)):
                    await self._speaker.tell(account, text)
                    await asyncio.sleep(APART)

    async def _look_around(self) -> None:
        free = shutil.disk_usage(Path.cwd()).free
        hooked = False
        try:
            hooked = bool((await self._bot.get_webhook_info()).url)
        except TelegramError:
            log(Event.TELEGRAM_FAILED, code="webhook-info")
        if hooked:
            log(Event.WEBHOOK_CHANGED)
        self._signs = replace(self._signs, free=free, webhook=hooked)

    def _guarded(self, work: Callable[[], Any]) -> Callable[[Any], Any]:
        """A job that survives a database or a Telegram that is away: the next look does what this one could not."""

        async def run(_context: object) -> None:
            try:
                await work()
            except StorageError as error:
                log(Event.STORAGE_FAILED, code=error.code)

        return run

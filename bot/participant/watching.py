"""A look, every five minutes, at whether this bot is still alone with its token (T5); staff are told by their own bot.

Whoever has stolen the token can take its updates in two ways, and both can be seen: by a webhook of their own, which
Telegram names when it is asked, or by asking for updates themselves, which Telegram tells whoever asked before. That
this look was taken is noted, too: a bot from which no sign comes is late with everything.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiogram import Bot
from aiogram.methods import GetWebhookInfo

from bot.participant.log import Event, log
from bot.participant.session import Reason, TelegramError
from rounds.clock import Job
from rounds.health import LOW, free
from storage.errors import StorageError
from storage.looking import file_of
from storage.rounds import RoundStore
from storage.watching import watch

EVERY: Final = 300.0
"""Seconds between two looks."""


class Watching:
    """The looks of one process, whichever leads."""

    def __init__(self, bot: Bot, rounds: RoundStore, webhook: str | None, clock: Callable[[], datetime]) -> None:
        self._bot, self._rounds, self._webhook, self._clock = bot, rounds, webhook or "", clock
        self._shared = False
        path = file_of(rounds.engine)
        self._kept = Path.cwd() if path is None else path.parent

    @property
    def job(self) -> Job:
        """By whoever leads."""
        return Job("watching", EVERY, self._look)

    def heard(self, reason: Reason | None) -> None:
        """What came of asking for updates: that somebody else asks with this token is noted at the next look."""
        self._shared = self._shared or reason is Reason.CONFLICT

    async def _look(self, _leads: object) -> None:
        await self.look()

    async def look(self) -> None:
        """Notes that the bot lives, and what is wrong."""
        hooked = await self._hooked()
        try:
            for what in ("clock", *self._wrong(hooked=hooked)):
                await asyncio.to_thread(watch, self._rounds.engine, what, self._clock())
        except StorageError as error:
            log(Event.HOUSEKEEPING_FAILED, code=error.code)

    async def _hooked(self) -> bool:
        """Whether updates go elsewhere than this bot was set up for; no, where Telegram does not say."""
        try:
            info: Any = await self._bot(GetWebhookInfo())
        except TelegramError:
            return False
        return isinstance(info, dict) and info.get("url", "") != self._webhook

    def _wrong(self, *, hooked: bool) -> Iterator[str]:
        if hooked:
            log(Event.WEBHOOK_CHANGED)
            yield "webhook"
        if self._shared:
            self._shared = False
            log(Event.TOKEN_SHARED)
            yield "token"
        room = free(self._kept)
        if room is not None and room < LOW:
            log(Event.DISK_LOW)
            yield "disk"

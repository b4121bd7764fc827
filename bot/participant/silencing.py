"""Every chat quiet within two minutes: what the kill switch does before the secrets go, where somebody asks for that.

It runs in the process of the command, beside or without the bot, and takes away whatever the sweep box names, due or
not. Who is not reached in time keeps what stands in her chat; the secrets do not wait.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from aiogram import Bot

from bot.participant.calls import Calls
from bot.participant.session import Session
from bot.participant.settings import BotSettings
from bot.participant.spoken import Spoken
from bot.participant.wiping import Box, Wiper
from storage.errors import StorageError
from storage.intake import Intake
from storage.rounds import RoundStore
from storage.secrets import Secrets
from storage.sweep import KEPT
from storage.values import SweepItem
from storage.writer import Writer

AT_MOST: Final = 120.0
"""Seconds; then the secrets go (D5)."""
GROUPS: Final = 25
"""Groups of messages, one call each, that are tried in one second: Telegram takes 30 (T4)."""


class Named(Box, Protocol):
    """The sweep box, which also says what there is (`storage.intake.Intake`)."""

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        """Messages to delete now."""


async def silence_chats(
    settings: BotSettings, rounds: RoundStore, secrets: Secrets, clock: Callable[[], datetime]
) -> bool:  # fmt: skip
    """Takes away every message that the sweep box names; whether everybody was tried before the time was over."""
    writer, session, spoken = Writer(rounds.engine), Session(settings.bot_api_url), Spoken()
    with suppress(StorageError):
        # A damaged round costs the neutral line its languages, and nothing else.
        spoken = Spoken(rounds.all)
    try:
        bot = Bot(settings.bot_token.get_secret_value(), session=session)
        # Seen from the day after tomorrow, everything in the box is due.
        box = Intake(writer, secrets, rounds, bot_id=settings.bot_id, clock=lambda: clock() + KEPT)
        return await empty(box, Wiper(Calls(bot), box, spoken), AT_MOST)
    finally:
        await session.close()
        await asyncio.to_thread(writer.close)


async def empty(box: Named, wiper: Wiper, seconds: float) -> bool:
    """Tries each group in the box once; whether there was time for all of them."""
    try:
        async with asyncio.timeout(seconds):
            while items := await box.sweep_due(GROUPS):
                await asyncio.gather(_pace(items), *(wiper.clear(item.chat_id, item.message_ids) for item in items))
                # Nobody comes back for a second try: what Telegram did not do by now stays in the chat.
                await box.swept([item.id for item in items])
    except TimeoutError:
        return False
    return True


async def _pace(items: Sequence[SweepItem]) -> None:
    await asyncio.sleep(len(items) / GROUPS)

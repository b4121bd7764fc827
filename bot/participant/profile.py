"""What strangers see of the bot before they have written: a name and two lines that give nothing away, and no commands.

Whoever finds the bot in a search, in a shared contact or on somebody's phone reads these first (Q6). They are set in
every language that has a two-letter code, which is all that Telegram takes, and harmless in English for all others.
Telegram allows few changes of a name, so each is read first and set only where it differs.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from aiogram import Bot
from aiogram.enums import BotCommandScopeType
from aiogram.methods import (
    DeleteMyCommands,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import BotCommandScopeAllPrivateChats, BotCommandScopeDefault

from bot.participant import texts
from bot.participant.log import Event, log
from bot.participant.session import Reason, TelegramError
from locales.catalog import SOURCE, Catalogue, catalogue, catalogues

LIMITS: Final = texts.PROFILE_LIMITS
PATIENCE: Final = 600.0
"""Seconds between two tries while Telegram asks to wait or does not answer."""
_LINES: Final[tuple[tuple[str, texts.Message, Any, Any], ...]] = (
    ("name", texts.PROFILE_NAME, GetMyName, SetMyName),
    ("description", texts.PROFILE_DESCRIPTION, GetMyDescription, SetMyDescription),
    ("short_description", texts.PROFILE_SHORT, GetMyShortDescription, SetMyShortDescription),
)
# The kinds are said although they are the defaults: only what was set goes out.
_SCOPES: Final = (
    BotCommandScopeDefault(type=BotCommandScopeType.DEFAULT),
    BotCommandScopeAllPrivateChats(type=BotCommandScopeType.ALL_PRIVATE_CHATS),
)


def languages() -> Iterator[tuple[str | None, Catalogue]]:
    """(language code or None for everybody else, words): all that Telegram can be told."""
    yield None, catalogue(SOURCE, texts.DOMAIN)
    for words in catalogues(texts.DOMAIN):
        if len(words.language) == 2:  # noqa: PLR2004 - ISO 639-1
            yield words.language, words


async def settle(bot: Bot, stop: asyncio.Event) -> None:
    """Brings the profile in order, however long Telegram makes it wait; gives up at `stop`, or where it is refused."""
    while not stop.is_set():
        try:
            for code, words in languages():
                if not stop.is_set():
                    await _settle(bot, code, words)
        except TelegramError as error:
            log(Event.TELEGRAM_REFUSED, code=error.reason, status=error.status)
            if error.reason not in {Reason.FLOOD, Reason.UNREACHABLE}:
                return
            try:
                await asyncio.wait_for(stop.wait(), min(error.retry_after or 1.0, PATIENCE))
            except TimeoutError:
                continue
        return


async def _settle(bot: Bot, code: str | None, words: Catalogue) -> None:
    told: dict[str, Any] = {} if code is None else {"language_code": code}
    for scope in _SCOPES:
        if await bot(GetMyCommands(scope=scope, **told)):
            await bot(DeleteMyCommands(scope=scope, **told))
    for key, text, read, write in _LINES:
        wanted = words.text(*text)
        if await _read(bot, key, read(**told)) != wanted:
            await bot(write(**{key: wanted}, **told))


async def _read(bot: Bot, key: str, method: TelegramMethod[Any]) -> object:
    reply: object = await bot(method)
    return reply.get(key) if isinstance(reply, dict) else None

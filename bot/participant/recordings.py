"""Recordings in a chat: sent once the card stands, silent and without a word; uploaded once, and gone with the card.

A voice is a message of its own, so it can be left behind. Storage writes down that one is on its way before this module
sends it, and is told which message it became; what comes too late is taken away at once. A call that may have worked
is not made again: nobody would learn the number of the first message. What still slips through when a process dies
just then carries a *hide* button, whose press tells its number.
"""

import asyncio
from typing import Any, Final, Protocol

from aiogram.methods import SendVoice
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from bot.participant.calls import Calls, Overtaken, Way
from bot.participant.heard import Heard
from bot.participant.log import Event, log
from bot.participant.session import Reason, TelegramError
from flows.ogg import OggError, read
from storage.errors import StorageRefused

FILE: Final = "voice.ogg"
"""What every upload is called: Telegram shows it to nobody, and it must not tell anything to whoever asks Telegram."""


class Uploads(Protocol):
    """What the messenger calls recordings (`storage.uploads.Uploads`)."""

    def get(self, digest: bytes) -> str | None:
        """The name of a recording there. Blocks."""

    async def keep(self, digest: bytes, file_id: str) -> None:
        """Remembers the name."""

    async def forget(self, digest: bytes, file_id: str) -> None:
        """Forgets a name that is good for nothing any more."""


class Shelf(Protocol):
    """Where recordings lie (`storage.intake.Intake`)."""

    @property
    def uploads(self) -> Uploads:
        """What the messenger calls them."""

    async def recording(self, round_id: bytes, digest: bytes) -> bytes:
        """What is to be heard."""

    async def recording_wanted(self, *, user_id: int, round_id: bytes, nonce: bytes) -> bool:
        """Whether she still waits for it below the card `nonce`."""

    async def recording_sent(self, *, user_id: int, round_id: bytes, nonce: bytes, message_id: int | None) -> bool:
        """Remembers the message; whether it may stand there."""


class Recordings:
    """The recordings that one bot sends."""

    def __init__(self, calls: Calls, shelf: Shelf) -> None:
        self._calls, self._shelf = calls, shelf

    async def play(self, chat_id: int, heard: Heard, overtaken: Overtaken) -> int | None:
        """Sends a recording; the message that has to go again, because she has moved on meanwhile."""
        # In a private chat, the chat's number is the person's (Bot API, Chat.id).
        if not await self._shelf.recording_wanted(user_id=chat_id, round_id=heard.round_id, nonce=heard.nonce):
            return None
        sent: object = None
        try:
            sent = await self._send(chat_id, heard, overtaken)
        except TelegramError as error:
            if error.reason is not Reason.BLOCKED:
                log(Event.TELEGRAM_REFUSED, code=error.reason, status=error.status)
        except StorageRefused as error:
            log(Event.STORAGE_REFUSED, code=error.code)
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        stays = await self._shelf.recording_sent(
            user_id=chat_id, round_id=heard.round_id, nonce=heard.nonce, message_id=message_id
        )
        return None if stays else message_id

    async def _send(self, chat_id: int, heard: Heard, overtaken: Overtaken) -> object:
        """What Telegram says of the message. Raises TelegramError, or StorageRefused where there is no recording."""
        uploads, way = self._shelf.uploads, Way(overtaken, once=True)
        known = await asyncio.to_thread(uploads.get, heard.digest)
        if known is not None:
            try:
                return await self._calls.persistently(_voice(chat_id, heard, known), way)
            except TelegramError as error:
                if error.reason is not Reason.REFUSED:
                    raise
            await uploads.forget(heard.digest, known)
        sound = await self._shelf.recording(heard.round_id, heard.digest)
        file = BufferedInputFile(sound, FILE)
        sent = await self._calls.persistently(_voice(chat_id, heard, file, _seconds(sound)), way)
        name = _file_id(sent)
        if name is not None:
            await uploads.keep(heard.digest, name)
        return sent


def _voice(
    chat_id: int, heard: Heard, voice: str | BufferedInputFile, seconds: int | None = None
) -> SendVoice:  # fmt: skip
    button = InlineKeyboardButton(text=heard.label, callback_data=heard.token)
    call: dict[str, Any] = {
        "chat_id": chat_id,
        "voice": voice,
        "protect_content": True,
        "disable_notification": True,
        "reply_markup": InlineKeyboardMarkup(inline_keyboard=[[button]]),
    }
    return SendVoice(**call if seconds is None else call | {"duration": seconds})


def _seconds(sound: bytes) -> int | None:
    try:
        return max(1, round(read(sound).seconds))
    except OggError:
        return None


def _file_id(sent: object) -> str | None:
    voice = sent.get("voice") if isinstance(sent, dict) else None
    name = voice.get("file_id") if isinstance(voice, dict) else None
    return name if isinstance(name, str) else None

"""The bot's own HTTP session for aiogram: fast, silent, and with one family of errors.

aiogram turns every reply of Telegram into models and throws a zoo of exceptions whose texts quote the reply. The bot
reads nothing of a reply but a message id, so replies stay plain JSON here, and whatever goes wrong leaves as one
`TelegramError` with a code: no text of Telegram's, no token, no address, no person.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.participant.connections import Connections
from bot.participant.multipart import carries_a_file, multipart

CONNECTIONS = 256
"""Requests under way at once; more wait, in order. 1,000 updates/s of two calls with Telegram 100 ms away take 200."""
TIMEOUT = 30.0


class Reason(StrEnum):
    """Why Telegram did not do what it was asked, as far as the bot behaves differently for it."""

    UNCHANGED = "unchanged"
    """The message already is as asked."""
    GONE = "gone"
    """There is no such message to edit or delete, or no longer."""
    STUCK = "stuck"
    """There is one that Telegram keeps as it is: too old to be deleted, or not the bot's to edit."""
    BLOCKED = "blocked"
    """The person blocked the bot, or never wrote to it."""
    VOICELESS = "voiceless"
    """She has told Telegram that she takes no voice messages."""
    FLOOD = "flood"
    """Too fast; `retry_after` says how long to wait."""
    UNREACHABLE = "unreachable"
    """Network, time-out, 5xx or a reply that is none: may have been done, may not."""
    CONFLICT = "conflict"
    """Somebody else polls with this token, or a webhook is set."""
    TOKEN = "token"  # noqa: S105 - the name of a reason
    """The token is not valid."""
    REFUSED = "refused"
    """Anything else; asking again does not help."""


_REMEDIES = {
    Reason.TOKEN: "Telegram does not know this token. Look at SAUTI_BOT_TOKEN, or ask @BotFather for a new one.",
    Reason.CONFLICT: "Another process takes this bot's updates. End that one first.",
}
"""For whoever starts a bot; what else goes wrong then, the status tells."""


class TelegramError(Exception):
    """The one thing that can go wrong here. Carries a reason, a status, and seconds to wait."""

    def __init__(self, reason: Reason, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(reason, status)
        self.reason, self.status, self.retry_after = reason, status, retry_after

    def __str__(self) -> str:
        remedy = _REMEDIES.get(self.reason)
        return f"telegram: {self.reason} ({self.status})" + (f". {remedy}" if remedy else "")


_BY_STATUS = {401: Reason.TOKEN, 403: Reason.BLOCKED, 404: Reason.TOKEN, 409: Reason.CONFLICT, 429: Reason.FLOOD}
_GONE_WORDS = (
    "message to edit not found",
    "message to delete not found",
    "message identifier is not specified",
    "MESSAGE_ID_INVALID",
)
_STUCK_WORDS = ("message can't be edited", "message can't be deleted")
_CLIENT_FAULT, _SERVER_FAULT = 400, 500


class Written(TelegramMethod[Any]):
    """A call that is JSON already. Only a subclass with an `__api_method__` can be called; `repr` is silent."""

    __returning__ = object

    body: bytes

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


class Session(BaseSession):
    """Sends aiogram's methods as JSON, or with the file that one carries, and gives back plain values."""

    def __init__(self, api_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url))
        self._connections = Connections(api_url, CONNECTIONS)
        self._heads: dict[tuple[str, str], bytes] = {}

    async def __call__(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's interface
    ) -> TelegramType:
        """As `make_request`: nothing stands between a call and the line."""
        return await self.make_request(bot, method, timeout)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's interface
    ) -> TelegramType:
        """Telegram's `result` as plain JSON. Raises TelegramError."""
        kind = ""
        if isinstance(method, Written):
            body = method.body
        elif carries_a_file(method):
            kind, body = await multipart(self, bot, method)
        else:
            body = orjson.dumps(method.model_dump(mode="json", exclude_unset=True, exclude_none=True))
        head = self._head(bot.token, method.__api_method__, kind)
        try:
            status, raw = await self._connections.ask(b"%b%d\r\n\r\n%b" % (head, len(body), body), timeout or TIMEOUT)
        except (OSError, TimeoutError):
            raise TelegramError(Reason.UNREACHABLE) from None
        return cast("TelegramType", _result(status, raw))

    def _head(self, token: str, name: str, kind: str) -> bytes:
        """Everything of a request before its length; the same for every call of a method that is JSON."""
        if kind:
            return self._made(token, name, kind)
        if (token, name) not in self._heads:
            self._heads[token, name] = self._made(token, name, "application/json")
        return self._heads[token, name]

    def _made(self, token: str, name: str, kind: str) -> bytes:
        url = urlsplit(self.api.api_url(token=token, method=name))
        lines = (f"POST {url.path} HTTP/1.1", f"Host: {url.netloc}", f"Content-Type: {kind}", "Content-Length: ")
        return "\r\n".join(lines).encode("ascii")

    async def close(self) -> None:
        """Closes the connections."""
        self._connections.close()
        # Transports are closed in the next turn of the loop; without it they are reported as leaked.
        await asyncio.sleep(0)

    def stream_content(self, *_arguments: object, **_options: object) -> AsyncGenerator[bytes, None]:
        """Never: the bot downloads nothing that people send (P5). Raises TelegramError."""
        raise TelegramError(Reason.REFUSED)


def plain(raw: bytes) -> object:
    """JSON as plain values, also with lone surrogates, which orjson refuses. Raises ValueError."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return json.loads(raw)


def _result(status: int, raw: bytes) -> object:
    try:
        reply = plain(raw)
    except (ValueError, RecursionError):
        raise TelegramError(Reason.UNREACHABLE, status) from None
    if not isinstance(reply, dict):
        raise TelegramError(Reason.UNREACHABLE, status)
    if reply.get("ok") is True and "result" in reply:
        return reply["result"]
    raise _refusal(status, reply)


def _refusal(status: int, reply: dict[str, Any]) -> TelegramError:
    code, words = reply.get("error_code"), str(reply.get("description", ""))
    number = code if isinstance(code, int) else status
    parameters = reply.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    seconds = float(wait) if isinstance(wait, int | float) and wait > 0 else 1.0
    if not _CLIENT_FAULT <= number < _SERVER_FAULT:  # a refusal without a refusal's number is a broken reply
        return TelegramError(Reason.UNREACHABLE, number)
    if number in _BY_STATUS:
        return TelegramError(_BY_STATUS[number], number, seconds if number == 429 else 0.0)  # noqa: PLR2004 - HTTP's own
    return TelegramError(_by_words(words), number)


def _by_words(words: str) -> Reason:
    if "message is not modified" in words:
        return Reason.UNCHANGED
    if any(known in words for known in _GONE_WORDS):
        return Reason.GONE
    if any(known in words for known in _STUCK_WORDS):
        return Reason.STUCK
    if "VOICE_MESSAGES_FORBIDDEN" in words:
        return Reason.VOICELESS
    return Reason.BLOCKED if "chat not found" in words else Reason.REFUSED

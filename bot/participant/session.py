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

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

CONNECTIONS = 100
"""Requests under way at once; more wait. One goes to the long poll."""
TIMEOUT = 30.0


class Reason(StrEnum):
    """Why Telegram did not do what it was asked, as far as the bot behaves differently for it."""

    UNCHANGED = "unchanged"
    """The message already is as asked."""
    GONE = "gone"
    """There is no such message to edit or delete, or no longer."""
    BLOCKED = "blocked"
    """The person blocked the bot, or never wrote to it."""
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


class TelegramError(Exception):
    """The one thing that can go wrong here. Carries a reason, a status, and seconds to wait."""

    def __init__(self, reason: Reason, status: int = 0, retry_after: float = 0.0) -> None:
        super().__init__(f"telegram: {reason} ({status})")
        self.reason, self.status, self.retry_after = reason, status, retry_after


_BY_STATUS = {401: Reason.TOKEN, 403: Reason.BLOCKED, 404: Reason.TOKEN, 409: Reason.CONFLICT, 429: Reason.FLOOD}
_GONE_WORDS = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message identifier is not specified",
    "MESSAGE_ID_INVALID",
)
_CLIENT_FAULT, _SERVER_FAULT = 400, 500


class Session(BaseSession):
    """Sends aiogram's methods as JSON and gives back plain values."""

    def __init__(self, api_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_url))
        self._client: aiohttp.ClientSession | None = None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's interface
    ) -> TelegramType:
        """Telegram's `result` as plain JSON. Raises TelegramError."""
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = orjson.dumps(method.model_dump(mode="json", exclude_unset=True, exclude_none=True))
        limit = aiohttp.ClientTimeout(total=timeout or TIMEOUT)
        try:
            async with self._http().post(url, data=body, headers=_JSON, timeout=limit) as reply:
                status, raw = reply.status, await reply.read()
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise TelegramError(Reason.UNREACHABLE) from None
        return cast("TelegramType", _result(status, raw))

    def _http(self) -> aiohttp.ClientSession:
        if self._client is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=75)
            self._client = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._client

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()
            # aiohttp closes TLS transports in the next turns of the loop; without them they are reported as leaked.
            await asyncio.sleep(0)

    def stream_content(self, *_arguments: object, **_options: object) -> AsyncGenerator[bytes, None]:
        """Never: the bot downloads nothing that people send (P5). Raises TelegramError."""
        raise TelegramError(Reason.REFUSED)


_JSON = {"Content-Type": "application/json"}


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
    return Reason.BLOCKED if "chat not found" in words else Reason.REFUSED

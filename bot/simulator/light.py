"""The light path: Bot API requests read by hand on the raw connection, so that load meets the bot and not us.

Same world, same behaviours, same rules; only the models' validation, the history and the HTTP framework are left out.
A connection that asks for anything else, or sends a body in chunks, is handed to the ordinary server from then on.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.simulator.api import BotApi, Reply, Request

MAX_HEAD: Final = 64 << 10
MAX_BODY: Final = 64 << 20
_REASONS: Final = {200: b"OK", 400: b"Bad Request", 401: b"Unauthorized", 403: b"Forbidden", 404: b"Not Found"}


class LightDoor(asyncio.Protocol):
    """One connection. Requests on it are answered in order, one at a time."""

    def __init__(self, api: BotApi, ordinary: Callable[[], asyncio.Protocol]) -> None:
        self._api = api
        self._ordinary = ordinary
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, _exc: Exception | None) -> None:
        """Stop waiting for a client that has gone."""
        self._transport = None
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Collect bytes and answer every whole request."""
        self._buffer += data
        if self._task is None:
            self._advance()

    def _hand_over(self) -> None:
        transport, data = self._transport, bytes(self._buffer)
        if transport is None:
            return
        self._transport = None
        protocol = self._ordinary()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(data)

    def _advance(self) -> None:
        while self._transport is not None and self._buffer:
            if len(self._buffer) >= len(b"POST /bot") and not self._buffer.startswith((b"POST /bot", b"GET /bot")):
                self._hand_over()
                return
            request = self._next()
            if request is None:
                return
            reply = self._api.quick(request)
            if reply is None:
                self._task = asyncio.get_running_loop().create_task(self._later(request))
                return
            self._send(reply)

    async def _later(self, request: Request) -> None:
        reply = await self._api.handle(request)
        self._task = None
        self._send(reply)
        self._advance()

    def _next(self) -> Request | None:
        """Take one whole request off the buffer, or return None until more has come."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEAD:
                self._refuse()
            return None
        head = bytes(self._buffer[:end])
        lowered = head.lower()
        if b"\r\ntransfer-encoding:" in lowered:
            self._hand_over()
            return None
        given = _field(head, lowered, b"content-length") or b"0"
        length = int(given) if given.isdigit() else MAX_BODY + 1
        if length > MAX_BODY:
            self._refuse()
            return None
        stop = end + 4 + length
        if len(self._buffer) < stop:
            return None
        body = bytes(self._buffer[end + 4 : stop])
        del self._buffer[:stop]
        line, content_type = head[: head.find(b"\r\n")], _field(head, lowered, b"content-type")
        return _request(line.decode("latin-1"), content_type.decode("latin-1"), body)

    def _send(self, reply: Reply) -> None:
        if self._transport is None:
            return
        if reply.lost:
            self._transport.abort()
            return
        kind = b"text/html" if reply.html else b"application/json"
        reason = _REASONS.get(reply.status, b"Error")
        head = b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (reply.status, reason, kind, len(reply.body)) + reply.body)

    def _refuse(self) -> None:
        """Close on what is too large for any call, or has a length that is none."""
        if self._transport is not None:
            self._transport.close()


def _field(head: bytes, lowered: bytes, name: bytes) -> bytes:
    """Return a header's value, or nothing; one search costs less than taking all headers apart."""
    start = lowered.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    start += len(name) + 3
    stop = head.find(b"\r\n", start)
    return head[start : stop if stop >= 0 else len(head)].strip()


def _request(line: str, content_type: str, body: bytes) -> Request:
    target = [*line.split(" ", 2), "", ""][1]
    path, _, query = target.partition("?")
    token, _, method = path.removeprefix("/bot").partition("/")
    return Request(token.replace("%3A", ":").replace("%3a", ":"), method, query, content_type, body)

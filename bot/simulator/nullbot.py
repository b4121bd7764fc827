"""A bot that does nothing as fast as it can: raw connections, canned answers, two calls an update.

It exists to find the ceiling of simulator and driver: whatever a benchmark measures with a real bot must stay well
below what this one reaches, or the benchmark measured us. Run as `python -m bot.simulator.nullbot URL TOKEN`, or with
a port to take updates there by webhook.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import orjson

from bot.simulator.errors import Json

CONNECTIONS: Final = 32
POLL_SECONDS: Final = 10


class Line(asyncio.Protocol):
    """One keep-alive connection with one request under way at most."""

    def __init__(self, host: str, answered: Callable[["Line", bytes], object]) -> None:
        self._host = host.encode()
        self._answered = answered
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where requests go."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell the bot that the simulator has gone."""
        if not self.lost.done():
            self.lost.set_result(None)

    def send(self, path: bytes, body: bytes) -> None:
        """Write one request."""
        head = b"POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        if self._transport is not None:
            self._transport.write(head % (path, self._host, len(body)) + body)

    def data_received(self, data: bytes) -> None:
        """Collect one whole answer and pass its body on."""
        self._buffer += data
        body = whole(self._buffer)
        if body is not None:
            self._answered(self, body)


class Hook(asyncio.Protocol):
    """One connection that updates arrive on; each is confirmed at once."""

    def __init__(self, taken: Callable[[bytes], object]) -> None:
        self._taken = taken
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect whole requests."""
        self._buffer += data
        while self._transport is not None and (body := whole(self._buffer)) is not None:
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            self._taken(body)


def whole(buffer: bytearray) -> bytes | None:
    """Take the body of one whole message with a length off the buffer, or None until it is there."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = int(bytes(buffer[:end]).lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    if len(buffer) < end + 4 + length:
        return None
    body = bytes(buffer[end + 4 : end + 4 + length])
    del buffer[: end + 4 + length]
    return body


class NullBot:
    """Polls on one connection, or listens, and spreads its calls over the others."""

    def __init__(self, url: str, token: str, port: int | None = None) -> None:
        self._port = port
        self._parts = urlsplit(url)
        self._base = f"/bot{token}/".encode()
        self._offset = 0
        self._idle: list[Line] = []
        self._waiting: deque[tuple[bytes, bytes]] = deque()

    async def run(self) -> None:
        """Serve until the simulator closes the connection."""
        poller = await self._connect(self._polled)
        for _ in range(CONNECTIONS):
            self._idle.append(await self._connect(self._free))
        if self._port is None:
            self._poll(poller)
        else:
            await asyncio.get_running_loop().create_server(lambda: Hook(self._take), "127.0.0.1", self._port)
            hook = {"url": f"http://127.0.0.1:{self._port}/", "max_connections": 100}
            self._call(self._base + b"setWebhook", orjson.dumps(hook))
        await poller.lost

    async def _connect(self, answered: Callable[[Line, bytes], object]) -> Line:
        loop = asyncio.get_running_loop()
        host, port = self._parts.hostname or "127.0.0.1", self._parts.port or 80
        _, line = await loop.create_connection(lambda: Line(self._parts.netloc, answered), host, port)
        return line

    def _poll(self, line: Line) -> None:
        line.send(self._base + b"getUpdates", orjson.dumps({"offset": self._offset, "timeout": POLL_SECONDS}))

    def _polled(self, line: Line, body: bytes) -> None:
        answer = orjson.loads(body)
        for update in answer.get("result", []):
            self._offset = update["update_id"] + 1
            self._act(update)
        self._poll(line)

    def _take(self, body: bytes) -> None:
        self._act(orjson.loads(body))

    def _act(self, update: Json) -> None:
        for method, args in replies(update):
            self._call(self._base + method, orjson.dumps(args))

    def _call(self, path: bytes, body: bytes) -> None:
        if self._idle:
            self._idle.pop().send(path, body)
        else:
            self._waiting.append((path, body))

    def _free(self, line: Line, _body: bytes) -> None:
        if self._waiting:
            line.send(*self._waiting.popleft())
        else:
            self._idle.append(line)


def replies(update: Json) -> list[tuple[bytes, Json]]:
    """Return the canned calls for an update: a first card, or the next one in its place."""
    query = update.get("callback_query")
    if query is None:
        message = update.get("message")
        return [(b"sendMessage", {"chat_id": message["chat"]["id"], **card(0)})] if message else []
    place = {"chat_id": query["message"]["chat"]["id"], "message_id": query["message"]["message_id"]}
    return [
        (b"answerCallbackQuery", {"callback_query_id": query["id"]}),
        (b"editMessageText", {**place, **card(int(query["data"]) + 1)}),
    ]


def card(number: int) -> Json:
    """Return the text and the one button of a card."""
    return {"text": f"card {number}", "reply_markup": {"inline_keyboard": [[button(number)]]}}


def button(number: int) -> Json:
    """Return the button that leads to the next card."""
    return {"text": "Next", "callback_data": str(number)}


if __name__ == "__main__":
    asyncio.run(NullBot(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])).run())

"""Posting to a webhook by hand, for load: raw keep-alive connections to an address of this machine, and no framework.

Understands answers with a length, without a body, or in chunks, which is all that bot libraries send. Whatever else
comes is an error of the connection, as it would be for a server that cannot make sense of a bot's answer. It waits for
an answer as long as the connection stands.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

MAX_HEAD: Final = 64 << 10
_BODILESS: Final = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bot answered to a delivery."""

    status: int
    reason: str
    content_type: str
    content: bytes = field(repr=False)


class PostError(ConnectionError):
    """No answer, or none that can be understood."""


class Poster:
    """Connections by address, as many as are needed at once, each used again when its answer is there."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int], list[_Line]] = {}
        self._lines: set[_Line] = set()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request and return its answer. Raises OSError, which PostError is."""
        parts = urlsplit(url)
        place = (parts.hostname or "127.0.0.1", parts.port or 80)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        start = (
            f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}Content-Length: {len(body)}\r\n\r\n"
        )
        line = await self._line(place)
        answer = await line.exchange(start.encode("latin-1") + body)
        if not line.closed:
            self._idle.setdefault(place, []).append(line)
        return answer

    def close(self) -> None:
        """Close all connections."""
        for line in list(self._lines):
            line.close()

    async def _line(self, place: tuple[str, int]) -> "_Line":
        idle = self._idle.get(place, [])
        while idle:
            line = idle.pop()
            if not line.closed:
                return line
        _, line = await asyncio.get_running_loop().create_connection(_Line, *place)
        self._lines.add(line)
        line.gone = self._lines.discard
        return line


class _Line(asyncio.Protocol):
    """One connection with one request under way at most."""

    def __init__(self) -> None:
        self.closed = False
        self.gone: Callable[[_Line], object] = _nobody
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where requests go."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell who waits that no answer comes."""
        self.closed = True
        self.gone(self)
        self._fail()

    async def exchange(self, request: bytes) -> Answer:
        """Send and wait."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self.closed:
            raise PostError
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Give the connection up."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Collect one whole answer."""
        self._buffer += data
        try:
            answer = taken(self._buffer)
        except (ValueError, IndexError):
            self.close()
            self._fail()
            return
        if answer is not None and self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def _fail(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(PostError())


def _nobody(_line: _Line) -> None:
    """Nobody keeps a list of this connection yet."""


def taken(buffer: bytearray) -> Answer | None:
    """Take one whole answer off the buffer, or return None until more has come. Raises ValueError, IndexError."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > MAX_HEAD:
            raise ValueError("no end of the head")
        return None
    line, *fields = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    _, status, reason = [*line.split(" ", 2), ""][:3]
    headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
    start, content = end + 4, b""
    if int(status) not in _BODILESS:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            whole = chunked(buffer, start)
        else:
            stop = start + int(headers["content-length"]) if "content-length" in headers else start
            whole = (bytes(buffer[start:stop]), stop) if len(buffer) >= stop else None
        if whole is None:
            return None
        content, start = whole
    del buffer[:start]
    return Answer(int(status), reason, headers.get("content-type", ""), content)


def chunked(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    """Return a body in chunks and where it ends, or None until it is whole. Raises ValueError."""
    body = bytearray()
    while (stop := buffer.find(b"\r\n", start)) >= 0:
        size = int(bytes(buffer[start:stop]).partition(b";")[0], 16)
        start = stop + 2
        if len(buffer) < start + size + 2:
            return None
        body += buffer[start : start + size]
        start += size + 2
        if size == 0:
            return bytes(body), start
    return None

"""The bot's connections to one server: kept open, bounded in number, handed out in the order of asking.

A general HTTP client spends three quarters of the time of a small call on things the bot never asks for (cookies,
redirects, proxies, tracing). The protocol itself is aiohttp's parser; here is only who may write when. A connection on
which anything unforeseen happens is closed and never used again, so that an answer cannot reach another call.
"""

import asyncio
import ssl
from collections import deque
from typing import Final
from urllib.parse import urlsplit

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import HttpResponseParser, RawResponseMessage
from aiohttp.streams import StreamReader

IDLE: Final = 30.0
"""Seconds after which a connection in reserve is replaced: servers close silently, and often after a minute."""
_BUFFER: Final = 1 << 20
_FIRST_ANSWER = 200
"""Below are interim answers."""

Answer = tuple[int, bytes]
"""Status and body."""


class Connection(BaseProtocol):
    """One connection, one call at a time."""

    __slots__ = ("_answer", "_message", "_payload", "idle_since", "usable")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._parser = HttpResponseParser(self, loop, _BUFFER, read_until_eof=True)
        self._answer: asyncio.Future[Answer] | None = None
        self._message: RawResponseMessage | None = None
        self._payload: StreamReader | None = None
        self.idle_since = 0.0
        self.usable = True

    def ask(self, request: bytes) -> "asyncio.Future[Answer]":
        """Writes a whole request; its answer. ConnectionError where the connection ends first."""
        answer = self._answer = self._loop.create_future()
        self._message = self._payload = None
        if self.transport is None:
            self._fail()
        else:
            self.transport.write(request)
        return answer

    def data_received(self, data: bytes) -> None:
        """Takes in what has come of the answer."""
        if self._answer is None or self._parser is None:
            self.close()  # nobody asked: whatever this is, it must not become the answer to the next call
            return
        try:
            messages, upgraded, rest = self._parser.feed_data(data)
        except HttpProcessingError:
            self._fail()
            return
        final = [one for one in messages if one[0].code >= _FIRST_ANSWER]
        if self._message is None and final:
            self._message, self._payload = final.pop(0)
        self.usable = self.usable and not (upgraded or rest or final)
        self._finish()

    def pause_reading(self) -> None:
        """Never: answers are read whole, and the largest is a batch of updates."""

    def resume_reading(self, resume_parser: bool = True) -> None:  # noqa: FBT001, FBT002 - aiohttp's interface
        """Never, as there is no pause."""

    def eof_received(self) -> None:
        """An answer without a length ends here."""
        if self._answer is not None and self._parser is not None:
            try:
                self._parser.feed_eof()
            except HttpProcessingError:
                return
            self._finish()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing more will come."""
        super().connection_lost(exc)
        self._fail()

    def close(self) -> None:
        """Ends the connection at once, and whatever waits on it."""
        self.usable = False
        if self.transport is not None:
            self.transport.abort()

    def _finish(self) -> None:
        message, payload, answer = self._message, self._payload, self._answer
        if message is None or payload is None or answer is None or not payload.is_eof():
            return
        self._answer = self._message = self._payload = None
        self.usable = self.usable and not message.should_close
        if not answer.done():
            try:
                answer.set_result((message.code, payload.read_nowait()))
            except Exception:  # noqa: BLE001 - a body that cannot be decoded; its error may quote it
                answer.set_exception(ConnectionError())

    def _fail(self) -> None:
        answer, self._answer = self._answer, None
        self.close()
        if answer is not None and not answer.done():
            answer.set_exception(ConnectionError())


class Connections:
    """At most `limit` connections to the server of `url`."""

    def __init__(self, url: str, limit: int) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._places = limit
        """Connections that may still be opened."""
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()

    async def ask(self, request: bytes, patience: float) -> Answer:
        """Sends a whole request and reads the whole answer.

        Raises:
            TimeoutError: no connection within `patience` seconds.
            OSError: none to be had, or it ended, or no whole answer came within `patience` seconds; what was asked
                may have been done or not.
        """
        connection = self._at_once()
        if connection is None:
            async with asyncio.timeout(patience):
                connection = await self._take()
        ending = asyncio.get_running_loop().call_later(patience, connection.close)
        try:
            return await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        finally:
            ending.cancel()
            self._give_back(connection)

    def close(self) -> None:
        """Ends all connections."""
        for connection in tuple(self._open):
            connection.close()

    async def _take(self) -> Connection:
        if self._places and not self._waiting:
            self._places -= 1
            return await self._connect()
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            given = await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # the turn came together with the end of patience
                self._pass_on(turn.result())
            raise
        return given or await self._connect()

    def _at_once(self) -> Connection | None:
        """One from the reserve; none where others wait already."""
        if self._waiting:
            return None
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and now - connection.idle_since < IDLE:
                return connection
            connection.close()
            self._open.discard(connection)
            self._places += 1
        return None

    async def _connect(self) -> Connection:
        """A new connection in a place that was taken for it."""
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(loop), self._host, self._port, ssl=self._tls, happy_eyeballs_delay=0.25
            )
        except BaseException:
            self._pass_on(None)
            raise
        self._open.add(connection)
        return connection

    def _give_back(self, connection: Connection) -> None:
        if connection.usable:
            connection.idle_since = asyncio.get_running_loop().time()
            self._pass_on(connection)
        else:
            self._open.discard(connection)
            self._pass_on(None)

    def _pass_on(self, given: Connection | None) -> None:
        """A connection, or the place for one, to whoever has waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(given)
                return
        if given is None:
            self._places += 1
        else:
            self._idle.append(given)

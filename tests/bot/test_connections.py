"""The bot's own connections: reused, bounded, in order, and never an answer to somebody else's call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.participant.connections import Connections

Reply = Callable[[bytes], Awaitable[bytes]]


def answer(body: bytes) -> bytes:
    """A plain answer."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@dataclass
class Server:
    """Answers each line with what `reply` gives for it, byte by byte as it stands."""

    reply: Reply
    opened: int = 0
    asked: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        with suppress(ConnectionError):
            while line := await reader.readline():
                self.asked.append(line)
                writer.write(await self.reply(line))
                await writer.drain()
        writer.close()


@asynccontextmanager
async def connected(reply: Reply, limit: int = 4) -> AsyncIterator[tuple[Server, Connections]]:
    """A server and connections to it."""
    server = Server(reply)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    connections = Connections(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", limit)
    try:
        yield server, connections
    finally:
        connections.close()
        listening.close()
        await asyncio.sleep(0.01)


async def echo(line: bytes) -> bytes:
    """The question is the answer."""
    return answer(line)


async def test_one_connection_serves_calls_one_after_another() -> None:
    """A connection is kept open and used again."""
    async with connected(echo) as (server, connections):
        for number in range(20):
            assert await connections.ask(b"%d\n" % number, 5) == (200, b"%d\n" % number)
        assert server.opened == 1


async def test_connections_are_bounded_and_given_in_the_order_of_asking() -> None:
    """Fifty calls at once share three connections, and whoever asked first is served first."""
    async with connected(echo, limit=3) as (server, connections):
        calls = [connections.ask(b"%d\n" % number, 5) for number in range(50)]
        answers = await asyncio.gather(*calls)
        assert [int(body) for _, body in answers] == list(range(50))
        assert server.opened == 3
        order = [int(line) for line in server.asked]
        assert all(abs(place - number) <= 3 for place, number in enumerate(order))


@pytest.mark.parametrize(
    "form",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhole",
    ],
)
async def test_every_form_of_an_answer_is_read_whole(form: bytes) -> None:
    """In chunks, after an interim answer, and from a server that then hangs up."""

    async def reply(_line: bytes) -> bytes:
        return form

    async with connected(reply) as (_, connections):
        for _ in range(3):
            assert await connections.ask(b"x\n", 5) == (200, b"whole")


@pytest.mark.parametrize("form", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b""])
async def test_a_broken_answer_is_no_answer(form: bytes) -> None:
    """Garbage and half an answer are errors of the line; the next call goes over a new connection. Proves: S1."""

    async def reply(line: bytes) -> bytes:
        return form if line == b"x\n" else answer(line)

    async with connected(reply) as (server, connections):
        with pytest.raises((OSError, TimeoutError)):
            await connections.ask(b"x\n", 0.2)
        assert await connections.ask(b"y\n", 5) == (200, b"y\n")
        assert server.opened == 2


async def test_a_late_answer_reaches_nobody() -> None:
    """A call that was given up takes its connection along, so that its answer is nobody else's. Proves: S1."""
    gate = asyncio.Event()

    async def reply(line: bytes) -> bytes:
        if line == b"slow\n":
            await gate.wait()
        return answer(line)

    async with connected(reply, limit=1) as (_, connections):
        with pytest.raises((OSError, TimeoutError)):
            await connections.ask(b"slow\n", 0.05)
        gate.set()
        assert await connections.ask(b"next\n", 5) == (200, b"next\n")


async def test_what_nobody_asked_for_ends_the_connection() -> None:
    """Two answers to one question: the second is not kept for the next call. Proves: S1."""

    async def reply(line: bytes) -> bytes:
        return answer(line) + answer(b"not yours")

    async with connected(reply) as (_, connections):
        for number in range(5):
            assert await connections.ask(b"%d\n" % number, 5) == (200, b"%d\n" % number)


async def test_giving_up_does_not_lose_a_place() -> None:
    """Whoever stops waiting gives the turn on; afterwards there are as many places as before."""
    gate = asyncio.Event()

    async def reply(line: bytes) -> bytes:
        await gate.wait()
        return answer(line)

    async with connected(reply, limit=2) as (_, connections):
        waiting = [asyncio.ensure_future(connections.ask(b"x\n", 5)) for _ in range(10)]
        await asyncio.sleep(0.05)
        for one in waiting[:9]:
            one.cancel()
        gate.set()
        assert await waiting[9] == (200, b"x\n")
        assert [body for _, body in await asyncio.gather(*(connections.ask(b"y\n", 5) for _ in range(6)))] == [
            b"y\n"
        ] * 6

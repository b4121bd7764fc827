"""The crowd that measurements use acts as people do, and the light path's deliveries arrive as the ordinary ones."""

import asyncio
from contextlib import suppress
from itertools import pairwise

import pytest

from bot.simulator.ceiling import null_bot
from bot.simulator.crowd import Act, Crowd
from bot.simulator.driver import Driver
from bot.simulator.poster import taken
from bot.simulator.server import Simulator, running

ACTS = (Act(0), Act(words="something"), Act(0))


async def until_still(crowd: Crowd) -> None:
    """Waits for the last answers."""
    async with asyncio.timeout(10):
        while crowd.unanswered:  # noqa: ASYNC110 - a crowd does not tell
            await asyncio.sleep(0.01)


async def conversed(simulator: Simulator, people: int) -> tuple[Crowd, int]:
    """A crowd that talked to the null bot for a moment; with how many conversations it held."""
    bot = simulator.world.add_bot()
    async with null_bot(simulator.url, bot.token):
        crowd = Crowd(simulator.world, bot, ACTS)
        crowd.arrive(people)
        async with asyncio.timeout(10):
            while crowd.arrived < people or crowd.tally.conversations < people:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        tally = crowd.rest()
        await until_still(crowd)
    assert len(tally.waits) >= tally.conversations * len(ACTS)
    assert all(wait > 0 for wait in tally.waits)
    return crowd, tally.conversations


@pytest.mark.parametrize("light", [True, False])
async def test_a_crowd_converses(*, light: bool) -> None:
    """Everybody in a crowd is answered, each conversation is held by somebody new, and each act is one update."""
    async with running(rate_limits=False, light=light) as simulator:
        crowd, conversations = await conversed(simulator, 5)
        bot = next(iter(simulator.world.bots.values()))

        assert crowd.acted == bot.updates.created
        assert len(simulator.world.people) >= conversations + 5
        assert simulator.api.journal.refusals == {}


async def test_a_crowd_leaves_no_chats_behind() -> None:
    """However many conversations were held, the simulator keeps two chats for each place in the crowd at most."""
    async with running(rate_limits=False, light=True) as simulator:
        _, conversations = await conversed(simulator, 4)

        assert conversations >= 4
        assert len(next(iter(simulator.world.bots.values())).chats) <= 8


async def test_a_delay_of_the_webhook_holds_back_deliveries_side_by_side() -> None:
    """A delay for the method `webhook` makes each delivery later, and ten deliveries no later than one."""
    async with running(rate_limits=False, light=True) as simulator, Driver(simulator.url) as driver:
        bot, came = await driver.bot(), []

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError):
                while await reader.readuntil(b"}]}}"):
                    came.append(asyncio.get_running_loop().time())
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        async with server:
            hook = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            server_bot = simulator.world.bots[bot["id"]]
            await simulator.api.call(server_bot, "setWebhook", {"url": hook}, {})
            await driver.faults({"kind": "delay", "seconds": 0.3, "methods": ["webhook"]})
            people = [await driver.person(f"P{number}") for number in range(10)]
            begun = asyncio.get_running_loop().time()
            await asyncio.gather(*(person.start() for person in people))
            async with asyncio.timeout(10):
                while len(came) < 10:  # noqa: ASYNC110 - the list does not tell
                    await asyncio.sleep(0.01)
        assert min(came) - begun >= 0.3
        # One after the other, each would come a whole delay after the one before it, however slow the machine is.
        assert min(later - earlier for earlier, later in pairwise(came)) < 0.3


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x=y\r\n..!\r\n0\r\n\r\n", b"ok..!"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 503\r\ncontent-length:0\r\n\r\n", b""),
    ],
)
def test_an_answer_is_read_byte_by_byte(sent: bytes, content: bytes) -> None:
    """An answer is taken when its last byte is there and not before, and what follows it stays."""
    buffer = bytearray()
    for byte in sent[:-1]:
        buffer.append(byte)
        assert taken(buffer) is None
    buffer += sent[-1:] + b"HTTP"

    answer = taken(buffer)

    assert answer is not None
    assert answer.content == content
    assert answer.status == int(sent[9:12])
    assert buffer == b"HTTP"


@pytest.mark.parametrize("sent", [b"hello\r\n\r\n", b"HTTP/1.1 x OK\r\n\r\n", b"a" * 70_000])
def test_nonsense_is_an_error(sent: bytes) -> None:
    """What is no answer is refused instead of waited for."""
    with pytest.raises((ValueError, IndexError)):
        taken(bytearray(sent))

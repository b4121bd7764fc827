"""One voice at a time in each chat, whichever process it belongs to."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from storage import voices
from storage.database import connect, writing
from storage.voices import Voices, several

ONE, OTHER = bytes(range(32)), bytes(range(100, 132))


@contextmanager
def process(url: str) -> Iterator[Voices]:
    """The voices of one process."""
    engine = connect(url)
    made = several(engine)
    assert made is not None
    yield made
    made.close()
    engine.dispose()


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Voices, Voices]]:
    """Two processes."""
    with process(postgres_url) as one, process(postgres_url) as another:
        yield one, another


def test_on_sqlite_nobody_waits(sqlite_url: str) -> None:
    """Where one process speaks, it needs no lock for it."""
    assert several(connect(sqlite_url)) is None


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_one_speaks_and_the_next_waits(two: tuple[Voices, Voices]) -> None:
    """In one chat two processes speak one after the other; in another chat nobody waits for them. Proves: S4."""
    one, another = two
    told, begun = list[str](), asyncio.Event()

    async def late() -> None:
        begun.set()
        async with another.turn(ONE):
            told.append("second")

    async with one.turn(ONE):
        waiting = asyncio.ensure_future(late())
        await begun.wait()
        async with another.turn(OTHER):
            told.append("elsewhere")
        await asyncio.sleep(0.2)
        told.append("first")
    await waiting

    assert told == ["elsewhere", "first", "second"]


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_a_voice_dies_with_its_connection(two: tuple[Voices, Voices], postgres_url: str) -> None:
    """A process that is gone holds no chat; one that lost its connection makes a new one. Proves: S1, S4."""
    one, another = two
    ended = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    engine = connect(postgres_url)
    async with one.turn(ONE):
        with writing(engine) as connection:
            connection.execute(ended)
        async with asyncio.timeout(5), another.turn(ONE):
            pass
    async with one.turn(ONE):
        pass
    async with one.turn(ONE):
        assert await another._ask(voices._TAKE, int.from_bytes(ONE[8:16], "big") >> 1) is False
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_nobody_waits_for_long(two: tuple[Voices, Voices], monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never ends its turn does not silence the others, and keeps what it holds. Proves: S1."""
    monkeypatch.setattr(voices, "PATIENCE", 0.1)
    one, another = two
    async with one.turn(ONE), asyncio.timeout(5):
        for _ in range(2):
            async with another.turn(ONE):
                pass


async def test_a_database_that_is_away_silences_nobody() -> None:
    """Where the lock cannot be asked for, cards go out as they come. Proves: S1."""
    made = Voices(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    async with asyncio.timeout(5), made.turn(ONE):
        pass
    made.close()

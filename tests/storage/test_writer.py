"""Group commit: nothing is told before it is on the disk, and one that fails takes nobody along."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.exc import OperationalError

from storage.database import connect, reading
from storage.errors import StorageRefused, StorageUnavailable
from storage.tables import update_tags
from storage.writer import Writer
from tests.storage.asked import SEND, START, say, words
from tests.storage.world import World
from tests.support.postgres import Cluster


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Either database."""
    made = connect(url)
    yield made
    made.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    """A writer, closed at the end."""
    made = Writer(engine)
    yield made
    made.close()


class Keeping:
    """A work that stores one row, and says that it ran."""

    def __init__(self, tag: bytes) -> None:
        self.tag = tag
        self.ran = 0

    def __call__(self, connection: Connection) -> bytes:
        self.ran += 1
        connection.execute(insert(update_tags), {"tag": self.tag, "expires": 0})
        return self.tag


class Hold:
    """A work that keeps the writer busy until released, so that what follows shares one commit."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, _connection: Connection) -> None:
        self.begun.set()
        assert self.released.wait(10)


def kept(engine: Engine) -> set[bytes]:
    """The rows that any other connection sees."""
    with reading(engine) as connection:
        return set(connection.execute(select(update_tags.c.tag)).scalars())


def together(writer: Writer, works: list[Keeping]) -> list[Future[bytes]]:
    """Submits works so that they share one commit, after one of its own that holds the writer."""
    hold = Hold()
    held = writer.submit(hold)
    assert hold.begun.wait(10)
    futures = [writer.submit(work) for work in works]
    hold.released.set()
    held.result(10)
    return futures


def test_many_works_share_one_commit(writer: Writer, engine: Engine) -> None:
    """What waits while a commit is under way is stored with the next one."""
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    futures = together(writer, [Keeping(bytes([number])) for number in range(20)])

    assert [future.result(10) for future in futures] == [bytes([number]) for number in range(20)]
    assert len(commits) == 2
    assert kept(engine) == {bytes([number]) for number in range(20)}


def test_a_future_resolves_after_the_commit(writer: Writer, engine: Engine) -> None:
    """When a work is told to be done, any other connection already sees it.

    Proves: T3
    """
    for number in range(10):
        tag = writer.submit(Keeping(bytes([number]))).result(10)
        assert tag in kept(engine)


def test_a_work_that_fails_takes_nobody_along(writer: Writer, engine: Engine) -> None:
    """An exception undoes its own work only, and reaches its own caller only."""

    def fails(connection: Connection) -> None:
        Keeping(b"undone")(connection)
        raise ZeroDivisionError

    hold = Hold()
    writer.submit(hold)
    assert hold.begun.wait(10)
    before, broken = writer.submit(Keeping(b"before")), writer.submit(fails)
    twice, after = writer.submit(Keeping(b"before")), writer.submit(Keeping(b"after"))
    hold.released.set()

    assert before.result(10) == b"before"
    assert after.result(10) == b"after"
    with pytest.raises(ZeroDivisionError):
        broken.result(10)
    with pytest.raises(StorageRefused, match="database-refused") as refused:
        twice.result(10)
    assert "before" not in repr(refused.value.__cause__)
    assert kept(engine) == {b"before", b"after"}


def test_a_commit_that_fails_keeps_nothing_and_tells_everybody(writer: Writer, engine: Engine) -> None:
    """When the database does not commit, every work of the batch is undone and transient; the next batch goes on.

    Proves: S1
    """
    refused: list[object] = []

    def refuse_the_second(connection: Connection) -> None:
        refused.append(connection)
        if len(refused) == 2:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(engine, "commit", refuse_the_second)
    futures = together(writer, [Keeping(bytes([number])) for number in range(5)])
    for future in futures:
        with pytest.raises(StorageUnavailable):
            future.result(10)
    later = writer.submit(Keeping(b"later")).result(10)

    assert kept(engine) == {later}


def test_many_coroutines_are_woken_by_one_word(writer: Writer, engine: Engine) -> None:
    """What one commit stored reaches the event loop at once, with results and errors where they belong.

    Proves: T3
    """

    async def all_() -> tuple[list[object], int]:
        loop, hold = asyncio.get_running_loop(), Hold()
        writer.submit(hold)
        assert await asyncio.to_thread(hold.begun.wait, 10)
        works = [Keeping(bytes([number % 10])) for number in range(11)]
        waiting = [asyncio.ensure_future(writer.do(work)) for work in works]
        await asyncio.sleep(0)
        with patch.object(loop, "call_soon_threadsafe", wraps=loop.call_soon_threadsafe) as word:
            hold.released.set()
            return await asyncio.gather(*waiting, return_exceptions=True), word.call_count

    (*told, twice), words = asyncio.run(all_())
    assert words == 1
    assert set(told) == kept(engine)
    assert isinstance(twice, StorageRefused)


def test_who_stops_waiting_takes_the_work_back(writer: Writer, engine: Engine) -> None:
    """A coroutine that is cancelled before its work has begun leaves nothing, and keeps nobody else waiting."""

    async def two() -> None:
        hold = Hold()
        writer.submit(hold)
        assert await asyncio.to_thread(hold.begun.wait, 10)
        gone, stays = (asyncio.ensure_future(writer.do(Keeping(tag))) for tag in (b"gone", b"stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        hold.released.set()
        assert await stays == b"stays"
        assert await writer.do(Keeping(b"later")) == b"later"

    asyncio.run(two())
    assert kept(engine) == {b"stays", b"later"}


def test_closing_stores_what_waits_and_takes_nothing_more(engine: Engine) -> None:
    """At a graceful end everything that was accepted is stored; what comes later is refused."""
    writer = Writer(engine)
    futures = [writer.submit(Keeping(bytes([number]))) for number in range(300 % 256)]
    writer.close()
    writer.close()

    assert all(future.done() for future in futures)
    assert len(kept(engine)) == len(futures)
    with pytest.raises(StorageUnavailable, match="closed"):
        writer.submit(Keeping(b"late"))


def test_a_full_queue_says_come_back(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """What waits is bounded: beyond it, callers are refused at once, and nothing of theirs is half-done."""
    monkeypatch.setattr("storage.writer.WAITING", 3)
    writer, hold = Writer(engine), Hold()
    writer.submit(hold)
    assert hold.begun.wait(10)
    works = [Keeping(bytes([number])) for number in range(4)]
    futures = [writer.submit(work) for work in works[:3]]
    with pytest.raises(StorageUnavailable, match="busy"):
        writer.submit(works[3])
    hold.released.set()
    writer.close()

    assert [future.result() for future in futures] == [b"\0", b"\1", b"\2"]
    assert works[3].ran == 0


def test_a_cancelled_work_does_not_run(writer: Writer, engine: Engine) -> None:
    """Who stops waiting before the work began has nothing stored."""
    work, other = Keeping(b"cancelled"), Keeping(b"other")
    hold = Hold()
    writer.submit(hold)
    assert hold.begun.wait(10)
    cancelled, future = writer.submit(work), writer.submit(other)
    assert cancelled.cancel()
    hold.released.set()

    assert future.result(10) == b"other"
    assert (work.ran, kept(engine)) == (0, {b"other"})


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_a_restarted_server_costs_nothing_but_a_retry(postgres: Cluster, postgres_world: World) -> None:
    """After all connections were cut, the next update is stored; nothing said before is lost or doubled.

    Proves: S1
    """
    world = postgres_world
    row = world.open_round()
    await world.consented(7, row)
    postgres.disconnect_all(urlsplit(world.url).path[1:])
    await world.turn(7, say(words("after")))
    await world.turn(7, SEND)

    assert [said[1:] for said in world.opened(row)] == [((1, words("after").answer),)]


async def test_a_full_disk_keeps_nothing_half(sqlite_world: World) -> None:
    """With no page left, turns fail as transient and change nothing; with space again, the same update counts once.

    Proves: S1
    """
    world = sqlite_world
    row = world.open_round()
    await world.consented(7, row)
    await world.turn(7, say(words("before")))
    lift = limit_pages(world)
    failed = 0
    for user in range(100, 140):
        try:
            await world.turn(user, START, round_id=row.id, update=user)
        except StorageUnavailable:
            failed += 1
    with pytest.raises(StorageUnavailable):
        await asyncio.gather(*(world.turn(user, START, round_id=row.id) for user in range(200, 260)))
    assert failed > 0
    lift()
    for user in range(100, 140):
        await world.turn(user, START, round_id=row.id, update=user)
    await world.turn(7, say(words("after")))
    await world.turn(7, SEND)

    assert [said[1:] for said in world.opened(row)] == [
        ((1, words("before").answer), (1, words("after").answer))
    ]  # fmt: skip


def limit_pages(world: World) -> Callable[[], None]:
    """Makes the file unable to grow, on every connection; returns what lifts the limit."""
    limit = 1_000_000
    with reading(world.engine) as connection:
        limit = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limited(raw: sqlite3.Connection, _record: object = None) -> None:
        raw.execute(f"PRAGMA max_page_count={limit}")

    def of_the_writer(connection: Connection) -> None:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        limited(raw)

    def lift() -> None:
        nonlocal limit
        limit = 1_000_000
        world.writer.submit(of_the_writer).result(10)

    event.listen(world.engine, "connect", limited)
    world.engine.dispose()
    world.writer.submit(of_the_writer).result(10)
    return lift


async def test_a_locked_database_is_transient(sqlite_world: World) -> None:
    """While another program holds SQLite's lock, turns fail as transient, and afterwards go on.

    Proves: S1
    """
    world = sqlite_world
    row = world.open_round()
    await world.consented(7, row)
    world.writer.submit(_impatient).result(10)
    other = sqlite3.connect(urlsplit(world.url).path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable):
        await world.turn(7, say(words("locked out")), update=9)
    other.execute("ROLLBACK")
    other.close()
    again = await world.turn(7, say(words("let in")), update=9)

    assert not again.repeated


def _impatient(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA busy_timeout=50")

"""One process leads, and another one when it is gone."""

import multiprocessing
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import connect, writing
from storage.leading import seat
from tests.storage.world import World


def test_one_sits_and_the_next_follows(world: World, url: str) -> None:
    """Of two that want to lead one does, for as long as it stays; when it leaves, the other one may.

    Proves: S4
    """
    engine = connect(url)
    one, two = seat(world.engine), seat(engine)
    assert one.held()
    assert [one.held(), two.held(), one.held(), two.held()] == [True, False, True, False]
    one.leave()
    assert [two.held(), one.held()] == [True, False]
    two.leave()
    engine.dispose()


def _leads(url: str, sits: Event) -> None:
    """A process that leads and does nothing else."""
    engine = connect(url)
    one = seat(engine)
    while not one.held():
        time.sleep(0.01)
    sits.set()
    time.sleep(600)


def test_a_seat_dies_with_its_process(world: World, url: str) -> None:
    """After `kill -9` of the one that leads, another leads within a second.

    Proves: S1, S4
    """
    context = multiprocessing.get_context("spawn")
    sits = context.Event()
    process = context.Process(target=_leads, args=(url, sits), daemon=True)
    process.start()
    assert sits.wait(60)
    here = seat(world.engine)
    assert not here.held()
    process.kill()
    process.join(10)
    ends = time.monotonic() + 1
    while not (held := here.held()) and time.monotonic() < ends:
        time.sleep(0.02)

    assert held
    here.leave()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_lost_session_is_noticed(postgres_world: World) -> None:
    """When the server ends the session that held the lock, whoever led knows at the next question, and can lead again.

    Proves: S1
    """
    one = seat(postgres_world.engine)
    assert one.held()
    with writing(postgres_world.engine) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    assert not one.held()
    assert one.held()
    one.leave()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_lock_that_is_gone_is_noticed(postgres_world: World) -> None:
    """A session that answers and no longer holds the lock, as behind a pooler, does not lead.

    Proves: S1
    """
    one = seat(postgres_world.engine)
    assert one.held()
    connection = getattr(one, "_connection", None)
    assert connection is not None
    connection.execute(text("SELECT pg_advisory_unlock_all()"))

    assert not one.held()
    one.leave()


def test_a_file_that_was_replaced_is_noticed(sqlite_world: World, tmp_path: Path) -> None:
    """Whoever locked a file that somebody has removed since does not believe that it leads.

    Proves: S1
    """
    one = seat(sqlite_world.engine)
    assert one.held()
    (tmp_path / "sauti.db.leader").unlink()

    assert not one.held()
    assert one.held()
    one.leave()

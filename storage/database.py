"""Connections to SQLite or PostgreSQL, set so that *committed* means *on the disk*.

Every transaction that writes goes through `writing`, or through the writer thread, which uses it too. On SQLite it
takes the one write lock at its beginning, so that a transaction never finds out in its middle that it may not write. On
PostgreSQL it shares *the gate* with all others, and what must not meet a half-done conversation (closing a round,
housekeeping) holds the gate alone. The gate always comes before any other lock, so nobody waits in a circle.

On PostgreSQL, files that were written and deleted again (dead rows, WAL segments, `xmin` of rows) show the order of
transactions until the database has cleaned up; `storage.closing` rewrites what a round leaves. Until then, only an
encrypted disk keeps that order from somebody who takes the machine.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, ProgrammingError, SQLAlchemyError

from storage.errors import StorageRefused, StorageUnavailable
from storage.statements import mark

_SQLITE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA temp_store=MEMORY",
)
_IMMEDIATE = "sauti_immediate"
_GATE = 0x5361757469476174
"""Number of the one advisory lock that every writing transaction shares."""
_SHARE_GATE = text("SELECT pg_advisory_xact_lock_shared(:gate)").bindparams(gate=_GATE)
_HOLD_GATE = text("SELECT pg_advisory_xact_lock(:gate)").bindparams(gate=_GATE)
_LOCKS = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
OF_ONE_STATEMENT = (IntegrityError, DataError, ProgrammingError)
"""Errors after which the rest of a transaction is still whole, and which trying again does not cure."""
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def connect(url: str) -> Engine:
    """An engine for `sqlite:////path/file.db` or `postgresql://…`; no connection is made yet.

    Raises:
        StorageRefused: `bad-url`, also for a database kept in memory: it would lose what was confirmed.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageRefused("bad-url") from None
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None or (driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}):
        raise StorageRefused("bad-url")
    # Parameters are hidden because SQLAlchemy would otherwise put rows into the text of its errors.
    engine = create_engine(parsed.set(drivername=driver), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", partial(_make_private, Path(str(parsed.database))))
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path, *_connecting: object) -> None:
    """Makes a database that is not there yet as a file of its owner's; log and index beside it take on its mode."""
    # A folder that is missing, or may not be written to, is told by the driver.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    # The driver must not open transactions by itself: it would begin them deferred and without the write lock.
    connection.isolation_level = None
    for pragma in _SQLITE:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    mark(connection, "BEGIN IMMEDIATE" if immediate else "BEGIN")


def open_for_writing(engine: Engine) -> Connection:
    """A connection whose transactions take SQLite's write lock at once."""
    return engine.connect().execution_options(**{_IMMEDIATE: True})


def take_locks(connection: Connection, keys: Iterable[int] = (), *, alone: bool = False) -> None:
    """Takes the gate, then the advisory locks `keys` in ascending order.

    SQLite's write lock already is all of them, and there nobody asks which they are.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD_GATE if alone else _SHARE_GATE)
        if numbers := sorted(set(keys)):
            connection.execute(_LOCKS, {"keys": numbers})


@contextmanager
def writing(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    """One writing transaction, committed at the end; `alone` keeps every other writer of the database out.

    Raises:
        StorageUnavailable: the database did not answer, or did not keep it.
    """
    with translated(), open_for_writing(engine) as connection, connection.begin():
        take_locks(connection, alone=alone)
        yield connection


@contextmanager
def reading(engine: Engine, *, snapshot: bool = False) -> Iterator[Connection]:
    """One reading transaction; with `snapshot`, all of its statements see the same moment.

    Raises:
        StorageUnavailable: the database did not answer.
    """
    with translated(), engine.connect() as connection:
        if snapshot and engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - the same one
        with connection.begin():
            yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turns the database's errors into ours, dropping their words, which may quote rows."""
    try:
        yield
    except OF_ONE_STATEMENT:
        raise StorageRefused("database-refused") from None
    except SQLAlchemyError:
        raise StorageUnavailable from None


def checkpoint(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, where overwritten pages would otherwise wait; best effort."""
    if engine.dialect.name == "sqlite":
        with translated(), engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

"""Which of many processes leads: the one that holds a lock which dies with it.

On PostgreSQL that is an advisory lock on a connection of its own. The server lets it go when the process ends, and
also when the process does not speak for half a minute or its machine is cut off. On SQLite it is a lock on a file
beside the database. Either may be lost without a word, so whoever leads asks again and again whether it still does; and
because it may have been lost since, every effect is claimed in its own transaction too (`storage.due`). The lock saves
work and messages; it is the claim that makes an effect happen once.
"""

import fcntl
import os
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_HALF = 0xFFFFFFFF
_TAKE = text("SELECT pg_try_advisory_lock(:key)")
# Asked of the server and not only whether it answers: behind a pooler, the next statement may run in another session.
_HELD = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    " AND classid::bigint = :high AND objid::bigint = :low AND objsubid = 1)"
)
_MORTAL = (
    "SET idle_session_timeout = '30s'",
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
"""A leader that hangs, or whose machine is gone, loses its session within half a minute."""


class Seat(Protocol):
    """The place of the one that leads."""

    def held(self) -> bool:
        """Whether this process leads now; sits down where the place is free. Blocks."""

    def leave(self) -> None:
        """Lets another one lead."""


class Place(IntEnum):
    """What only one process does at a time, with the number of its advisory lock."""

    LEADER = 0x536175746954696D
    BROADCAST = 0x5361757469546C6C
    ROUNDS = 0x5361757469526E64
    """Opens and closes rounds at their time."""


def seat(engine: Engine, place: Place = Place.LEADER) -> Seat:
    """The one place of its kind that there is on this database."""
    if engine.dialect.name == "postgresql":
        return _ServerSeat(engine, place)
    return _FileSeat(Path(f"{engine.url.database}.{place.name.lower()}"))


class _ServerSeat:
    """An advisory lock of PostgreSQL."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine, self._key = engine, int(place)
        self._connection: Connection | None = None

    def held(self) -> bool:
        try:
            if self._connection is not None:
                return self._kept(self._connection)
            return self._taken()
        except SQLAlchemyError:
            self.leave()
            return False

    def _kept(self, connection: Connection) -> bool:
        if connection.execute(_HELD, {"high": self._key >> 32, "low": self._key & _HALF}).scalar():
            return True
        self.leave()
        return False

    def _taken(self) -> bool:
        connection = self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Out of the pool: in it, the lock would go on to whoever is given this connection next.
        connection.detach()
        for setting in _MORTAL:
            connection.execute(text(setting))
        if connection.execute(_TAKE, {"key": self._key}).scalar():
            return True
        self.leave()
        return False

    def leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()


class _FileSeat:
    """A lock on a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def held(self) -> bool:
        try:
            return self._same(self._file) if self._file is not None else self._taken()
        except OSError:
            self.leave()
            return False

    def _taken(self) -> bool:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self._same(self._file)

    def _same(self, file: int) -> bool:
        """Whether the file that is locked is still the one that others would lock."""
        ours, theirs = os.fstat(file), self._path.stat()
        if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino):
            return True
        self.leave()
        return False

    def leave(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

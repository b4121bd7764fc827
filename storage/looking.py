"""What a database says of itself to whoever looks after it. Reads; changes nothing, and makes no file.

Nothing here counts people: what grows with each answer would show who has just answered (D6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text

from storage import participation
from storage.database import reading
from storage.migrations import NEWEST
from storage.rounds import RUNNING
from storage.tables import due, rounds
from storage.times import GRAIN

_STANDS = text("SELECT version_num FROM alembic_version")
_SERVER = text("SELECT current_setting('server_version'), rolsuper FROM pg_roles WHERE rolname = current_user")
_FILE = text("SELECT sqlite_version(), 0")


@dataclass(frozen=True, slots=True)
class Database:
    """What answered: its name and version, the version of its tables, and whether it lets this process do anything."""

    server: str
    tables: str | None
    """None where Sauti has never used it."""
    newest: bool
    """Whether the tables are those of this Sauti; older ones are brought up to date at the next start."""
    known: bool
    """Whether this Sauti knows their version at all."""
    almighty: bool
    """Whether this process is a superuser there, which it never needs to be."""


def file_of(engine: Engine) -> Path | None:
    """The file that this database is, or None where a server keeps it."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def look(engine: Engine) -> Database:
    """Asks the database about itself.

    Raises:
        StorageUnavailable: it did not answer.
    """
    postgresql = engine.dialect.name == "postgresql"
    with reading(engine) as connection:
        version, almighty = connection.execute(_SERVER if postgresql else _FILE).one()
        used = inspect(connection).has_table("alembic_version")
        tables: str | None = connection.execute(_STANDS).scalar() if used else None
    name = f"{'PostgreSQL' if postgresql else 'SQLite'} {version.partition(' ')[0]}"
    return Database(name, tables, tables == NEWEST, tables is None or tables <= NEWEST, bool(almighty))


def latest(engine: Engine, now: int) -> int:
    """Seconds by which the oldest thing that is due is late, in whole slots of ten minutes; 0 where nothing is.

    Raises:
        StorageUnavailable: the database did not answer.
    """
    with reading(engine) as connection:
        oldest = connection.execute(select(func.min(due.c.slot))).scalar()
    return 0 if oldest is None else max(0, now - oldest) // GRAIN * GRAIN


@dataclass(frozen=True, slots=True)
class Figures:
    """What may be shown of all rounds at any time: no number here moves with an answer on the day it is given."""

    states: Mapping[str, int]
    """State → rounds in it."""
    sent: Mapping[bytes, int]
    """Running round → how many had sent at least 24 hours ago, rounded down to ten (F3)."""


def figures(engine: Engine, now: datetime) -> Figures:
    """Counts the rounds, and tells of those that run what `storage.participation` lets anybody see.

    Raises:
        StorageUnavailable: the database did not answer.
    """
    with reading(engine) as connection:
        states = connection.execute(select(rounds.c.state, func.count()).group_by(rounds.c.state)).all()
        running = connection.execute(select(rounds.c.id).where(rounds.c.state.in_(RUNNING))).scalars().all()
        sent = {each: participation.shown(connection, each, now) for each in running}
    return Figures({state: count for state, count in states}, sent)  # noqa: C416 - rows are no pairs to mypy

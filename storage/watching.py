"""What processes have noticed that staff should hear of: that the participant bot lives, and what is wrong."""

from datetime import datetime

from sqlalchemy import Engine, select

from storage.database import reading, writing
from storage.statements import Put
from storage.tables import watched
from storage.times import GRAIN

_watch = Put(watched)


def watch(engine: Engine, what: str, now: datetime) -> None:
    """Notes that something was noticed now, to ten minutes."""
    with writing(engine) as connection:
        _watch(connection, what=what, slot=int(now.timestamp()) // GRAIN * GRAIN)


def noticed(engine: Engine) -> dict[str, int]:
    """What was noticed, and when it was last: seconds since 1970, UTC, to ten minutes."""
    with reading(engine) as connection:
        return {row.what: row.slot for row in connection.execute(select(watched)).all()}

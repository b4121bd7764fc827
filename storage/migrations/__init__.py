"""How a database gets from any version that was ever released to the newest one.

Each step stands in `versions/`, spelled out and never edited afterwards: a database out there was made by it. The
tables of today are `storage.tables`; a test compares them with what the steps make on both databases.
"""

from contextlib import suppress

from sqlalchemy import Engine, text

from storage.database import reading, translated, writing
from storage.errors import StorageError, StorageRefused

NEWEST = "0011"
"""The last of them: a database that stands there needs nobody who knows the way, and loads no tool for it."""
_STANDS = text("SELECT version_num FROM alembic_version")


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings a database to `revision`, an empty one too; does nothing where it is there. Processes wait for each other.

    Raises:
        StorageUnavailable: the database did not answer; nothing was changed.
    """
    if _stands(engine) == NEWEST and revision in {"head", NEWEST}:
        return
    from alembic import command  # noqa: PLC0415 - ten megabytes, for the one start that has something to do
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with translated(), writing(engine, alone=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def check_newest(engine: Engine) -> None:
    """For a process that may not migrate: its database stands where this code does.

    Raises:
        StorageRefused: `not-migrated`.
    """
    if _stands(engine) != NEWEST:
        raise StorageRefused("not-migrated")


def _stands(engine: Engine) -> str | None:
    """Where a database stands; None where it is empty, or does not answer."""
    with suppress(StorageError), reading(engine) as connection:
        stands: str | None = connection.execute(_STANDS).scalar()
        return stands
    return None

"""How a database gets from any version that was ever released to the newest one.

Each step stands in `versions/`, spelled out and never edited afterwards: a database out there was made by it. The
tables of today are `storage.tables`; a test compares them with what the steps make on both databases.
"""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from storage.database import translated, writing


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings a database to `revision`, an empty one too; does nothing where it is there. Processes wait for each other.

    Raises:
        StorageUnavailable: the database did not answer; nothing was changed.
    """
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with translated(), writing(engine, alone=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

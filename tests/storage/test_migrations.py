"""Every database there ever was becomes today's, with its data."""

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select

from storage.database import connect, reading
from storage.errors import StorageRefused, StorageUnavailable
from storage.invitation_codes import hashed
from storage.migrations import NEWEST, migrate
from storage.rounds import RoundState
from storage.tables import metadata, new_invitations, update_tags
from tests.architecture.house import ROOT
from tests.storage.asked import SEND, START
from tests.storage.frozen import FOLDER, thaw
from tests.storage.world import World


def _revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_the_steps_make_the_tables_of_today(url: str) -> None:
    """What the migrations make is what `storage.tables` says, on both databases.

    Proves: S3
    """
    engine = connect(url)
    with reading(engine) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []


def test_a_database_of_today_is_known_without_the_tool(tmp_path: Path) -> None:
    """A start that has nothing to migrate loads no migration, and every new migration is looked for."""
    engine = connect(f"sqlite:///{tmp_path / 'sauti.db'}")
    migrate(engine)
    again = (
        "import sys; from storage.database import connect; from storage.migrations import migrate\n"
        "migrate(connect(sys.argv[1])); print('alembic' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", again, str(engine.url)], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    engine.dispose()

    assert said.strip() == "False"
    assert _revisions()[-1] == NEWEST


def test_every_version_has_frozen_data() -> None:
    """For each migration there is a database of its version to migrate from.

    Proves: S3
    """
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(_revisions())


@pytest.mark.parametrize("revision", _revisions())
async def test_every_version_with_data_becomes_todays(empty_url: str, tmp_path: Path, revision: str) -> None:
    """After migrating a database of each version, a conversation begun before goes on, and everything opens.

    Proves: S3
    """
    engine = connect(empty_url)
    key = thaw(revision, engine, tmp_path / "secrets")
    migrate(engine)
    engine.dispose()
    with World.make(empty_url, tmp_path / "secrets") as world:
        (row,) = (world.rounds.get(name) for name in world.rounds.open_codes().values())
        world.keys[row.id], world.updates = key, itertools.count(5_000)
        await world.turn(8, SEND)
        await world.sent(7, row, "after")
        said = world.said(row)
        closed = world.close(row)

    assert sorted((repeat, answer.text) for repeat, answer in said) == [
        (False, "begun before"), (False, "sent before"), (True, "after"),
    ]  # fmt: skip
    assert closed.state is RoundState.CLOSED


async def test_slips_of_a_live_round_still_let_people_in(empty_url: str, tmp_path: Path) -> None:
    """A round that ran before batches had codes of their own: its slips, which carry its code, go on working.

    Proves: S3, F4
    """
    engine = connect(empty_url)
    migrate(engine, "0010")
    engine.dispose()
    with World.make(empty_url, tmp_path / "secrets") as world:
        row, rehearsal = world.open_round(rehearsal=False), world.open_round()
        ended = world.move(world.open_round(rehearsal=False), RoundState.CLOSED)
        migrate(world.engine)
        named = {round_id for _, round_id, _ in world.rows(new_invitations)}
        start = replace(START, invitation=hashed(row.code))
        begun = await world.turn(1, start, round_id=row.id)

    assert begun.draft is not None
    assert named == {row.id}
    assert not named & {rehearsal.id, ended.id}


def test_migrating_twice_and_together_is_the_same(sqlite_url: str, tmp_path: Path) -> None:
    """Processes that start together migrate once and none of them fails."""
    url = f"sqlite:///{tmp_path}/new.db"
    engines = [connect(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_migrate_apart, [url] * 4))

    assert sqlite_url != url
    assert set(inspect(engines[0]).get_table_names()) == {*metadata.tables, "alembic_version"}
    for engine in engines:
        engine.dispose()


def _migrate_apart(url: str) -> None:
    """Migrates in a process of its own: Alembic keeps its context in globals."""
    program = (
        "from sys import argv; from storage import database, migrations as m; m.migrate(database.connect(argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, url], check=True)


def test_a_database_without_tables_is_refused_not_created(tmp_path: Path) -> None:
    """Reading an unmigrated database fails by a code that says what to do."""
    engine: Engine = connect(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(StorageUnavailable), reading(engine) as connection:
        connection.execute(select(update_tags)).all()
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense", ""])
def test_other_databases_are_refused(url: str) -> None:
    """An address that is no file and no PostgreSQL is refused before anything is lost in memory."""
    with pytest.raises(StorageRefused, match="bad-url"):
        connect(url)

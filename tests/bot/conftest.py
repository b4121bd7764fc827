"""A small world on SQLite with one open round, and a person in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import connect
from storage.migrations import migrate
from storage.rounds import RoundRow
from tests.bot.talk import Talk, conversation
from tests.storage.world import World


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A migrated file of this test alone."""
    address = f"sqlite:///{tmp_path}/sauti.db"
    engine = connect(address)
    migrate(engine)
    engine.dispose()
    return address


@pytest.fixture
def world(url: str, tmp_path: Path) -> Iterator[World]:
    """One process on it."""
    with World.make(url, tmp_path / "secrets") as made:
        yield made


@pytest.fixture
def row(world: World) -> RoundRow:
    """The open round."""
    return world.open_round()


@pytest.fixture
def talk(world: World, row: RoundRow) -> Talk:
    """A person who has not written yet."""
    assert row.id
    return Talk(world, conversation(world))

"""A round that runs, somebody of the staff with a phone, and papers that need no typesetter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import connect
from storage.migrations import migrate
from storage.rounds import RoundRow
from tests.staff.phone import Phone
from tests.storage.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One process on a new file."""
    url = f"sqlite:///{tmp_path}/sauti.db"
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    with World.make(url, tmp_path / "secrets") as made:
        yield made


@pytest.fixture
def row(world: World) -> RoundRow:
    """A rehearsal that was checked, and is open."""
    from tests.rounds.test_moving import checked, opened

    return opened(world, checked(world))


@pytest.fixture
def phone(world: World, row: RoundRow) -> Phone:
    """A facilitator who is linked."""
    assert row.id
    return Phone.linked(world)

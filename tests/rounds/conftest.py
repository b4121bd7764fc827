"""A store on SQLite for tests of a round's life; that PostgreSQL keeps rounds alike is tests/storage's business."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import connect
from storage.migrations import migrate
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

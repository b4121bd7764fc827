"""Every test of storage runs on SQLite and on PostgreSQL (S3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import connect
from storage.migrations import migrate
from tests.storage.world import World
from tests.support.postgres import Cluster, cluster

POSTGRES = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
"""One worker of a parallel run has all tests with PostgreSQL, so that one server is started."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server of our own."""
    with cluster() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """A migrated database to copy, which is quicker than migrating one for each test."""
    name = postgres.create()
    engine = connect(postgres.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgres_url(postgres: Cluster, migrated: str) -> Iterator[str]:
    """A migrated database of this test alone."""
    name = postgres.create(template=migrated)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated file of this test alone."""
    url = f"sqlite:///{tmp_path}/sauti.db"
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=POSTGRES)])
def url(request: pytest.FixtureRequest) -> str:
    """Either database."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=POSTGRES)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Either database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    server: Cluster = request.getfixturevalue("postgres")
    return server.url(server.create())


@pytest.fixture
def world(url: str, tmp_path: Path) -> Iterator[World]:
    """One process on either database."""
    with World.make(url, tmp_path / "secrets") as made:
        yield made


@pytest.fixture
def sqlite_world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """One process on SQLite."""
    with World.make(sqlite_url, tmp_path / "secrets") as made:
        yield made


@pytest.fixture
def postgres_world(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    """One process on PostgreSQL; for tests marked `postgres`."""
    with World.make(postgres_url, tmp_path / "secrets") as made:
        yield made

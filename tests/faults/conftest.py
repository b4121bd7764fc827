"""One simulator and one key for all of these tests, and a stage for each."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.referee import TOLD
from tests.faults.servers import Server
from tests.faults.stage import Custody, Stage, staged
from tests.support.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def custody() -> Custody:
    """A key pair."""
    return Custody.make()


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a simulator, started as anybody would start it."""
    folder = tmp_path_factory.mktemp("simulator")
    server = Server(("simulator", "--no-rate-limits"), {}, folder / "out", folder / "err")
    asyncio.run(server.start(plainly=True))
    yield server.url
    asyncio.run(server.stop())
    assert "Traceback" not in server.err.read_text()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server of these tests alone, because they stop and start it."""
    with cluster() as server:
        yield server


@pytest.fixture(autouse=True)
def tells(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Hands the figures of a test to the end of the run."""
    TOLD.clear()
    yield
    for figures in TOLD:
        record_property("figures", figures)


@pytest.fixture
async def stage(tmp_path: Path, custody: Custody, simulator: str) -> AsyncIterator[Stage]:
    """A stage on SQLite whose bots poll."""
    async with staged(tmp_path / "stage", f"sqlite:///{tmp_path}/stage/sauti.db", custody, simulator) as (made, _):
        yield made


@pytest.fixture
async def pair(tmp_path: Path, custody: Custody, simulator: str, postgres: Cluster) -> AsyncIterator[Stage]:
    """A stage on PostgreSQL with two bots, started, that take turns behind one webhook."""
    database = postgres.url(postgres.create())
    async with staged(tmp_path / "stage", database, custody, simulator, by_webhook=True) as (made, proxy):
        proxy.behind += [made.server(), made.server()]
        await asyncio.gather(*(bot.start() for bot in made.bots))
        yield made

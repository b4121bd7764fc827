"""Rounds through the death of whoever keeps their time: two `sauti clock`, a calendar that the test moves (S1, S4)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from privacy.keys import drill
from rounds import moving, service, wall
from rounds.life import Role
from storage.database import connect
from storage.migrations import migrate
from storage.rounds import ControlRow, RoundState, RoundStore
from storage.secrets import Secrets
from tests.faults.asked import CONSULTATION
from tests.faults.servers import Server
from tests.faults.stage import Custody, now
from tests.support.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
HERE = "http://127.0.0.1:9"
ROUNDS = 3
HOUR = timedelta(hours=1)


@contextmanager
def stored(url: str) -> Iterator[RoundStore]:
    """The rounds of a database."""
    engine = connect(url)
    try:
        yield RoundStore(engine)
    finally:
        engine.dispose()


def planned(url: str, folder: Path, custody: Custody) -> None:
    """Rehearsals that were checked: each opens in an hour and closes in two."""
    times = [wall.shown(int((now() + hours * HOUR).timestamp()) // 600 * 600, "UTC") for hours in (1, 2)]
    with stored(url) as store:
        migrate(store.engine)
        for _ in range(ROUNDS):
            row = service.new(store, CONSULTATION, custody.public, rehearsal=True, control=ControlRow())
            proof = drill(service.challenge(store, row), custody.private)
            ready = service.check(
                store, Secrets(folder / "secrets"), store.get(row.id), proof=proof, bot_api_url=HERE, now=now()
            )
            moving.schedule(store, ready, opens=times[0], closes=times[1], by=Role.OPERATOR, now=now())


class Keepers:
    """Two processes that keep the time of one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self._file = url, folder / "tmp" / "clock"
        self._file.parent.mkdir()
        self.put(0)
        settings = {"SAUTI_DATABASE_URL": url, "SAUTI_BOT_API_URL": HERE, "TMPDIR": str(self._file.parent)}
        self.two = [Server(("clock",), settings, folder / f"out-{n}", folder / f"err-{n}") for n in range(2)]

    def put(self, hours: float) -> None:
        """Where their calendar is ahead of ours by."""
        new = self._file.with_suffix(".new")
        new.write_text(str(hours * 3_600))
        new.replace(self._file)  # whole or not at all: the processes read it all the time

    @property
    def told(self) -> list[tuple[str, str]]:
        """What they said that they did: event and round."""
        lines = [line for one in self.two if one.err.exists() for line in one.err.read_text().splitlines()]
        return [(said["event"], said["code"]) for said in map(json.loads, lines)]

    def states(self) -> set[RoundState]:
        """In which states the rounds are."""
        with stored(self.url) as store:
            return {row.state for row in store.all()}

    async def until(self, state: RoundState) -> None:
        """Waits until every round is in this state. Raises TimeoutError."""
        async with asyncio.timeout(60):
            while await asyncio.to_thread(self.states) != {state}:  # noqa: ASYNC110 - others do it
                await asyncio.sleep(0.05)


async def lives(keepers: Keepers) -> None:
    """The rounds open while the first process dies, and close while it dies again; between, nobody is there."""
    first, second = keepers.two
    for one in keepers.two:
        await one.start(twist="hands")
    keepers.put(1.2)
    await first.kill()
    await keepers.until(RoundState.OPEN)
    await second.kill()
    keepers.put(2.2)
    for one in keepers.two:
        await one.start(twist="hands")
    await first.kill()
    await keepers.until(RoundState.CLOSED)
    await second.stop()


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_each_round_opens_and_closes_once_though_processes_die(
    tmp_path: Path, custody: Custody, database: str, request: pytest.FixtureRequest
) -> None:
    """Killed before, while and after rounds open and close, each opens once and closes once, late or in time.

    Nobody tells of one move twice; what a process did and had no time to tell, the database shows.

    Proves: S1, S4
    """
    url = f"sqlite:///{tmp_path}/sauti.db"
    if database == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create())
    planned(url, tmp_path, custody)
    keepers = Keepers(url, tmp_path)
    await lives(keepers)

    assert len(keepers.told) == len(set(keepers.told))
    assert {event for event, _ in keepers.told} <= {"round-open", "round-close"}
    with stored(url) as store:
        assert all(row.opened_week and row.closed_week for row in store.all())

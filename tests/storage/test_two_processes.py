"""Two bot processes on one PostgreSQL: they behave as one (S4)."""

import asyncio
import multiprocessing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from storage.errors import StorageUnavailable
from storage.intake import Verdict
from tests.storage.asked import CONSENTED, SEND, START, say, words
from tests.storage.world import World

PEOPLE = range(1, 41)


def steps(user: int) -> list[Verdict]:
    """A conversation of one person."""
    return [START, CONSENTED, *(say(words(f"{user} says {number}")) for number in range(4)), SEND]


async def _everybody(world: World, round_id: bytes) -> dict[int, str | None]:
    async def talk(user: int) -> str | None:
        receipt = None
        for number, verdict in enumerate(steps(user)):
            update = user * 100 + number
            while True:
                try:
                    turned = await world.turn(user, verdict, update=update, round_id=round_id if number == 0 else None)
                    break
                except StorageUnavailable:
                    await asyncio.sleep(0.01)
            receipt = turned.receipt
        return receipt

    return dict(zip(PEOPLE, await asyncio.gather(*map(talk, PEOPLE)), strict=True))


def _process(url: str, secrets: str, round_id: bytes, start: Barrier, told: "Queue[dict[int, str | None]]") -> None:
    """One worker that hears every update of everybody, as after a redelivery to another process."""
    with World.make(url, Path(secrets)) as world:
        start.wait()
        told.put(asyncio.run(_everybody(world, round_id)))


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_two_processes_hear_the_same_people(postgres_world: World, tmp_path: Path) -> None:
    """Both get every update of 40 people at once: no deadlock, nobody lost, nobody doubled, one receipt each.

    Proves: S4, T3
    """
    row = postgres_world.open_round()
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(2), context.Queue()
    arguments = (postgres_world.url, str(tmp_path / "secrets"), row.id, start, told)
    processes = [context.Process(target=_process, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    one, two = told.get(timeout=120), told.get(timeout=120)
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0, 0]
    assert one == two
    assert len(set(one.values())) == len(PEOPLE)
    spoken = sorted(tuple(answer.text for _, answer in answers) for _, *answers in postgres_world.opened(row))
    assert spoken == sorted(tuple(f"{user} says {number}" for number in range(4)) for user in PEOPLE)
    assert [repeat for repeat, *_ in postgres_world.opened(row)] == [False] * len(PEOPLE)

"""An old copy of the database, put back: what was taken back since stays gone."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from storage import destroying
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.intake import Fate, Verdict
from storage.restoring import catch_up
from storage.rounds import RoundState
from storage.tables import mailbag, metadata, responses, rounds, tombstones, work_log
from storage.tombstones import FIRST_LINE, Buried, TombstoneFile
from tests.storage.world import World

FROM_CHAT = Verdict(Fate.NONE, withdraw_chat=True)
Copy = list[tuple[str, list[dict[str, object]]]]


def backup(world: World) -> Copy:
    """Every row of every table but the log, of which the database lets nobody delete a line."""
    with reading(world.engine) as connection:
        return [
            (table.name, [dict(row._mapping) for row in connection.execute(select(table)).all()])
            for table in metadata.sorted_tables
            if table is not work_log
        ]


def restore(world: World, copy: Copy) -> None:
    """The database as it was."""
    with writing(world.engine, alone=True) as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not work_log:
                connection.execute(delete(table))
        for name, rows in copy:
            if rows:
                connection.execute(insert(metadata.tables[name]), rows)


@pytest.mark.parametrize("way", ["chat", "receipt"])
@pytest.mark.parametrize("place", ["waiting", "kept"])
async def test_what_was_taken_back_does_not_come_back(world: World, way: str, place: str) -> None:
    """A copy from before a withdrawal is put back: before anything else it forgets the response again.

    Proves: W2
    """
    row = world.open_round()
    receipt = await world.sent(7, row, "mine")
    await world.sent_by(range(100, 109 if place == "kept" else 104), row)
    before = backup(world)
    verdict = FROM_CHAT if way == "chat" else Verdict(Fate.NONE, withdraw_receipt=receipt)
    assert (await world.turn(7, verdict)).withdrawn == 1
    left = sorted(world.blobs(row))
    restore(world, before)
    assert len(world.blobs(row)) == len(left) + 1

    assert catch_up(world.rounds, world.secrets, world.clock()) == 1
    assert sorted(world.blobs(row)) == left
    assert [one[1] for one in world.rows(tombstones)] == [row.id]
    assert catch_up(world.rounds, world.secrets, world.clock()) == 0


async def test_a_destroyed_round_does_not_come_back(world: World) -> None:
    """A copy from before a round was destroyed is put back: its rows go again, and it stays known as destroyed.

    Proves: D5
    """
    row = world.close(world.open_round())
    other = world.open_round()
    await world.sent_by(range(100, 103), other)
    before = backup(world)
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))
    restore(world, before)
    catch_up(world.rounds, world.secrets, world.clock())

    assert [found[0] for found in world.rows(rounds)] == [other.id]
    assert [gone.id for gone in world.rounds.gone()] == [row.id]
    assert len(world.blobs(other)) == 3


async def test_of_a_destroyed_round_no_withdrawal_is_remembered(world: World) -> None:
    """The file of withdrawals forgets a round together with its secrets.

    Proves: D5
    """
    row, other = world.open_round(), world.open_round()
    for where in (row, other):
        await world.sent(7, where)
        await world.turn(7, FROM_CHAT, round_id=where.id)
    assert {of for of, _ in world.secrets.tombstones.read()} == {row.id, other.id}
    world.move(row, RoundState.CLOSED)
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))

    assert {of for of, _ in world.secrets.tombstones.read()} == {other.id}


async def test_a_database_that_is_up_to_date_is_left_alone(sqlite_world: World) -> None:
    """Where nothing was restored, catching up changes no byte of a response."""
    world = sqlite_world
    row = world.open_round()
    await world.sent_by(range(100, 112), row)
    await world.turn(100, FROM_CHAT)
    before = world.rows(mailbag), world.rows(responses)

    assert catch_up(world.rounds, world.secrets, world.clock()) == 0
    assert (world.rows(mailbag), world.rows(responses)) == before


buried = st.tuples(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))


@settings(max_examples=25)
@given(st.lists(st.lists(buried, max_size=5), max_size=6))
def test_the_file_is_a_set_in_the_order_of_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Buried]]
) -> None:
    """Whatever the order of withdrawals, the same set gives the same bytes and no time; nothing is lost.

    Proves: D2, D3
    """
    folder = tmp_path_factory.mktemp("tombstones")
    forth, back = TombstoneFile(folder / "forth"), TombstoneFile(folder / "back")
    for batch in batches:
        for of, response in batch:
            forth.add(of, [response])
    for batch in reversed(batches):
        for of, response in reversed(batch):
            back.add(of, [response])
    wanted = {one for batch in batches for one in batch}

    assert forth.read() == back.read() == wanted
    if wanted:
        written = (folder / "forth").read_bytes()
        assert written == (folder / "back").read_bytes() == FIRST_LINE + b"".join(map(b"".join, sorted(wanted)))
        assert (folder / "forth").stat().st_mtime == 0


def test_the_form_of_the_file_is_frozen(tmp_path: Path) -> None:
    """A file written by the first version is read the same for ever."""
    kept = TombstoneFile(tmp_path / "tombstones")
    (tmp_path / "tombstones").write_bytes(b"sauti-tombstones 1\n" + bytes(range(32)) + bytes(range(32, 64)))

    assert kept.read() == {
        (bytes(range(16)), bytes(range(16, 32))),
        (bytes(range(32, 48)), bytes(range(48, 64))),
    }


@pytest.mark.parametrize("data", [b"", b"sauti-tombstones 1\n" + bytes(31), bytes(64), b"sauti-tombstones 2\n"])
def test_a_damaged_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """A file that was cut or is none stops the process rather than being taken for no withdrawals."""
    (tmp_path / "tombstones").write_bytes(data)

    with pytest.raises(StorageRefused, match="bad-tombstones"):
        TombstoneFile(tmp_path / "tombstones").read()


async def test_withdrawals_at_once_are_all_written_down(tmp_path: Path) -> None:
    """Many writers at the same time lose none of each other's records."""
    kept = [TombstoneFile(tmp_path / "tombstones") for _ in range(20)]
    await asyncio.gather(*(asyncio.to_thread(one.add, bytes(16), [bytes([n] * 16)]) for n, one in enumerate(kept)))

    assert len(kept[0].read()) == 20

"""A backup holds sealed answers and no way to anybody, and what was to be forgotten does not come back with it (D7)."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_box_keypair

from privacy.backups import lines as opened
from privacy.errors import OtherKey
from privacy.keys import RoundPrivateKey
from storage import backing, destroying
from storage.backing import Restored, restore
from storage.backup_sealing import sealed
from storage.database import connect
from storage.envelope.backup import PIECE, SEALED
from storage.envelope.errors import NotABackup
from storage.errors import StorageRefused
from storage.intake import Fate, Verdict
from storage.rounds import RoundState
from storage.secrets import Secrets
from storage.tables import contacts, destroyed, drafts, links, mailbag, metadata, responses, rounds, tombstones
from tests.storage.asked import say, words
from tests.storage.world import CLOCK, World

KEY = RoundPrivateKey(*crypto_box_keypair())
VECTORS = Path(__file__).parents[1] / "vectors" / "backup"


def taken(world: World) -> bytes:
    """A backup of a world."""
    return b"".join(sealed(KEY.public_key, backing.lines(world.engine)))


def plain(backup: bytes) -> list[bytes]:
    """What stands in it, for whoever holds its key."""
    return list(opened(KEY, io.BytesIO(backup)))


@contextmanager
def put_back(world: World, url: str, backup: bytes, secrets: Path) -> Iterator[tuple[World, Restored]]:
    """The backup in another database, and the world on it, with the keys that only tests hold."""
    engine = connect(url)
    done = restore(engine, Secrets(secrets), opened(KEY, io.BytesIO(backup)), world.clock())
    engine.dispose()
    with World.make(url, secrets, world.clock) as made:
        made.keys = world.keys
        yield made, done


async def test_answers_come_back_and_what_was_withdrawn_does_not(world: World, empty_url: str, tmp_path: Path) -> None:
    """Backup, a withdrawal, restore: every other answer opens as before; the withdrawn one is gone, and so known.

    Proves: D7, W2
    """
    row = world.open_round()
    receipts = await world.sent_by(range(12), row)
    world.close(row)
    backup = taken(world)
    assert (await world.turn(5, Verdict(Fate.NONE, withdraw_receipt=receipts[5]))).withdrawn == 1
    with put_back(world, empty_url, backup, tmp_path / "secrets") as (again, done):
        found = again.rounds.get(row.id)

        assert sorted(words.text for _, words in again.said(found)) == sorted(f"peace {n}" for n in range(12) if n != 5)
        assert len(again.rows(tombstones)) == 1
        assert (done.rounds, done.responses, done.forgotten) == (1, 11, 1)
        assert found == world.rounds.get(row.id)
        assert (await again.turn(6, Verdict(Fate.NONE, withdraw_receipt=receipts[6]))).withdrawn == 1


async def test_a_destroyed_round_does_not_come_back(world: World, empty_url: str, tmp_path: Path) -> None:
    """Destroyed after the backup: of the round only its name comes back, and the others come whole.

    Proves: D7, D5
    """
    gone, stays = world.open_round(), world.open_round()
    for row in (gone, stays):
        await world.sent(7, row)
        world.close(row)
    backup = taken(world)
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(gone.code, "2026-W47"))
    with put_back(world, empty_url, backup, tmp_path / "secrets") as (again, done):
        assert [one[0] for one in again.rows(rounds)] == [one[1] for one in again.rows(responses)] == [stays.id]
        assert [one[0] for one in again.rows(destroyed)] == [gone.id]
        assert (done.rounds, done.destroyed) == (1, 1)


async def test_nothing_in_a_backup_leads_to_anybody(world: World) -> None:
    """Chat ids, drafts, links, contact box, mailbag and salts of an open round are not in what its key opens.

    Proves: D7, D2
    """
    row, user = world.open_round(), 987_654_321
    await world.sent_by(range(20), row)
    await world.keep_house()
    await world.sent(user, row, "waits in the mailbag")
    await world.consented(user + 1, row)
    await world.turn(user + 1, say(words("half said")))
    backup = taken(world)
    held = b"\n".join(plain(backup))
    secret = {world.secrets.intake_secret(), world.secrets.salt(row.id), world.secrets.receipt_key(row.id)}

    assert {json.loads(line)[0] for line in held.splitlines()[1:-1]} <= {table.name for table in backing.HELD}
    for table in (drafts, links, contacts, mailbag):
        assert world.rows(table), table.name
        for one in world.rows(table):
            assert not any(written(value) in held for value in one if isinstance(value, bytes) and value != row.id)
    for canary in (
        b"987654321",
        b"987654322",
        user.to_bytes(8, "big"),
        b"half said",
        *map(written, filter(None, secret)),
    ):
        assert canary not in held
    assert held not in backup
    assert row.code.encode() not in backup


def written(value: bytes) -> bytes:
    """Bytes as a backup would hold them."""
    return b64encode(value)


def test_every_table_is_held_or_left_out_on_purpose() -> None:
    """A new table is in no backup, and somebody has to say here that this is right.

    Proves: D7
    """
    left_out = {
        "update_tags", "drafts", "chunks", "links", "sweep", "mailbag", "contact_bag", "contacts", "skips", "told",
        "due", "uploads",
    }  # fmt: skip
    never = {table.name for table in backing.HELD} & left_out

    assert never == set()
    assert {"rounds", "responses", "tombstones", "destroyed"} <= {table.name for table in backing.HELD}
    assert left_out <= set(metadata.tables)


async def test_a_running_round_rests_and_without_its_salt_is_closed(sqlite_world: World, tmp_path: Path) -> None:
    """With the folder of secrets an open round waits, paused, for somebody to look; without its salt it is closed.

    Proves: D7, S1
    """
    world, empty_url = sqlite_world, f"sqlite:///{tmp_path}/empty.db"
    kept, lost, planned = world.open_round(), world.open_round(), world.drafted()
    world.rounds.set_state(planned, RoundState.SCHEDULED)
    backup = taken(world)
    world.secrets.destroy_salt(lost.id)
    with put_back(world, empty_url, backup, tmp_path / "secrets") as (again, done):
        states = [again.rounds.get(row.id).state for row in (kept, lost, planned)]

        assert states == [RoundState.PAUSED, RoundState.CLOSED, RoundState.CHECKED]
        assert again.rounds.get(lost.id).closed_week == "2026-W47"
        assert (done.rounds, done.closed) == (3, 1)


def refused(url: str, secrets: Path, given: list[bytes]) -> str:
    """The code with which these lines are refused, and nothing of them is there then."""
    engine = connect(url)
    try:
        with pytest.raises((StorageRefused, NotABackup)) as error:
            restore(engine, Secrets(secrets), given, CLOCK)
        return str(error.value).partition(":")[0]
    finally:
        engine.dispose()


def test_a_database_that_is_in_use_is_not_overwritten(world: World, tmp_path: Path) -> None:
    """Into a database with rounds nothing is restored, also where all of them were destroyed.

    Proves: D7
    """
    row = world.open_round()
    given = plain(taken(world))
    assert refused(world.url, tmp_path / "secrets", given) == "not-empty"
    destroying.destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W47"))

    assert refused(world.url, tmp_path / "secrets", given) == "not-empty"


def test_without_knowing_what_was_withdrawn_nothing_is_restored(sqlite_world: World, tmp_path: Path) -> None:
    """A folder of secrets that no server has used cannot say what must not come back.

    Proves: D7, W2
    """
    world, empty_url = sqlite_world, f"sqlite:///{tmp_path}/empty.db"
    world.open_round()
    given = plain(taken(world))
    assert refused(empty_url, tmp_path / "new folder", given) == "no-register"
    (tmp_path / "tombstones only").mkdir()
    (tmp_path / "tombstones only" / "tombstones").write_bytes(b"damaged")

    assert refused(empty_url, tmp_path / "tombstones only", given) == "bad-tombstones"


@pytest.mark.parametrize("fault", ["cut", "another table", "another column", "no bytes", "nonsense", "newer", "empty"])
def test_lines_that_are_no_backup_leave_nothing_behind(sqlite_world: World, tmp_path: Path, fault: str) -> None:
    """Whatever is wrong, also in the last line, no row stays, and the right backup can still be restored.

    Proves: D7, S2
    """
    world, empty_url = sqlite_world, f"sqlite:///{tmp_path}/empty.db"
    world.open_round()
    world.open_round()
    given = plain(taken(world))
    name, row = json.loads(given[2])
    wrong: dict[str, list[bytes]] = {
        "cut": given[:-1],
        "another table": [*given[:2], json.dumps(["drafts", row]).encode(), *given[3:]],
        "another column": [*given[:2], json.dumps([name, {**row, "more": 1}]).encode(), *given[3:]],
        "no bytes": [*given[:2], json.dumps([name, {**row, "id": "§"}]).encode(), *given[3:]],
        "nonsense": [*given[:2], b"{", *given[3:]],
        "newer": [b'{"revision":"9999"}', *given[1:]],
        "empty": [],
    }
    code = refused(empty_url, tmp_path / "secrets", wrong[fault])
    engine = connect(empty_url)
    done = restore(engine, world.secrets, given, world.clock())
    engine.dispose()

    assert code == ("newer-backup" if fault == "newer" else "not-a-backup")
    assert done.rounds == 2


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=PIECE).map(lambda one: one.replace(b"\n", b"")), max_size=6))
def test_what_was_sealed_opens_and_nothing_else(given_lines: list[bytes]) -> None:
    """Any lines come back as they were; the pieces of a backup are of one size, whatever it holds.

    Proves: D7
    """
    backup = b"".join(sealed(KEY.public_key, (line + b"\n" for line in given_lines)))
    first = backup.index(b"\n") + 1

    assert plain(backup) == given_lines
    assert (len(backup) - first - 104) % SEALED <= SEALED


@pytest.mark.parametrize("where", [0, 10, 60, 100, 160, 200, 300, -1])
def test_a_changed_byte_is_noticed(where: int) -> None:
    """A backup that was changed, cut or extended anywhere is refused, and another key opens nothing.

    Proves: D7
    """
    backup = bytearray(b"".join(sealed(KEY.public_key, [b"x" * PIECE + b"\n", b"y" * 100 + b"\n"])))
    changed = bytes(backup[:where] + bytes([backup[where] ^ 1]) + backup[where % len(backup) + 1 :])
    for wrong in (changed, bytes(backup[: where % len(backup)]), bytes(backup) + b"\0"):
        with pytest.raises((NotABackup, OtherKey)):
            plain(wrong)
    with pytest.raises(NotABackup):
        plain(b"[" * 200_000 + b"\n")
    other = RoundPrivateKey(*crypto_box_keypair())
    with pytest.raises(OtherKey):
        list(opened(other, io.BytesIO(bytes(backup))))


def test_the_first_version_opens_for_ever(empty_url: str, tmp_path: Path) -> None:
    """A backup that the first version made is restored by every later one, into either database.

    Proves: D7, S3
    """
    held: dict[str, Any] = json.loads((VECTORS / "key.json").read_text("utf-8"))
    key = RoundPrivateKey(bytes.fromhex(held["public"]), bytes.fromhex(held["secret"]))
    folder = Secrets(tmp_path / "secrets")
    folder.intake_secret()
    engine = connect(empty_url)
    with (VECTORS / "backup.sealed").open("rb") as file:
        done = restore(engine, folder, opened(key, file), CLOCK)
    engine.dispose()

    assert (done.rounds, done.responses, done.destroyed) == (held["rounds"], held["responses"], 0)
    with World.make(empty_url, tmp_path / "secrets") as made:
        assert [row.code for row in made.rounds.all()] == held["codes"]
        assert len(made.rounds.gone()) == 1

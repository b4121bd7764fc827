"""What a thief of the disk finds: nothing that was said, by whom, or exactly when."""

import os
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from flows.answers import Chosen
from flows.model import Purpose
from flows.records import Answered
from flows.session import Session, State
from storage.database import connect, reading
from storage.intake import Card, Draft, Fate, Verdict
from storage.migrations import migrate
from storage.tables import metadata, rounds
from storage.times import GRAIN
from tests.storage.asked import ASKING, CONSENT, SEND, START, say, words
from tests.storage.world import World
from tests.support.postgres import Cluster

WORDS = "CanaryWordsFlyOverTheRiver"
CODE = "canary_code_of_a_kept_answer"
USER = 7_305_419_118_236_471
MESSAGE = 6_204_318_007_125
UPDATE = 5_103_207_996_014


def needles() -> dict[str, list[bytes]]:
    """Everything that must be found nowhere, in each form in which it could lie there."""
    numbers = {"user id": USER, "message id": MESSAGE, "update id": UPDATE}
    found = {
        name: [str(number).encode(), number.to_bytes(8, "big"), number.to_bytes(8, "little")]
        for name, number in numbers.items()
    }
    return found | {"words": [WORDS.encode(), WORDS.encode().hex().encode()], "code": [CODE.encode()]}


async def _talk(world: World) -> str:
    """One conversation that is sent and one that is not, full of canaries; the receipt of the first."""
    row = world.open_round()
    kept = Session(State.ASKING, "en", chosen=(CODE,), kept=((0, (CODE,)),), purposes=frozenset({Purpose.RESULTS}))
    receipt = ""
    for user, update in ((USER, UPDATE), (-USER, UPDATE + 10)):
        await world.turn(user, START, round_id=row.id, update=update, messages=(MESSAGE,))
        await world.intake.card_sent(user_id=user, round_id=row.id, message_id=MESSAGE)
        await world.turn(
            user, Verdict(Fate.KEEP, kept, begin=CONSENT, seal=(words(WORDS),)), update=update + 1, messages=(MESSAGE,)
        )
        if user == USER:
            receipt = (await world.turn(user, SEND, update=update + 2)).receipt or ""
    return receipt


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _found(files: dict[str, bytes], sought: dict[str, list[bytes]]) -> set[str]:
    return {
        f"{name} in {file}"
        for name, forms in sought.items()
        for file, content in files.items()
        if any(form in content for form in forms)
    }


def _plant(connection: Connection, needle: bytes) -> None:
    connection.execute(rounds.update().values(proof=needle))


async def test_nothing_said_lies_in_the_file_or_its_log(sqlite_world: World, tmp_path: Path) -> None:
    """Words, codes, ids of people, chats, messages and updates, and receipts are nowhere in the files of SQLite.

    She has allowed messages about results, so her chat is in the contact box, too.

    Each needle is planted afterwards and then found, so the search does see the database and its write-ahead log.

    Proves: D1, D2, W5
    """
    receipt = await _talk(sqlite_world)
    sought = needles() | {"receipt": [receipt.encode(), receipt[:25].encode()]}
    files = _files(tmp_path)

    assert {"sauti.db", "sauti.db-wal"} <= files.keys()
    assert _found(files, sought) == set()
    for name, forms in sought.items():
        for form in forms:
            sqlite_world.writer.submit(partial(_plant, needle=form)).result(10)
            assert _found(_files(tmp_path), {name: [form]}) == {f"{name} in sauti.db-wal"}


def test_the_file_and_its_log_are_their_owners_alone(tmp_path: Path) -> None:
    """A new database of SQLite can be read by no other account of the machine, whatever its umask is.

    Proves: D1
    """
    before = os.umask(0o022)
    try:
        with World.make(f"sqlite:///{tmp_path}/sauti.db", tmp_path / "secrets") as world:
            migrate(world.engine)
            world.open_round()
            found = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("sauti.db*")}
    finally:
        os.umask(before)

    assert found == dict.fromkeys(("sauti.db", "sauti.db-wal", "sauti.db-shm"), 0o600)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_nothing_said_lies_in_the_server(postgres: Cluster, postgres_world: World) -> None:
    """The same for all files of a PostgreSQL cluster, its write-ahead log and its own log included.

    Proves: D1, D2
    """
    receipt = await _talk(postgres_world)
    postgres.control("restart", "-m", "fast", "-l", str(postgres.folder / "log"))
    sought = needles() | {"receipt": [receipt.encode(), receipt[:25].encode()]}

    assert _grep(postgres.folder, sought) == set()
    postgres_world.writer.submit(partial(_plant, needle=WORDS.encode())).result(10)
    assert _grep(postgres.folder, {"words": [WORDS.encode()]}) == {"words"}


def _grep(folder: Path, sought: dict[str, list[bytes]]) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = set()
    for path in files:
        content = path.read_bytes()
        found |= {name for name, forms in sought.items() if any(form in content for form in forms)}
    return found


OF_STAFF = {"staff", "staff_offers", "staff_messages", "staff_sent", "watched", "work_log"}
"""Who works here, and what the machine noticed: no row of these has anything to do with a participant."""


async def test_clear_columns_are_few_and_coarse(world: World) -> None:
    """Beside keys, hashes and encrypted bodies stand: round, chunk number, week, ten minutes, tens, places, uploads.

    Proves: D2, D3
    """
    await _talk(world)
    clear = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if str(column.type) != "BLOB" and table.name not in {"rounds", "destroyed", "exported", *OF_STAFF}
    }
    moments = [value for name in ("drafts", "sweep", "update_tags", "due") for row in world.rows(metadata.tables[name])
               for value in row if isinstance(value, int)]  # fmt: skip

    assert clear == {
        "update_tags.expires", "drafts.expires", "drafts.idle", "chunks.number", "sweep.due", "sweep.expires",
        "due.job", "due.slot", "responses.week", "participation.day", "participation.tens",
        "new_invitations.places", "uploads.bot", "uploads.file_id",
    }  # fmt: skip
    assert moments
    assert all(moment % GRAIN == 0 for moment in moments)


async def test_rows_of_one_kind_have_few_sizes(world: World) -> None:
    """Encrypted rows grow in steps: a length does not count choices, messages or responses.

    Proves: D2
    """
    row = world.open_round()
    for user in range(8):
        for _ in range(user % 3 + 1):
            await world.sent(user, row)
        session = Session(State.ASKING, "en", kept=tuple((0, ("north",)) for _ in range(user)))
        await world.turn(user, Verdict(Fate.KEEP, ASKING), round_id=row.id, messages=tuple(range(user)))
        await world.turn(user, Verdict(Fate.KEEP, session))

    for name in ("drafts", "links", "sweep", "chunks"):
        sizes = {len(value) for one in world.rows(metadata.tables[name]) for value in one
                 if isinstance(value, bytes) and len(value) > 32}  # fmt: skip
        assert len(sizes) <= 1, name


def test_what_crosses_the_door_is_silent() -> None:
    """`repr` of everything that may hold an answer, a person or a receipt shows its type only.

    Proves: D6
    """
    answered = Answered(0, Chosen((CODE,)))
    verdict = Verdict(Fate.KEEP, Session(State.ASKING, kept=((0, (CODE,)),)), seal=(answered,), withdraw_receipt="123")
    draft = Draft(b"r", Session(State.ASKING, chosen=(CODE,)), Card(MESSAGE, b"n"), (MESSAGE,))

    assert [repr(verdict), repr(draft), repr(draft.card)] == ["<Verdict>", "<Draft>", "<Card>"]
    assert CODE not in repr(say(answered))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("temp_store", 2)],
)
def test_sqlite_is_durable_and_wipes(sqlite_url: str, pragma: str, value: object) -> None:
    """Every connection writes through to the disk, overwrites what it deletes and spills nothing to temporary files.

    Proves: T3
    """
    engine = connect(sqlite_url)
    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


async def test_erased_bytes_are_overwritten(sqlite_world: World, tmp_path: Path) -> None:
    """After erasing and housekeeping, not even the sealed chunks of an erased draft are left in any file.

    Proves: D2
    """
    from storage.tables import chunks
    from tests.storage.asked import ERASE

    row = sqlite_world.open_round()
    await sqlite_world.consented(7, row)
    await sqlite_world.turn(7, say(words(WORDS)))
    stored = [bytes(chunk) for _, _, chunk in sqlite_world.rows(chunks) if isinstance(chunk, bytes)]
    before = _found(_files(tmp_path), {"chunk": stored})
    await sqlite_world.turn(7, ERASE)
    await sqlite_world.keep_house()

    assert before
    assert _found(_files(tmp_path), {"chunk": stored}) == set()

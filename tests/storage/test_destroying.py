"""The kill switch destroys what is held here, in an order that survives being interrupted."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from storage import destroying
from storage.database import writing
from storage.destroying import destroy, overdue, silence
from storage.errors import StorageRefused, StorageUnavailable
from storage.intake import Draft
from storage.rounds import Gone, Record, RoundRow, RoundState
from storage.running import check_secrets
from storage.tables import chunks, destroyed, drafts, links, mailbag, metadata, responses, rounds, sweep
from storage.times import iso_week
from tests.storage.asked import CONSENTED, SEND, START, say, seen, words
from tests.storage.world import World

CANARY = "canary-in-the-record"


async def _lived_in(world: World) -> RoundRow:
    """A round with everything in it: responses mailed and waiting, links, an open draft with messages, a tombstone."""
    row = world.open_round(record=Record(f'{{"community_reviewer":"{CANARY}"}}'.encode()))
    await world.sent_by(range(12), row)
    await world.turn(50, START, round_id=row.id, messages=(1, 2))
    await world.turn(50, CONSENTED)
    await world.turn(50, say(words("not sent")), messages=(3,))
    await world.keep_house()
    return row


def kill(world: World, row: RoundRow) -> Gone:
    """Destroys a round by its code, as the command does."""
    return destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, iso_week(world.clock())))


async def test_nothing_of_a_destroyed_round_is_left(world: World) -> None:
    """Secrets, conversations, responses, links, counts, chats still to be swept and the record itself are gone.

    What is left names the round, and says who of the staff did what to it.

    Proves: D5
    """
    row = await _lived_in(world)
    gone = kill(world, row)

    assert world.rounds.all() == ()
    assert [table.name for table in metadata.sorted_tables if world.rows(table)] == ["destroyed", "work_log"]
    assert (world.secrets.salt(row.id), world.secrets.receipt_key(row.id)) == (None, None)
    assert world.rounds.gone() == (gone,)
    assert (gone.code, gone.shares, gone.threshold) == (row.code, 3, 2)


async def test_nothing_of_it_lies_in_the_file(sqlite_world: World) -> None:
    """After destroying, no byte of the record's names or of a response is found in SQLite's files.

    Proves: D5
    """
    row = await _lived_in(sqlite_world)
    blob = sqlite_world.blobs(row)[0]
    database = sqlite_world.url.removeprefix("sqlite:///")
    kill(sqlite_world, row)

    files = [path.read_bytes() for path in Path(database).parent.glob(Path(database).name + "*")]
    assert files
    assert not any(CANARY.encode() in content or blob[100:164] in content for content in files)


async def test_the_bot_meets_its_people_as_strangers_at_once(world: World) -> None:
    """As soon as the salt is gone, before a row is, a process that had it in memory finds no conversation any more.

    Proves: D5
    """
    row = await _lived_in(world)
    world.secrets.destroy_round(row.id)
    shown: list[Draft | None] = []
    again = await world.turn(50, seen(shown, START), round_id=row.id)

    assert (shown, again.draft) == ([None], None)
    with pytest.raises(StorageRefused):
        await world.turn(50, SEND)
    check_secrets(world.rounds, world.secrets)


@pytest.mark.parametrize("step", ["_erase", "compact"])
async def test_half_a_destruction_is_finished_by_another(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Interrupted after the secrets or after the rows, the same command does the rest; secrets never outlive rows.

    Proves: D5
    """
    row = await _lived_in(world)

    def broken(*_given: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as half:
        half.setattr(destroying, step, broken)
        with pytest.raises(StorageUnavailable):
            kill(world, row)
    assert (world.secrets.salt(row.id), world.secrets.receipt_key(row.id)) == (None, None)
    first = kill(world, row)
    world.clock.pass_(days=40)
    second = kill(world, row)

    assert world.rows(responses) == world.rows(drafts) == world.rows(rounds) == []
    assert first == second
    assert len(world.rows(destroyed)) == 1


async def test_other_rounds_go_on(world: World) -> None:
    """Drafts, links, responses and the sweep box of a round that goes on outlive another one's destruction.

    Proves: D5
    """
    row, other = await _lived_in(world), world.open_round()
    await world.sent(7, other, "stays")
    await world.consented(8, other)
    kept = len(world.rows(sweep))
    kill(world, row)
    await world.turn(8, say(words("goes on")))
    await world.turn(8, SEND)

    assert {answer.text for _, answer in world.said(other)} == {"stays", "goes on"}
    assert len(world.rows(sweep)) >= kept


def test_a_destroyed_round_never_gets_a_secret_again(world: World) -> None:
    """A database restored from before the destruction cannot open the round: its mark lies with the secrets.

    Proves: D5
    """
    row = world.open_round()
    world.secrets.destroy_round(row.id)

    with pytest.raises(StorageRefused, match="round-destroyed"):
        world.secrets.make_round(row.id)


async def test_a_damaged_round_is_destroyed_too(world: World) -> None:
    """A round that no longer loads, because its record was edited, still goes.

    Proves: D5
    """
    row = await _lived_in(world)
    with writing(world.engine) as connection:
        connection.execute(update(rounds).values(deployment=b"edited", consultation=b"edited"))
    with pytest.raises(StorageRefused, match="round-changed"):
        world.rounds.get(row.id)
    kill(world, row)

    assert world.rows(rounds) == []


async def test_damaged_notes_stand_in_no_way(world: World) -> None:
    """Where the file of withdrawals is damaged, a round is destroyed all the same.

    Proves: D5
    """
    row = await _lived_in(world)
    (Path(world.secrets._folder) / "tombstones").write_bytes(b"damaged")
    kill(world, row)

    assert world.rows(rounds) == []
    assert world.secrets.destroyed(row.id)


@pytest.mark.parametrize("state", [RoundState.DRAFTED, RoundState.PAUSED, RoundState.CLOSED])
async def test_every_state_can_be_destroyed(world: World, state: RoundState) -> None:
    """A round that never opened, rests or has closed is destroyed like an open one.

    Proves: D5
    """
    row = world.drafted() if state is RoundState.DRAFTED else world.open_round()
    if state is not RoundState.DRAFTED:
        await world.sent(7, row)
        row = world.close(row) if state is RoundState.CLOSED else world.move(row, state)
    kill(world, row)

    assert world.rounds.all() == ()
    assert world.rows(responses) == world.rows(mailbag) == world.rows(links) == []


async def test_hiding_first_finds_every_message(world: World) -> None:
    """Before the secrets go, all open conversations end, and every message that is still noted is named, due or not.

    Proves: D5
    """
    row = await _lived_in(world)
    await world.turn(60, START, round_id=row.id, messages=(9,))
    await world.turn(60, CONSENTED)
    await world.intake.card_sent(user_id=60, round_id=row.id, message_id=10)
    await world.turn(60, SEND)
    silence(world.rounds, world.secrets, row.id, world.clock())
    world.clock.pass_(hours=47)
    found = await world.intake.sweep_due(99)
    await world.intake.swept([item.id for item in found])

    by_chat = {chat: {one for item in found if item.chat_id == chat for one in item.message_ids} for chat in (50, 60)}
    assert by_chat == {50: {1, 2, 3}, 60: {9, 10}}
    assert world.rows(drafts) == world.rows(chunks) == world.rows(sweep) == []
    with suppress(StorageRefused):
        started = await world.turn(70, START, round_id=row.id)
        assert started.draft is None


@pytest.mark.parametrize(
    ("day", "over"),
    [(date(2026, 11, 23), False), (date(2027, 1, 22), False), (date(2027, 1, 23), True), (date(2031, 1, 1), True)],
)
def test_retention_ends_on_its_day(world: World, day: date, *, over: bool) -> None:
    """A closed round is due for destruction when the months of its record have passed since its last week, not before.

    Proves: D5
    """
    kept = world.open_round(record=Record(b'{"retention_months":2}'))
    silent = world.open_round()
    closed, unsaid = world.close(kept), world.close(silent)

    assert closed.closed_week == "2026-W47"
    assert overdue(closed, day) is over
    assert not overdue(kept, day)
    assert not overdue(unsaid, day)


async def test_whoever_says_destroyed_has_looked_everywhere(world: World) -> None:
    """Rows without secrets, or a secret without rows, are something left; only with neither may a proof be kept, once.

    Proves: D5
    """
    row = await _lived_in(world)
    salt = world.secrets.salt(row.id)
    assert salt is not None
    world.secrets.destroy_round(row.id)
    with pytest.raises(StorageRefused, match="not-gone"):
        destroying.looked_through(world.rounds, world.secrets, row.id)
    gone = kill(world, row)
    assert {"rounds", "drafts", "responses", "secrets/salts"} <= set(
        destroying.looked_through(world.rounds, world.secrets, row.id)
    )

    back = Path(world.secrets._folder) / "salts" / row.id.hex()
    back.write_bytes(salt)
    with pytest.raises(StorageRefused, match="not-gone"):
        destroying.looked_through(world.rounds, world.secrets, row.id)
    back.unlink()

    world.rounds.set_proof(gone, b"{}")
    assert [one.proof for one in world.rounds.gone()] == [b"{}"]
    with pytest.raises(StorageRefused, match="state-moved-on"):
        world.rounds.set_proof(gone, b"another")

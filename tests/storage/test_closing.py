"""Closing a round keeps what was sent and destroys every way back."""

import pytest
from sqlalchemy import text, update

from flows.session import Session, State
from storage.closing import close_round
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.intake import Draft, Fate, Verdict
from storage.rounds import RoundState
from storage.tables import chunks, drafts, links, mailbag, responses, skips, sweep, tombstones
from tests.storage.asked import SEND, START, say, seen, words
from tests.storage.world import World


async def test_what_was_sent_stays_and_what_was_not_goes(world: World) -> None:
    """Closing moves the last responses, erases drafts and links, destroys the salt, and has open chats swept.

    Proves: D2, D3
    """
    row = world.open_round()
    for user in range(3):
        await world.sent(user, row, f"sent {user}")
    await world.turn(50, START, round_id=row.id, messages=(1, 2))
    await world.consented(50, row)
    await world.turn(50, say(words("not sent")))
    closed = world.close(row)

    assert (closed.state, closed.closed_week) == (RoundState.CLOSED, "2026-W47")
    assert {answer.text for _, answer in world.said(row)} == {"sent 0", "sent 1", "sent 2"}
    assert world.rows(drafts) == world.rows(chunks) == world.rows(links) == world.rows(mailbag) == []
    assert len(world.rows(responses)) == 3
    assert (world.secrets.salt(row.id), world.secrets.receipt_key(row.id) is None) == (None, False)
    assert [(item.chat_id, item.message_ids) for item in await world.intake.sweep_due(9)] == [(50, (1, 2))]


async def test_a_closed_round_takes_nothing_more(world: World) -> None:
    """To whoever writes after closing there is no draft, nothing begins, nothing is sealed.

    Proves: O4
    """
    row = world.open_round()
    await world.consented(7, row)
    world.close(row)
    shown: list[Draft | None] = []
    started = await world.turn(7, seen(shown, START), round_id=row.id)
    with pytest.raises(StorageRefused):
        await world.turn(7, SEND)

    assert (shown, started.draft) == ([None], None)
    assert world.rows(drafts) == []


async def test_other_rounds_are_not_touched(world: World) -> None:
    """Conversations, links and salts of other rounds outlive a closing."""
    one, two = world.open_round(), world.open_round()
    await world.sent(7, one)
    await world.sent(7, two, "two")
    await world.consented(8, two)
    world.close(one)
    await world.turn(8, say(words("goes on")))
    await world.turn(8, SEND)

    assert {answer.text for _, answer in world.said(two)} == {"two", "goes on"}
    assert world.secrets.salt(two.id) is not None


async def test_nobody_closes_a_round_that_moved_on(world: World) -> None:
    """Of two that close or pause at once, the second is refused and changes nothing."""
    row = world.open_round()
    world.move(row, RoundState.PAUSED)

    with pytest.raises(StorageRefused, match="state-moved-on"):
        close_round(world.rounds, world.secrets, row, world.clock())
    assert world.secrets.salt(row.id) is not None


async def test_closing_works_without_the_salt(world: World) -> None:
    """Where the salt is lost already, drafts are destroyed unread."""
    row = world.open_round()
    await world.consented(7, row)
    world.secrets.destroy_salt(row.id)
    world.close(row)

    assert world.rows(drafts) == []
    assert await world.intake.sweep_due(5) == ()


async def test_one_damaged_draft_keeps_no_round_open(world: World) -> None:
    """A draft that does not open goes like all others: nobody's conversation, and no round, outlives its time for it.

    Proves: D5
    """
    row = world.open_round()
    await world.consented(7, row)
    with writing(world.engine) as connection:
        connection.execute(update(drafts).values(body=bytes(600)))
    await world.turn(8, START, round_id=row.id, messages=(1,))
    world.clock.pass_(hours=1)
    assert [one.chat_id for one in await world.intake.resting()] == []
    assert [one.chat_id for one in await world.intake.housekeeping()] == [8]
    assert len(world.rows(drafts)) == 1
    closed = world.close(row)

    assert (closed.state, world.secrets.salt(row.id), world.rows(drafts)) == (RoundState.CLOSED, None, [])


async def test_one_damaged_row_keeps_nobody_elses_messages(world: World) -> None:
    """What the sweep box holds of others is deleted, also while one of its rows does not open.

    Proves: P3
    """
    await world.intake.line_sent(chat_id=7, message_id=1)
    with writing(world.engine) as connection:
        connection.execute(update(sweep).values(body=bytes(600)))
    await world.intake.line_sent(chat_id=8, message_id=2)
    world.clock.pass_(hours=25)

    assert [item.chat_id for item in await world.intake.sweep_due(9)] == [8]
    assert [item.message_ids for item in await world.intake.of_chat(8)] == [(2,)]


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
async def test_no_refusal_is_seen_beside_a_tombstone(postgres_world: World) -> None:
    """After closing, no transaction's number joins a chat on the skip list with the response that it took back.

    Proves: D3, P12
    """
    world = postgres_world
    row = world.open_round()
    await world.sent(7, row)
    await world.turn(7, Verdict(Fate.NONE, withdraw_chat=True, unwanted=True))
    await world.turn(8, Verdict(Fate.ERASE, Session(State.STOPPED), unwanted=True))
    assert _written(world, "tombstones") < _written(world, "skips")
    world.close(row)

    assert (len(world.rows(tombstones)), len(world.rows(skips))) == (1, 2)
    assert _written(world, "tombstones") == _written(world, "skips")
    assert len(_written(world, "skips")) == 1


def _written(world: World, table: str) -> frozenset[str]:
    """By which transactions the rows of a table were written."""
    with reading(world.engine) as connection:
        return frozenset(connection.execute(text(f"SELECT DISTINCT xmin::text FROM {table}")).scalars())  # noqa: S608 - our own table names

"""Closing a round keeps what was sent and destroys every way back."""

import pytest

from storage.closing import close_round
from storage.errors import StorageRefused
from storage.intake import Draft
from storage.rounds import RoundState
from storage.tables import chunks, drafts, links, mailbag, responses
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

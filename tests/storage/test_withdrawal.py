"""Taking a response back, wherever it lies."""

import pytest

from storage.intake import Fate, Verdict
from storage.rounds import RoundState
from storage.tables import links, mailbag, responses, tombstones
from tests.storage.asked import SEND, say, words
from tests.storage.world import World

FROM_CHAT = Verdict(Fate.NONE, withdraw_chat=True)


def by_receipt(receipt: str) -> Verdict:
    """Withdraw the response of this receipt."""
    return Verdict(Fate.NONE, withdraw_receipt=receipt)


@pytest.mark.parametrize("others", [0, 9])
async def test_the_chat_takes_everything_back(world: World, others: int) -> None:
    """From the chat, all responses of the account go, mailed or not; nobody else's; tombstones and no link remain.

    Proves: W2
    """
    row = world.open_round()
    await world.sent(7, row, "one")
    await world.sent_by(range(100, 100 + others), row)
    await world.sent(7, row, "two")
    withdrawn = await world.turn(7, FROM_CHAT)

    assert withdrawn.withdrawn == 2
    assert len(world.blobs(row)) == others
    assert len(world.rows(tombstones)) == 2
    assert len(world.rows(links)) == others
    assert (await world.turn(7, FROM_CHAT)).withdrawn == 0


@pytest.mark.parametrize("place", ["waiting", "kept", "closed"])
async def test_a_receipt_takes_its_response_back(world: World, place: str) -> None:
    """By receipt, from any account, a response goes from mailbag or store, also after closing; the others stay.

    Proves: W1, W2
    """
    row = world.open_round()
    receipt = await world.sent(7, row, "mine")
    if place == "kept":
        await world.sent_by(range(100, 109), row)
    if place == "closed":
        world.close(row)
    before = len(world.blobs(row))
    withdrawn = await world.turn(999, by_receipt(receipt))

    assert withdrawn.withdrawn == 1
    assert len(world.blobs(row)) == before - 1
    assert [buried[1] for buried in world.rows(tombstones)] == [row.id]
    assert (await world.turn(999, by_receipt(receipt))).withdrawn == 0


async def test_a_wrong_receipt_takes_nothing(world: World) -> None:
    """A receipt that was never given destroys nothing and leaves no tombstone.

    Proves: W1
    """
    row = world.open_round()
    await world.sent(7, row)

    assert (await world.turn(7, by_receipt("0" * 30))).withdrawn == 0
    assert len(world.blobs(row)) == 1
    assert world.rows(tombstones) == []


async def test_withdrawing_works_while_a_round_rests(world: World) -> None:
    """A paused round still lets go of what was given.

    Proves: W2
    """
    row = world.open_round()
    await world.sent(7, row)
    world.move(row, RoundState.PAUSED)

    assert (await world.turn(7, FROM_CHAT)).withdrawn == 1


async def test_ones_own_receipt_leaves_no_link(world: World) -> None:
    """Who withdraws her only response by receipt is, to the round, a stranger again.

    Proves: P12, W2
    """
    row = world.open_round()
    receipt = await world.sent(7, row, "first")
    await world.turn(7, by_receipt(receipt))
    await world.sent(7, row, "anew")

    assert [repeat for repeat, _ in world.said(row)] == [False]
    assert len(world.rows(links)) == 1


async def test_the_named_round_only(world: World) -> None:
    """With a round named, other rounds keep what the account gave them."""
    one, two = world.open_round(), world.open_round()
    await world.sent(7, one)
    await world.sent(7, two)
    await world.turn(7, FROM_CHAT, round_id=one.id)

    assert (len(world.blobs(one)), len(world.blobs(two))) == (0, 1)


async def test_after_closing_the_chat_knows_nothing(world: World) -> None:
    """Once a round has closed there is no way from an account to its responses, not even for the account itself.

    Proves: D2
    """
    row = world.open_round()
    await world.sent(7, row)
    world.close(row)

    assert (await world.turn(7, FROM_CHAT)).withdrawn == 0
    assert len(world.blobs(row)) == 1
    assert world.rows(links) == world.rows(mailbag) == []


async def test_withdrawing_leaves_the_open_conversation_alone(world: World) -> None:
    """What is being answered now goes on, unless the verdict says otherwise."""
    row = world.open_round()
    await world.sent(7, row, "old")
    await world.consented(7, row)
    await world.turn(7, Verdict(Fate.KEEP, withdraw_chat=True))
    await world.turn(7, say(words("new")))
    await world.turn(7, SEND)

    assert [answer.text for _, answer in world.said(row)] == ["new"]
    assert world.rows(responses) == []

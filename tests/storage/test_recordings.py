"""Recordings lie with their round, and what stands in a chat is remembered, or goes."""

import hashlib

import pytest
from sqlalchemy import select, update

from flows.session import Session, State
from rounds import service
from storage import recordings, sweep
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.rounds import RoundRow
from storage.tables import drafts, uploads
from storage.tables import recordings as kept
from storage.times import iso_week
from storage.values import Fate, Verdict
from tests.storage.asked import CONSENTED, SEND, START
from tests.storage.world import BOT, World

SOUND = b"a sound"
DIGEST = hashlib.sha256(SOUND).digest()
FIRST, SECOND = b"cardone1", b"cardtwo2"
PLAY = Verdict(Fate.KEEP, play=DIGEST)


def card(name: bytes) -> Verdict:
    """She is at another card."""
    return Verdict(Fate.KEEP, session=Session(State.ASKING, "en"), card_nonce=name)


async def listening(world: World, row: RoundRow) -> None:
    """She is at the first card, message 10."""
    await world.turn(7, START, round_id=row.id)
    await world.turn(7, CONSENTED)
    await world.turn(7, card(FIRST))
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=10)


async def boxed(world: World) -> set[int]:
    """Every message of hers in the sweep box."""
    return {message for item in await world.intake.of_chat(7) for message in item.message_ids}


def keep(world: World, row: RoundRow) -> None:
    """The round has a recording."""
    with writing(world.engine) as connection:
        recordings.put(connection, row.id, {DIGEST: SOUND})


async def test_a_recording_comes_back_as_it_was_and_an_altered_one_does_not(world: World) -> None:
    """What is heard is what was frozen: an edited row is no recording. Proves: O4."""
    row = world.open_round()
    keep(world, row)
    assert await world.intake.recording(row.id, DIGEST) == SOUND

    with writing(world.engine) as connection:
        connection.execute(update(kept).values(sound=b"another voice"))
    with pytest.raises(StorageRefused, match="no-such-recording"):
        await world.intake.recording(row.id, DIGEST)


async def test_what_telegram_calls_it_is_kept_for_one_bot_and_goes_with_the_round(world: World) -> None:
    """The name of an upload is joined to no person, and is forgotten with the last round that needs it. Proves: D5."""
    row, names = world.open_round(), world.intake.uploads
    keep(world, row)
    await names.keep(DIGEST, "AAA")
    await names.keep(DIGEST, "BBB")
    assert names.get(DIGEST) == "BBB"
    await names.forget(DIGEST, "AAA")
    assert names.get(DIGEST) == "BBB"
    with reading(world.engine) as connection:
        assert connection.execute(select(uploads)).all() == [(BOT, DIGEST, "BBB")]

    service.destroy(world.rounds, world.secrets, row.id.hex(), world.clock())
    assert names.get(DIGEST) is None
    with reading(world.engine) as connection:
        assert not connection.execute(select(kept)).all()
    assert iso_week(world.clock())


async def test_a_second_press_sends_no_second_recording(world: World) -> None:
    """Neither while the first is on its way nor while it stands there. Proves: P3."""
    row = world.open_round()
    await listening(world, row)

    assert (await world.turn(7, PLAY)).play == DIGEST
    assert (await world.turn(7, PLAY)).play is None
    assert await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=11)
    world.clock.pass_(minutes=10)
    assert (await world.turn(7, PLAY)).play is None


async def test_a_recording_whose_sender_died_can_be_asked_for_again(world: World) -> None:
    """What was on its way for over a minute is taken for lost; what could not be sent, at once. Proves: S1."""
    row = world.open_round()
    await listening(world, row)
    await world.turn(7, PLAY)
    world.clock.pass_(seconds=61)
    assert (await world.turn(7, PLAY)).play == DIGEST

    assert await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=None)
    assert (await world.turn(7, PLAY)).play == DIGEST


async def test_a_recording_goes_when_she_moves_on(world: World) -> None:
    """With the next card it is to be deleted now, and waits in the sweep box until that is done. Proves: P3, P4."""
    row = world.open_round()
    await listening(world, row)
    await world.turn(7, PLAY)
    await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=11)

    assert (await world.turn(7, card(FIRST))).sweep == ()
    assert (await world.turn(7, card(SECOND))).sweep == (11,)
    assert await boxed(world) == {11}
    assert (await world.turn(7, PLAY)).play == DIGEST


@pytest.mark.parametrize(
    "away", [card(SECOND), Verdict(Fate.KEEP, hide=True), Verdict(Fate.ERASE)], ids=["on", "hide", "stop"]
)
async def test_a_recording_that_comes_too_late_is_told_to_go(world: World, away: Verdict) -> None:
    """She has moved on, hidden or stopped while it was on its way: it must not stand there. Proves: P3."""
    row = world.open_round()
    await listening(world, row)
    await world.turn(7, PLAY)
    await world.turn(7, away)

    assert not await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=50)
    assert 50 in await boxed(world)


@pytest.mark.parametrize(
    "away", [Verdict(Fate.KEEP, hide=True), Verdict(Fate.ERASE), SEND], ids=["hide", "stop", "send"]
)
async def test_hiding_stopping_and_sending_find_the_recording(world: World, away: Verdict) -> None:
    """It is among what goes at once. Proves: P3."""
    row = world.open_round()
    await listening(world, row)
    await world.turn(7, PLAY)
    await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=11)

    assert 11 in (await world.turn(7, away)).sweep
    assert 11 in await boxed(world)


async def test_an_expired_conversation_leaves_its_recording_to_the_sweep_box(world: World) -> None:
    """Nobody comes back: what can be heard goes with everything else. Proves: P3."""
    row = world.open_round()
    await listening(world, row)
    await world.turn(7, PLAY)
    await world.intake.recording_sent(user_id=7, round_id=row.id, nonce=FIRST, message_id=11)
    world.clock.pass_(hours=25)
    await world.intake.housekeeping()

    due = sweep.due(world.engine, world.intake._tools.keys.sweep, world.clock(), 10)
    assert 11 in {message for item in due for message in item.message_ids}
    with reading(world.engine) as connection:
        assert not connection.execute(select(drafts)).all()

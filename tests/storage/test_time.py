"""What time does: drafts, tags and sweep rows end, salts go, participation is told late."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import participation
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.intake import Expired
from storage.running import check_secrets
from storage.sweep import KEPT
from storage.tables import chunks, drafts, sweep, update_tags
from storage.tables import participation as notes
from storage.times import GRAIN, before, iso_week
from tests.storage.asked import NOTHING, START, say, words
from tests.storage.world import World

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=3)))
def test_stored_moments_are_coarse_and_never_late(now: datetime, after: timedelta) -> None:
    """A stored moment is a multiple of ten minutes, at most ten minutes before its limit and never after.

    Proves: D2
    """
    stored = before(now, after)

    assert stored % GRAIN == 0
    assert 0 <= (now + after).timestamp() - stored < GRAIN


async def test_before_consent_half_an_hour_at_most(world: World) -> None:
    """Without consent a conversation ends half an hour after it began, however often it was tapped.

    Proves: K2
    """
    row = world.open_round()
    await world.turn(7, START, round_id=row.id, messages=(5,))
    for _ in range(3):
        world.clock.pass_(minutes=6)
        await world.turn(7, START)
    world.clock.pass_(minutes=12)
    late = await world.turn(7, NOTHING)

    assert late.draft is None
    assert world.rows(drafts) == []
    assert [item.message_ids for item in await world.intake.sweep_due(9)] == [(5,)]


async def test_after_consent_a_day_of_silence(world: World) -> None:
    """After consent each word gives another day; a day of silence ends the conversation and what was sealed in it."""
    row = world.open_round()
    await world.turn(7, START, round_id=row.id, messages=(5,))
    await world.intake.card_sent(user_id=7, round_id=row.id, message_id=6)
    await world.consented(7, row)
    for _ in range(3):
        world.clock.pass_(hours=23)
        assert (await world.turn(7, say(words("still here")))).draft is not None
        assert await world.keep_house() == ()
    world.clock.pass_(hours=24, minutes=1)

    assert await world.keep_house() == (Expired(7, 6),)
    assert await world.keep_house() == ()
    assert world.rows(drafts) == world.rows(chunks) == []
    assert [(item.chat_id, item.message_ids) for item in await world.intake.sweep_due(9)] == [(7, (5, 6))]


async def test_two_workers_keep_one_house(world: World, tmp_path: Path) -> None:
    """Whichever process comes first ends a conversation; the other finds nothing, and nobody is told twice.

    Proves: S4
    """
    row = world.open_round()
    for user in range(20):
        await world.turn(user, START, round_id=row.id)
    world.clock.pass_(hours=1)
    with World.make(world.url, tmp_path / "secrets", world.clock) as other:
        ended = [*await world.keep_house(), *await other.keep_house()]

    assert sorted(one.chat_id for one in ended) == list(range(20))


async def test_tags_and_sweep_rows_live_48_hours(world: World) -> None:
    """Hashes of update ids and messages to delete are gone after 48 hours, and not before 47.

    Proves: D2
    """
    row = world.open_round()
    await world.sent(7, row)
    await world.turn(8, START, round_id=row.id, messages=(5,))
    world.clock.pass_(hours=1)
    await world.keep_house()
    there = (len(world.rows(update_tags)), len(world.rows(sweep)))
    world.clock.pass_(hours=45, minutes=50)
    await world.keep_house()
    still = len(world.rows(update_tags))
    world.clock.pass_(hours=3)
    await world.keep_house()

    assert timedelta(hours=48) == KEPT
    assert there == (5, 1)
    assert still == 5
    assert world.rows(update_tags) == world.rows(sweep) == []


async def test_housekeeping_destroys_a_salt_that_closing_left(world: World) -> None:
    """Where the process died between closing and destroying the salt, housekeeping destroys it.

    Proves: D2
    """
    row = world.open_round()
    await world.sent(7, row)
    salt = world.secrets.salt(row.id)
    world.close(row)
    path = next(world.secrets._folder.glob("salts")) / row.id.hex()
    path.write_bytes(salt or b"")
    await world.keep_house()

    assert world.secrets.salt(row.id) is None


async def test_an_open_round_keeps_its_salt(world: World, tmp_path: Path) -> None:
    """Housekeeping never touches the salt of a round that runs; a bot whose salt is missing does not start."""
    row = world.open_round()
    await world.keep_house()
    check_secrets(world.rounds, world.secrets)
    world.secrets.destroy_salt(row.id)

    with pytest.raises(StorageRefused, match="no-secret"):
        check_secrets(world.rounds, world.secrets)
    with World.make(world.url, tmp_path / "secrets") as started_anyway:
        assert (await started_anyway.turn(7, START, round_id=row.id)).draft is None


def test_the_week_is_the_iso_week() -> None:
    """Weeks count as ISO 8601 does, in UTC."""
    assert iso_week(datetime(2027, 1, 3, 23, 0, tzinfo=UTC)) == "2026-W53"
    assert iso_week(datetime(2026, 11, 21, tzinfo=UTC)) == "2026-W47"


async def test_participation_is_late_and_in_tens(world: World) -> None:
    """Hour by hour, the number shown is a multiple of ten and never more than was sent 24 hours before.

    Proves: F3
    """
    row = world.open_round()
    users, sent_at = iter(range(10_000)), [0]
    for hour in range(120):
        for _ in range(hour % 3):
            await world.sent(next(users), row)
        sent_at.append(sent_at[-1] + hour % 3)
        if hour % 5 == 2:
            await world.keep_house()
        with reading(world.engine) as connection:
            shown = participation.shown(connection, row.id, world.clock())
        assert shown % 10 == 0
        assert shown <= sent_at[max(0, hour - 23)]
        world.clock.pass_(hours=1)

    assert shown >= 30
    assert len(world.rows(notes)) <= 3


async def test_participation_does_not_tell_of_withdrawals(world: World) -> None:
    """A response that was taken back stays counted: the number never falls.

    Proves: F3
    """
    from tests.storage.test_withdrawal import FROM_CHAT

    row = world.open_round()
    await world.sent_by(range(10), row)
    await world.turn(3, FROM_CHAT)
    with writing(world.engine) as connection:
        participation.note(connection, row.id, world.clock())
    with reading(world.engine) as connection:
        today = participation.shown(connection, row.id, world.clock())
        later = participation.shown(connection, row.id, world.clock() + timedelta(days=2))

    assert (today, later) == (0, 10)

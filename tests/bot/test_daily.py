"""Once a day the bot says which help was not tried lately, and lets go of what was kept long enough."""

import json
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.participant.daily import Daily
from storage.rounds import Record
from storage.tables import contacts, responses
from tests.rounds.records import SERVICES, entry, record
from tests.storage.world import World

Line = MutableMapping[str, Any]


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    """Every line that is logged."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def taken(**other: object) -> Record:
    """What a round takes over from a record with these values."""
    made = record(**other)
    return Record(made.frozen, made.referrals)


def events(lines: list[Line]) -> list[tuple[object, object]]:
    """What was logged, events and their counts, but for how late it was looked."""
    return [(line["event"], line.get("count")) for line in lines if line["event"] != "late"]


async def test_stale_help_is_told_once_a_day(world: World, lines: list[Line]) -> None:
    """While a live round is open, entries older than 30 days are logged each day, once; a rehearsal's are not.

    Proves: O2
    """
    old = [entry(one, verified_on="2026-10-01") for one in SERVICES[:2]] + [entry(one) for one in SERVICES[2:]]
    world.open_round(rehearsal=False, record=taken(referrals=old))
    world.open_round(rehearsal=False, record=taken())
    world.open_round(record=taken(referrals=old))
    daily = Daily(world.rounds, world.secrets, world.clock)
    for hours in (0, 1, 1, 22):
        world.clock.pass_(hours=hours)
        await daily.look()

    assert events(lines) == [("referrals-stale", 2)] * 2
    assert "House" not in json.dumps(lines, default=str)


async def test_a_round_is_destroyed_when_its_time_is_over(world: World, lines: list[Line]) -> None:
    """A closed round whose months have passed is destroyed by the bot itself; one that is open or younger stays.

    Proves: D5
    """
    gone, stays = world.open_round(record=taken()), world.open_round(record=taken(retention_months=12))
    await world.sent(7, gone)
    for row in (gone, stays):
        world.close(row)
    world.open_round(record=taken(retention_months=1))
    daily = Daily(world.rounds, world.secrets, world.clock)
    await daily.look()
    assert events(lines) == []
    world.clock.now = datetime(2027, 5, 23, 12, tzinfo=UTC)
    await daily.look()

    assert events(lines) == [("retention-over", None)]
    assert [one.id for one in world.rounds.gone()] == [gone.id]
    assert world.secrets.receipt_key(gone.id) is None
    assert world.secrets.receipt_key(stays.id) is not None
    assert len(world.rounds.all()) == 2


async def test_a_contact_box_is_destroyed_a_year_after_closing(world: World, lines: list[Line]) -> None:
    """However long the answers are kept, their round's contact box goes after twelve months, once; the answers stay.

    Proves: W5
    """
    row = world.open_round(record=taken(retention_months=24))
    await world.sent(7, row)
    world.close(row)
    daily = Daily(world.rounds, world.secrets, world.clock)
    await daily.look()
    assert len(world.rows(contacts)) == 1
    world.clock.now = datetime(2027, 11, 23, 12, tzinfo=UTC)
    await daily.look()
    world.clock.pass_(days=1)
    await daily.look()

    assert events(lines) == [("box-over", None)]
    assert (world.rows(contacts), len(world.rows(responses))) == ([], 1)
    assert world.secrets.contact_key(row.id) is None


async def test_a_day_that_nobody_looked_at_is_told(world: World, lines: list[Line]) -> None:
    """The first look after two days without a bot does the work, once, and says how late it is. Proves: S1."""
    daily = Daily(world.rounds, world.secrets, world.clock)
    await daily.look()
    world.clock.pass_(hours=60)
    for _ in range(2):
        await daily.look()

    (line,) = lines
    assert (line["event"], line["code"], set(line)) == ("late", "daily", {"event", "code", "seconds", "log_level"})
    assert line["seconds"] // 3_600 in range(36, 60)

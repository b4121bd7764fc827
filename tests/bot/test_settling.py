"""The bot's leader finishes what others have closed by its state alone."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog

from bot.participant.settling import Settling
from rounds import moving
from rounds.life import Role
from storage.errors import StorageUnavailable
from storage.tables import drafts, links, mailbag, responses
from tests.storage.world import World


@pytest.fixture
def lines() -> Iterator[list[MutableMapping[str, Any]]]:
    """Every line that is logged."""
    with structlog.testing.capture_logs() as captured:
        yield captured


async def test_the_leader_finishes_a_round_that_was_closed(world: World) -> None:
    """At its next look drafts, links, mailbag and salt are gone and answers kept; other rounds are left alone.

    Proves: D2, D3
    """
    row, other = world.open_round(), world.open_round()
    for where in (row, other):
        await world.sent(7, where)
        await world.consented(8, where)
    moving.close(world.rounds, world.rounds.get(row.id), by=Role.FACILITATOR, now=world.clock())
    job = Settling(world.rounds, world.secrets, world.clock).job
    await job.work(lambda: True)

    assert {one[1] for table in (drafts, links, mailbag) for one in world.rows(table)} == {other.id}
    assert [one[1] for one in world.rows(responses)] == [row.id]
    assert (world.secrets.salt(row.id), world.secrets.salt(other.id) is None) == (None, False)


async def test_what_fails_is_told_and_tried_again(
    world: World, lines: list[MutableMapping[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away for a moment ends no bot; the next look does the rest.

    Proves: S1
    """
    row = world.open_round()
    await world.sent(7, row)
    moving.close(world.rounds, world.rounds.get(row.id), by=Role.CLOCK, now=world.clock())
    job = Settling(world.rounds, world.secrets, world.clock).job
    with monkeypatch.context() as away:
        away.setattr("bot.participant.settling.settle", _away)
        await job.work(lambda: True)
    assert [line["event"] for line in lines] == ["housekeeping-failed"]
    assert world.rows(mailbag)
    await job.work(lambda: True)

    assert world.rows(mailbag) == []


def _away(*_anything: object) -> None:
    raise StorageUnavailable

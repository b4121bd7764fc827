"""A person with many updates at once holds up nobody, not even herself."""

import asyncio
from typing import cast

import pytest

from bot.participant import gateway as gateways
from bot.participant.conversation import Conversation
from bot.participant.gateway import Gateway
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from tests.bot.line import line
from tests.bot.test_taking import Taker, update


class Slow:
    """A mouth that says nothing before every turn is on the disk."""

    def __init__(self, taker: Taker, turns: int) -> None:
        self._taker, self._turns = taker, turns

    async def say(self, _said: Outcome) -> None:
        """Waits for the last turn."""
        while len(self._taker.stored) < self._turns:  # noqa: ASYNC110 - the taker is a plain note-taker
            await asyncio.sleep(0)


async def test_updates_of_one_person_do_not_wait_for_each_others_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten updates of one person are stored in order although no reply has gone out yet. Proves: T3, T4."""
    monkeypatch.setattr(gateways, "REPLY_PATIENCE", 3600)
    taker = Taker()
    async with line() as (_, bot):
        door = Gateway(bot, cast("Conversation", taker), cast("Speaker", Slow(taker, 10)))
        async with asyncio.timeout(20):
            await asyncio.gather(*(door.handle(update(number)) for number in range(1, 11)))

    assert [one.update_id for one in taker.taken] == list(range(1, 11))

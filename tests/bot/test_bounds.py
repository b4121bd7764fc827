"""However many people write at once, what the bot holds in memory has an upper end, and nobody is forgotten."""

import asyncio
import json
import subprocess
import sys
from typing import cast

import pytest

from bot.participant import gateway as gateways
from bot.participant.conversation import Conversation
from bot.participant.gateway import Gateway
from bot.participant.incoming import Incoming
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from tests.architecture.house import ROOT
from tests.bot.line import line
from tests.bot.test_taking import Taker, update

REPLIES, PERSONS, CROWD = 12, 5, 150
FOREIGN = {
    "alembic", "babel", "bot.simulator", "docx", "jinja2", "lxml", "mako", "markdown_it",
    "matplotlib", "numpy", "pandas", "polars", "privacy", "reports", "rounds.gate",
    "apscheduler", "rounds.service", "sauti", "scipy", "spacy", "telegram", "typer", "typst", "xlsxwriter",
}  # fmt: skip
"""What a bot has no use for: other rooms, and libraries that cost seconds and a hundred megabytes."""
IMPORTED = "import json, sys, bot.participant.app; print(json.dumps(sorted(sys.modules)))"


class Deaf:
    """A mouth that comes to no end until it is let go; counts those who wait in it."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.waiting = self.most = self.said = 0

    async def say(self, _said: Outcome) -> None:
        """Waits."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await self.open.wait()
        self.waiting -= 1
        self.said += 1


async def settle() -> None:
    """Lets everything happen that can."""
    for _ in range(2_000):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small bounds, so that a crowd of 150 is far above them."""
    for name, bound in (("REPLIES", REPLIES), ("PERSONS", PERSONS), ("REPLY_PATIENCE", 0.0)):
        monkeypatch.setattr(gateways, name, bound)


async def test_replies_under_way_have_an_upper_end() -> None:
    """With a Telegram that answers nothing, turns stop at the bound; once it answers, everybody is heard."""
    taker, deaf = Taker(), Deaf()
    async with line() as (_, bot):
        door = Gateway(bot, cast("Conversation", taker), cast("Speaker", deaf))
        async with asyncio.TaskGroup() as group:
            for number in range(1, CROWD + 1):
                group.create_task(door.handle(update(number, user=number)))
            await settle()
            stored = len(taker.stored)
            deaf.open.set()

    assert deaf.most == REPLIES
    assert stored <= REPLIES + PERSONS
    assert (len(taker.stored), deaf.said) == (CROWD, CROWD)


async def test_turns_under_way_have_an_upper_end() -> None:
    """With a disk that stands still, few turns are under way and the rest wait unread."""
    disk = asyncio.Event()

    async def before(_incoming: Incoming) -> None:
        await disk.wait()

    taker, deaf = Taker(before=before), Deaf()
    deaf.open.set()
    async with line() as (_, bot):
        door = Gateway(bot, cast("Conversation", taker), cast("Speaker", deaf))
        async with asyncio.TaskGroup() as group:
            for number in range(1, CROWD + 1):
                group.create_task(door.handle(update(number, user=number)))
            await settle()
            under_way = len(taker.taken)
            disk.set()

    assert under_way == PERSONS
    assert len(taker.stored) == CROWD


def test_the_bot_loads_no_foreign_weight() -> None:
    """The bot's process loads no other room and no heavy library that it has no use for."""
    said = subprocess.run([sys.executable, "-c", IMPORTED], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    loaded = set(json.loads(said))

    assert "bot.participant.gateway" in loaded
    assert sorted(FOREIGN & loaded) == []

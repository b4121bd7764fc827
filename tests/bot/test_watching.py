"""The bot notices that it is not alone with its token, and that it lives (T5)."""

import pytest

from bot.participant.gateway import Gateway
from bot.participant.polling import poll
from bot.participant.watching import Watching
from storage.watching import noticed
from tests.bot.line import line, ok, refused
from tests.storage.world import World


@pytest.mark.parametrize(
    ("set_up", "now", "found"),
    [
        (None, "", set()), (None, "https://thief.example/x", {"webhook"}),
        ("https://ours.example/x", "https://ours.example/x", set()),
        ("https://ours.example/x", "https://thief.example/x", {"webhook"}), ("https://ours.example/x", "", {"webhook"}),
    ],
)  # fmt: skip
async def test_a_webhook_that_is_not_ours_is_noted(world: World, set_up: str | None, now: str, found: set[str]) -> None:
    """Telegram is asked where it sends updates; anything but what the bot was set up for is noted, with a sign of life.

    Proves: T5
    """
    async with line() as (telegram, bot):
        telegram.script["getWebhookInfo"].append(ok({"url": now}))
        await Watching(bot, world.rounds, set_up, world.clock).look()

    assert set(noticed(world.engine)) == {"clock"} | found


async def test_somebody_else_who_takes_updates_is_noted(world: World) -> None:
    """Where Telegram says that another asks with this token, that is noted at the next look, once.

    Proves: T5
    """
    import asyncio

    stop = asyncio.Event()
    async with line() as (telegram, bot):
        watching = Watching(bot, world.rounds, None, world.clock)
        telegram.script["getUpdates"].append(refused(409, "Conflict: terminated by other getUpdates request"))

        async def rest(_seconds: float) -> None:
            stop.set()

        await poll(bot, Gateway.__new__(Gateway), stop, rest, watching.heard)
        await watching.look()
        first = set(noticed(world.engine))
        world.clock.pass_(days=1)
        await watching.look()

    assert first == {"clock", "token"}
    assert noticed(world.engine)["clock"] > noticed(world.engine)["token"]


async def test_a_telegram_that_does_not_answer_alarms_nobody(world: World) -> None:
    """Where Telegram is away, nobody knows where updates go, and only the sign of life is noted."""
    async with line() as (telegram, bot):
        telegram.script["getWebhookInfo"].append(refused(502, "Bad Gateway"))
        await Watching(bot, world.rounds, None, world.clock).look()

    assert set(noticed(world.engine)) == {"clock"}

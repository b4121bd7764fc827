"""Clocks that jump: Telegram's, and the bot's own (S1)."""

import pytest

from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
HOUR = 3600


async def test_clocks_that_jump_lose_nothing(stage: Stage) -> None:
    """Days pass at Telegram between two taps, and the bot's clock goes forward and back: what was sent is kept.

    Who had not yet agreed begins anew; whose messages have grown too old to be deleted still comes to her end.

    Proves: S1
    """
    file = stage.folder / "tmp" / "clock"
    bot = stage.server()
    file.write_text("0")
    await bot.start(twist="clock")

    async def jumps() -> None:
        for telegram, own in ((HOUR, 0), (0, 5 * HOUR), (50 * HOUR, 20 * HOUR), (0, -3 * HOUR), (30 * HOUR, 0)):
            await stage.goes_on(100)
            await stage.driver.advance(telegram)
            file.with_suffix(".new").write_text(str(own))
            file.with_suffix(".new").replace(file)  # whole or not at all: the bot reads it all the time
        assert bot.alive

    async with crowd(stage, 5) as people:
        await people.meanwhile(10, jumps)
        await settle(stage, people.people)

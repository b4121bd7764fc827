"""A bad line to Telegram: updates twice and in any order, calls and replies lost, refused, late or broken (S1, T3)."""

import pytest

from bot.simulator.errors import Json
from tests.faults.crowd import crowd
from tests.faults.referee import settle
from tests.faults.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]

CHANCES: dict[str, float] = {
    "server_error": 0.06, "lost_call": 0.03, "lost_reply": 0.06, "malformed": 0.04, "duplicate": 0.25, "reorder": 0.5,
}  # fmt: skip


def trouble(bot: int) -> list[Json]:
    """Everything at once, for one bot."""
    rules: list[Json] = [{"kind": kind, "bot": bot, "probability": chance} for kind, chance in CHANCES.items()]
    flood: Json = {"kind": "error", "bot": bot, "probability": 0.03, "error": FLOOD}
    late: Json = {"kind": "delay", "bot": bot, "probability": 0.04, "seconds": 1.3}
    return [*rules, flood, late]


FLOOD: Json = {
    "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1},
}  # fmt: skip


async def test_a_bad_line_loses_and_doubles_nothing(stage: Stage) -> None:
    """Everything that can go wrong between Telegram and the bot does, all the time: each answer counts just once.

    Proves: S1, S2, T3
    """
    await stage.server().start()
    await lives_through_it(stage)


@pytest.mark.postgres
async def test_a_bad_line_to_two_bots_loses_and_doubles_nothing(pair: Stage) -> None:
    """The same with two bots that take turns.

    Proves: S1, S4, T3
    """
    await lives_through_it(pair)


async def lives_through_it(stage: Stage) -> None:
    """Thirty people come to their end on that line."""
    async with crowd(stage, 7, steadily=True) as people:
        await stage.driver.faults(*trouble(stage.bot), seed=7)
        try:
            await people.take_part(30)
        finally:
            await stage.driver.faults()
        figures = await settle(stage, people.people)

    assert figures.responses == 30
    assert figures.deliveries > figures.updates

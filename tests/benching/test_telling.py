"""`sauti bench broadcast`, small: that it tells everybody through a kill, and counts what its receiver counts."""

import pytest

from bot.broadcast.sending import LANES
from bot.simulator.limits import OVERALL_RATE
from sauti.benching.telling import Plan, run
from sauti.benching.telling_tables import markdown

pytestmark = pytest.mark.slow


async def test_everybody_is_told_once_through_a_kill() -> None:
    """Forty chats at the limit, and a hundred through a kill: none twice, the few just claimed at most left out.

    Proves: T4
    """
    found = await run(Plan(40, 100), lambda _line: None)
    paced, killed = found.paced, found.killed

    assert (paced.refused, paced.twice, killed.twice) == (0, 0, 0)
    assert paced.most <= OVERALL_RATE
    assert killed.missed <= LANES
    assert killed.before >= 50
    assert killed.before + killed.after == 100 - killed.missed
    assert "| 40 |" in markdown(found)

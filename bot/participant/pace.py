"""How fast cards go out once Telegram has said that it is too fast.

Telegram does not say which of its limits was met, nor does it count waiting calls: if each only waited for its own
`retry_after`, all would come again together, most would be refused again, and who is refused often enough gets no
reply. So from the first refusal on, and until a while after the last, all cards of the bot go out one behind the
other, in the order in which they came, a little more slowly than Telegram allows.
"""

import asyncio
from collections.abc import Awaitable, Callable

RATE = 25.0
"""Cards a second while paced. Telegram's bound is about 30 (core.telegram.org/bots/faq)."""
CALM = 30.0
"""Seconds after the last refusal until cards go out at once again."""


class Pace:
    """The pace of one bot's cards."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._until = self._next = 0.0

    def refused(self, retry_after: float) -> None:
        """Telegram was asked too fast and wants to be left alone for so many seconds."""
        self._until = max(self._until, _now() + retry_after + CALM)

    async def turn(self, *, first: bool) -> None:
        """Waits until one more card may go out. `first` goes before all that wait: she stops, hides or needs help."""
        now = _now()
        if now >= self._until:
            return
        mine = now if first else max(now, self._next)
        self._next = max(now, self._next) + 1 / RATE
        if mine > now:
            await self._sleep(mine - now)


def _now() -> float:
    return asyncio.get_running_loop().time()

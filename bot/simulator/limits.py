"""How fast a bot may speak: about one message a second in a chat with short bursts, about thirty a second overall.

Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. The burst sizes are ours: Telegram
publishes none ("short bursts may be allowed"). New messages count for both limits, edits only for the overall one.
"""

import math
from typing import Final

CHAT_RATE: Final = 1.0
CHAT_BURST: Final = 4
OVERALL_RATE: Final = 30.0
OVERALL_BURST: Final = 30
NEW_MESSAGES: Final = frozenset({"sendmessage", "sendphoto", "senddocument", "sendvoice"})
EDITS: Final = frozenset({"editmessagetext", "editmessagereplymarkup"})


class Bucket:
    """A pail that leaks at `rate` a second and holds `burst`; kept as one time, the moment it would be empty."""

    __slots__ = ("_burst", "_empty_at", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._empty_at = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until one more fits; 0.0 or less when it fits now."""
        return max(self._empty_at, now) + 1 / self._rate - now - self._burst / self._rate

    def add(self, now: float) -> None:
        """Count one."""
        self._empty_at = max(self._empty_at, now) + 1 / self._rate


class Limits:
    """The two limits of every bot; `enabled` switches them for all."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self._overall: dict[int, Bucket] = {}
        self._chats: dict[tuple[int, int], Bucket] = {}

    def admit(self, bot_id: int, chat_id: int, method: str, now: float) -> int:
        """Count this call and return 0, or leave it uncounted and return the whole seconds to wait.

        `method` is in lower case.
        """
        if not self.enabled or (method not in NEW_MESSAGES and method not in EDITS):
            return 0
        pails = [self._overall.setdefault(bot_id, Bucket(OVERALL_RATE, OVERALL_BURST))]
        if method in NEW_MESSAGES:
            pails.append(self._chats.setdefault((bot_id, chat_id), Bucket(CHAT_RATE, CHAT_BURST)))
        wait = max(pail.wait(now) for pail in pails)
        if wait > 1e-9:  # noqa: PLR2004 - the rounding error of seconds since 1970, not a wait
            return math.ceil(wait)
        for pail in pails:
            pail.add(now)
        return 0

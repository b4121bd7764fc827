"""Every call a bot made and what it was answered, in order: a test's witness that is not the bot itself."""

from collections import Counter, deque
from itertools import islice
from typing import Final

from bot.simulator.errors import Json

KEPT: Final = 200_000
SHOWN: Final = 1_000


class Journal:
    """The last calls by cursor (1, 2, 3 …), and counts of all of them. Without `history` only the counts."""

    def __init__(self, *, history: bool) -> None:
        self._history = history
        self._calls: deque[Json] = deque(maxlen=KEPT)
        self.last = 0
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[int] = Counter()

    def note(self, record: Json, answer: Json) -> None:
        """Write one call down; `record` holds bot, method, params, files, time."""
        self.last += 1
        self.counts[record["method"]] += 1
        if not answer.get("ok"):
            self.refusals[answer.get("error_code", 0)] += 1
        if self._history:
            self._calls.append({"cursor": self.last, **record, "answer": answer})

    def read(self, after: int, limit: int, bot: int | None, method: str | None) -> list[Json]:
        """Return up to `limit` calls after a cursor, oldest first."""
        first = self.last - len(self._calls)
        tail = islice(self._calls, max(after - first, 0), None)
        chosen = (
            call
            for call in tail
            if (bot is None or call["bot"] == bot) and (method is None or call["method"].lower() == method.lower())
        )
        return list(islice(chosen, min(limit, SHOWN)))

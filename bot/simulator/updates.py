"""The queue of updates of one bot: at least once, confirmed by offset or by a webhook's 200, forgotten after 24 hours.

Telegram's rules (core.telegram.org/bots/api#getupdates): an update is confirmed only when getUpdates is called with a
higher offset; a negative offset takes from the end and forgets the rest; nothing is kept longer than 24 hours.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.simulator.errors import Json

KEPT_SECONDS: Final = 24 * 3600
# Telegram: "Specify an empty list to receive all update types except chat_member, message_reaction, and
# message_reaction_count (default)."
ON_DEMAND: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Entry:
    """One update on its way: `created`, `first_delivered`, `confirmed` are seconds of the simulator's clock.

    `forced` entries (a repeated delivery, an injected stale id) are handed out once whatever the offset says: a real
    server, too, repeats updates a bot believes it has confirmed.
    """

    id: int
    kind: str
    body: Json = field(repr=False)
    chat_id: int
    created: float
    forced: bool = False
    deliveries: int = 0
    first_delivered: float | None = None
    confirmed: float | None = None
    dropped: bool = False


class Updates:
    """What waits for a bot, and the log of what became of it (the log only when `history` is on)."""

    def __init__(self, *, history: bool) -> None:
        self._history = history
        self._next_id = 100_000_001
        self._pending: dict[int, Entry] = {}
        self._repeats: list[Entry] = []
        self.allowed: frozenset[str] | None = None
        self.log: list[Entry] = []
        self.created = self.delivered = self.confirmed = self.dropped = 0
        self.watchers: list[Callable[[], object]] = []

    def __len__(self) -> int:
        return len(self._pending) + len(self._repeats)

    def wants(self, kind: str) -> bool:
        """Return whether the bot's `allowed_updates` lets this kind through."""
        return kind not in ON_DEMAND if self.allowed is None else kind in self.allowed

    def put(self, kind: str, payload: object, chat_id: int, now: float) -> int | None:
        """Queue a new update and return its id, or None when the bot did not ask for this kind."""
        if not self.wants(kind):
            return None
        number = self._next_id
        self._next_id += 1
        self._add(Entry(number, kind, {"update_id": number, kind: payload}, chat_id, now))
        return number

    def inject(self, body: Json, now: float) -> int:
        """Queue any JSON object as an update, unfiltered; a given integer `update_id` is kept, even a stale one."""
        given = body.get("update_id")
        stale = isinstance(given, int) and not isinstance(given, bool)
        number = given if isinstance(given, int) and stale else self._next_id
        if not stale:
            self._next_id += 1
        entry = Entry(number, "raw", {**body, "update_id": number}, 0, now, forced=stale)
        self._add(entry)
        return number

    def repeat(self, entry: Entry) -> None:
        """Queue a second delivery of an update, as a server does that did not hear the confirmation."""
        if not entry.forced:
            copy = Entry(entry.id, entry.kind, entry.body, entry.chat_id, entry.created, forced=True)
            self._repeats.append(copy)

    def take(self, offset: int, limit: int, now: float) -> list[Entry]:
        """Confirm everything below `offset`, then return up to `limit` updates that wait, oldest first."""
        self._expire(now)
        if offset < 0:
            self._confirm(list(self._pending.values())[:offset], now)
        elif offset:
            self._confirm(list(self._until(offset)), now)
        done = [entry for entry in self._repeats if entry.deliveries]
        self._confirm(done, now)
        batch = [*self._repeats, *self._pending.values()][:limit] if self._repeats else self._first(limit)
        self.mark_delivered(batch, now)
        return batch

    def waiting(self, now: float) -> Iterator[Entry]:
        """Return what waits, oldest first, for a webhook sender to choose from before anything changes."""
        self._expire(now)
        yield from self._repeats
        yield from self._pending.values()

    def mark_delivered(self, batch: Iterable[Entry], now: float) -> None:
        """Note that these were handed to the bot (once more)."""
        for entry in batch:
            entry.deliveries += 1
            self.delivered += 1
            if entry.first_delivered is None:
                entry.first_delivered = now

    def confirm(self, entry: Entry, now: float) -> None:
        """Note that the bot has said "received": the update will not come again."""
        self._confirm([entry], now)

    def forget(self) -> None:
        """Drop everything that waits (`drop_pending_updates`)."""
        for entry in [*self._pending.values(), *self._repeats]:
            self._drop(entry)

    def _add(self, entry: Entry) -> None:
        if entry.forced:
            self._repeats.append(entry)
        else:
            self._pending[entry.id] = entry
        self.created += 1
        if self._history:
            self.log.append(entry)
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits for updates to look again."""
        watchers, self.watchers = self.watchers, []
        for watcher in watchers:
            watcher()

    def _until(self, offset: int) -> Iterator[Entry]:
        # Ids grow in insertion order, so the walk ends at the first one that stays.
        for number, entry in self._pending.items():
            if number >= offset:
                return
            yield entry

    def _first(self, limit: int) -> list[Entry]:
        if len(self._pending) <= limit:
            return list(self._pending.values())
        return [entry for entry, _ in zip(self._pending.values(), range(limit), strict=False)]

    def _confirm(self, entries: Iterable[Entry], now: float) -> None:
        for entry in entries:
            entry.confirmed = now
            self.confirmed += 1
            self._remove(entry)

    def _expire(self, now: float) -> None:
        for entry in list(self._repeats):
            if now - entry.created > KEPT_SECONDS:
                self._drop(entry)
        while self._pending:
            oldest = next(iter(self._pending.values()))
            if now - oldest.created <= KEPT_SECONDS:
                return
            self._drop(oldest)

    def _drop(self, entry: Entry) -> None:
        entry.dropped = True
        self.dropped += 1
        self._remove(entry)

    def _remove(self, entry: Entry) -> None:
        if self._pending.get(entry.id) is entry:
            del self._pending[entry.id]
        elif entry in self._repeats:
            self._repeats.remove(entry)

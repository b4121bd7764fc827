"""The few numbers that a bot tells of itself (`/metrics`, Prometheus): none of them moves when somebody answers.

A live count of updates, drafts, sends, bytes or processor time would show who has just answered (D6). So the list is
closed, rounds are counted by state, participation is told a day late in tens (F3), and room on disks in quarters of a
GiB.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.health import Ails
from rounds.health import free
from storage.errors import StorageError
from storage.looking import figures, file_of, latest
from storage.rounds import RoundState, RoundStore

_Number = tuple[str, str, str, dict[str, float]]
"""Name, help, name of its label or nothing, and value by label."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where they come from."""

    rounds: RoundStore
    secrets: Path
    leads: Callable[[], bool]
    clock: Callable[[], datetime]

    def told(self, ails: Ails) -> bytes:
        """All that there are, in Prometheus' text format 0.0.4. Blocks on the database."""
        from prometheus_client import CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415 - where they are wanted

        registry = CollectorRegistry()  # of its own: the library's tells processor time, which grows with each answer
        for name, told, label, values in self._all(ails):
            gauge = Gauge(name, told, [label] if label else [], registry=registry)
            for key, value in values.items():
                (gauge.labels(key) if label else gauge).set(value)
        return generate_latest(registry)

    def _all(self, ails: Ails) -> Iterator[_Number]:
        yield "sauti_storage_up", "1 where the writer reaches the database", "", {"": float("storage" not in ails)}
        yield "sauti_telegram_up", "1 where Telegram answers", "", {"": float("telegram" not in ails)}
        yield "sauti_leads", "1 in the one process that does what time demands", "", {"": float(self.leads())}
        room = {name: free(folder) for name, folder in self._disks()}
        yield "sauti_disk_free_gib", "Room on a disk, in quarters of a GiB", "of", {
            name: quarters / 4 for name, quarters in room.items() if quarters is not None
        }  # fmt: skip
        if "storage" not in ails:
            yield from self._of_rounds()

    def _disks(self) -> Iterator[tuple[str, Path]]:
        yield "secrets", self.secrets
        database = file_of(self.rounds.engine)
        if database is not None:
            yield "database", database.parent

    def _of_rounds(self) -> Iterator[_Number]:
        engine, now = self.rounds.engine, self.clock()
        try:
            found, late = figures(engine, now), latest(engine, int(now.timestamp()))
        except StorageError:
            return
        states = {state.value: float(found.states.get(state, 0)) for state in RoundState}
        sent = {each.hex()[:8]: float(count) for each, count in found.sent.items()}
        yield "sauti_rounds", "Rounds by state", "state", states
        yield "sauti_sent_yesterday", "Responses sent at least a day ago, rounded down to ten (F3)", "round", sent
        yield "sauti_late_seconds", "By how much the oldest thing that is due is late", "", {"": float(late)}

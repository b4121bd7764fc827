"""What may be asked of a running bot: whether it is well (`/healthz`), and a few numbers (`/metrics`, Prometheus).

Both are for whoever runs the server, on an address of their own that nobody else reaches. No number here moves when
somebody answers: a live count of updates, drafts, sends, bytes or processor time would show who has just answered (D6).
So the list is closed, rounds are counted by state, participation is told a day late in tens (F3), and room on disks in
quarters of a GiB.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from rounds.health import free
from storage.errors import StorageError
from storage.looking import Figures, figures, file_of, latest
from storage.rounds import RoundState
from storage.writer import Writer

PATIENCE: Final = 5.0
"""Seconds that storage has to answer before it counts as ill."""
SILENCE: Final = 120.0
"""Seconds without a word from Telegram after which a bot that polls is cut off: it holds an empty call for 25."""
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Pulse:
    """When Telegram last said something to this process."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._heard = seconds, seconds()

    def beat(self) -> None:
        """It has just done so."""
        self._heard = self._seconds()

    @property
    def alive(self) -> bool:
        """Whether that is not too long ago."""
        return self._seconds() - self._heard <= SILENCE


@dataclass(frozen=True, slots=True)
class Watched:
    """The parts of a bot that are asked, and its clock."""

    writer: Writer
    pulse: Pulse | None
    """None behind a webhook, where silence says nothing."""
    leads: Callable[[], bool]
    clock: Callable[[], datetime]
    disks: dict[str, Path]
    """What lies there → a folder on that disk."""

    async def ails(self) -> tuple[str, ...]:
        """What is not well: `storage`, `telegram`; nothing where all is."""
        found = () if await self._keeps() else ("storage",)
        return found if self.pulse is None or self.pulse.alive else (*found, "telegram")

    async def _keeps(self) -> bool:
        """Whether the writer's own thread gets through to the database: asked of it, and not of another connection."""
        try:
            await asyncio.wait_for(self.writer.do(lambda _connection: None), PATIENCE)
        except (StorageError, TimeoutError):
            return False
        return True


def application(watched: Watched) -> web.Application:
    """The web application: two addresses, both read only."""

    async def healthz(_request: web.Request) -> web.Response:
        ails = await watched.ails()
        return web.json_response({"ok": not ails, "ails": ails}, status=503 if ails else 200)

    async def metrics(_request: web.Request) -> web.Response:
        ails = await watched.ails()
        return web.Response(body=await asyncio.to_thread(exposition, watched, ails), headers={"Content-Type": TYPE})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", metrics)
    return app


def exposition(watched: Watched, ails: tuple[str, ...]) -> bytes:
    """All numbers that there are, in Prometheus' text format 0.0.4. Blocks on the database."""
    from prometheus_client import CollectorRegistry, Gauge, generate_latest  # noqa: PLC0415 - where they are asked for

    registry = CollectorRegistry()  # of its own: the library's would tell processor time, which grows with each answer
    for name, told, label, values in _numbers(watched, ails):
        gauge = Gauge(name, told, [label] if label else [], registry=registry)
        for key, value in values.items():
            (gauge.labels(key) if label else gauge).set(value)
    return generate_latest(registry)


_Number = tuple[str, str, str, dict[str, float]]
"""Name, help, name of its label or nothing, and value by label."""


def _numbers(watched: Watched, ails: tuple[str, ...]) -> Iterator[_Number]:
    yield "sauti_storage_up", "1 where the writer reaches the database", "", {"": float("storage" not in ails)}
    yield "sauti_telegram_up", "1 where Telegram answers", "", {"": float("telegram" not in ails)}
    yield "sauti_leads", "1 in the one process that does what time demands", "", {"": float(watched.leads())}
    yield "sauti_disk_free_gib", "Room on a disk, in quarters of a GiB", "of", {
        name: quarters / 4 for name, folder in watched.disks.items() if (quarters := free(folder)) is not None
    }  # fmt: skip
    if "storage" not in ails:
        yield from _of_rounds(watched)


def _of_rounds(watched: Watched) -> Iterator[_Number]:
    engine, now = watched.writer.engine, watched.clock()
    try:
        found: Figures = figures(engine, now)
        late = latest(engine, int(now.timestamp()))
    except StorageError:
        return
    states = {state.value: float(found.states.get(state, 0)) for state in RoundState}
    sent = {each.hex()[:8]: float(count) for each, count in found.sent.items()}
    yield "sauti_rounds", "Rounds by state", "state", states
    yield "sauti_sent_yesterday", "Responses sent at least a day ago, rounded down to ten (F3)", "round", sent
    yield "sauti_late_seconds", "By how much the oldest thing that is due is late", "", {"": float(late)}


def disks(writer: Writer, secrets: Path) -> dict[str, Path]:
    """The disks that a bot writes to."""
    database = file_of(writer.engine)
    return {"secrets": secrets} | ({} if database is None else {"database": database.parent})


@asynccontextmanager
async def answering(app: web.Application, listen: str | None) -> AsyncIterator[str | None]:
    """Serves `app` at `host:port` for as long as the block lasts, and yields its address; None is not served at all."""
    if listen is None:
        yield None
        return
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, int(port)).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

"""What may be asked of a running bot: whether it is well (`/healthz`), and what else it has to tell whoever runs it.

On an address of its own, which nobody but whoever looks after the server reaches.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from storage.errors import StorageError

PATIENCE: Final = 5.0
"""Seconds that storage has to answer before it counts as ill."""
SILENCE: Final = 120.0
"""Seconds without a word from Telegram after which a bot that polls is cut off: it holds an empty call for 25."""
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Ails = tuple[str, ...]
"""What is not well: `storage`, `telegram`; nothing where all is."""


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
class Vitals:
    """What a bot lives on."""

    stores: Callable[[], Awaitable[object]]
    """Comes back where the part of this process that stores gets through to the database; raises StorageError."""
    pulse: Pulse | None
    """None behind a webhook, where silence says nothing."""

    async def ails(self) -> Ails:
        """What is not well now."""
        found = () if await self._stores() else ("storage",)
        return found if self.pulse is None or self.pulse.alive else (*found, "telegram")

    async def _stores(self) -> bool:
        try:
            await asyncio.wait_for(self.stores(), PATIENCE)
        except (StorageError, TimeoutError):
            return False
        return True


def application(vitals: Vitals, numbers: Callable[[Ails], bytes] | None = None) -> web.Application:
    """The web application: `/healthz`, and `/metrics` where there are `numbers`, which may block. Both read only."""

    async def healthz(_request: web.Request) -> web.Response:
        ails = await vitals.ails()
        return web.json_response({"ok": not ails, "ails": ails}, status=503 if ails else 200)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    if numbers is None:
        return app

    async def metrics(_request: web.Request) -> web.Response:
        body = await asyncio.to_thread(numbers, await vitals.ails())
        return web.Response(body=body, headers={"Content-Type": TYPE})

    app.router.add_get("/metrics", metrics)
    return app


@asynccontextmanager
async def answering(app: web.Application, listen: str | None) -> AsyncIterator[dict[str, str]]:
    """Serves `app` at `host:port` for as long as the block lasts; not at all where that is None.

    Yields what the ready line says of it: its address, or nothing.
    """
    if listen is None:
        yield {}
        return
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, int(port)).start()
        yield {"health": f"http://{host}:{runner.addresses[0][1]}"}
    finally:
        await runner.cleanup()

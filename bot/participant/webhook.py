"""Updates by webhook: store first, answer the person, then 200. What was not stored gets 503 and comes again."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.participant.gateway import Gateway
from bot.participant.log import Event, log
from bot.participant.session import plain
from storage.errors import StorageUnavailable

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of an update; Telegram's are a few kilobytes."""


def application(gateway: Gateway, secret: str, path: str) -> web.Application:
    """The web application that takes updates at `path`; everything else is 404."""
    app = web.Application(client_max_size=LARGEST)
    expected = secret.encode()

    async def take(request: web.Request) -> web.Response:
        # Compared as bytes: a header may hold any character, and comparing text would raise on some (T5).
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            log(Event.WEBHOOK_REFUSED, code="secret")
            return web.Response(status=401)
        try:
            raw = plain(await request.read())
        except (ValueError, RecursionError):
            return web.Response()
        try:
            await gateway.handle(raw)
        except StorageUnavailable as error:
            log(Event.STORAGE_UNAVAILABLE, code=error.code)
            return web.Response(status=503)
        return web.Response()

    app.router.add_post(path, take)
    return app


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serves `app` for as long as the block lasts; yields its local address. Port 0 takes a free one."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

"""The simulator as a server on this machine: Bot API at /bot<token>/, control API at /sim, chat page at /.

What a bot has sent to be heard is at /voice, for the chat page alone: nothing is ever loaded from anywhere else.
"""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import web

from bot.simulator.api import BotApi, Check, Request, check_loosely
from bot.simulator.control import Control
from bot.simulator.courier import Courier, posting
from bot.simulator.light import LightDoor
from bot.simulator.pages import HEADERS, STATIC, steering, voices
from bot.simulator.world import World

PAGE_FILES: Final = {"": "index.html", **{name: name for name in ("page.js", "chat.js", "style.css", "icon.svg")}}
MAX_BODY: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Simulator:
    """A running simulator: where it listens, and its parts for a driver in the same process."""

    url: str
    world: World
    api: BotApi
    control: Control


@asynccontextmanager
async def running(
    host: str = "127.0.0.1", port: int = 0, *, rate_limits: bool = True, light: bool = False
) -> AsyncIterator[Simulator]:
    """Run a simulator for as long as the block lasts; port 0 takes a free one.

    `light` leaves out the models' validation and the history, for load. aiogram is loaded only without it.
    """
    api = BotApi(World(time.time, history=not light), _check(light=light), rate_limits=rate_limits)
    control = Control(api)
    async with AsyncExitStack() as stack:
        post = await stack.enter_async_context(posting(light=light))
        await stack.enter_async_context(Courier(api, post))
        runner = web.AppRunner(
            _application(api, control), access_log=None, shutdown_timeout=0.5, handler_cancellation=True
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        ordinary = runner.server
        if ordinary is None:
            raise RuntimeError("the runner has no server after its set-up")
        loop = asyncio.get_running_loop()
        door = (lambda: LightDoor(api, ordinary)) if light else ordinary
        server = await loop.create_server(door, host, port, backlog=2048)
        stack.callback(server.close)
        address = server.sockets[0].getsockname()
        yield Simulator(f"http://{host}:{address[1]}", api.world, api, control)


async def serve(host: str, port: int, *, rate_limits: bool, light: bool) -> None:
    """Serve until SIGTERM or SIGINT; print one JSON line when ready."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(host, port, rate_limits=rate_limits, light=light) as simulator:
        sys.stdout.write(orjson.dumps({"ready": True, "url": simulator.url}).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


def run(port: int, *, rate_limits: bool = True, light: bool = False) -> None:
    """Run the server on 127.0.0.1 until it is told to stop: the command line's door."""
    asyncio.run(serve("127.0.0.1", port, rate_limits=rate_limits, light=light))


def _check(*, light: bool) -> Check:
    if light:
        return check_loosely
    from bot.simulator.validate import check  # noqa: PLC0415 - aiogram costs seconds, and the light path needs none of it

    return check


def _application(api: BotApi, control: Control) -> web.Application:
    async def bot_api(request: web.Request) -> web.StreamResponse:
        parts = request.match_info
        asked = Request(
            parts["token"], parts["method"], request.query_string, request.headers.get("Content-Type", ""),
            await request.read(),
        )  # fmt: skip
        reply = await api.handle(asked)
        if reply.lost and request.transport is not None:
            request.transport.abort()
        kind = "text/html" if reply.html else "application/json"
        return web.Response(status=reply.status or 500, body=reply.body, content_type=kind)

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", bot_api)
    app.router.add_route("*", "/sim{rest:(/.*)?}", steering(control))
    app.router.add_get("/voice/{file:[A-Za-z0-9]+}", voices(api.world))
    app.router.add_get("/{name:[a-z.]*}", _page)
    return app


async def _page(request: web.Request) -> web.StreamResponse:
    name = PAGE_FILES.get(request.match_info["name"])
    if name is None:
        raise web.HTTPNotFound(headers=HEADERS)
    return web.FileResponse(STATIC / name, headers=HEADERS)

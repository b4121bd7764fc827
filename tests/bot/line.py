"""A Bot API that answers what a test scripted, over real HTTP on a free port."""

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiogram import Bot
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.participant.session import Session
from bot.simulator.wire import decode, read

Json = dict[str, Any]
TOKEN = "4242:" + "x" * 30
Answer = tuple[int, object]


def ok(result: object = True) -> Answer:
    """Telegram did it."""
    return 200, {"ok": True, "result": result}


def refused(status: int, words: str, **parameters: object) -> Answer:
    """Telegram would not."""
    return status, {"ok": False, "error_code": status, "description": words, "parameters": parameters}


class Line:
    """Calls in order, and what is answered to each method; True where nothing was scripted."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.script: dict[str, deque[Answer | Callable[[Json], Awaitable[Answer]]]] = defaultdict(deque)
        self.sent = 1000

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    async def handle(self, request: web.Request) -> web.Response:
        name, params = request.match_info["method"], _params(request.headers["Content-Type"], await request.read())
        self.calls.append((name, params))
        scripted = self.script[name].popleft() if self.script[name] else self._usual(name)
        status, body = await scripted(params) if callable(scripted) else scripted
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        return web.Response(status=status, body=raw, content_type="application/json")

    def _usual(self, name: str) -> Answer:
        if name == "sendMessage":
            self.sent += 1
            return ok({"message_id": self.sent})
        if name == "sendVoice":
            self.sent += 1
            return ok({"message_id": self.sent, "voice": {"file_id": f"FILE{self.sent}"}})
        return ok([] if name == "getUpdates" else True)


def _params(kind: str, body: bytes) -> Json:
    """What a call says; a file that came along stands there as its bytes."""
    if kind == "application/json":
        found: Json = orjson.loads(body)
        return found
    raw, files = read("", kind, body)
    return {name: decode(value) for name, value in raw.items()} | {
        name: files[str(value).removeprefix("attach://")]
        for name, value in raw.items()
        if str(value).startswith("attach://")
    }


@asynccontextmanager
async def line() -> AsyncIterator[tuple[Line, Bot]]:
    """A scripted Bot API and a bot whose own session speaks to it."""
    it = Line()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/{{method}}", it.handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    session = Session(str(server.make_url("/")).rstrip("/"))
    try:
        yield it, Bot(TOKEN, session=session)
    finally:
        await session.close()
        await server.close()

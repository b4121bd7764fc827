"""The demo's own small page: where the chat is, and two buttons, *close and summarise* and *start over*.

No figure about the round shows here while it is open, not even how many invented people have answered: what
nobody may see live, the demo does not teach people to expect.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from bot.participant import texts
from locales.catalog import autonym, catalogue
from sauti.demo.cast import CAST
from sauti.demo.telling import LANGUAGES

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
FILES = {"/": "index.html", "/demo.css": "demo.css", "/demo.js": "demo.js", "/icon.svg": "icon.svg"}


class Phase(StrEnum):
    """Where the synthetic round is."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    SUMMARY = "summary"
    FAILED = "failed"


_TONGUES = [
    {"tag": tag, "name": autonym(tag), "dir": catalogue(tag, texts.DOMAIN).direction} for tag in LANGUAGES
]  # fmt: skip
_WHO = [{"name": one.name, "tag": one.language, "does": one.way.value} for one in CAST]
"""The same in every round, whatever has happened in it by now."""

OFFERED = {Phase.OPEN: "close", Phase.SUMMARY: "again", Phase.FAILED: "again"}
"""The one button of each phase."""


@dataclass(slots=True)
class Board:
    """What the page shows; the story writes it, the page reads it."""

    simulator: str
    bot: int
    phase: Phase = Phase.OPENING
    code: str = ""
    answering: bool = False
    """Whether invented people are still at it; says nothing about anyone who joined by hand."""
    summaries: Path | None = None
    notes: tuple[Path, ...] = ()
    """The notes to the Peacebuilding Commission, once there are any."""
    _wish: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def chat(self) -> str:
        """The chat page, with the round's code filled in once there is one."""
        query = {"start": self.code} if self.code else {}
        return f"{self.simulator}/?{urlencode(query | {'bot': self.bot})}"

    def wish(self) -> None:
        """Somebody presses the button of this phase."""
        self._wish.set()

    async def wished(self) -> None:
        """Returns when somebody presses the button."""
        self._wish.clear()
        await self._wish.wait()


@contextlib.asynccontextmanager
async def serving(board: Board) -> AsyncIterator[str]:
    """The page over `board`, on a free port of this machine; yields its address."""
    runner = web.AppRunner(application(board), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def application(board: Board) -> web.Application:
    """The page; a wish is refused with 409 in a phase that does not offer it."""
    app = web.Application(middlewares=[_safe_headers])
    for path in FILES:
        app.router.add_get(path, _file)
    app.router.add_get("/state", lambda _: _state(board))
    app.router.add_get("/summary/{language}", lambda request: _summary(board, request.match_info["language"]))
    app.router.add_get("/note/{name}", lambda request: _note(board, request.match_info["name"]))
    app.router.add_post("/wish/{wish}", lambda request: _wish(board, request))
    return app


@web.middleware
async def _safe_headers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


async def _file(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / FILES[request.path])


async def _state(board: Board) -> web.StreamResponse:
    state = {
        "phase": board.phase, "code": board.code, "chat": board.chat, "answering": board.answering,
        "languages": _TONGUES, "cast": _WHO, "notes": [path.name for path in board.notes],
    }  # fmt: skip
    return web.Response(text=json.dumps(state), content_type="application/json")


async def _summary(board: Board, language: str) -> web.StreamResponse:
    if board.phase is not Phase.SUMMARY or board.summaries is None or language not in LANGUAGES:
        raise web.HTTPNotFound
    # The summary carries its own policy in the file, because people save and forward it; the header must not be
    # stricter than the file on styles, so the page's own policy is not sent with it.
    headers = {"Content-Security-Policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}
    return web.FileResponse(board.summaries / f"summary.{language}.html", headers=headers)


async def _note(board: Board, name: str) -> web.StreamResponse:
    path = next((each for each in board.notes if each.name == name), None)
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path)


async def _wish(board: Board, request: web.Request) -> web.StreamResponse:
    if request.headers.get("X-Sauti-Demo") != "1":
        # A page on another site cannot set this header without asking first: nobody else presses these buttons.
        raise web.HTTPForbidden
    if request.match_info["wish"] != OFFERED.get(board.phase):
        raise web.HTTPConflict
    board.wish()
    return web.Response(status=202)

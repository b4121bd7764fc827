"""The demo's own small page: where the chat is, and two buttons, *close and summarise* and *start over*.

No figure about the round shows here while it is open, not even how many invented people have answered: what
nobody may see live, the demo does not teach people to expect.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_LANGUAGES = frozenset({"en", "fr", "es", "ar"})


class Phase(StrEnum):
    """Where the synthetic round is."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    SUMMARY = "summary"
    FAILED = "failed"


@dataclass(slots=True)
class Board:
    """What the page shows; the story writes it, the page reads it."""

    chat_url: str
    phase: Phase = Phase.OPENING
    code: str = ""
    summaries: Path | None = None
    wishes: dict[str, Callable[[], None]] = field(default_factory=dict)


def application(board: Board) -> web.Application:
    """The page over `board`; a wish (a button) is refused with 409 in a phase that does not offer it."""
    app = web.Application(middlewares=[_safe_headers])
    app.router.add_get("/", lambda _: _file("index.html"))
    app.router.add_get("/demo.css", lambda _: _file("demo.css"))
    app.router.add_get("/demo.js", lambda _: _file("demo.js"))
    app.router.add_get("/state", lambda _: _state(board))
    app.router.add_get("/summary/{language}", lambda request: _summary(board, request.match_info["language"]))
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


async def _file(name: str) -> web.StreamResponse:
    return web.FileResponse(STATIC / name)


async def _state(board: Board) -> web.StreamResponse:
    state = {"phase": board.phase, "code": board.code, "chat": board.chat_url}
    return web.Response(text=json.dumps(state), content_type="application/json")


async def _summary(board: Board, language: str) -> web.StreamResponse:
    if board.phase is not Phase.SUMMARY or board.summaries is None or language not in _LANGUAGES:
        raise web.HTTPNotFound
    # The summary carries its own policy in the file, because people save and forward it; the header must not be
    # stricter than the file on styles, so the page's own policy is not sent with it.
    headers = {"Content-Security-Policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}
    return web.FileResponse(board.summaries / f"summary.{language}.html", headers=headers)


async def _wish(board: Board, request: web.Request) -> web.StreamResponse:
    if request.headers.get("X-Sauti-Demo") != "1":
        # A page on another site cannot set this header without asking first: nobody else presses these buttons.
        raise web.HTTPForbidden
    offered = {Phase.OPEN: "close", Phase.SUMMARY: "again", Phase.FAILED: "again"}.get(board.phase)
    wish = request.match_info["wish"]
    if wish != offered:
        raise web.HTTPConflict
    board.wishes[wish]()
    return web.Response(status=202)

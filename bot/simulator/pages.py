"""What a page of chats needs of a server: its files under a strict policy, the control API, and sounds to play.

Knows nothing of bots that are strangers, so that a preview can show the same phones (`bot.preview.server`).
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import orjson
from aiohttp import web

from bot.simulator.control import Control
from bot.simulator.errors import ControlError, Json
from bot.simulator.world import World

STATIC: Final = Path(__file__).parent / "static"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def steering(control: Control) -> Handler:
    """The control API over HTTP."""

    async def steer(request: web.Request) -> web.StreamResponse:
        try:
            return answered(await control.call(request.method, request.path, request.query, await body(request)))
        except ControlError as error:
            return refused(error)

    return steer


def answered(value: Json) -> web.Response:
    """An answer as JSON."""
    return web.Response(body=orjson.dumps(value), content_type="application/json", headers=HEADERS)


def refused(error: ControlError) -> web.Response:
    """A refusal as JSON, with what to do."""
    answer = {"error": {"code": error.code, "message": error.message}}
    return web.Response(status=error.status, body=orjson.dumps(answer), content_type="application/json")


def voices(world: World) -> Handler:
    """What a bot has sent to be heard, for the chat page's player."""

    async def voice(request: web.Request) -> web.StreamResponse:
        file = world.files.get(request.match_info["file"])
        if file is None or file.kind != "voice":
            raise web.HTTPNotFound(headers=HEADERS)
        return web.Response(body=file.content, content_type="audio/ogg", headers=HEADERS)

    return voice


async def body(request: web.Request) -> Json:
    """The JSON object of a request; empty for GET. Raises ControlError for anything else."""
    if request.method == "GET":
        return {}
    # A page of another origin cannot send this content type without asking first, and nobody answers it yes.
    if request.content_type != "application/json":
        raise ControlError(415, "not_json", "Send Content-Type: application/json.")
    try:
        value = orjson.loads(await request.read() or b"{}")
    except orjson.JSONDecodeError:
        raise ControlError(400, "not_json", "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise ControlError(400, "not_json", "The body must be a JSON object.")
    return value

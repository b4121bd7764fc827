"""A preview in the browser: the simulator's phones, as many as are wished, with the bot's conversation behind them.

On this machine only. The page asks now and then whether the file has changed; whoever wrote it starts again with the
new one, or reads what is wrong with it and goes on with the old one. All languages side by side are at /languages.
"""

import asyncio
import re
import signal
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.preview import plain
from bot.preview.phone import Preview
from bot.preview.record import Happened
from bot.preview.sheet import Sheet, sheet
from bot.preview.transcript import written
from bot.simulator import pages
from bot.simulator.api import BotApi, check_loosely
from bot.simulator.control import Control, resolve
from bot.simulator.errors import ControlError, Json
from bot.simulator.pages import HEADERS, answered, body, refused
from bot.simulator.world import World
from flows.findings import Finding, Severity
from flows.model import Consultation
from flows.prompts import Taken
from locales.catalog import autonym, direction

STATIC: Final = Path(__file__).parent / "static"
OWN: Final = ("preview.js", "preview.css")
SHARED: Final = ("chat.js", "style.css", "icon.svg")
ALLOWED: Final = frozenset({"about", "list_bots", "list_people", "act", "read_chat", "read_events"})
"""Of the control API: what moves and shows a phone. A preview has no faults, clocks or bots to steer."""
_HOST: Final = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]+)?", re.ASCII | re.IGNORECASE)
_PHONE: Final = re.compile(r'<template id="phone">.*?</template>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds now: a consultation where it can be used, and what is to be said about it."""

    asked: Taken | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the consultation comes from. Both may block, and `load` may take seconds."""

    name: str
    load: Callable[[], Loaded]
    stamp: Callable[[], object]
    """Differs from the one before where the file has changed."""


@dataclass
class Showing:
    """One preview as it is shown: of a consultation, until the file is read anew."""

    asked: Taken
    findings: tuple[Finding, ...]
    stamp: object
    happened: dict[int, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    preview: Preview = field(init=False)
    control: Control = field(init=False)

    def __post_init__(self) -> None:
        """A world with a bot in it and nobody else."""
        world = World(time.time, history=True)
        self.control = Control(BotApi(world, check_loosely, rate_limits=False))
        self.preview = Preview(self.asked, world, self._keep)

    def _keep(self, person: int, one: Happened) -> None:
        self.happened[person].append(one)

    @property
    def consultation(self) -> Consultation:
        """What is asked."""
        return self.asked.consultation

    def transcripts(self) -> str:
        """All conversations so far, one after the other."""
        return "\n".join(map(self.transcript, self.happened))

    def transcript(self, person: int) -> str:
        """One conversation."""
        return written(self.consultation, self.preview.world.people[person].language_code, self.happened[person])


class Booth:
    """The preview of a file, and what its page can ask for."""

    def __init__(self, source: Source, showing: Showing, language: str | None) -> None:
        """`language`: that of the first phone; without it, she who holds it chooses."""
        self._source, self.showing, self._language = source, showing, language

    async def state(self) -> Json:
        """What the page shows around the phones."""
        consultation, stamp = self.showing.consultation, await asyncio.to_thread(self._source.stamp)
        return {
            "file": self._source.name,
            "title": consultation.title[consultation.languages[0]],
            "bot": self.showing.preview.bot.id,
            "language": self._language,
            "mark": plain.KEPT,
            "changed": stamp != self.showing.stamp,
            "findings": list(map(_finding, self.showing.findings)),
            "languages": [_language(consultation, one) for one in consultation.languages],
        }

    async def again(self) -> Json:
        """Reads the file anew. Where it cannot be used any more, the errors, and the old preview goes on."""
        stamp = await asyncio.to_thread(self._source.stamp)
        loaded = await asyncio.to_thread(self._source.load)
        if loaded.asked is None:
            self.showing.stamp = stamp  # it was looked at: only the next change is news
            return {"errors": [_finding(one) for one in loaded.findings if one.severity is Severity.ERROR]}
        self.showing = Showing(loaded.asked, loaded.findings, stamp)
        return {"errors": []}

    async def phone(self, asked: Json) -> Json:
        """A new phone, in a language or without one, on which somebody has opened the link."""
        language = asked.get("language") or None
        if language is not None and language not in self.showing.consultation.languages:
            raise ControlError(404, "no_language", "The consultation is not in this language.")
        preview = self.showing.preview
        person = preview.person(language)
        await preview.begin(person)
        return person.user()

    async def steer(self, verb: str, path: str, query: Mapping[str, str], given: Json) -> Json:
        """The control API of the phones; what is done there, the bot takes at once."""
        route = resolve(verb, path)[0]
        if route not in ALLOWED:
            raise ControlError(404, "no_route", "A preview has phones, and nothing else to steer.")
        showing = self.showing
        done = await showing.control.call(verb, path, query, given)
        await showing.preview.answer()
        return showing.preview.tongues.told(done) if route == "read_chat" and "messages" in done else done

    async def languages(self) -> Sheet:
        """All languages side by side."""
        showing = self.showing
        return await asyncio.to_thread(sheet, showing.consultation, self._source.name, showing.findings)

    def transcript(self, person: str) -> str:
        """What was said on one phone, as Markdown."""
        number = int(person) if person.isdecimal() else 0
        if number not in self.showing.happened:
            raise web.HTTPNotFound(headers=HEADERS)
        return self.showing.transcript(number)


def application(booth: Booth) -> web.Application:
    """The page over a booth."""
    app = web.Application(middlewares=[_by_its_own_name])
    app.router.add_get("/", _index)
    for name in (*OWN, *SHARED):
        app.router.add_get(f"/{name}", _file)
    app.router.add_get("/languages", partial(_languages, booth))
    app.router.add_get("/preview/state", _json(lambda _given: booth.state()))
    app.router.add_post("/preview/again", _json(lambda _given: booth.again()))
    app.router.add_post("/preview/phones", _json(booth.phone))
    app.router.add_get("/preview/transcript/{person}.md", partial(_transcript, booth))
    app.router.add_route("*", "/sim{rest:(/.*)?}", partial(_steered, booth))
    app.router.add_get("/voice/{file:[A-Za-z0-9]+}", partial(_voice, booth))
    return app


@web.middleware
async def _by_its_own_name(request: web.Request, handler: pages.Handler) -> web.StreamResponse:
    """Answers only whoever asks this machine by its own name.

    A page from elsewhere whose name suddenly leads here (DNS rebinding) would be of one origin with this server, and
    could read a consultation that nobody has published. Its requests still carry its name. The port may be any: a
    tunnel has another one.
    """
    if _HOST.fullmatch(",".join(request.headers.getall("Host", ()))):
        return await handler(request)
    raise web.HTTPMisdirectedRequest(text="Open the address that the preview has printed.\n", headers=HEADERS)


def _json(answer: Callable[[Json], Awaitable[Json]]) -> pages.Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return answered(await answer(await body(request)))
        except ControlError as error:
            return refused(error)

    return handle


async def _steered(booth: Booth, request: web.Request) -> web.StreamResponse:
    try:
        return answered(await booth.steer(request.method, request.path, request.query, await body(request)))
    except ControlError as error:
        return refused(error)


async def _voice(booth: Booth, request: web.Request) -> web.StreamResponse:
    return await pages.voices(booth.showing.preview.world)(request)


async def _index(_request: web.Request) -> web.StreamResponse:
    """The page, with the simulator's own phone in it."""
    found = _PHONE.search((pages.STATIC / "index.html").read_text("utf-8"))
    page = (STATIC / "index.html").read_text("utf-8")
    if found is None:
        raise RuntimeError("the simulator's page has no phone")
    return web.Response(text=page.replace("<!-- phone -->", found[0]), content_type="text/html", headers=HEADERS)


async def _languages(booth: Booth, _request: web.Request) -> web.StreamResponse:
    made = await booth.languages()
    own = {"Content-Security-Policy": f"{made.policy}; frame-ancestors 'none'"}
    return web.Response(text=made.html, content_type="text/html", headers=HEADERS | own)


async def _file(request: web.Request) -> web.StreamResponse:
    name = request.path.removeprefix("/")
    return web.FileResponse((STATIC if name in OWN else pages.STATIC) / name, headers=HEADERS)


async def _transcript(booth: Booth, request: web.Request) -> web.StreamResponse:
    text = booth.transcript(request.match_info["person"])
    saved = {"Content-Disposition": 'attachment; filename="transcript.md"'}
    return web.Response(text=text, content_type="text/markdown", headers=HEADERS | saved)


def _finding(one: Finding) -> Json:
    """One finding for the page: where, what, and how to mend it."""
    return {"severity": one.severity.value, "text": str(one)}


def _language(consultation: Consultation, tag: str) -> Json:
    return {
        "tag": tag,
        "name": autonym(tag),
        "dir": direction(tag),
        "unreviewed": plain.unread(consultation, tag),
    }  # fmt: skip


@asynccontextmanager
async def running(booth: Booth, port: int = 0) -> AsyncIterator[str]:
    """The page on a port of this machine, 0 takes a free one, for as long as the block lasts; yields its address."""
    runner = web.AppRunner(application(booth), access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def serve(booth: Booth, port: int, ready: Callable[[str], object]) -> None:
    """Serves until SIGTERM or SIGINT; `ready` is told the address."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(booth, port) as url:
        ready(url)
        await stop.wait()

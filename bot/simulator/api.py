"""One Bot API call from admission to answer: faults, validation, limits, behaviour, journal. Knows no HTTP library."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import orjson

from bot.simulator import files, methods, profile
from bot.simulator.errors import Json, TelegramError, bad_request, conflict, no_behaviour, too_many_requests
from bot.simulator.faults import BAD_GATEWAY, MALFORMED, Faults, Kind, Rule
from bot.simulator.journal import Journal
from bot.simulator.limits import Limits
from bot.simulator.methods import Behaviour, Call
from bot.simulator.waiting import change
from bot.simulator.wire import loose, read
from bot.simulator.world import Bot, Upload, World

BEHAVIOURS: Final[dict[str, Behaviour]] = methods.BEHAVIOURS | files.BEHAVIOURS | profile.BEHAVIOURS
PARAMETERS: Final = {**methods.PARAMETERS, **files.PARAMETERS, **profile.PARAMETERS}
POLL_SECONDS: Final = 50
MAX_BATCH: Final = 100


class Check(Protocol):
    """How a call's parameters are read: strictly through models, or loosely on the light path."""

    def __call__(self, method: str, raw: Mapping[str, object], files: frozenset[str], /) -> Json:
        """Return decoded parameters, or raise TelegramError."""


def check_loosely(_method: str, raw: Mapping[str, object], names: frozenset[str], /) -> Json:
    """Decode without any check."""
    return loose(raw, names)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to the Bot API, whoever parsed it."""

    token: str = field(repr=False)
    method: str
    query: str = field(repr=False)
    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back on the wire; `lost` means the connection drops instead."""

    status: int
    body: bytes = field(repr=False)
    html: bool = False
    lost: bool = False


class BotApi:
    """The door bots use."""

    def __init__(self, world: World, check: Check, *, rate_limits: bool) -> None:
        self.world = world
        self.faults = Faults()
        self.limits = Limits(enabled=rate_limits)
        self.journal = Journal(history=world.history)
        self._check = check

    async def handle(self, request: Request) -> Reply:
        """Answer one request, waiting if it is a long poll or a fault says so."""
        try:
            bot = self.world.bot_by_token(request.token)
            raw, uploads = read(request.query, request.content_type, request.body)
        except TelegramError as error:
            return _encode(error.code, error.body())
        return await self.call(bot, request.method, raw, uploads)

    async def call(self, bot: Bot, method: str, raw: Mapping[str, object], uploads: Mapping[str, Upload]) -> Reply:
        """Answer one call of a bot, faults included."""
        rules = self.faults.draw(bot.id, method.lower()) if self.faults.rules else []
        for rule in rules:
            if rule.kind is Kind.DELAY:
                await asyncio.sleep(rule.seconds)
            elif reply := _before(rule):
                self._note(bot, method, raw, uploads, {"ok": False, "fault": rule.kind})
                return reply
        if method.lower() == "getupdates":
            status, answer = await self._poll(bot, raw)
        else:
            status, answer = self.perform(bot, method, raw, uploads)
        self._note(bot, method, raw, uploads, answer)
        if any(rule.kind is Kind.LOST_REPLY for rule in rules):
            return Reply(0, b"", lost=True)
        if any(rule.kind is Kind.MALFORMED for rule in rules):
            return Reply(200, MALFORMED)
        return _encode(status, answer)

    def quick(self, request: Request) -> Reply | None:
        """Answer at once, or return None when the call may have to wait: the light path's door."""
        if self.faults.rules or request.method.lower() == "getupdates":
            return None
        try:
            bot = self.world.bot_by_token(request.token)
            raw, uploads = read(request.query, request.content_type, request.body)
        except TelegramError as error:
            return _encode(error.code, error.body())
        status, answer = self.perform(bot, request.method, raw, uploads)
        self._note(bot, request.method, raw, uploads, answer)
        return _encode(status, answer)

    def perform(
        self, bot: Bot, method: str, raw: Mapping[str, object], uploads: Mapping[str, Upload]
    ) -> tuple[int, Json]:
        """Let a call take effect and return status and answer."""
        name = method.lower()
        try:
            args = self._check(name, raw, frozenset(uploads))
            behaviour = BEHAVIOURS.get(name)
            if behaviour is None:
                raise no_behaviour(method)
            if unacted := args.keys() - PARAMETERS.get(name, args.keys()):
                raise no_behaviour(f"parameter {min(unacted)} of {method}")
            if self.limits.enabled:
                self._admit(bot, name, args)
            return 200, {"ok": True, "result": behaviour(Call(self.world, bot, args, uploads))}
        except TelegramError as error:
            return error.code, error.body()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            # Only the light path comes here: what the models would have refused met a behaviour instead.
            refusal = bad_request(f"malformed parameters ({type(error).__name__})")
            return refusal.code, refusal.body()

    def _admit(self, bot: Bot, name: str, args: Json) -> None:
        chat_id = args.get("chat_id")
        if isinstance(chat_id, int) and (seconds := self.limits.admit(bot.id, chat_id, name, self.world.now())):
            raise too_many_requests(seconds)

    async def _poll(self, bot: Bot, raw: Mapping[str, object]) -> tuple[int, Json]:
        try:
            args = self._check("getupdates", raw, frozenset())
            return 200, {"ok": True, "result": await self._updates(bot, args)}
        except TelegramError as error:
            return error.code, error.body()

    async def _updates(self, bot: Bot, args: Json) -> list[Json]:
        if bot.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        offset = args.get("offset") or 0
        limit = MAX_BATCH if args.get("limit") is None else args["limit"]
        if not 1 <= limit <= MAX_BATCH:
            raise bad_request("limit must be between 1 and 100")
        timeout = args.get("timeout") or 0
        if timeout < 0:
            raise bad_request("timeout must not be negative")
        profile.allow(Call(self.world, bot, args, {}))
        bot.pollers += 1
        turn, queue = bot.pollers, bot.updates
        queue.wake()
        ends = asyncio.get_running_loop().time() + min(timeout, POLL_SECONDS)
        batch = queue.take(offset, limit, self.world.now())
        while not batch and await change(queue.watchers, ends):
            self._still_mine(bot, turn)
            batch = queue.take(offset, limit, self.world.now())
        if self.faults.rules:
            batch = self.faults.batch(bot.id, batch, queue)
        return [entry.body for entry in batch]

    def _still_mine(self, bot: Bot, turn: int) -> None:
        if self.world.now() < bot.logged_out_until:
            raise TelegramError(400, "Logged out")
        if bot.revoked:
            raise TelegramError(401, "Unauthorized")
        if bot.webhook is not None:
            raise conflict("terminated by setWebhook request")
        if bot.pollers != turn:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")

    def _note(
        self, bot: Bot, method: str, raw: Mapping[str, object], uploads: Mapping[str, Upload], answer: Json
    ) -> None:
        attached = {name: {"size": file.size, "sha256": file.digest} for name, file in uploads.items()}
        record = {"bot": bot.id, "method": method, "params": raw, "files": attached, "time": self.world.now()}
        self.journal.note(record, answer)


def _encode(status: int, answer: Json) -> Reply:
    return Reply(status, orjson.dumps(answer))


def _before(rule: Rule) -> Reply | None:
    """Return the reply of a fault that strikes before the call takes effect, or None."""
    if rule.kind is Kind.SERVER_ERROR:
        return Reply(502, BAD_GATEWAY, html=True)
    if rule.kind is Kind.LOST_CALL:
        return Reply(0, b"", lost=True)
    if rule.kind is Kind.ERROR and rule.error is not None:
        return _encode(rule.error.code, rule.error.body())
    return None

"""The control API at /sim: how drivers, pages and tests move the people and read what happened.

Plain functions from JSON to JSON; `Control.call` is the one door, for HTTP and for a driver in the same process.
docs/simulator.md describes every route; a test compares the two.
"""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from bot.simulator import faults
from bot.simulator.api import BotApi
from bot.simulator.chats import Chat, Person
from bot.simulator.errors import RECORDED, ControlError, Json, TelegramError
from bot.simulator.people import Hands
from bot.simulator.waiting import change
from bot.simulator.world import Bot

VERSION: Final = 1
EVENTS_KEPT: Final = 20_000
MAX_WAIT: Final = 60.0
MAX_ROWS: Final = 1_000
Query = Mapping[str, str]


def integer(source: Mapping[str, object], name: str, default: int | None = None) -> int | None:
    """Return a whole number from a query or body. Raises ControlError for anything else."""
    value = source.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value) if isinstance(value, str | int) else int("")
    except ValueError:
        raise ControlError(400, "bad_number", f"{name} must be a whole number.") from None


def words(body: Json, name: str) -> str | None:
    """Return an optional text of a body. Raises ControlError for anything else."""
    value = body.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ControlError(400, "bad_text", f"{name} must be text.")


@dataclass(frozen=True, slots=True)
class Ask:
    """One control request: path parameters, query, body."""

    path: Query
    query: Query
    body: Json


class Control:
    """What can be asked of a running simulator."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._world = api.world
        self._events: deque[Json] = deque(maxlen=EVENTS_KEPT)
        self._cursor = 0
        self._watchers: list[Callable[[], object]] = []
        if self._world.history:
            self._world.on_change = self._changed

    async def call(self, verb: str, path: str, query: Query, body: Json) -> Json:
        """Answer one request.

        Raises:
            ControlError: with status, code and what to do.
        """
        name, parameters = resolve(verb, path)
        try:
            return await HANDLERS[name](self, Ask(parameters, query, body))
        except TelegramError as error:
            raise ControlError(409, "refused", error.description) from None

    async def about(self, _ask: Ask) -> Json:
        """Say what this is."""
        return {
            "format": "sauti-simulator",
            "version": VERSION,
            "now": self._world.now(),
            "history": self._world.history,
            "rate_limits": self._api.limits.enabled,
            "cursor": self._cursor,
            "bots": [_bot(bot) for bot in self._world.bots.values()],
        }

    async def add_bot(self, ask: Ask) -> Json:
        """Create a bot and return its token."""
        bot = self._world.add_bot(words(ask.body, "username"), words(ask.body, "name"), words(ask.body, "token"))
        self._event({"kind": "bot", "bot": bot.id})
        return _bot(bot) | {"token": bot.token}

    async def list_bots(self, _ask: Ask) -> Json:
        """List the bots."""
        return {"bots": [_bot(bot) for bot in self._world.bots.values()]}

    async def revoke(self, ask: Ask) -> Json:
        """Make a bot's token worthless."""
        bot = self.bot(ask)
        bot.revoked = True
        bot.updates.wake()
        return {}

    async def add_person(self, ask: Ask) -> Json:
        """Create a person."""
        body = ask.body
        person = self._world.add_person(
            words(body, "first_name") or "",
            words(body, "last_name"),
            words(body, "username"),
            words(body, "language_code"),
        )
        self._event({"kind": "person", "person": person.id})
        return person.user()

    async def list_people(self, _ask: Ask) -> Json:
        """List the people."""
        return {"people": [person.user() for person in self._world.people.values()]}

    async def add_group(self, ask: Ask) -> Json:
        """Let a person put the bot into a new group."""
        bot, body = self.bot(ask), ask.body
        chat = self._world.add_group(bot, words(body, "title") or "A group")
        person = self._person(integer(body, "person"))
        return {"chat": chat.id} | Hands(self._world, bot, person, chat).joined()

    async def act(self, ask: Ask) -> Json:
        """Let a person do something in a chat."""
        bot, body = self.bot(ask), ask.body
        person = self._person(integer(ask.path, "person"))
        group = integer(body, "chat")
        chat = bot.chats.get(group) if group is not None else None
        if group is not None and chat is None:
            raise ControlError(404, "no_chat", "This bot is in no such chat.")
        hands = Hands(self._world, bot, person, chat)
        return ACTS[ask.path["act"]](hands, body)

    async def read_chat(self, ask: Ask) -> Json:
        """Return a chat as the person sees it, at once or after the next change past `after`."""
        bot = self.bot(ask)
        number = integer(ask.path, "person") or 0
        chat = bot.chats.get(number) or self._world.chat_of(bot, self._person(number))
        after = integer(ask.query, "after")
        if after is not None:
            await self._wait(chat, after, ask.query)
        if ask.query.get("view") == "card":
            return _card(chat)
        return chat.view()

    async def list_chats(self, ask: Ask) -> Json:
        """List a bot's chats with their revisions."""
        chats = self.bot(ask).chats.values()
        return {"chats": [{"chat": chat.id, "revision": chat.revision, "open": chat.open} for chat in chats]}

    async def inject(self, ask: Ask) -> Json:
        """Queue any JSON object as an update."""
        bot = self.bot(ask)
        return {"update_id": bot.updates.inject(ask.body, self._world.now())}

    async def read_updates(self, ask: Ask) -> Json:
        """Return what became of the updates: the referee of tests."""
        updates = self.bot(ask).updates
        after = integer(ask.query, "after", 0) or 0
        rows = [
            {
                "cursor": after + place + 1,
                "update_id": entry.id,
                "kind": entry.kind,
                "chat": entry.chat_id,
                "created": entry.created,
                "deliveries": entry.deliveries,
                "first_delivered": entry.first_delivered,
                "confirmed": entry.confirmed,
                "dropped": entry.dropped,
                "update": entry.body,
            }
            for place, entry in enumerate(islice(updates.log, after, after + MAX_ROWS))
        ]
        return {"updates": rows, "next": after + len(rows)}

    async def counters(self, ask: Ask) -> Json:
        """Return counts of updates and calls."""
        updates, journal = self.bot(ask).updates, self._api.journal
        return {
            "created": updates.created,
            "delivered": updates.delivered,
            "confirmed": updates.confirmed,
            "dropped": updates.dropped,
            "pending": len(updates),
            "calls": dict(journal.counts),
            "refusals": {str(code): count for code, count in journal.refusals.items()},
        }

    async def read_faults(self, _ask: Ask) -> Json:
        """Return the fault rules in force, and the names of recorded errors."""
        return {"rules": [rule.view() for rule in self._api.faults.rules], "recorded": sorted(RECORDED)}

    async def set_faults(self, ask: Ask) -> Json:
        """Replace all fault rules; an empty list clears them."""
        rules = ask.body.get("rules", [])
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise ControlError(400, "bad_fault", 'Send {"rules": [{"kind": …}, …]}.')
        self._api.faults.set([faults.parse(rule) for rule in rules], integer(ask.body, "seed", 0) or 0)
        return await self.read_faults(ask)

    async def set_limits(self, ask: Ask) -> Json:
        """Switch rate limits on or off."""
        enabled = ask.body.get("enabled")
        if not isinstance(enabled, bool):
            raise ControlError(400, "bad_flag", "enabled must be true or false.")
        self._api.limits.enabled = enabled
        return {"enabled": enabled}

    async def advance(self, ask: Ask) -> Json:
        """Move the simulator's clock forward."""
        seconds = ask.body.get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ControlError(400, "bad_number", "advance must be a number of seconds.")
        self._world.advance(float(seconds))
        return {"now": self._world.now()}

    async def read_calls(self, ask: Ask) -> Json:
        """Return Bot API calls after a cursor."""
        query, journal = ask.query, self._api.journal
        after, limit = integer(query, "after", 0) or 0, integer(query, "limit", MAX_ROWS) or MAX_ROWS
        calls = journal.read(after, limit, integer(query, "bot"), query.get("method"))
        return {"calls": calls, "next": calls[-1]["cursor"] if len(calls) == limit else journal.last}

    async def read_events(self, ask: Ask) -> Json:
        """Return what changed after a cursor, waiting for something to change."""
        after = integer(ask.query, "after", 0) or 0
        ends = asyncio.get_running_loop().time() + _seconds(ask.query)
        while self._cursor <= after and await change(self._watchers, ends):
            pass
        first = self._cursor - len(self._events)
        rows = list(islice(self._events, max(after - first, 0), None))[:MAX_ROWS]
        return {"events": rows, "next": rows[-1]["cursor"] if rows else self._cursor}

    def bot(self, ask: Ask) -> Bot:
        """Return the bot a path names. Raises ControlError when there is none."""
        bot = self._world.bots.get(integer(ask.path, "bot") or 0)
        if bot is None:
            raise ControlError(404, "no_bot", "No such bot: POST /sim/bots makes one, GET /sim/bots lists them.")
        return bot

    def _person(self, number: int | None) -> Person:
        person = self._world.people.get(number or 0)
        if person is None:
            raise ControlError(404, "no_person", "No such person: POST /sim/people makes one.")
        return person

    async def _wait(self, chat: Chat, after: int, query: Query) -> None:
        ends = asyncio.get_running_loop().time() + _seconds(query)
        card = query.get("of") == "card"
        while (chat.card_revision if card else chat.revision) <= after and await change(chat.watchers, ends):
            pass

    def _changed(self, chat: Chat) -> None:
        self._event({"kind": "chat", "bot": chat.bot_id, "chat": chat.id, "revision": chat.revision})

    def _event(self, event: Json) -> None:
        self._cursor += 1
        self._events.append({"cursor": self._cursor, **event})
        watchers, self._watchers[:] = list(self._watchers), []
        for watcher in watchers:
            watcher()


def _seconds(query: Query) -> float:
    return min(float(integer(query, "timeout", 25) or 0), MAX_WAIT)


def _required(body: Json, name: str) -> int:
    value = integer(body, name)
    if value is None:
        raise ControlError(400, "missing", f"{name} is needed.")
    return value


def _bot(bot: Bot) -> Json:
    return {"id": bot.id, "username": bot.username, "name": bot.name, "webhook": bot.webhook is not None}


def _card(chat: Chat) -> Json:
    card = next((message for message in chat.visible() if message.from_bot and message.kind != "voice"), None)
    return {
        "revision": chat.revision,
        "card_revision": chat.card_revision,
        "card": None if card is None else card.view(),
    }


ACTS: Final[dict[str, Callable[[Hands, Json], Json]]] = {
    "start": lambda hands, body: hands.start(words(body, "payload") or ""),
    "say": lambda hands, body: hands.say(words(body, "text") or ""),
    "send": lambda hands, body: hands.send(words(body, "kind") or "", body),
    "edit": lambda hands, body: hands.edit(_required(body, "message"), words(body, "text") or ""),
    "delete": lambda hands, body: hands.delete(_required(body, "message")),
    "press": lambda hands, body: hands.press(
        integer(body, "message"),
        label=words(body, "label"),
        index=integer(body, "index"),
        past=integer(body, "past"),
    ),
    "block": lambda hands, _body: hands.block(),
    "unblock": lambda hands, _body: hands.unblock(),
}
Handler = Callable[[Control, Ask], Awaitable[Json]]
ROUTES: Final[dict[tuple[str, str], str]] = {
    ("GET", "/sim"): "about",
    ("POST", "/sim/bots"): "add_bot",
    ("GET", "/sim/bots"): "list_bots",
    ("POST", "/sim/bots/{bot}/revoke"): "revoke",
    ("POST", "/sim/bots/{bot}/groups"): "add_group",
    ("GET", "/sim/bots/{bot}/chats"): "list_chats",
    ("POST", "/sim/bots/{bot}/updates"): "inject",
    ("GET", "/sim/bots/{bot}/updates"): "read_updates",
    ("GET", "/sim/bots/{bot}/counters"): "counters",
    ("GET", "/sim/bots/{bot}/people/{person}/chat"): "read_chat",
    ("POST", "/sim/bots/{bot}/people/{person}/{act}"): "act",
    ("POST", "/sim/people"): "add_person",
    ("GET", "/sim/people"): "list_people",
    ("GET", "/sim/faults"): "read_faults",
    ("PUT", "/sim/faults"): "set_faults",
    ("PUT", "/sim/limits"): "set_limits",
    ("POST", "/sim/clock"): "advance",
    ("GET", "/sim/calls"): "read_calls",
    ("GET", "/sim/events"): "read_events",
}
HANDLERS: Final[dict[str, Handler]] = {name: getattr(Control, name) for name in ROUTES.values()}
_PARTS: Final = {"bot": r"\d{1,16}", "person": r"-?\d{1,16}", "act": "|".join(ACTS)}
_PATTERNS: Final = [
    (verb, re.compile(re.sub(r"{(\w+)}", lambda part: f"(?P<{part[1]}>{_PARTS[part[1]]})", path)), name)
    for (verb, path), name in ROUTES.items()
]


@lru_cache(maxsize=65_536)
def resolve(verb: str, path: str) -> tuple[str, Query]:
    """Return the handler's name and path parameters. Raises ControlError 404."""
    for known, pattern, name in _PATTERNS:
        if known == verb and (match := pattern.fullmatch(path)):
            return name, match.groupdict()
    raise ControlError(404, "no_route", "No such route; docs/simulator.md lists them all.")

"""Synthetic people for tests and load: each says, presses and reads through the control API, many at once.

    async with Driver(url) as driver:
        amina = await driver.person("Amina", language_code="ar")
        await amina.start("K7QD")
        await amina.next_card()
        await amina.press("العربية")

Nothing here knows a bot, and nothing but /sim is used, so whatever a test sees a person could have seen.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Protocol, Self

import aiohttp
import orjson

from bot.simulator.errors import ControlError, Json
from bot.simulator.text import bare

WAIT_SECONDS: Final = 10.0
_SLICE: Final = 20


class Door(Protocol):
    """The control API, over HTTP or in the same process (`Control.call`)."""

    async def call(self, verb: str, path: str, query: Mapping[str, str], body: Json) -> Json:
        """Answer one request or raise ControlError."""


class HttpDoor:
    """The control API of a simulator at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def call(self, verb: str, path: str, query: Mapping[str, str], body: Json) -> Json:
        """Send one request. Raises ControlError with the simulator's own code and advice."""
        data = None if verb == "GET" else orjson.dumps(body)
        headers = {"Content-Type": "application/json"}
        async with self._session.request(verb, self._url + path, params=query, data=data, headers=headers) as answer:
            value: Json = orjson.loads(await answer.read())
        if answer.status >= 400:  # noqa: PLR2004 - HTTP's refusals begin here
            raise ControlError(answer.status, value["error"]["code"], value["error"]["message"])
        return value

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it; `keyboard` is the labels, row by row."""

    id: int
    from_bot: bool
    kind: str
    text: str = field(repr=False)
    keyboard: tuple[tuple[str, ...], ...] = field(repr=False)
    deleted: bool
    edits: int
    raw: Json = field(repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """All button labels in reading order."""
        return tuple(label for row in self.keyboard for label in row)


def seen(raw: Json) -> Seen:
    """Return a message of the control API as a value."""
    keyboard = tuple(tuple(button["text"] for button in row) for row in raw["keyboard"])
    origin = raw["from"] == "bot"
    return Seen(raw["id"], origin, raw["kind"], raw["text"], keyboard, raw["deleted"], raw["edits"], raw)


@dataclass(frozen=True, slots=True)
class Screen:
    """A whole chat: every message ever (`messages`), and what is still there (`visible`)."""

    revision: int
    messages: tuple[Seen, ...] = field(repr=False)
    toasts: tuple[Json, ...] = field(repr=False)
    blocked: bool
    raw: Json = field(repr=False)

    @property
    def visible(self) -> tuple[Seen, ...]:
        """The messages a person still sees."""
        return tuple(message for message in self.messages if not message.deleted)

    @property
    def card(self) -> Seen | None:
        """The last message of the bot that is still there and can be read."""
        return next((one for one in reversed(self.visible) if one.from_bot and one.kind != "voice"), None)

    @property
    def voices(self) -> tuple[Seen, ...]:
        """What the bot has sent to be heard and is still there."""
        return tuple(message for message in self.visible if message.from_bot and message.kind == "voice")


class NothingHappenedError(AssertionError):
    """What was waited for did not come in time; the message names no word that was said."""


class Person:
    """One synthetic person in one bot's chat."""

    def __init__(self, door: Door, bot: int, user: Json) -> None:
        self._door = door
        self._base = f"/sim/bots/{bot}/people/{user['id']}"
        self._revision = 0
        self._card_revision = 0
        self.id: int = user["id"]
        self.bot = bot

    async def start(self, payload: str = "") -> Json:
        """Open the bot by its link."""
        return await self._act("start", payload=payload)

    async def say(self, text: str) -> Json:
        """Type a text."""
        return await self._act("say", text=text)

    async def press(
        self, label: str | None = None, *, message: int | None = None, index: int | None = None, past: int | None = None
    ) -> Json:
        """Press a visible button by its label (or place), or one of an earlier keyboard with `past=1, 2 …`."""
        return await self._act("press", label=label, message=message, index=index, past=past)

    async def send(self, kind: str, **fields: object) -> Json:
        """Send a photo, voice, contact, location … (`caption=`, `forwarded=True`)."""
        return await self._act("send", kind=kind, **fields)

    async def edit(self, message: int, text: str) -> Json:
        """Change an own text message."""
        return await self._act("edit", message=message, text=text)

    async def delete(self, message: int) -> Json:
        """Delete a message for both sides."""
        return await self._act("delete", message=message)

    async def block(self) -> Json:
        """Block the bot."""
        return await self._act("block")

    async def unblock(self) -> Json:
        """Unblock the bot."""
        return await self._act("unblock")

    async def chat(self) -> Screen:
        """Return the chat as it is now."""
        return _screen(await self._read({}))

    async def card(self) -> Seen | None:
        """Return the last visible message of the bot."""
        raw = (await self._read({"view": "card"}))["card"]
        return None if raw is None else seen(raw)

    async def next_card(self, timeout: float = WAIT_SECONDS) -> Seen:  # noqa: ASYNC109 - the wait happens in the simulator
        """Wait until the bot has sent, edited or deleted something since this person's last act; return its card.

        Raises:
            NothingHappenedError: the bot stayed silent, or took everything away.
        """
        ends = asyncio.get_running_loop().time() + timeout
        while (left := ends - asyncio.get_running_loop().time()) > 0:
            query = {"view": "card", "of": "card", "after": str(self._card_revision), "timeout": _whole(left)}
            answer = await self._read(query)
            if answer["card_revision"] > self._card_revision:
                self._card_revision = answer["card_revision"]
                if answer["card"] is not None:
                    return seen(answer["card"])
        raise NothingHappenedError(f"no new card for person {self.id} within {timeout} s")

    async def wait(
        self,
        until: Callable[[Screen], bool] | str,
        timeout: float = WAIT_SECONDS,  # noqa: ASYNC109 - as above
    ) -> Screen:
        """Wait until the chat satisfies a predicate, or until the card contains a text or a button; return the chat.

        Raises:
            NothingHappenedError: it never did.
        """
        holds = until if callable(until) else _card_shows(until)
        ends = asyncio.get_running_loop().time() + timeout
        screen = await self.chat()
        while not holds(screen):
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                raise NothingHappenedError(f"the chat of person {self.id} did not come to that within {timeout} s")
            screen = _screen(await self._read({"after": str(screen.revision), "timeout": _whole(left)}))
        self._revision, self._card_revision = screen.revision, screen.raw["card_revision"]
        return screen

    async def _read(self, query: Mapping[str, str]) -> Json:
        return await self._door.call("GET", f"{self._base}/chat", query, {})

    async def _act(self, act: str, **body: object) -> Json:
        answer = await self._door.call("POST", f"{self._base}/{act}", {}, body)
        self._revision, self._card_revision = answer["revision"], answer["card_revision"]
        return answer


class Driver:
    """The people, and the levers of the simulator. Use as an async context manager."""

    def __init__(self, url: str = "", *, door: Door | None = None) -> None:
        self._url = url
        self._given = door
        self._door: Door | None = door

    async def __aenter__(self) -> Self:
        self._door = self._given or HttpDoor(self._url)
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(self._door, HttpDoor):
            await self._door.close()

    async def call(self, verb: str, path: str, body: Json | None = None, **query: object) -> Json:
        """Send any request of the control API."""
        if self._door is None:
            raise RuntimeError("use the driver as an async context manager")
        asked = {name: str(value) for name, value in query.items() if value is not None}
        return await self._door.call(verb, path, asked, body or {})

    async def bot(self, token: str | None = None, *, username: str | None = None) -> Json:
        """Create a bot; the answer holds `id` and `token`."""
        return await self.call("POST", "/sim/bots", {"token": token, "username": username})

    async def only_bot(self) -> int:
        """Return the id of the newest bot, made if there is none."""
        bots = (await self.call("GET", "/sim/bots"))["bots"]
        return int(bots[-1]["id"]) if bots else int((await self.bot())["id"])

    async def person(
        self,
        first_name: str = "Amina",
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        bot: int | None = None,
    ) -> Person:
        """Create a person who talks to `bot` (default: the newest)."""
        body = {
            "first_name": first_name,
            "last_name": last_name,
            "username": username,
            "language_code": language_code,
        }
        user = await self.call("POST", "/sim/people", body)
        if self._door is None:
            raise RuntimeError("use the driver as an async context manager")
        return Person(self._door, bot if bot is not None else await self.only_bot(), user)

    async def faults(self, *rules: Json, seed: int = 0) -> Json:
        """Set the faults in force; none clears them."""
        return await self.call("PUT", "/sim/faults", {"rules": list(rules), "seed": seed})

    async def advance(self, seconds: float) -> None:
        """Move the simulator's clock forward."""
        await self.call("POST", "/sim/clock", {"advance": seconds})

    async def calls(self, method: str | None = None, *, after: int = 0, bot: int | None = None) -> list[Json]:
        """Return all Bot API calls after a cursor, oldest first."""
        rows: list[Json] = []
        while True:
            page = await self.call("GET", "/sim/calls", after=after, method=method, bot=bot)
            rows += page["calls"]
            if len(page["calls"]) < 1000:  # noqa: PLR2004 - the size of a full page
                return rows
            after = page["next"]

    async def updates(self, bot: int) -> list[Json]:
        """Return what became of every update of a bot."""
        rows: list[Json] = []
        while True:
            page = await self.call("GET", f"/sim/bots/{bot}/updates", after=len(rows))
            rows += page["updates"]
            if not page["updates"]:
                return rows

    async def inject(self, bot: int, update: Json) -> int:
        """Queue any JSON object as an update and return its id."""
        return int((await self.call("POST", f"/sim/bots/{bot}/updates", update))["update_id"])


def _screen(raw: Json) -> Screen:
    messages = tuple(seen(message) for message in raw["messages"])
    return Screen(raw["revision"], messages, tuple(raw["toasts"]), raw["blocked"], raw)


def _card_shows(text: str) -> Callable[[Screen], bool]:
    def shows(screen: Screen) -> bool:
        card = screen.card
        return card is not None and (text in card.text or bare(text) in {bare(label) for label in card.labels})

    return shows


def _whole(seconds: float) -> str:
    return str(min(int(seconds) + 1, _SLICE))

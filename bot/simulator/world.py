"""Everything that exists: bots, people, chats, files, and a clock handed in. No network, no disk.

The world knows nothing of HTTP, of validation or of faults: it is what a call means once it has been let in.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.simulator.chats import Chat, Person
from bot.simulator.errors import ControlError, Json, TelegramError, bad_request, forbidden
from bot.simulator.updates import Updates

FIRST_PERSON: Final = 5_000_000_001
FIRST_BOT: Final = 7_000_000_001
LOGGED_OUT_SECONDS: Final = 600
QUERY_SECONDS: Final = 300
QUERIES_KEPT: Final = 20_000
_TOKEN = re.compile(r"(\d{1,16}):[A-Za-z0-9_-]{20,64}")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file a bot sent: its size and hash stand for its content, which is kept of voices only, to be heard.

    `pixels` is width and height.
    """

    kind: str
    size: int
    digest: str
    name: str | None
    pixels: tuple[int, int] | None = None
    content: bytes = field(default=b"", repr=False)

    @property
    def file_id(self) -> str:
        """The id the bot may send again."""
        return f"SIM{self.kind[:3].upper()}{self.digest}"


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer."""

    chat: Chat
    created: float


@dataclass(slots=True)
class Webhook:
    """Where updates are posted; `secret` goes into X-Telegram-Bot-Api-Secret-Token."""

    url: str
    secret: str | None = field(repr=False)
    max_connections: int
    last_error_date: int | None = None
    last_error: str | None = None


@dataclass(slots=True)
class Bot:
    """One bot as the server knows it; `profile` holds names, descriptions and commands by language."""

    id: int
    token: str = field(repr=False)
    username: str
    name: str
    updates: Updates
    webhook: Webhook | None = None
    revoked: bool = False
    logged_out_until: float = 0.0
    pollers: int = 0
    next_message_id: int = 1
    next_query_id: int = 1
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict, repr=False)
    profile: dict[tuple[str, str], object] = field(default_factory=dict)

    def user(self) -> Json:
        """Return the Bot API's User object of the bot."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def message_id(self) -> int:
        """Return the next message id: one row of numbers for all private chats of a bot, as on the server."""
        number = self.next_message_id
        self.next_message_id += 1
        return number


class World:
    """All there is. `clock` gives seconds since 1970; `advance` runs ahead of it.

    Without `history` (the light path) deleted messages, old keyboards and the log of updates are not kept.
    """

    def __init__(self, clock: Callable[[], float], *, history: bool) -> None:
        self._clock = clock
        self._ahead = 0.0
        self.history = history
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.files: dict[str, Upload] = {}
        self.on_change: Callable[[Chat], object] | None = None
        self.on_webhook: Callable[[Bot], object] | None = None
        self._groups = 0

    def now(self) -> float:
        """Return the simulator's time in seconds since 1970."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time jump forward; what waits for updates looks again, since some may have grown too old."""
        if seconds < 0:
            raise ControlError(400, "clock_backwards", "Time only goes forward: give zero or more seconds.")
        self._ahead += seconds
        for bot in self.bots.values():
            bot.updates.wake()

    def add_bot(self, username: str | None = None, name: str | None = None, token: str | None = None) -> Bot:
        """Create a bot; without a token one is made up (it opens nothing outside this process)."""
        number = FIRST_BOT + len(self.bots)
        if token is None:
            token = f"{number}:{hashlib.sha256(f'simulated bot {number}'.encode()).hexdigest()[:35]}"
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ControlError(400, "bad_token", "A token is digits, a colon, and 20 to 64 letters, digits, _ or -.")
        number = int(match[1])
        if number in self.bots:
            raise ControlError(409, "bot_exists", "A bot with this id exists: list the bots, or choose another token.")
        handle = username or f"sim{number}_bot"
        if not _USERNAME.fullmatch(handle):
            raise ControlError(400, "bad_username", "A username is 5 to 32 letters, digits or _, letter first.")
        bot = Bot(number, token, handle, name or "Simulated bot", Updates(history=self.history))
        self.bots[number] = bot
        return bot

    def bot_by_token(self, token: str) -> Bot:
        """Return the bot of a token; a well-formed token that nobody has used yet becomes a new bot.

        Raises:
            TelegramError: 404 malformed, 401 wrong secret or revoked, 400 logged out.
        """
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise TelegramError(404, "Not Found")
        bot = self.bots.get(int(match[1])) or self.add_bot(token=token)
        if bot.revoked or bot.token != token:
            raise TelegramError(401, "Unauthorized")
        if self.now() < bot.logged_out_until:
            raise TelegramError(400, "Logged out")
        return bot

    def add_person(
        self, first_name: str, last_name: str | None, username: str | None, language_code: str | None
    ) -> Person:
        """Create a synthetic person who has not written to any bot yet."""
        if not first_name:
            raise ControlError(400, "no_name", "A person needs a first_name.")
        person = Person(FIRST_PERSON + len(self.people), first_name, last_name, username, language_code)
        self.people[person.id] = person
        return person

    def add_group(self, bot: Bot, title: str) -> Chat:
        """Create a group with the bot in it."""
        self._groups += 1
        chat = Chat(-4_000_000_000 - self._groups, bot.id, title=title, history=self.history, open=True)
        chat.on_change = self.on_change
        bot.chats[chat.id] = chat
        return chat

    def chat_of(self, bot: Bot, person: Person) -> Chat:
        """Return the private chat of a person with a bot, as the person's phone has it: empty before the first word."""
        chat = bot.chats.get(person.id)
        if chat is None:
            chat = Chat(person.id, bot.id, person=person, history=self.history, on_change=self.on_change)
            bot.chats[person.id] = chat
        return chat

    def reachable(self, bot: Bot, chat_id: object, *, speak: bool = True) -> Chat:
        """Return a chat the bot may act in.

        Raises:
            TelegramError: nobody there ever wrote, the person blocked the bot, or the bot has left.
        """
        chat = bot.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.open:
            raise bad_request("chat not found")
        if chat.left:
            raise forbidden("bot is not a member of the group chat")
        if chat.blocked and speak:
            raise forbidden("bot was blocked by the user")
        return chat

    def ask(self, bot: Bot, chat: Chat) -> str:
        """Register a pressed button and return the id of its query."""
        number = str(bot.id * 1_000_000 + bot.next_query_id)
        bot.next_query_id += 1
        bot.queries[number] = Query(chat, self.now())
        if len(bot.queries) > QUERIES_KEPT:
            del bot.queries[next(iter(bot.queries))]
        return number

    def answer(self, bot: Bot, number: str) -> Chat:
        """Take the answer to a query, once and in time, and return its chat."""
        query = bot.queries.pop(number, None)
        if query is None or self.now() - query.created > QUERY_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query.chat

"""Posting updates to webhooks: one at a time per chat, many chats at once, again until the bot says 200.

That order is the server's own (tdlib/telegram-bot-api queues by chat). Retries come faster than Telegram's, after a
quarter of a second up to eight, because people who test do not have minutes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Final, Self

import aiohttp
import orjson

from bot.simulator.api import BotApi
from bot.simulator.errors import TelegramError
from bot.simulator.poster import Answer, Poster
from bot.simulator.updates import Entry
from bot.simulator.waiting import change
from bot.simulator.wire import read
from bot.simulator.world import Bot, Webhook

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
FIRST_RETRY, LAST_RETRY = 0.25, 8.0
LOOK_AGAIN: Final = 0.25


Post = Callable[[str, bytes, dict[str, str]], Awaitable[Answer]]
"""Sends a body with headers to an address. Raises OSError, TimeoutError or aiohttp's ClientError."""


@asynccontextmanager
async def posting(*, light: bool) -> AsyncIterator[Post]:
    """How deliveries go out: through aiohttp, or for load by hand."""
    if light:
        poster = Poster()
        try:
            yield poster.post
        finally:
            poster.close()
        return
    async with aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0)) as session:

        async def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                kind = answer.headers.get("Content-Type", "")
                return Answer(answer.status, answer.reason or "", kind, await answer.read())

        yield post


class Round:
    """What one bot's courier has in hand: busy chats, and failed updates with the loop time of their next try."""

    def __init__(self) -> None:
        self.busy: set[int] = set()
        self.tries: dict[int, int] = {}
        self.not_before: dict[int, float] = {}

    def choose(self, waiting: Iterator[Entry], slots: int, now: float) -> list[Entry]:
        """Return what may be posted now: the oldest of each chat that is not busy and not waiting for a retry."""
        chosen: list[Entry] = []
        held = set(self.busy)
        for entry in waiting:
            if len(chosen) >= slots:
                break
            key = _key(entry)
            if key not in held and self.not_before.get(entry.id, 0.0) <= now:
                chosen.append(entry)
            held.add(key)
        return chosen

    def failed(self, entry: Entry, now: float) -> None:
        """Set the time of the next try: twice as long each time."""
        tries = self.tries[entry.id] = self.tries.get(entry.id, 0) + 1
        self.not_before[entry.id] = now + min(FIRST_RETRY * 2 ** (tries - 1), LAST_RETRY)

    def done(self, entry: Entry) -> None:
        """Forget an update that has arrived."""
        self.tries.pop(entry.id, None)
        self.not_before.pop(entry.id, None)


def _key(entry: Entry) -> int:
    """Return the queue of an update: its chat, or for an injected one a queue of its own."""
    return entry.chat_id or -entry.id


class Courier:
    """All webhook deliveries of a simulator. Use as an async context manager."""

    def __init__(self, api: BotApi, post: Post) -> None:
        self._api, self._send = api, post
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        self._api.world.on_webhook = self.employ
        return self

    async def __aexit__(self, *_: object) -> None:
        self._api.world.on_webhook = None
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def employ(self, bot: Bot) -> None:
        """Start posting for a bot that has just set a webhook, unless that already happens."""
        task = self._tasks.get(bot.id)
        if task is None or task.done():
            self._tasks[bot.id] = asyncio.get_running_loop().create_task(self._serve(bot))

    async def _serve(self, bot: Bot) -> None:
        loop, hand, queue = asyncio.get_running_loop(), Round(), bot.updates
        async with asyncio.TaskGroup() as group:
            while (hook := bot.webhook) is not None:
                slots = hook.max_connections - len(hand.busy)
                if slots > 0:
                    batch = hand.choose(queue.waiting(self._api.world.now()), slots, loop.time())
                    if self._api.faults.rules:
                        batch = self._api.faults.batch(bot.id, batch, queue)
                    for entry in batch:
                        hand.busy.add(_key(entry))
                        group.create_task(self._post(bot, hook, entry, hand))
                await change(queue.watchers, loop.time() + LOOK_AGAIN)

    async def _post(self, bot: Bot, hook: Webhook, entry: Entry, hand: Round) -> None:
        world, queue = self._api.world, bot.updates
        queue.mark_delivered([entry], world.now())
        try:
            problem = await self._exchange(bot, hook, entry)
        finally:
            hand.busy.discard(_key(entry))
        if problem is None:
            hand.done(entry)
            if entry.confirmed is None and not entry.dropped:
                queue.confirm(entry, world.now())
        else:
            hook.last_error, hook.last_error_date = problem, int(world.now())
            hand.failed(entry, asyncio.get_running_loop().time())
        queue.wake()

    async def _exchange(self, bot: Bot, hook: Webhook, entry: Entry) -> str | None:
        """Post one update; return None when it was taken, else what went wrong, in Telegram's words."""
        headers = {"Content-Type": "application/json"}
        if hook.secret is not None:
            headers[SECRET_HEADER] = hook.secret
        if away := self._api.faults.holds_back(bot.id) if self._api.faults.rules else 0.0:
            await asyncio.sleep(away)
        try:
            answer = await self._send(hook.url, orjson.dumps(entry.body), headers)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return "Connection refused or timed out"
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - any 2xx is a yes
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        await self._act(bot, answer.content_type, answer.content)
        return None

    async def _act(self, bot: Bot, content_type: str, content: bytes) -> None:
        """Perform the method a bot may put into its answer to a webhook; its result is told to nobody."""
        try:
            raw, files = read("", content_type, content)
        except TelegramError:
            return
        method = raw.pop("method", None)
        if isinstance(method, str):
            await self._api.call(bot, method, raw, files)

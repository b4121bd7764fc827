"""One update from Telegram, whole: parsed, turned durably, answered. Polling and webhook both end here.

The update goes through aiogram's router with nothing in it but its kind; beside it goes what the allow-list let
through, so that handlers and middleware never hold what the parser dropped. `handle` returns when the turn is on the
disk and its replies were tried for a moment; only then may the update be confirmed to Telegram. A crash before that
brings it again, where it counts once and the card is shown again.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from bot.participant.conversation import Conversation
from bot.participant.incoming import Incoming, Kind, parse
from bot.participant.lanes import Lanes
from bot.participant.log import Event, log
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from storage.errors import StorageRefused, StorageUnavailable

REPLY_PATIENCE = 1.0
"""Seconds that confirming an update waits for its replies; slower ones go on by themselves."""
REPLIES = 2_000
"""Replies under way at most; beyond that, updates wait."""
PERSONS = 256
"""Turns under way at most."""

_UNKNOWN, _NO_DATE = "unknown", datetime.fromtimestamp(0, UTC)


class Gateway:
    """The one door for updates."""

    def __init__(self, bot: Bot, conversation: Conversation, speaker: Speaker) -> None:
        self._bot, self._conversation, self._speaker = bot, conversation, speaker
        self._router = self._routes()
        self._lanes = Lanes()
        self._turns, self._replies = asyncio.Semaphore(PERSONS), asyncio.Semaphore(REPLIES)
        self._speaking: set[asyncio.Task[None]] = set()

    async def handle(self, raw: object) -> None:
        """Takes one update, whatever it is; one that breaks us is logged and let go, or it would come for ever.

        Raises:
            StorageUnavailable: nothing was kept; it must come again, and must not be confirmed.
        """
        incoming = parse(raw)
        if incoming is None:
            return
        reply: object = None
        async with self._lanes.turn(incoming.user_id), self._turns:
            try:
                kind = "callback_query" if incoming.kind is Kind.PRESS else "message"
                reply = await self._router.propagate_event(kind, _EVENTS[kind], bot=self._bot, incoming=incoming)
            except StorageUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one update must not stop the others, whatever it does
                log(Event.HANDLER_FAILED, code=type(error).__name__)
        if isinstance(reply, asyncio.Task):
            # Outside the lane: a hundred updates of one person wait for their replies together, not one after the
            # other, and everybody else's, which are confirmed with them, wait for a moment only.
            await asyncio.wait({reply}, timeout=REPLY_PATIENCE)

    async def drain(self, patience: float) -> None:
        """Waits for replies that are still under way, `patience` seconds at most."""
        if self._speaking:
            await asyncio.wait(self._speaking, timeout=patience)
        for task in self._speaking:
            task.cancel()

    def _routes(self) -> Router:
        router = Router(name="participant")
        router.message.register(self._on_update)
        router.callback_query.register(self._on_update)
        return router

    async def _on_update(self, _event: object, incoming: Incoming) -> asyncio.Task[None] | None:
        said = await self._turn(incoming)
        return None if said is None else await self._reply(said)

    async def _turn(self, incoming: Incoming) -> Outcome | None:
        try:
            return await self._conversation.handle(incoming)
        except StorageRefused as error:
            # Coming again would be refused again: the person taps once more, and that is drawn from what is stored.
            log(Event.STORAGE_REFUSED, code=error.code)
            return None

    async def _reply(self, said: Outcome) -> asyncio.Task[None]:
        """The reply under way; those of one chat go out in the order of these calls."""
        await self._replies.acquire()
        task = asyncio.get_running_loop().create_task(self._speaker.say(said))
        self._speaking.add(task)
        task.add_done_callback(self._spoken)
        return task

    def _spoken(self, task: asyncio.Task[None]) -> None:
        self._speaking.discard(task)
        self._replies.release()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StorageUnavailable):
            log(Event.STORAGE_UNAVAILABLE, code=error.code)
        elif error is not None:
            log(Event.HANDLER_FAILED, code=type(error).__name__)


def _events() -> dict[str, TelegramObject]:
    """What the router is given, by kind: models in which nothing stands, because nobody reads them.

    What an update holds goes beside it, as the allow-list has let it through; made anew for each update, these models
    took more time than routing itself.
    """
    user = User(id=0, is_bot=False, first_name=_UNKNOWN)
    message = Message(message_id=0, date=_NO_DATE, chat=Chat(id=0, type="private"), from_user=user)
    return {"message": message, "callback_query": CallbackQuery(id="", from_user=user, chat_instance="")}


_EVENTS: Final = _events()

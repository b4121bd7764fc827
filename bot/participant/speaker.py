"""What is said reaches the chat, however badly the line behaves; losing a reply never loses a turn.

Toast, card and deletions of one turn go out together. What fails for a passing reason is tried again a few times;
after that it is let go, because the next tap draws the card again and the sweep box deletes what was left. Nothing is
queued without a bound: a turn waits for its own replies, and there are only so many turns at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, DeleteMessages, LeaveChat, TelegramMethod

from bot.participant.conversation import Outcome
from bot.participant.lanes import Lanes
from bot.participant.log import Event, log
from bot.participant.render import Card
from bot.participant.session import Reason, TelegramError, Written

TRIES = 4
FIRST_PAUSE = 0.25
"""Seconds before the second try; doubled each time."""
LONGEST_WAIT = 60.0
"""Seconds of `retry_after` that are waited for at most."""
BATCH = 100
"""Message ids that one `deleteMessages` takes."""

PACED_CHATS = 1_000
"""Chats above which those whose pause is over are forgotten."""
NEW_MESSAGES = 1.0
"""Seconds between two new messages in one chat (T4); edits need no such pause."""

_SENT_ONLY = b',"protect_content":true,"disable_notification":true'
"""What holds for a new message and is kept by its edits: it cannot be forwarded, and makes no sound."""


class EditCard(Written):
    """`editMessageText`."""

    __api_method__ = "editMessageText"


class SendCard(Written):
    """`sendMessage`."""

    __api_method__ = "sendMessage"


class Cards(Protocol):
    """Where a new card's message id is remembered (`storage.intake.Intake`)."""

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> None:
        """Remembers it in the draft."""


Overtaken = Callable[[], bool]


class Speaker:
    """Says outcomes in their chats."""

    def __init__(self, bot: Bot, cards: Cards, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._bot, self._cards, self._sleep = bot, cards, sleep
        self._lanes = Lanes()
        self._free_at: dict[int, float] = {}

    async def say(self, said: Outcome) -> None:
        """Does what the outcome says, as far as Telegram lets it. Never raises TelegramError.

        Outcomes of one chat go out in the order in which `say` was called. A passing card that is overtaken by a newer
        outcome while it waits is left out: she shall see where she is, not where she was.
        """
        if said.leave:
            await self._quietly(LeaveChat(chat_id=said.chat_id))
            return
        async with self._lanes.turn(said.chat_id) as newer:
            overtaken: Overtaken = newer if said.passing else _never
            works: list[Coroutine[Any, Any, object]] = [self._show(said, overtaken)]
            if said.callback_id is not None:
                works.append(self._toast(said.callback_id, said.toast))
            if said.delete:
                works.append(self.delete(said.chat_id, said.delete))
            await asyncio.gather(*works)

    async def delete(self, chat_id: int, message_ids: tuple[int, ...]) -> bool:
        """Deletes messages; whether Telegram confirmed it, or has nothing left to delete."""
        confirmed = True
        for start in range(0, len(message_ids), BATCH):
            ids = list(message_ids[start : start + BATCH])
            confirmed &= await self._quietly(DeleteMessages(chat_id=chat_id, message_ids=ids)) is not None
        return confirmed

    async def _show(self, said: Outcome, overtaken: Overtaken) -> None:
        if said.card is None or overtaken():
            return
        shown = _shown(said, said.card)
        if said.edit is not None:
            edit = EditCard(body=b'{"message_id":%d,%b}' % (said.edit, shown))
            if await self._quietly(edit, overtaken, gone=False) is not False:
                if not said.known:
                    await self._remember(said, said.edit)
                return
        await self._pace(said.chat_id)
        if overtaken():
            return
        sent = await self._quietly(SendCard(body=b"{%b%b}" % (shown, _SENT_ONLY)), overtaken)
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if isinstance(message_id, int):
            await self._remember(said, message_id)

    async def _pace(self, chat_id: int) -> None:
        """Waits until this chat may have another new message."""
        now = asyncio.get_running_loop().time()
        wait = self._free_at.get(chat_id, now) - now
        if wait > 0:
            await self._sleep(wait)
        elif len(self._free_at) > PACED_CHATS:
            self._free_at = {chat: free for chat, free in self._free_at.items() if free > now}
        self._free_at[chat_id] = now + max(wait, 0.0) + NEW_MESSAGES

    async def _remember(self, said: Outcome, message_id: int) -> None:
        if said.remember is not None:
            await self._cards.card_sent(user_id=said.user_id, round_id=said.remember, message_id=message_id)

    async def _toast(self, callback_id: str, toast: str | None) -> object:
        """The small spinner on the button must end; after half a minute Telegram no longer knows the press."""
        return await self._quietly(AnswerCallbackQuery(callback_query_id=callback_id, text=toast))

    async def _quietly(
        self, method: TelegramMethod[Any], overtaken: Overtaken | None = None, *, gone: object = True
    ) -> object:
        """The result; `gone` where there is no such message; None where Telegram would not."""
        try:
            return await self._persistently(method, overtaken or _never)
        except TelegramError as error:
            if error.reason is Reason.UNCHANGED:
                return True
            if error.reason is Reason.GONE:
                return gone
            if error.reason is not Reason.BLOCKED:
                log(Event.TELEGRAM_REFUSED, code=error.reason, status=error.status)
            return None

    async def _persistently(self, method: TelegramMethod[Any], overtaken: Overtaken) -> object:
        """Tries again what may work later. Raises TelegramError for the last failure."""
        pause, left = FIRST_PAUSE, TRIES
        while True:
            left -= 1
            try:
                return await self._bot(method)
            except TelegramError as error:
                if left == 0 or error.reason not in {Reason.FLOOD, Reason.UNREACHABLE} or overtaken():
                    raise
                await self._sleep(min(error.retry_after, LONGEST_WAIT) or pause)
                pause *= 2
                if overtaken():
                    raise


def _never() -> bool:
    return False


def _shown(said: Outcome, card: Card) -> bytes:
    """What edit and send have in common, as members of a JSON object."""
    pieces = [b'"chat_id":%d,' % said.chat_id]
    for piece, token in zip(card.form, said.tokens, strict=False):
        pieces += piece, token.encode("ascii")
    return b"".join((*pieces, card.form[-1]))

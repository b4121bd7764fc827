"""What is said reaches the chat, however badly the line behaves; losing a reply never loses a turn.

Toast, card and deletions of one turn go out together; only the card that a new message replaces goes after it, so that
there is always one on screen. Nothing is queued without a bound: a turn waits for its own replies, and there are only
so many turns at a time.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, GetMe, LeaveChat

from bot.participant.among import Alone, Order
from bot.participant.calls import Calls, EditCard, Overtaken, SendCard, Sleep, Way, never
from bot.participant.lanes import Lanes
from bot.participant.outcome import Outcome
from bot.participant.recordings import Recordings
from bot.participant.render import Card
from bot.participant.spoken import Spoken
from bot.participant.steadfast import Cards, Steadfast
from bot.participant.wiping import SENT_ONLY, Cleared, Wiper

PACED_CHATS = 1_000
"""Chats above which those whose pause is over are forgotten."""
NEW_MESSAGES = 1.0
"""Seconds between two new messages in one chat (T4); edits need no such pause."""


class Speaker:
    """Says outcomes in their chats."""

    def __init__(
        self,
        bot: Bot,
        cards: Cards,
        sleep: Sleep = asyncio.sleep,
        spoken: Spoken | None = None,
        order: Order | None = None,
    ) -> None:
        """`order`: whom to wait for where other processes speak in the same chats."""
        cards, self._order = Steadfast(cards, sleep), order or Alone()
        self._calls, self._cards, self.spoken = Calls(bot, sleep), cards, spoken or Spoken()
        self._recordings = Recordings(self._calls, cards)
        self._wiper = Wiper(self._calls, cards, self.spoken)
        self._lanes = Lanes()
        self._free_at: dict[int, float] = {}

    async def say(self, said: Outcome) -> None:
        """Does what the outcome says, as far as Telegram lets it. Never raises TelegramError.

        Outcomes of one chat go out in the order in which `say` was called. A passing card that is overtaken by a newer
        outcome while it waits is left out: she shall see where she is, not where she was.
        """
        if said.leave:
            await self._calls.quietly(LeaveChat(chat_id=said.chat_id))
            return
        async with self._lanes.turn(said.chat_id) as newer:
            works: list[Coroutine[Any, Any, object]] = []
            if said.wipe:
                works.append(self._wiper.wipe(said.chat_id, said.delete))
            else:
                works.append(self._tell(said, newer))
                if said.delete:
                    works.append(self._wiper.clear(said.chat_id, said.delete))
            if said.callback_id is not None:
                works.append(self._toast(said.callback_id, said.toast))
            first, *others = works
            beside = asyncio.gather(*others)
            try:
                await first  # in this task, as most turns say one or two things and a task costs as much as a call
            finally:
                await beside

    async def heard(self) -> bool:
        """Whether Telegram can be reached just now, so that what is said once is not said into the air."""
        return await self._calls.quietly(GetMe()) is not None

    async def clear(self, chat_id: int, message_ids: Sequence[int]) -> bool:
        """Takes messages away, as far as Telegram lets it; whether there is nothing left to try."""
        return await self._wiper.clear(chat_id, message_ids) is Cleared.GONE

    async def wipe(self, chat_id: int) -> bool:
        """Empties a chat whose wiping was interrupted; whether there is nothing left to try."""
        return await self._wiper.wipe(chat_id)

    async def _tell(self, said: Outcome, newer: Overtaken) -> None:
        """The card, and below it what can be heard."""
        await self._show(said, newer if said.passing else never)
        if said.heard is None:
            return
        await self._pace(said.chat_id)
        late = await self._recordings.play(said.chat_id, said.heard, newer)
        if late is not None:
            await self._wiper.clear(said.chat_id, (late,))

    async def _show(self, said: Outcome, overtaken: Overtaken) -> None:
        if said.card is None or overtaken():
            return
        body, way = shown(said, said.card), Way(overtaken, partial(self._order.turn, said), said.first)
        if said.edit is not None:
            edit = EditCard(body=b'{"message_id":%d,%b}' % (said.edit, body))
            if await self._calls.quietly(edit, way, gone=False, stuck=False) is not False:
                if not said.known:
                    await self._remember(said, said.edit)
                return
        if said.unasked:
            return
        await self._pace(said.chat_id)
        if overtaken():
            return
        send = SendCard(body=b"{%b%b}" % (body, SENT_ONLY))
        sent = await self._calls.quietly(send, replace(way, once=said.once))
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if isinstance(message_id, int):
            await self._remember(said, message_id)

    async def _pace(self, chat_id: int) -> None:
        """Waits until this chat may have another new message."""
        now = asyncio.get_running_loop().time()
        wait = self._free_at.get(chat_id, now) - now
        if wait > 0:
            await self._calls.sleep(wait)
        elif len(self._free_at) > PACED_CHATS:
            self._free_at = {chat: free for chat, free in self._free_at.items() if free > now}
        self._free_at[chat_id] = now + max(wait, 0.0) + NEW_MESSAGES

    async def _remember(self, said: Outcome, message_id: int) -> None:
        """Every message of the bot stands in a draft or in the sweep box, so that hiding finds it."""
        if said.remember is None:
            if message_id != said.edit:
                await self._cards.line_sent(chat_id=said.chat_id, message_id=message_id, later=said.stays)
            return
        before = await self._cards.card_sent(
            user_id=said.user_id, round_id=said.remember, message_id=message_id
        )  # fmt: skip
        if before is not None:
            await self._wiper.clear(said.chat_id, (before,))

    async def _toast(self, callback_id: str, toast: str | None) -> object:
        """The small spinner on the button must end; after half a minute Telegram no longer knows the press."""
        return await self._calls.quietly(AnswerCallbackQuery(callback_query_id=callback_id, text=toast))


def shown(said: Outcome, card: Card) -> bytes:
    """What edit and send have in common, as members of a JSON object."""
    pieces = [b'"chat_id":%d,' % said.chat_id]
    for piece, token in zip(card.form, said.tokens, strict=False):
        pieces += piece, token.encode("ascii")
    return b"".join((*pieces, card.form[-1]))

"""Everything that the staff bot sends and deletes: one card a chat, protected, silent, and gone after a while (T6)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.staff.desk import File, Reply
from bot.staff.log import Event, log
from storage.staff import Account, StaffStore

TRIES: Final = 4
FIRST_PAUSE: Final = 0.5
LONGEST_WAIT: Final = 60.0
AT_ONCE: Final = 100
"""Messages that one call may delete (Bot API, deleteMessages)."""
NOTHING: Final = "·"
"""What stays of a message that Telegram does not delete any more."""
Done = TypeVar("Done")


class Speaker:
    """The mouth of one bot; what stands in a chat is in the database, and the card's place in memory."""

    def __init__(self, bot: Bot, store: StaffStore, clock: Callable[[], datetime]) -> None:
        self._bot, self._store, self._clock = bot, store, clock
        self._cards: dict[bytes, int] = {}

    async def carry_out(self, reply: Reply) -> None:
        """Shows, sends or wipes. What fails for good is let go: the next press draws the card again."""
        account = reply.account
        if reply.wipe:
            await self.wipe(account)
            return
        for file in reply.files:
            await self._send_file(account, file)
        if reply.screen is not None:
            await self._show(account, reply.screen.text, _keyboard(reply), below=bool(reply.files))

    async def tell(self, account: Account, text: str) -> None:
        """A message that nobody asked for."""
        await self._new(account, text, None)

    async def wipe(self, account: Account) -> None:
        """Deletes all that stands in a chat, and empties what cannot be deleted."""
        self._cards.pop(account.key, None)
        await self.delete(account, self._store.standing(account))

    async def delete(self, account: Account, messages: Sequence[int]) -> None:
        """Deletes messages, a hundred at a time; afterwards nobody remembers them."""
        for first in range(0, len(messages), AT_ONCE):
            some = messages[first : first + AT_ONCE]
            if not await self._tried(partial(self._bot.delete_messages, account.chat_id, some)):
                # One that is too old stops all of a call.
                for message in some:
                    await self._delete_one(account, message)
            self._store.swept(account, some)
            if self._cards.get(account.key) in some:
                del self._cards[account.key]

    async def leave(self, chat_id: int) -> None:
        """Leaves a group."""
        await self._tried(lambda: self._bot.leave_chat(chat_id))

    async def pressed(self, press_id: str) -> None:
        """Ends the waiting mark on a button."""
        await self._tried(lambda: self._bot.answer_callback_query(press_id))

    async def _delete_one(self, account: Account, message: int) -> None:
        if not await self._tried(lambda: self._bot.delete_message(account.chat_id, message)):
            await self._tried(lambda: self._bot.edit_message_text(NOTHING, account.chat_id, message))

    async def _show(self, account: Account, text: str, keyboard: InlineKeyboardMarkup, *, below: bool) -> None:
        """The card, in the place where it stands; below what was just sent, and where it is gone, a new one."""
        card = self._cards.get(account.key)
        others = [one for one in self._store.standing(account) if one != card] if not below else []
        if card is not None and not below:
            edited = await self._tried(
                lambda: self._bot.edit_message_text(text, account.chat_id, card, reply_markup=keyboard)
            )  # fmt: skip
            if edited:
                await self.delete(account, others)
                return
        await self._new(account, text, keyboard)
        await self.delete(account, [*others, *([card] if card is not None else [])])

    async def _new(self, account: Account, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        sent = await self._tried(
            lambda: self._bot.send_message(
                account.chat_id, text, reply_markup=keyboard, protect_content=True, disable_notification=True,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )  # fmt: skip
        self._keep(account, sent)
        if sent is not None and keyboard is not None:
            self._cards[account.key] = sent.message_id

    async def _send_file(self, account: Account, file: File) -> None:
        if file.picture:
            send: Callable[[], Awaitable[Message]] = lambda: self._bot.send_photo(  # noqa: E731 - one of two ways to call
                account.chat_id, file.content, filename=file.name, protect_content=True, disable_notification=True
            )
        else:
            send = lambda: self._bot.send_document(  # noqa: E731 - as above
                account.chat_id, file.content, filename=file.name, disable_content_type_detection=True,
                disable_notification=True,
            )  # fmt: skip
        self._keep(account, await self._tried(send))

    def _keep(self, account: Account, sent: Message | None) -> None:
        if sent is not None:
            self._store.note(account, sent.message_id, self._clock())

    async def _tried(self, call: Callable[[], Awaitable[Done]]) -> Done | None:
        """The result of a call, tried again where that may help; None where Telegram would not."""
        pause = FIRST_PAUSE
        for left in reversed(range(TRIES)):
            try:
                return await call()
            except BadRequest as error:
                # "Not modified" is the one refusal that means success: the card already says this.
                return True if "not modified" in str(error) else None  # type: ignore[return-value]  # callers ask whether
            except Forbidden:
                return None
            except RetryAfter as error:
                wait = min(_seconds(error), LONGEST_WAIT)
            except NetworkError:
                wait, pause = pause, pause * 2
            except TelegramError:
                log(Event.TELEGRAM_FAILED, code="refused")
                return None
            if left:
                await asyncio.sleep(wait)
        log(Event.TELEGRAM_FAILED, code="unreachable")
        return None


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())


def _keyboard(reply: Reply) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=token) for label, token in row] for row in reply.tokens]
    )

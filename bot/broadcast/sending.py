"""Sending one line to many, at a pace that Telegram allows, so that nobody gets it twice (T4).

Each chat is claimed on the disk before its message goes out (`storage.broadcasts`). What Telegram refused for being too
fast was not sent, and goes again when Telegram says so, while everybody else waits, too. What was lost on the line may
have been sent, and so is not sent again: before the next message, the line has to answer once.

Three calls at a time wait for their answers, and in no second do more than twenty-five messages arrive, however the
network bunches them (`bot.broadcast.window`).
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from aiogram import Bot
from aiogram.methods import GetMe

from bot.broadcast.window import Window
from bot.participant.calls import SendCard
from bot.participant.session import Reason, TelegramError
from privacy.consent import Contactable
from storage.broadcasts import Let

LANES: Final = 3
RATE: Final = 25
"""Messages in any second. Telegram takes about 30 (core.telegram.org/bots/faq); who asks and answers needs some."""
STAYS: Final = timedelta(hours=24)
"""After this long the message goes (W5)."""
OUTAGE: Final = 120.0
"""Seconds for which a broken line is waited for before the broadcast is put off."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0

Progress = Callable[[int, int], None]


class Interrupted(Exception):  # noqa: N818 - named for what happened
    """A broadcast that did not come to its end. Nobody gets a second message when it is run again."""

    def __str__(self) -> str:
        return "interrupted: not everybody was told. Run it again: it goes on where it was, and writes to nobody twice."


class Notes(Protocol):
    """What of storage is needed here; each of these is on the disk when it returns."""

    async def claim(self, chat_id: int) -> Let:
        """Whether a message may go to a chat; if so, it is taken."""

    async def release(self, chat_id: int) -> None:
        """Nothing was sent to it after all."""

    async def sent(self, chat_id: int, message_id: int, stays: timedelta) -> None:
        """Which message is to go, and when."""

    async def unwanted(self, chat_id: int) -> None:
        """She has blocked the bot."""


@dataclass(slots=True)
class Tally:
    """What became of a broadcast, in numbers."""

    sent: int = 0
    unwanted: int = 0
    """On the skip list, or blocked the bot."""
    uncertain: int = 0
    """The line broke: it may have arrived or not, and is not sent again."""
    refused: int = 0
    done: int = 0
    """Looked at, whatever came of it."""


class Broadcaster:
    """One broadcast in one process."""

    def __init__(
        self, bot: Bot, notes: Notes, line: Callable[[Contactable], bytes], stop: asyncio.Event, window: Window
    ) -> None:  # fmt: skip
        """`stop` ends it at the next good place."""
        self._bot, self._notes, self._line, self._stop, self._window = bot, notes, line, stop, window
        self._line_is_up = asyncio.Lock()
        self._broken = False
        self.tally = Tally()

    async def send(self, people: Sequence[Contactable], progress: Progress) -> Tally:
        """Writes to everybody who may still be written to.

        Raises:
            Interrupted: it was told to stop, or the line stayed broken.
            TelegramError: the token is worth nothing.
            StorageUnavailable: nothing can be claimed.
        """
        ahead = iter(people)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(LANES):
                    group.create_task(self._lane(ahead, lambda: progress(self.tally.done, len(people))))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None  # the command line knows refusals one by one
        if self._stop.is_set():
            raise Interrupted
        return self.tally

    async def _lane(self, ahead: Iterator[Contactable], looked_at: Callable[[], None]) -> None:
        while not self._stop.is_set():
            if self._broken:
                await self._until_it_answers()
            one = None if self._stop.is_set() else next(ahead, None)
            if one is None:
                return
            match await self._notes.claim(one.chat_id):
                case Let.GO:
                    await self._say(one)
                case Let.LISTED:
                    self.tally.unwanted += 1
                case Let.DONE:
                    pass
            self.tally.done += 1
            looked_at()

    async def _turn(self) -> bool:
        """Waits for the line if that is broken, and for a place; whether a message begins now."""
        if self._broken:
            await self._until_it_answers()
        return await self._window.turn(self._stop)

    async def _rest(self, seconds: float) -> None:
        """Sleeps, unless it is told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def _say(self, one: Contactable) -> None:
        try:
            sent = await self._patiently(one)
        except TelegramError as error:
            await self._not_sent(one, error)
            return
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if isinstance(message_id, int):
            self.tally.sent += 1
            await self._notes.sent(one.chat_id, message_id, STAYS)

    async def _patiently(self, one: Contactable) -> object:
        """Sends, again and again while Telegram says that it is too fast; None where it is told to stop before.

        Raises:
            Interrupted: the line stayed broken; nothing was sent.
            TelegramError: anything else.
        """
        send = SendCard(body=self._line(one))
        while True:
            begins = False
            try:
                begins = await self._turn()
            finally:
                if not begins:
                    await self._notes.release(one.chat_id)
            if not begins:
                return None
            try:
                return await self._bot(send)
            except TelegramError as error:
                if error.reason is not Reason.FLOOD:
                    raise
                self._window.hold(error.retry_after)
            finally:
                self._window.answered()

    async def _not_sent(self, one: Contactable, error: TelegramError) -> None:
        match error.reason:
            case Reason.BLOCKED:
                self.tally.unwanted += 1
                await self._notes.unwanted(one.chat_id)
            case Reason.UNREACHABLE:
                self.tally.uncertain += 1
                self._broken = True
            case Reason.TOKEN | Reason.CONFLICT:
                await self._notes.release(one.chat_id)
                raise error
            case _:
                self.tally.refused += 1

    async def _until_it_answers(self) -> None:
        """One of the lanes asks until there is an answer; the others wait. Raises Interrupted after two minutes."""
        async with self._line_is_up:
            pause, ends = FIRST_PAUSE, _now() + OUTAGE
            while self._broken and not self._stop.is_set():
                try:
                    await self._bot(GetMe())
                except TelegramError as error:
                    if error.reason not in {Reason.UNREACHABLE, Reason.FLOOD}:
                        raise
                    if _now() > ends:
                        raise Interrupted from None
                    await self._rest(max(pause, error.retry_after))
                    pause = min(2 * pause, LONGEST_PAUSE)
                else:
                    self._broken = False


def _now() -> float:
    return asyncio.get_running_loop().time()

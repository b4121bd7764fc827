"""The broadcaster as a process: puts the parts together, keeps others from doing the same, and ends in order."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom

from aiogram import Bot

from bot.broadcast.line import Line
from bot.broadcast.sending import RATE, Broadcaster, Progress, Tally
from bot.broadcast.window import Window
from bot.participant.session import Session
from bot.participant.settings import BotSettings
from bot.participant.steadfast import Steadfast
from privacy.consent import Contactable
from storage import broadcasts, skipping
from storage.broadcasts import Errand, Let
from storage.errors import StorageUnavailable
from storage.intake import Intake
from storage.leading import Place, Seat, seat
from storage.rounds import RoundRow, RoundStore
from storage.secrets import Secrets
from storage.writer import Writer

BEAT = 5.0
"""Seconds between two questions whether this is still the only broadcast."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a broadcast that came to its end has done."""

    number: int
    sent: int
    """Messages of this run; what an interrupted one sent before is not counted again."""
    box_destroyed: bool
    resumed: bool
    """It went on where another was interrupted, which may have left as many as `LANES` without a message."""


class Stored:
    """What is noted of each message, through the one writer of this process."""

    def __init__(self, writer: Writer, secrets: Secrets, errand: Errand, intake: Intake) -> None:
        self._writer, self._secrets, self._errand = writer, secrets, errand
        self._cards = Steadfast(intake)

    async def claim(self, chat_id: int) -> Let:
        """Takes a chat, on the disk."""
        return await self._writer.do(partial(self._errand.claim, chat_id=chat_id))

    async def release(self, chat_id: int) -> None:
        """Gives it back."""
        await self._writer.do(partial(self._errand.release, chat_id=chat_id))

    async def sent(self, chat_id: int, message_id: int, stays: timedelta) -> None:
        """Puts the message into the sweep box, so that it goes, and hiding finds it; does not give up at once."""
        await self._cards.line_sent(chat_id=chat_id, message_id=message_id, later=stays)

    async def unwanted(self, chat_id: int) -> None:
        """Puts the chat on the skip lists."""
        await self._writer.do(partial(skipping.put, secrets=self._secrets, chat_id=chat_id))


@dataclass(frozen=True, slots=True)
class House:
    """What a broadcast works with."""

    settings: BotSettings
    store: RoundStore
    secrets: Secrets
    clock: Callable[[], datetime]
    window: Window = field(default_factory=lambda: Window(RATE))
    """How fast it may write."""


def broadcast(house: House, row: RoundRow, people: Sequence[Contactable], progress: Progress) -> Told:
    """Tells `people` that there is something to read, each at most once in all runs of one broadcast.

    Once is the rule. A run that is killed leaves those out whom it was just writing to, `LANES` at most: they may have
    been told, and nobody is told twice (docs/adr/0019).

    Raises:
        Interrupted: not everybody was told; run it again.
        StorageRefused: `box-destroyed`, `state-moved-on`.
        StorageUnavailable: another broadcast is under way (`busy`), or the database does not answer.
        TelegramError: the token is worth nothing.
    """
    place = seat(house.store.engine, Place.BROADCAST)
    if not place.held():
        raise StorageUnavailable("busy")
    try:
        errand = broadcasts.begin(house.store, house.secrets, house.store.get(row.id))
        been = errand.been(house.store.engine, [one.chat_id for one in people])
        ahead = [one for one in people if one.chat_id not in been]
        # In an order that says nothing, whatever the box was like.
        SystemRandom().shuffle(ahead)
        tally = asyncio.run(_send(house, errand, row, lambda broadcaster: broadcaster.send(ahead, progress), place))
        return Told(errand.number, tally.sent, broadcasts.end(house.store, house.secrets, errand), bool(been))
    finally:
        place.leave()


async def _send(
    house: House, errand: Errand, row: RoundRow, work: Callable[[Broadcaster], Awaitable[Tally]], place: Seat
) -> Tally:  # fmt: skip
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    settings = house.settings
    async with AsyncExitStack() as stack:
        writer = Writer(house.store.engine)
        stack.callback(writer.close)
        session = Session(settings.bot_api_url)
        stack.push_async_callback(session.close)
        bot = Bot(settings.bot_token.get_secret_value(), session=session)
        intake = Intake(writer, house.secrets, house.store, bot_id=settings.bot_id, clock=house.clock)
        notes = Stored(writer, house.secrets, errand, intake)
        alone = asyncio.ensure_future(_alone(place, stop))
        stack.callback(alone.cancel)
        return await work(Broadcaster(bot, notes, Line(row, intake), stop, house.window))


async def _alone(place: Seat, stop: asyncio.Event) -> None:
    """Stops the broadcast when another one could begin: two would be too fast together, though never twice at one."""
    while not stop.is_set():
        if not await asyncio.to_thread(place.held):
            stop.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), BEAT)

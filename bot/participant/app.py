"""The participant bot as a process: puts the parts together, says that it is ready, and ends in order."""

import asyncio
import gc
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.methods import DeleteWebhook, SetWebhook

from bot.health import Pulse, Vitals, answering
from bot.health import application as health_of
from bot.lines import configure
from bot.participant.among import Alone, Among, Order
from bot.participant.conversation import Conversation
from bot.participant.daily import Daily
from bot.participant.gateway import Gateway
from bot.participant.log import Event, log
from bot.participant.numbers import Numbers
from bot.participant.polling import WANTED, poll
from bot.participant.profile import settle
from bot.participant.reminding import Reminding
from bot.participant.session import Reason, Session, TelegramError
from bot.participant.settings import BotSettings
from bot.participant.settling import Settling
from bot.participant.speaker import Speaker
from bot.participant.spoken import Spoken
from bot.participant.sweeper import Sweeper, renewing
from bot.participant.warming import warm
from bot.participant.watching import Watching
from bot.participant.webhook import application, listening
from rounds.clock import Clock
from rounds.settings import SettingsError, is_loopback
from storage.database import connect
from storage.intake import Intake
from storage.leading import seat
from storage.migrations import migrate
from storage.restoring import catch_up
from storage.rounds import RUNNING, RoundRow, RoundStore
from storage.running import check_secrets
from storage.secrets import Secrets
from storage.voices import several
from storage.work_log import CLOCK
from storage.writer import Writer

_REHEARSAL = "a running round is a rehearsal: close it, or set SAUTI_BOT_API_URL to a server on this machine"
DELIVERIES = 100
"""Updates that Telegram may have under way to the webhook: the most it offers (Bot API, setWebhook; 40 by default).
Each stays open until its reply was tried, so far from Telegram they are what limits a crowd."""
LAST_WORDS = 5.0
"""Seconds that replies under way have at the end."""


@dataclass(frozen=True, slots=True)
class _Parts:
    bot: Bot
    gateway: Gateway
    clock: Clock
    spoken: Spoken
    watching: Watching
    pulse: Pulse
    vitals: Vitals
    numbers: Numbers

    def heard(self, reason: Reason | None) -> None:
        """What came of asking Telegram for updates."""
        self.watching.heard(reason)
        if reason is None:
            self.pulse.beat()


def serve(webhook_url: str | None) -> None:
    """Runs the bot until SIGTERM or SIGINT. Raises SettingsError, StorageError or TelegramError before it is ready."""
    settings = BotSettings.read()
    if webhook_url is not None:
        settings = settings.model_copy(update={"webhook_url": webhook_url})
    if settings.webhook_url is not None and settings.webhook_secret is None:
        raise SettingsError("a webhook needs SAUTI_WEBHOOK_SECRET")
    configure()
    asyncio.run(_run(settings))


def now() -> datetime:
    """The time, read here and nowhere further in."""
    return datetime.now(UTC)  # noqa: TID251 - this is the edge that the clock comes in by


async def _run(settings: BotSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with _parts(settings) as parts, asyncio.TaskGroup() as group:
            group.create_task(parts.clock.run(stop))
            group.create_task(renewing(parts.spoken, stop))
            group.create_task(settle(parts.bot, stop))
            await _serve(settings, parts, stop)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None  # the command line knows refusals one by one


async def _serve(settings: BotSettings, parts: _Parts, stop: asyncio.Event) -> None:
    """Takes updates until `stop`, then says what is still to be said."""
    taking = _by_webhook if settings.webhook_url else _by_polling
    try:
        async with answering(health_of(parts.vitals, parts.numbers.told), settings.health_listen) as health:
            await taking(settings, parts, stop, health)
    finally:
        stop.set()
    log(Event.STOPPING)
    await parts.gateway.drain(LAST_WORDS)


@asynccontextmanager
async def _parts(settings: BotSettings) -> AsyncIterator[_Parts]:
    """Everything wired up; on the way out, what waits is stored before the connections close."""
    async with AsyncExitStack() as stack:
        here = is_loopback(settings.bot_api_url)
        rounds, secrets = _opened(settings, stack, here=here)
        writer = Writer(rounds.engine)
        stack.callback(writer.close)
        session = Session(settings.bot_api_url)
        stack.push_async_callback(session.close)
        bot = Bot(settings.bot_token.get_secret_value(), session=session)
        intake = Intake(writer, secrets, rounds, bot_id=settings.bot_id, clock=now)
        offered = rounds if here else LiveRounds(rounds)
        spoken = Spoken(lambda: (one for one in rounds.all() if one.opened_week and (here or not one.rehearsal)))
        speaker = Speaker(bot, intake, spoken=spoken, order=_order(settings, rounds, intake, stack))
        conversation = Conversation(intake, offered, now, spoken)
        watching = Watching(bot, rounds, settings.webhook_url, now)
        jobs = (
            Sweeper(intake, conversation, speaker).job, Reminding(intake, conversation, speaker).job,
            Settling(rounds, secrets, now).job, Daily(rounds, secrets, now).job, watching.job,
        )  # fmt: skip
        warm(spoken.languages)
        clock, pulse = Clock(seat(rounds.engine), jobs), Pulse()
        vitals = Vitals(lambda: writer.do(lambda _connection: None), None if settings.webhook_url else pulse)
        numbers = Numbers(rounds, settings.secrets_dir, lambda: clock.leads, now)
        gateway = Gateway(bot, conversation, speaker)
        yield _Parts(bot, gateway, clock, spoken, watching, pulse, vitals, numbers)


def _opened(settings: BotSettings, stack: AsyncExitStack, *, here: bool) -> tuple[RoundStore, Secrets]:
    """Rounds and secrets as they have to be before anybody is answered: what was forgotten gone, keys there."""
    engine = connect(settings.database_url.get_secret_value())
    stack.callback(engine.dispose)
    migrate(engine)
    rounds, secrets = RoundStore(engine, CLOCK), Secrets(settings.secrets_dir)
    if not here and any(one.rehearsal and one.state in RUNNING for one in rounds.all()):
        raise SettingsError(_REHEARSAL)
    catch_up(rounds, secrets, now())
    check_secrets(rounds, secrets)
    return rounds, secrets


def _order(settings: BotSettings, rounds: RoundStore, intake: Intake, stack: AsyncExitStack) -> Order:
    """Only behind a webhook does more than one process speak: Telegram lets one alone ask for updates."""
    voices = several(rounds.engine) if settings.webhook_url else None
    if voices is None:
        return Alone()
    stack.callback(voices.close)
    return Among(intake, voices)


class LiveRounds:
    """The rounds without rehearsals, for a bot that real people can reach.

    Such a bot does not start while a rehearsal runs; this covers one that somebody opens afterwards with other
    settings. Rehearsals skip checks that protect people, so nobody real may ever walk into one.
    """

    def __init__(self, rounds: RoundStore) -> None:
        self._rounds = rounds

    def open_codes(self) -> dict[str, bytes]:
        """Ids of those that take answers now and are live, by code."""
        return self._rounds.open_codes(live=True)

    def all(self) -> tuple[RoundRow, ...]:
        """Those that are live, in whatever state."""
        return tuple(row for row in self._rounds.all() if not row.rehearsal)

    def get(self, name: bytes) -> RoundRow:
        """One by its id."""
        return self._rounds.get(name)


async def _by_polling(settings: BotSettings, parts: _Parts, stop: asyncio.Event, health: dict[str, str]) -> None:
    await _prepare(parts.bot, DeleteWebhook(), stop)
    _ready(settings.bot_api_url, health)
    await poll(parts.bot, parts.gateway, stop, heard=parts.heard)


async def _by_webhook(settings: BotSettings, parts: _Parts, stop: asyncio.Event, health: dict[str, str]) -> None:
    public, secret = settings.webhook_url or "", settings.webhook_secret
    word = secret.get_secret_value() if secret else ""
    app = application(parts.gateway, word, urlsplit(public).path or "/")
    async with listening(app, *settings.listen) as url:
        hook = SetWebhook(
            url=public, secret_token=word, allowed_updates=WANTED, max_connections=DELIVERIES
        )  # fmt: skip
        await _prepare(parts.bot, hook, stop)
        _ready(url, health)
        await stop.wait()


async def _prepare(bot: Bot, method: DeleteWebhook | SetWebhook, stop: asyncio.Event) -> None:
    """Settles something with Telegram before the start, for as long as the line is down and nobody ends the bot."""
    pause = 0.5
    while not stop.is_set():
        try:
            await bot(method)
        except TelegramError as error:
            if error.reason not in {Reason.UNREACHABLE, Reason.FLOOD}:
                raise
            log(Event.TELEGRAM_UNREACHABLE, code=error.reason, status=error.status)
            await asyncio.sleep(max(pause, min(error.retry_after, 30.0)))
            pause = min(pause * 2, 15.0)
        else:
            return


def _ready(url: str, health: dict[str, str]) -> None:
    # What is there by now, some 267,000 objects of libraries, stays to the end: looking through it for garbage again
    # and again would stop every conversation for a fifth of a second each time.
    gc.collect()
    gc.freeze()
    # A turn makes some hundred objects, and nearly all go without a collector. What a batch of a hundred holds at once
    # counts as new, too, so that a lower number looks through everybody's turns again and again.
    gc.set_threshold(50_000)
    gc.enable()
    sys.stdout.write(json.dumps({"ready": True, "url": url} | health) + "\n")
    sys.stdout.flush()
    log(Event.READY)

"""The staff bot as a process: puts the parts together, says that it is ready, and ends in order."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from telegram.request import HTTPXRequest

from bot.health import Pulse, Vitals, answering
from bot.health import application as health_of
from bot.lines import configure
from bot.staff import incoming
from bot.staff.desk import Desk
from bot.staff.incoming import WANTED
from bot.staff.jobs import Jobs
from bot.staff.log import Event, log
from bot.staff.papers import Typeset
from bot.staff.settings import StaffBotSettings
from bot.staff.speaker import Speaker
from rounds.clock import Clock
from rounds.scheduling import Moved, Scheduling
from rounds.settings import SettingsError
from storage.database import connect
from storage.errors import StorageError
from storage.leading import Place, seat
from storage.migrations import check_newest
from storage.rounds import RoundStore
from storage.staff import StaffStore
from storage.staff_guard import guarded
from storage.staff_keys import StaffKeys

HOLD: Final = 20
"""Seconds that Telegram holds a call when there are no updates."""
AGAIN: Final = 2.0
"""Seconds before Telegram is tried again at the start."""
_App = Application[Any, Any, Any, Any, Any, Any]


class Hearing(HTTPXRequest):
    """How updates are asked for; each answer of Telegram's is a beat of the pulse."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__()
        self._pulse = pulse

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the library's interface
        """The library's own request, listened to."""
        answer = await super().do_request(*args, **kwargs)
        self._pulse.beat()
        return answer


def serve() -> None:
    """Runs the staff bot until SIGTERM or SIGINT. Raises SettingsError or StorageError before it is ready."""
    settings = StaffBotSettings.read()
    configure()
    asyncio.run(_run(settings))


def now() -> datetime:
    """The time, read here and nowhere further in."""
    return datetime.now(UTC)  # noqa: TID251 - this is the edge that the clock comes in by


async def _run(settings: StaffBotSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = guarded(connect(settings.database_url.get_secret_value()))
    try:
        check_newest(engine)
        token = settings.staff_bot_token.get_secret_value()
        store = StaffStore(engine, StaffKeys(token))
        pulse = Pulse()
        app: _App = (
            ApplicationBuilder().get_updates_request(Hearing(pulse)).token(token).base_url(f"{settings.bot_api_url}/bot")
            .base_file_url(f"{settings.bot_api_url}/file/bot").build()
        )  # fmt: skip
        rounds, speaker = RoundStore(engine), Speaker(app.bot, store, now)
        desk = Desk(store, rounds, Typeset(settings.bot_name), settings.bot_api_url, now)
        jobs = Jobs(app.bot, store, rounds, speaker, now)
        app.add_handler(TypeHandler(Update, _handler(desk, speaker, jobs)))
        async with _started(app, stop) as begun:
            if begun:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_clock(rounds, settings.bot_api_url).run(stop))
                    vitals = Vitals(partial(asyncio.to_thread, check_newest, engine), pulse)
                    async with answering(health_of(vitals), settings.health_listen) as health:
                        await _serve(app, jobs, stop, {"url": settings.bot_api_url} | health)
    finally:
        engine.dispose()


@asynccontextmanager
async def _started(app: _App, stop: asyncio.Event) -> AsyncIterator[bool]:
    """The library's parts, up and down again; waits for a Telegram that is away. False: it was told to stop first."""
    while not stop.is_set():
        try:
            await app.initialize()
            break
        except InvalidToken:
            raise SettingsError("SAUTI_STAFF_BOT_TOKEN is not valid any more: ask BotFather for a new one") from None
        except (NetworkError, RetryAfter):
            log(Event.TELEGRAM_FAILED, code="unreachable")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN)
    if stop.is_set():
        yield False
        return
    await app.start()
    try:
        yield True
    finally:
        await app.stop()
        await app.shutdown()


async def _serve(app: _App, jobs: Jobs, stop: asyncio.Event, told: dict[str, str]) -> None:
    if app.updater is None or app.job_queue is None:
        raise RuntimeError("the library was built without its updater or its job queue")

    def failed(error: TelegramError) -> None:
        if isinstance(error, Conflict):
            jobs.used_elsewhere()
            log(Event.TOKEN_USED_ELSEWHERE)
            return
        log(Event.TELEGRAM_FAILED, code=type(error).__name__)

    await app.updater.start_polling(
        timeout=HOLD, allowed_updates=list(WANTED), drop_pending_updates=False, error_callback=failed
    )  # fmt: skip
    jobs.queue(app.job_queue)
    sys.stdout.write(json.dumps({"ready": True} | told) + "\n")
    sys.stdout.flush()
    log(Event.READY)
    await stop.wait()
    log(Event.STOPPING)
    await app.updater.stop()


def _clock(rounds: RoundStore, bot_api_url: str) -> Clock:
    """What opens and closes rounds at their planned times, in one process of all that could."""

    def tell(moved: Moved) -> None:
        event = Event.ROUND_KEPT_SHUT if moved.gaps else Event.ROUND_MOVED
        log(event, code=moved.round_id.hex()[:8], seconds=moved.late, count=len(moved.gaps))

    def broken(error: StorageError) -> None:
        log(Event.STORAGE_FAILED, code=error.code)

    return Clock(seat(rounds.engine, Place.ROUNDS), [Scheduling(rounds, bot_api_url, now, tell, broken).job])


def _handler(desk: Desk, speaker: Speaker, jobs: Jobs) -> Any:  # noqa: ANN401 - the library's own type of callback
    """Translate, decide, carry out; whatever fails, the next update is handled."""

    async def handle(update: Update, _context: object) -> None:
        group = incoming.group_of(update)
        if group is not None:
            await speaker.leave(group)
            return
        said = incoming.read(update)
        if said is None:
            return
        try:
            async with jobs.turn:
                reply = await asyncio.to_thread(desk.answer, said)
                if reply is not None:
                    await speaker.carry_out(reply)
            if said.press_id is not None:
                await speaker.pressed(said.press_id)
        except StorageError as error:
            log(Event.STORAGE_FAILED, code=error.code)
        except Exception as error:  # noqa: BLE001 - one update that nobody foresaw must not end the bot
            log(Event.HANDLER_FAILED, code=type(error).__name__)

    return handle

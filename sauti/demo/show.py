"""`sauti demo`: sets the stage, starts simulator and bot, lets invented people answer, tells the story to its end."""

import asyncio
import contextlib
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from aiohttp import web

from bot.simulator.driver import Driver
from sauti.demo.page import Board, Phase, application
from sauti.demo.people import answer_all
from sauti.demo.processes import DemoError, server
from sauti.demo.story import TOKEN, Stage, close_and_summarise, open_round, set_stage, write_json
from sauti.speaking import answer, say

CONSULTATION = Path(__file__).parents[2] / "examples" / "protection.yaml"


@dataclass(frozen=True, slots=True)
class _Running:
    """A stage with simulator running, and the invented people's way to it."""

    stage: Stage
    driver: Driver
    bot: int


@contextlib.asynccontextmanager
async def _set(port: int) -> AsyncIterator[_Running]:
    """A temporary folder with a running simulator that knows the bot; everything is gone afterwards.

    The simulator does not hold back fast senders here: a hundred invented people tap within seconds, which Telegram's
    own pace would stretch over many minutes.
    """
    with tempfile.TemporaryDirectory(prefix="sauti-demo-") as folder:
        stage = set_stage(Path(folder), CONSULTATION)
        simulator = server("simulator", "--port", str(port), "--no-rate-limits", settings={}, log=stage.logs)
        try:
            async with simulator as url, Driver(url) as driver:
                bot = await driver.bot(TOKEN, username="sauti_demo_bot")
                yield _Running(stage.at(url), driver, int(bot["id"]))
        except* DemoError:
            say(stage.last_words())
            raise


async def once(participants: int, port: int, out: Path) -> None:
    """The whole story without anybody watching; writes candidate, summaries and run.json into `out`."""
    began = time.monotonic()
    async with _set(port) as running:
        say("Making a key, checking the consultation, opening a synthetic round …")
        opened = await open_round(running.stage)
        async with server("bot", settings=running.stage.bot, log=running.stage.logs):
            say(f"{participants} invented people answer in four languages …")
            crowd = await answer_all(running.driver, running.bot, opened.code, participants)
            handled = len(await running.driver.updates(running.bot))
        say("Closing the round, opening with two custodians' shares, counting …")
        await close_and_summarise(running.stage, opened, out)
    run = {
        "format": "sauti-demo-run",
        "version": 1,
        **asdict(crowd),
        "updates_handled": handled,
        "wall_seconds": round(time.monotonic() - began, 1),
    }
    write_json(out / "run.json", run)
    answer(run)


async def watched(participants: int, port: int) -> None:
    """The story with pages to look at, until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _set(port) as running:
        board = Board(chat_url=running.stage.api_url)
        async with _page(board) as url, asyncio.TaskGroup() as group:
            say(f"\n  The story:  {url}\n  The chat:   {running.stage.api_url}\n\n  Ctrl-C ends it; nothing is kept.\n")
            answer({"ready": True, "url": url, "chat": running.stage.api_url})
            playing = group.create_task(_Show(running, board, participants).play())
            await stop.wait()
            say("Ending …")
            playing.cancel()


class _Show:
    """The watched story: one round after another, at the wish of whoever looks at the page."""

    def __init__(self, running: _Running, board: Board, participants: int) -> None:
        self._running, self._board, self._participants = running, board, participants
        self._wish = asyncio.Event()
        board.wishes = {"close": self._wish.set, "again": self._wish.set}

    async def play(self) -> None:
        """Rounds, until it is cancelled. A step that fails is told, and a new round may be wished for."""
        while True:
            try:
                await self._round()
            except* DemoError as failed:
                say("\n".join(map(str, failed.exceptions)))
                self._board.phase = Phase.FAILED
            await self._wished()

    async def _wished(self) -> None:
        self._wish.clear()
        await self._wish.wait()

    async def _round(self) -> None:
        """One round: opened, answered until somebody wishes it closed, summarised."""
        stage, board = self._running.stage, self._board
        board.phase, board.summaries = Phase.OPENING, None
        opened = await open_round(stage)
        async with server("bot", settings=stage.bot, log=stage.logs), asyncio.TaskGroup() as group:
            people = group.create_task(
                answer_all(self._running.driver, self._running.bot, opened.code, self._participants)
            )
            board.code, board.phase = opened.code, Phase.OPEN
            await self._wished()
            board.phase = Phase.CLOSING
            people.cancel()
        out = stage.folder / f"summary-{opened.id}"
        await close_and_summarise(stage, opened, out)
        board.summaries, board.phase = out, Phase.SUMMARY


@contextlib.asynccontextmanager
async def _page(board: Board) -> AsyncIterator[str]:
    runner = web.AppRunner(application(board), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()

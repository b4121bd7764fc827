"""`sauti demo`: sets the stage, starts simulator and bot, lets invented people answer, and tells the story to its end."""

import asyncio
import contextlib
import json
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from bot.simulator.driver import Driver
from sauti.demo.page import Board, Phase, application
from sauti.demo.people import Crowd, answer_all
from sauti.demo.processes import DemoError, server
from sauti.demo.story import TOKEN, Round, Stage, close_and_summarise, open_round, set_stage
from sauti.speaking import answer, say

CONSULTATION = Path(__file__).parents[2] / "examples" / "protection.yaml"


@contextlib.asynccontextmanager
async def _stage(port: int) -> AsyncIterator[Stage]:
    """A temporary folder with simulator running; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sauti-demo-") as folder:
        stage = set_stage(Path(folder), CONSULTATION)
        simulator = server("simulator", "--port", str(port), settings={}, log=stage.logs)
        try:
            async with simulator as url:
                yield stage.at(url)
        except DemoError:
            say(stage.logs.read_text(encoding="utf-8", errors="replace")[-4000:])
            raise


async def once(participants: int, port: int, out: Path) -> None:
    """The whole story without anybody watching; writes candidate, summaries and run.json into `out`."""
    began = time.monotonic()
    async with _stage(port) as stage:
        say("Making a key, checking the consultation, opening a synthetic round …")
        opened = await open_round(stage)
        async with server("bot", settings=stage.bot, log=stage.logs), Driver(stage.api_url) as driver:
            bot = await driver.bot(TOKEN)
            say(f"{participants} invented people answer in four languages …")
            crowd = await answer_all(driver, bot["id"], opened.code, participants)
            handled = len(await driver.updates(bot["id"]))
        say("Closing the round, opening with two custodians' shares, counting …")
        await close_and_summarise(stage, opened, out)
    run = _run(crowd, handled, time.monotonic() - began)
    (out / "run.json").write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
    answer(run)


def _run(crowd: Crowd, handled: int, seconds: float) -> dict[str, object]:
    return {
        "format": "sauti-demo-run",
        "version": 1,
        **asdict(crowd),
        "updates_handled": handled,
        "wall_seconds": round(seconds, 1),
    }


async def watched(participants: int, port: int) -> None:
    """The story with pages to look at, until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _stage(port) as stage, asyncio.TaskGroup() as group:
        board = Board(chat_url=stage.api_url)
        show = _Show(stage, board, participants, group)
        board.wishes = {"close": show.close, "again": show.again}
        async with _page(board) as url:
            say(f"\n  The story:  {url}\n  The chat:   {stage.api_url}\n\n  Ctrl-C ends it; nothing is kept.\n")
            answer({"ready": True, "url": url, "chat": stage.api_url})
            show.begin()
            await stop.wait()
            say("Ending …")
            show.end()


class _Show:
    """The watched story: one round after another, at the wish of whoever looks at the page."""

    def __init__(self, stage: Stage, board: Board, participants: int, group: asyncio.TaskGroup) -> None:
        self._stage, self._board, self._participants, self._group = stage, board, participants, group
        self._round: Round | None = None
        self._bot_wanted = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Opens the first round and starts the bot."""
        self._spawn(self._open())

    def end(self) -> None:
        """Cancels whatever is still under way."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """The wish *close and summarise*."""
        self._board.phase = Phase.CLOSING
        self._spawn(self._summarise())

    async def again(self) -> None:
        """The wish *start over*."""
        self._board.phase, self._board.summaries = Phase.OPENING, None
        self._spawn(self._open())

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(self._group.create_task(self._guarded(work)))

    async def _guarded(self, work: "asyncio._CoroutineLike[None]") -> None:
        try:
            await work
        except DemoError as error:
            say(str(error))
            self._board.phase = Phase.FAILED

    async def _open(self) -> None:
        self._round = await open_round(self._stage)
        self._board.code = self._round.code
        self._board.phase = Phase.OPEN
        async with server("bot", settings=self._stage.bot, log=self._stage.logs), Driver(self._stage.api_url) as driver:
            bot = await driver.bot(TOKEN)
            await answer_all(driver, bot["id"], self._round.code, self._participants)
            while self._board.phase is Phase.OPEN:
                await asyncio.sleep(0.2)

    async def _summarise(self) -> None:
        if self._round is None:
            return
        out = self._stage.folder / f"summary-{self._round.id}"
        await close_and_summarise(self._stage, self._round, out)
        self._board.summaries, self._board.phase = out, Phase.SUMMARY


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

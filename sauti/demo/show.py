"""`sauti demo`: sets the stage, starts simulator and bot, lets invented people answer, tells the story to its end."""

import asyncio
import contextlib
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.simulator.driver import Driver
from sauti.demo.page import Board, Phase, serving
from sauti.demo.people import answer_all
from sauti.demo.processes import DemoError, server
from sauti.demo.story import TOKEN, Round, Stage, open_round, set_stage, write_json
from sauti.demo.telling import close_and_tell
from sauti.speaking import answer, say

CONSULTATION = Path(__file__).parents[2] / "examples" / "protection.yaml"


@dataclass(frozen=True, slots=True)
class _Running:
    """A stage with simulator running, and the invented people's way to it."""

    stage: Stage
    driver: Driver
    bot: int

    def participant_bot(self) -> contextlib.AbstractAsyncContextManager[str]:
        """The real bot, as a process."""
        say("  $ sauti bot")
        return server("bot", settings=self.stage.bot, log=self.stage.log)


async def until_ended(story: Awaitable[None]) -> bool:
    """Plays a story; the first SIGINT or SIGTERM ends it in order. Returns whether it came to its own end."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is None:
        raise RuntimeError("a story is played inside a task")
    asked = asyncio.Event()

    def end() -> None:
        # Only once: a second cancellation would cut short the ending of child processes.
        if not asked.is_set():
            asked.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        await story
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
        task.uncancel()
        say("Ended; nothing was kept.")
        return False
    return True


@contextlib.asynccontextmanager
async def _set(port: int) -> AsyncIterator[_Running]:
    """A temporary folder with a running simulator that knows the bot; everything is gone afterwards.

    The simulator does not hold back fast senders here: a hundred invented people tap within seconds, which Telegram's
    own pace would stretch over many minutes.
    """
    with tempfile.TemporaryDirectory(prefix="sauti-demo-") as folder:
        stage = set_stage(Path(folder), CONSULTATION)
        simulator = server("simulator", "--port", str(port), "--no-rate-limits", settings={}, log=stage.log)
        try:
            async with simulator as url, Driver(url) as driver:
                bot = await driver.call(
                    "POST", "/sim/bots", {"token": TOKEN, "username": "sauti_demo_bot", "name": "Sauti"}
                )
                yield _Running(stage.at(url), driver, int(bot["id"]))
        except Exception:
            say(stage.last_words())
            raise


async def once(participants: int, port: int, out: Path) -> None:
    """The whole story without anybody watching; writes candidate, release, documents and run.json into `out`."""
    began = time.monotonic()
    async with _set(port) as running:
        say("A key is made, and a synthetic round is opened under it:")
        opened = await open_round(running.stage)
        async with running.participant_bot():
            say(f"{participants} invented people answer in twelve languages …")
            crowd = await answer_all(running.driver, running.bot, opened.code, participants)
            handled = len(await running.driver.updates(running.bot))
        say("The round is closed, opened with two custodians' shares, and counted:")
        await close_and_tell(running.stage, opened, out)
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
    """The story with pages to look at, for as long as nobody ends it."""
    async with _set(port) as running:
        board = Board(running.stage.api_url, running.bot)
        async with serving(board) as url:
            say(f"\n  The story:  {url}\n  The chat:   {board.chat}\n\n  Ctrl-C ends it; nothing is kept.\n")
            answer({"ready": True, "url": url, "chat": board.chat})
            await _Show(running, board, participants).play()


class _Show:
    """The watched story: one round after another, at the wish of whoever looks at the page."""

    def __init__(self, running: _Running, board: Board, participants: int) -> None:
        self._running, self._board, self._participants = running, board, participants

    async def play(self) -> None:
        """Rounds, until it is cancelled. A step that fails is told, and a new round may be wished for."""
        while True:
            try:
                await self._round()
            except* (DemoError, OSError) as failed:
                say(self._running.stage.last_words())
                say("\n".join(map(str, failed.exceptions)))
                self._board.phase = Phase.FAILED
            await self._board.wished()

    async def _round(self) -> None:
        """One round: opened, answered until somebody wishes it closed, summarised."""
        stage, board = self._running.stage, self._board
        board.phase, board.code, board.summaries, board.notes = Phase.OPENING, "", None, ()
        opened = await open_round(stage)
        async with self._running.participant_bot(), asyncio.TaskGroup() as group:
            people = group.create_task(self._invented(opened))
            board.code, board.phase = opened.code, Phase.OPEN
            await board.wished()
            board.phase = Phase.CLOSING
            people.cancel()
        out = stage.folder / f"summary-{opened.id}"
        board.notes = await close_and_tell(stage, opened, out)
        board.summaries, board.phase = out, Phase.SUMMARY
        say("The summary is ready.")

    async def _invented(self, opened: Round) -> None:
        self._board.answering = True
        try:
            await answer_all(self._running.driver, self._running.bot, opened.code, self._participants)
        finally:
            self._board.answering = False

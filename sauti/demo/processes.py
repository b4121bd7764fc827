"""Sauti's own commands as child processes: run to the end, or started and waited for until they say `ready`.

Each child leads a process group of its own. So a Ctrl-C at the terminal reaches the demo alone, which then ends its
children in order; and a command that is ended takes its own workers with it.
"""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO

from sauti.ending import end

READY_WITHIN = 60.0
"""Seconds a server may take to say that it is ready; importing a bot framework is most of it."""

STOP_WITHIN = 4.0
"""Seconds a child has to end after SIGTERM before it is killed: two servers one after the other leave the demo, which
itself has ten, time to tidy up. What is cut off is invented."""


class DemoError(Exception):
    """A step of the demo failed. Carries the command's first word, what became of it, and its stdout."""

    def __init__(self, command: str, code: str, stdout: str = "") -> None:
        super().__init__(f"demo: `sauti {command}` failed ({code}); what it said stands above")
        self.command = command
        self.code = code
        self.stdout = stdout


async def sauti(*arguments: str | Path, settings: Mapping[str, str], log: Path) -> str:
    """Runs one command to its end and returns its stdout; what else it says goes to `log`.

    Raises DemoError when it exits with anything but 0. Cancelled, it ends the command first.
    """
    async with _child(arguments, settings, log) as process:
        stdout, _ = await process.communicate()
    if process.returncode:
        raise DemoError(str(arguments[0]), f"exit {process.returncode}", stdout.decode())
    return stdout.decode()


@contextlib.asynccontextmanager
async def server(*arguments: str | Path, settings: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """Starts a server command and yields its address once it says it is ready; ends it on the way out.

    A server that dies meanwhile makes the block fail with DemoError.
    """
    command = str(arguments[0])
    async with _child(arguments, settings, log) as process:
        url = await _ready(process, command)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_watch(process, command))
            yield url
            watching.cancel()


@contextlib.asynccontextmanager
async def _child(
    arguments: tuple[str | Path, ...], settings: Mapping[str, str], log: Path
) -> AsyncIterator[Process]:  # fmt: skip
    """The command `sauti` with these arguments, ended when the block ends, however it ends."""
    words = [str(argument) for argument in arguments]
    with log.open("ab") as stderr:
        process = await _started(words, settings, stderr)
    try:
        yield process
    finally:
        await end(process, STOP_WITHIN)


async def _started(words: list[str], settings: Mapping[str, str], stderr: BinaryIO) -> Process:
    """This process's environment goes along without any SAUTI_ setting of its own, plus `settings`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", *words,
        env=inherited | dict(settings), stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=stderr, process_group=0,
    )  # fmt: skip


async def _ready(process: Process, command: str) -> str:
    if process.stdout is None:
        raise DemoError(command, "no-output")
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_WITHIN)
        return str(json.loads(line)["url"])
    except (TimeoutError, ValueError, KeyError):
        raise DemoError(command, "never-ready") from None


async def _watch(process: Process, command: str) -> None:
    raise DemoError(command, f"ended by itself with {await process.wait()}")

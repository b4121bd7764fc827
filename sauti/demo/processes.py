"""Sauti's own commands as child processes: run to the end, or started and waited for until they say `ready`."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

READY_WITHIN = 60.0
"""Seconds a server may take to say that it is ready; importing a bot framework is most of it."""

STOP_WITHIN = 12.0
"""Seconds a server has to end after SIGTERM before it is killed."""


class DemoError(Exception):
    """A step of the demo failed. Carries the command's first word and its exit code; its own words are on stderr."""

    def __init__(self, command: str, code: str) -> None:
        super().__init__(f"demo: `sauti {command}` failed ({code}); what it said stands above")
        self.command = command
        self.code = code


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any SAUTI_ setting of its own, plus `settings`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    return inherited | dict(settings)


async def sauti(*arguments: str | Path, settings: Mapping[str, str]) -> str:
    """Runs one command to its end and returns its stdout. Raises DemoError when it exits with anything but 0."""
    words = [str(argument) for argument in arguments]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", *words, env=_environment(settings), stdout=asyncio.subprocess.PIPE
    )
    stdout, _ = await process.communicate()
    if process.returncode:
        raise DemoError(words[0], f"exit {process.returncode}")
    return stdout.decode()


@contextlib.asynccontextmanager
async def server(*arguments: str | Path, settings: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """Starts a server command and yields its address once it says it is ready; ends it on the way out."""
    words = [str(argument) for argument in arguments]
    with log.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sauti", *words,
            env=_environment(settings), stdout=asyncio.subprocess.PIPE, stderr=stderr,
        )  # fmt: skip
    try:
        yield await _ready(process, words[0])
    finally:
        await _stop(process)


async def _ready(process: asyncio.subprocess.Process, command: str) -> str:
    if process.stdout is None:
        raise DemoError(command, "no-output")
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_WITHIN)
        ready = json.loads(line)
    except (TimeoutError, ValueError):
        raise DemoError(command, "never-ready") from None
    return str(ready["url"])


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()

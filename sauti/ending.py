"""How a child process is ended that leads a group of its own: asked first, then told."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process


async def end(process: Process, patience: float) -> None:
    """Ends a child and whatever it started; it has `patience` seconds after SIGTERM before it is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)

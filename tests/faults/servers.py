"""Our servers as child processes that a test may kill: started, waited for until they say `ready`, looked at."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Protocol

from tests.faults.child import forge

READY_WITHIN = 90.0
STOP_WITHIN = 20.0
TWIST: list[str] = []
"""Bends every child of this run; `make sabotage` puts a name in."""


class _Child(Protocol):
    """A process, however it was made."""

    @property
    def pid(self) -> int | None:
        """Its number."""

    def kill(self) -> None:
        """Ends it at once."""


@dataclass(slots=True)
class Server:
    """One process: `out` and `err` are its stdout and stderr, kept over restarts."""

    arguments: tuple[str, ...]
    settings: dict[str, str]
    out: Path
    err: Path
    url: str = ""
    starts: int = 0
    _child: _Child | None = field(default=None, repr=False)

    async def start(self, *, plainly: bool = False, twist: str | None = None) -> None:
        """Starts and waits for `ready`. `plainly`: as `python -m sauti`, not forked from a warm process."""
        said = await self.launch(plainly=plainly, twist=twist)
        await self.ready(said)

    async def launch(self, *, plainly: bool = False, twist: str | None = None) -> int:
        """Starts without waiting; how much stood in `out` before."""
        said = self.out.stat().st_size if self.out.exists() else 0
        self.starts += 1
        bent = TWIST[0] if TWIST else twist
        if plainly and bent is None:
            self._child = await asyncio.to_thread(self._popen)
        else:
            self._child = await asyncio.to_thread(forge, self.settings, self.arguments, self.out, self.err, bent)
        return said

    def _popen(self) -> Popen[bytes]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
        with self.out.open("ab") as out, self.err.open("ab") as err:
            command = [sys.executable, "-m", "sauti", *self.arguments]
            return Popen(command, env=inherited | self.settings, stdout=out, stderr=err)

    async def ready(self, said: int = 0) -> None:
        """Waits for the line that gives the address. Raises AssertionError where it never comes."""
        ends = asyncio.get_running_loop().time() + READY_WITHIN
        while asyncio.get_running_loop().time() < ends:
            line = self.out.read_bytes()[said:] if self.out.exists() else b""
            if line.endswith(b"\n"):
                self.url = json.loads(line.splitlines()[-1])["url"]
                return
            assert self.alive or not self.pid, f"{self.arguments[0]} ended: {self.err.read_text()[-2000:]}"
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.arguments[0]} never became ready")

    @property
    def pid(self) -> int:
        """Its process id; 0 before the first start."""
        return (self._child.pid or 0) if self._child else 0

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state != "Z"

    async def kill(self) -> None:
        """`kill -9`, and waits until it is gone."""
        if self._child is not None:
            self._child.kill()
            await self._gone()

    async def stop(self) -> None:
        """SIGTERM; `kill -9` for one that does not end."""
        if self.alive:
            os.kill(self.pid, signal.SIGTERM)
            await self._gone()

    async def _gone(self) -> None:
        ends = asyncio.get_running_loop().time() + STOP_WITHIN
        while self.alive:
            if asyncio.get_running_loop().time() > ends and self._child is not None:
                self._child.kill()
            await asyncio.sleep(0.01)

"""Bot processes: started on one core, read through /proc, and ended however the measurement ends.

Each leads a process group of its own, so that a Ctrl-C at the terminal reaches the harness alone, which then ends them.
"""

import asyncio
import contextlib
import os
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sauti.ending import end

STOP_WITHIN = 5.0
"""Seconds a bot has to end after SIGTERM before it is killed."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cores:
    """Where things run: the bot on one core, simulator and people on the other; None where there is only one."""

    bot: int | None
    rest: int | None


def cores() -> Cores:
    """The first two cores this process may use."""
    ours = sorted(os.sched_getaffinity(0))
    return Cores(ours[0], ours[1]) if len(ours) > 1 else Cores(None, None)


@dataclass(frozen=True, slots=True)
class Child:
    """A running bot."""

    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS  # utime and stime, proc(5)

    def resident_mib(self) -> float:
        """Memory it holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kib) / 1024

    def alive(self) -> bool:
        """Whether it still runs."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False


@contextlib.asynccontextmanager
async def child(
    command: Sequence[str], settings: Mapping[str, str], log: Path, core: int | None
) -> AsyncIterator[Child]:
    """Runs a command on `core` for as long as the block lasts; what it says goes to `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *command, env=inherited | dict(settings), stdin=DEVNULL, stdout=out, stderr=out, process_group=0
        )
    try:
        if core is not None:
            # Its threads come later and inherit this.
            os.sched_setaffinity(process.pid, {core})
        yield Child(process.pid)
    finally:
        await end(process, STOP_WITHIN)

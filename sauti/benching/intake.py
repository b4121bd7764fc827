"""`sauti bench intake`: all bots, in interleaved rounds, and the report of what was found."""

import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sauti.benching import contestants
from sauti.benching.children import cores
from sauti.benching.contestants import ALL, NULL, PEERS, PEERS_PYTHON, SAUTI, UNSEALED
from sauti.benching.measuring import Bench, BenchError, measured
from sauti.benching.preparing import prepare
from sauti.benching.samples import Failure, Plan, Sample, Session
from sauti.benching.tables import report

SECONDS: Final = 5.0
QUICK_SECONDS: Final = 2.0
"""Seconds of a window; windows of slow bots grow until everybody has had her answers."""
NOBODY: Final = "none"


@dataclass(slots=True)
class Found:
    """A run: what machine it was, what was measured, what could not be."""

    machine: str
    samples: list[Sample] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def markdown(self) -> str:
        """The report as it stands in docs/performance.md."""
        about = {name: one.what for name, one in ALL.items()}
        return f"{self.machine}\n\n{report(self.samples, self.failures, about)}"


def plan(crowds: Sequence[int], rounds: int, peers: str | None) -> Plan:
    """What is to be measured; `peers` are names by commas, all without it, `none` for nobody.

    Raises:
        BenchError: a peer nobody knows, or the peers' environment is missing.
    """
    known = {one.name for one in PEERS}
    named = tuple(one.name for one in PEERS) if peers is None else tuple(peers.split(","))
    chosen = () if named == (NOBODY,) else named
    if unknown := sorted(set(chosen) - known):
        raise BenchError(f"bench: no peer {unknown[0]}; there are {', '.join(sorted(known))}, or {NOBODY}")
    if chosen and not PEERS_PYTHON.exists():
        raise BenchError("bench: the peers have no environment yet: `make bench` makes it, or choose --peers none")
    near = (NULL.name, SAUTI.name, UNSEALED.name, *chosen)
    return Plan(near, (SAUTI.name, *chosen), (SAUTI.name,), tuple(sorted(set(crowds))), rounds)


async def run(planned: Plan, seconds: float, tell: Callable[[str], object]) -> Found:
    """Measures everything that is planned, and tells how it goes."""
    split = cores()
    found = Found(_machine())
    before = os.sched_getaffinity(0)
    if split.rest is not None:
        os.sched_setaffinity(0, {split.rest})
    try:
        with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
            folder = Path(name)
            bench = Bench(prepare(folder / "prepared"), folder, split, seconds)
            for number, session in planned.sessions():
                await _one(bench, session, number, found, tell)
    finally:
        os.sched_setaffinity(0, before)
    return found


async def _one(bench: Bench, session: Session, number: int, found: Found, tell: Callable[[str], object]) -> None:
    """One session; a bot that fails is told and does not end the run."""
    where = f"round {number}, {session.setting.title}, {session.bot}"
    try:
        async with aclosing(measured(bench, contestants.ALL[session.bot], session, number)) as samples:
            async for one in samples:
                found.samples.append(one)
                tell(f"{where}, {one.people} people: {one.updates_per_second:.0f}/s, p99 {one.waits.p99:.0f} ms")
    except BenchError as error:
        found.failures.append(Failure(session.bot, session.setting, str(error)))
        words = bench.log.read_text("utf-8", errors="replace")[-2000:]
        tell(f"{where}: {error}; its last words:\n{words}")


def _machine() -> str:
    """What the figures were taken on, in one line."""
    split = cores()
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    pinned = "bot on one core, simulator and people on another" if split.rest is not None else "everything on one core"
    return (
        f"{model}, {os.cpu_count()} cores ({pinned}), Linux {platform.release()}, Python {platform.python_version()}."
    )

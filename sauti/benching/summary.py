"""`sauti bench summary`: bundles to safe tables, a frame beside other libraries, and bounds beside linear programs."""

import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sauti.benching.bounds import SHAPES, Bounded, bounded
from sauti.benching.contestants import PEERS_PYTHON
from sauti.benching.frame import invented
from sauti.benching.frame_rounds import PEERS, Counted, counted
from sauti.benching.measuring import BenchError
from sauti.benching.whole import Whole, whole

Say = Callable[[str], None]
NOBODY: Final = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured; sizes ascend. Peers count the largest frame only."""

    responses: tuple[int, ...] = (10_000, 100_000)
    turns: int = 3
    """Rounds over the bundles."""
    people: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    rounds: int = 5
    """Rounds over the largest frame; smaller ones take as many."""
    shapes: tuple[tuple[int, int], ...] = SHAPES
    tables: int = 15
    """Tables of each shape."""
    peers: tuple[str, ...] = PEERS


QUICK = Plan(responses=(1_000, 10_000), turns=1, people=(10_000, 100_000), rounds=2, shapes=SHAPES[:3], tables=5)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured, and on what."""

    machine: str
    whole: Whole
    counted: tuple[Counted, ...]
    bounded: tuple[Bounded, ...]


def chosen(peers: str | None) -> tuple[str, ...]:
    """The peers named by commas, all without names, nobody for `none`.

    Raises:
        BenchError: a peer nobody knows, or the peers' environment is missing.
    """
    named = PEERS if peers is None else () if peers == NOBODY else tuple(peers.split(","))
    if unknown := sorted(set(named) - set(PEERS)):
        raise BenchError(f"bench: no peer {unknown[0]}; there are {', '.join(PEERS)}, or {NOBODY}")
    if named and not PEERS_PYTHON.exists():
        raise BenchError("bench: the peers have no environment yet: `make bench` makes it, or choose --peers none")
    return named


def run(plan: Plan, say: Say) -> Found:
    """Measures all three. Takes a quarter of an hour and, unless quick, 3 GB of the temporary folder.

    Raises:
        Miscounted: somebody counted wrongly; then nothing is told.
    """
    limits = tuple(bounded(plan.tables, plan.shapes, say))
    frames = tuple(_frames(plan.people, plan.rounds, plan.peers, say))
    return Found(machine(), whole(plan.responses, plan.turns, say), frames, limits)


def _frames(sizes: Sequence[int], rounds: int, peers: Sequence[str], say: Say) -> list[Counted]:
    found = []
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        for people in sizes:
            beside = peers if people == sizes[-1] else ()
            found += counted(invented(people), Path(name) / f"{people}.npz", rounds, beside, say)
    return found


def machine() -> str:
    """What the figures were taken on, and how busy it was with other things."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    busy = os.getloadavg()[2]
    return (
        f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}; load of the "
        f"last quarter of an hour {busy:.1f}, ours included."
    )

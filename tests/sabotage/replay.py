"""`make sabotage`: breaks each rule on purpose, runs the test that must notice, and demands that it fails.

One fresh pytest process per breakage, two at a time; ends with 0 only if every breakage was caught. A test that could
not be run at all, or was skipped, has caught nothing.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.sabotage.collection import by_name
from tests.sabotage.registry import Sabotage

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
PATIENCE = 180


class Verdict(StrEnum):
    """What became of one breakage."""

    CAUGHT = "caught"
    UNNOTICED = "NOT CAUGHT"
    NOT_RUN = "COULD NOT RUN"


@dataclass(frozen=True, slots=True)
class Replay:
    """One breakage, tried: its verdict, how long it took, and the last words of pytest if it was not caught."""

    name: str
    sabotage: Sabotage
    verdict: Verdict
    seconds: float
    tail: str


def verdict_of(code: int) -> Verdict:
    """Reads pytest's exit code: 1 is a failed test, 0 a test that passed or was skipped, others mean no test ran."""
    return {0: Verdict.UNNOTICED, 1: Verdict.CAUGHT}.get(code, Verdict.NOT_RUN)


def replay(name: str, sabotage: Sabotage) -> Replay:
    """Runs the test of one sabotage with its breakage applied."""
    command = [
        sys.executable, "-m", "pytest", "-p", "tests.sabotage.plugin", f"--sabotage={name}", sabotage.caught_by,
        "-q", "-x", "--no-header", "--tb=short", "--durations=0", f"--timeout={PATIENCE}", "-p", "no:cacheprovider",
    ]  # fmt: skip
    begun = time.monotonic()
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE * 2)
    verdict = verdict_of(ran.returncode)
    tail = "" if verdict is Verdict.CAUGHT else "\n".join((ran.stdout + ran.stderr).splitlines()[-15:])
    return Replay(name, sabotage, verdict, time.monotonic() - begun, tail)


def main(wanted: Sequence[str]) -> int:
    """Replays the sabotages whose name or requirement holds one of `wanted` (all, if none is named)."""
    chosen = {
        name: each
        for name, each in by_name().items()
        if not wanted or any(word in name or word in each.requirement.split(", ") for word in wanted)
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        replays = list(pool.map(replay, chosen, chosen.values()))
    for each in replays:
        sys.stdout.write(f"{each.verdict:13}  {each.sabotage.requirement:8}  {each.seconds:5.1f} s  {each.name}\n")
        if each.tail:
            sys.stdout.write(f"    {each.sabotage.caught_by}\n" + each.tail.replace("\n", "\n    ") + "\n")
    caught = sum(each.verdict is Verdict.CAUGHT for each in replays)
    sys.stdout.write(f"{caught} of {len(replays)} sabotages caught\n")
    return 0 if replays and caught == len(replays) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`sauti bench intake` as a person calls it: told to end, it ends with all that it started."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sauti.benching.children import Cores
from sauti.benching.contestants import NULL, Prepared
from sauti.benching.intake import plan
from sauti.benching.measuring import Bench, BenchError, measured
from sauti.benching.samples import Session, Setting
from sauti.main import app
from tests.architecture.house import ROOT

pytestmark = pytest.mark.slow


def children(pid: int) -> list[int]:
    """The processes that one has started, by the system's own list."""
    tasks = list(Path(f"/proc/{pid}/task").iterdir())
    return [int(word) for task in tasks for word in (task / "children").read_text().split()]


def runs(pid: int) -> bool:
    """Whether a process still does."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_its_bots(number: int) -> None:
    """In the middle of a measurement, SIGTERM and Ctrl-C end the bots too, and the exit code says: not finished."""
    arguments = ("bench", "intake", "--quick", "--people", "1", "--peers", "none")
    process = subprocess.Popen(
        [sys.executable, "-m", "sauti", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0,
    )  # fmt: skip
    try:
        ends = time.monotonic() + 90
        while not (begun := children(process.pid)) and time.monotonic() < ends and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(number)
        out, said = process.communicate(timeout=60)
    finally:
        process.kill()

    assert begun, said
    assert (process.returncode, out) == (3, "")
    assert "Ended; nothing was kept." in said
    assert not any(map(runs, begun))


@pytest.mark.parametrize("people", ["", "0", "many", "1,,100", "5000"])
def test_a_crowd_has_a_size(people: str) -> None:
    """What is no size of a crowd is refused before anything is measured."""
    ran = CliRunner().invoke(app, ["bench", "intake", "--people", people])

    assert ran.exit_code == 2
    assert "numbers from 1 to 2000" in ran.stderr


def test_a_peer_nobody_knows_is_refused() -> None:
    """A misspelt peer is named, with those there are."""
    with pytest.raises(BenchError, match="no peer aiogram_memori; there are aiogram_memory"):
        plan((1,), 1, "aiogram_memori")


def test_without_peers_only_ours_is_measured() -> None:
    """`none` leaves our bot, itself unsealed, and the yardstick's ceiling."""
    assert plan((1,), 1, "none").near == ("null", "sauti", "sauti_unsealed")


@pytest.mark.parametrize("webhook", [False, True])
async def test_a_session_measures_each_of_its_crowds(tmp_path: Path, *, webhook: bool) -> None:
    """Both crowds of a session are measured with one process, everybody is answered, and what is told is JSON."""
    bench = Bench(Prepared(tmp_path, ""), tmp_path, Cores(None, None), 0.2)
    session = Session(NULL.name, Setting(webhook, delay_ms=20), (1, 3))

    found = [one async for one in measured(bench, NULL, session, 1)]

    assert [one.people for one in found] == [1, 3]
    for one in found:
        assert (one.unanswered, one.refusals, one.pending) == (0, 0, 0)
        assert one.waits.p50 >= 20
        assert 1 < one.calls <= 2
        assert one.updates_per_second > 0
        assert json.loads(json.dumps(asdict(one)))["setting"]["webhook"] is webhook

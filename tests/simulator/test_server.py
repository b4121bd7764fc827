"""The server as a process: one line when ready, a clean end, and no heavy library before it is needed."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("light", [False, True], ids=["strict", "light"])
def test_ready_and_end(number: signal.Signals, *, light: bool) -> None:
    """The process prints one JSON line, answers, and ends with 0 on either signal, also while somebody waits."""
    code = f"from bot.simulator.server import run; run(0, light={light})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready == {"ready": True, "url": ready["url"]}
        assert ready["url"].startswith("http://127.0.0.1:")
        with urllib.request.urlopen(ready["url"] + "/sim") as answer:  # noqa: S310 - our own
            assert json.loads(answer.read())["version"] == 1
        poll = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import urllib.request as u; u.urlopen('{ready['url']}/bot1:{'k' * 30}/getUpdates?timeout=50')",
            ],
            stderr=subprocess.DEVNULL,
        )
        while not _bots(ready["url"]):
            pass
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        poll.wait(10)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def _bots(url: str) -> list[object]:
    with urllib.request.urlopen(url + "/sim/bots") as answer:  # noqa: S310 - our own
        bots: list[object] = json.loads(answer.read())["bots"]
        return bots


@pytest.mark.parametrize("module", ["server", "driver", "light", "ceiling", "nullbot", "control"])
def test_nothing_heavy_is_imported_early(module: str) -> None:
    """Importing any module of the room but the validation leaves aiogram and pydantic out."""
    code = f"import sys, bot.simulator.{module}; sys.exit('aiogram' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, check=False).returncode == 0

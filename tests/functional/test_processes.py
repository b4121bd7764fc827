"""Servers as real processes: one line when they are ready, 0 when they are told to end, a sentence when they cannot."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.house import ROOT
from tests.functional.conftest import Desk

pytestmark = pytest.mark.slow


def begin(*arguments: str, **settings: str) -> "subprocess.Popen[str]":
    """A `sauti` process with these settings and no others."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "sauti", *arguments],
        cwd=ROOT, env=bare | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def end(process: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> tuple[int, float]:
    """Its exit code, and the seconds it took to end."""
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=30)
    return process.returncode, time.monotonic() - began


@contextlib.contextmanager
def serving(*arguments: str, **settings: str) -> "Iterator[tuple[subprocess.Popen[str], Any]]":
    """A server and its ready line; ended when the block ends."""
    process = begin(*arguments, **settings)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield process, json.loads(line)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def taken_port() -> socket.socket:
    """A socket that holds a port."""
    return socket.create_server(("127.0.0.1", 0))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_simulator_and_bot_say_ready_and_end_with_0(desk: Desk, number: int) -> None:
    """Both print one JSON line when they are ready and, told to end, exit with 0 within ten seconds."""
    with serving("simulator", "--port", "0") as (simulator, ready):
        settings = desk.environment | {"SAUTI_BOT_API_URL": ready["url"]}
        with serving("bot", **settings) as (bot, told):
            endings = [end(bot, number), end(simulator, number)]

    assert ready["ready"] is told["ready"] is True
    assert [code for code, _ in endings] == [0, 0]
    assert max(seconds for _, seconds in endings) < 10


def test_a_port_that_is_taken_is_said() -> None:
    """A simulator whose port somebody else has exits with 2 and names the address."""
    with taken_port() as other:
        port = other.getsockname()[1]
        process = begin("simulator", "--port", str(port))
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout) == (2, "")
    assert f"'127.0.0.1', {port}" in stderr
    assert "Traceback" not in stderr


def test_a_webhook_port_that_is_taken_is_said(desk: Desk) -> None:
    """So does a bot whose webhook cannot listen."""
    with taken_port() as other, serving("simulator", "--port", "0") as (_, ready):
        port = other.getsockname()[1]
        settings = desk.environment | {
            "SAUTI_BOT_API_URL": ready["url"],
            "SAUTI_WEBHOOK_SECRET": "a-secret",
            "SAUTI_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        }
        process = begin("bot", "--webhook", f"http://127.0.0.1:{port}/hook", **settings)
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout) == (2, "")
    assert f"'127.0.0.1', {port}" in stderr
    assert "Traceback" not in stderr


def test_a_bot_without_its_settings_says_which() -> None:
    """A bot without any setting exits with 2 and names each that is missing."""
    process = begin("bot")
    stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout) == (2, "")
    assert "SAUTI_BOT_TOKEN, SAUTI_DATABASE_URL, SAUTI_SECRETS_DIR" in stderr
    assert "Traceback" not in stderr


def test_bench_tells_a_person_and_a_program() -> None:
    """The ceiling is one JSON line on stdout, and a table with the same people on stderr."""
    process = begin("bench", "ceiling", "--people", "2", "--seconds", "0.5")
    stdout, stderr = process.communicate(timeout=120)

    made = json.loads(stdout)
    assert (process.returncode, made["format"], made["version"], made["people"]) == (0, "sauti-bench-ceiling", 1, 2)
    assert made["updates"] > 0
    assert "updates/s" in stderr

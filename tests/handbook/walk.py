"""A page of the handbook gone from its first command to its last, in one folder, with real files.

Every line of a `sh` block is run as it stands, in its order. What a reader would put in is put in here, and nothing
else: this folder for the places on a server.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.architecture.house import ROOT

HANDBOOK: Final = ROOT / "docs" / "handbook"
SERVERS: Final = {"preview", "bot"}
"""They go on until they are ended, unless they are to write a file."""
WITHIN: Final = 300
"""Seconds for one command on a busy machine."""


def lines(page: str) -> Iterator[str]:
    """Every line of the commands of a page, in its order."""
    text = (HANDBOOK / f"{page}.md").read_text("utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        yield from (line.strip() for line in block.splitlines() if line.strip())


@dataclass
class Walk:
    """One reader at her terminal."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """What a page says → what it is here."""

    def go(self, line: str) -> str:
        """Does what a line says, and gives what it printed. Fails with the line and what it said."""
        for said, here in self.places.items():
            line = line.replace(said, here)
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.settings[name] = value
            return ""
        command = [sys.executable, "-m", "sauti", *words[1:]]
        return self._served(command) if words[1] in SERVERS and "--out" not in words else self._run(command)

    @property
    def environment(self) -> dict[str, str]:
        """Hers, and none of whoever runs the tests."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
        return known | {"PYTHONPATH": str(ROOT)} | self.settings

    def _run(self, command: list[str]) -> str:
        ran = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=WITHIN, check=False
        )
        assert ran.returncode == 0, f"{shlex.join(command[2:])}\n{ran.stdout}{ran.stderr}"
        return ran.stdout + ran.stderr

    def _served(self, command: list[str]) -> str:
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            ready = json.loads((process.stdout or sys.stdin).readline())
            if "url" in ready:
                with urllib.request.urlopen(ready["url"]) as page:  # noqa: S310 - our own server
                    assert page.status == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, command
        return json.dumps(ready)

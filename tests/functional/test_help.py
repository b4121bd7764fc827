"""`--help`: quick, and useful to whoever reads it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from sauti.main import app
from tests.architecture.house import ROOT

HEAVY = (
    "aiogram", "aiohttp", "alembic", "babel", "Crypto", "elementpath", "jinja2", "nacl", "psycopg",
    "docx", "lxml", "sqlalchemy", "typst", "xlsxwriter", "yaml",
)  # fmt: skip
LOADED = """
import json, sys
from sauti.main import app
for line in json.loads(sys.argv[1]):
    try:
        app(line)
    except SystemExit as ended:
        assert not ended.code, line
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its words, groups included."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        waiting += [((*words, name), each) for name, each in getattr(command, "commands", {}).items()]


def test_a_crash_leaves_no_memory_on_the_disk() -> None:
    """Whatever the shell allows, a command that crashes writes no core file: answers and keys may stand in it.

    Proves: D1
    """
    asked = "import resource as r, sauti.main as m; m.app = lambda: print(*r.getrlimit(r.RLIMIT_CORE)); m.main()"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout == "0 0\n"


def test_help_loads_nothing_heavy() -> None:
    """All pages of help together load neither a bot, a database, a cipher nor a language."""
    lines = [[*words, "--help"] for words, _ in commands()]

    ran = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(lines)], cwd=ROOT, check=True, capture_output=True, text=True
    )

    loaded = {name.partition(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}
    assert len(lines) > 15
    assert loaded & set(HEAVY) == set()
    assert "sauti" in loaded


@pytest.mark.parametrize(("words", "command"), [pytest.param(*each, id=" ".join(each[0])) for each in commands()])
def test_help_says_what_a_command_is_for(words: tuple[str, ...], command: Any) -> None:  # noqa: ANN401 - typer brings click under a name of its own
    """Each command has a sentence, each of its options and arguments a word of explanation."""
    assert command.help
    assert command.help.rstrip().endswith(".")
    silent = [
        param.name
        for param in command.params
        if not getattr(param, "help", None) and not getattr(param, "hidden", False)
    ]
    assert [name for name in silent if name != "help"] == [], words

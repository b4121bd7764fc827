"""What the handbook tells people to type is what there is."""

import re
import shlex
from typing import Any

import pytest
import typer

from sauti.main import app
from tests.architecture.house import ROOT

PAGES = sorted((ROOT / "docs" / "handbook").glob("*.md"))
COMMAND = re.compile(r"(?:^|`|bin/)sauti ([a-z][^`#\n]*)", re.MULTILINE)


def typed() -> list[tuple[str, str]]:
    """Page and command line, of everything on the pages that begins with the program's name."""
    return [(page.name, line.strip()) for page in PAGES for line in COMMAND.findall(page.read_text("utf-8"))]


def parsed(line: str) -> tuple[set[str], set[str]]:
    """The options that a line gives, and those that the command knows which it names."""
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return {word for word in words if word.startswith("--")}, known


@pytest.mark.parametrize(("page", "line"), sorted(set(typed())))
def test_each_command_on_a_page_exists_with_its_options(page: str, line: str) -> None:
    """Nobody is told to type a command or an option that is not there."""
    given, known = parsed(line)

    assert given <= known, page


def test_the_pages_tell_people_to_type_something() -> None:
    """The search above finds commands, and one that is wrong would be seen."""
    assert len(typed()) > 8
    with pytest.raises(KeyError):
        parsed("dcotor")

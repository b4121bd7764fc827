"""The handbook tells no command that does not exist, and shows no picture that is not there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from sauti.main import app
from tests.architecture.house import ROOT

PAGES = (*sorted((ROOT / "docs" / "handbook").glob("*.md")), ROOT / "docs" / "previews.md", ROOT / "docs" / "forms.md")


def commands(page: Path) -> Iterator[tuple[list[str], bool]]:
    """Every command of a page, and whether it is a line of a block, to be typed as it stands, or part of a sentence."""
    text = page.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    spoken = re.findall(r"`(sauti [^`]+)`", re.sub(r"```sh\n.*?```", "", text, flags=re.DOTALL).replace("\n", " "))
    for line, whole in (
        *((line, "…" not in line) for line in blocks.splitlines()),
        *((line, False) for line in spoken),
    ):
        words = shlex.split(line.replace("…", ""), comments=True)
        if words[:1] == ["sauti"]:
            yield words[1:], whole


def faults(words: list[str], *, whole: bool = True) -> Iterator[str]:
    """What a command line names that the program does not know, and, if it is whole, what it needs and is not given."""
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    if hasattr(command, "commands"):
        yield f"no command: {words}"
        return
    known = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}
    yield from (f"no option: {word}" for word in words if word.startswith("--") and word not in known)
    given = {known[word].name for word in words if word in known}
    needed = [one for one in command.params if whole and one.required and one.param_type_name == "option"]
    yield from (f"missing: {one.opts[0]}" for one in needed if one.name not in given)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_in_the_handbook_exists_with_its_options(page: Path) -> None:
    """Commands are those of the program, with options that they have, and with all that they need."""
    told = list(commands(page))

    assert len(told) >= 4
    assert {" ".join(words): found for words, whole in told if (found := list(faults(words, whole=whole)))} == {}


def test_a_command_that_does_not_exist_would_be_found() -> None:
    """The look at commands sees a wrong name, a wrong option and a missing one."""
    assert list(faults(["frobnicate", "x"]))
    assert list(faults(["check", "x", "--frobnicate"])) == ["no option: --frobnicate"]
    assert list(faults(["bundle", "ROUND"])) == ["missing: --out"]


def test_the_handbook_for_facilitators_goes_all_the_way() -> None:
    """From looking a form over to telling those who answered, every step has its command."""
    told = {" ".join(words[:2]) for words, _ in commands(ROOT / "docs" / "handbook" / "facilitators.md")}

    wanted = {"round new", "round open", "round close", "release publish", "release approve", "round results"}
    assert wanted <= told
    assert {words.split()[0] for words in told} >= {"check", "preview", "keys", "bundle", "tabulate", "render"}

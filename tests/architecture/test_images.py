import re
from pathlib import Path

import pytest

from docs.generate_architecture import ROOMS, imports, reach
from tests.architecture.house import ROOT

ENTRIES = {
    "participant": ("bot.participant.app",),
    "operator": ("rounds.service", "storage.bundles"),
    "staff": ("bot.staff.app", "reports.handouts"),
}
COMMANDS = {
    "participant": ("sauti.servers", "sauti.speaking"),
    "operator": ("sauti.rounds", "sauti.office", "sauti.speaking", "sauti.staff"),
    "staff": ("sauti.servers", "sauti.speaking"),
}
"""Modules of the command line that stand behind each image's commands: what these import must be there, too. Not among
them is `round destroy --hide-first`, which speaks with Telegram: an operator's image knows `--now` only."""
ELSEWHERE = {
    "participant": {"bot.simulator.server", "bot.staff.app"},
    "operator": set(),
    "staff": {"bot.simulator.server", "bot.participant.app"},
}
"""What a module imports for another command than the image's."""
NEVER = {
    "participant": ("privacy", "reports", "rounds/service.py", "rounds/gate.py", "rounds/moving.py", "bot/simulator"),
    "operator": ("privacy", "reports", "bot/participant", "bot/simulator", "bot/staff/app.py", "bot/staff/desk.py"),
    "staff": (
        "privacy",
        "reports/assemble.py",
        "reports/rendering.py",
        "rounds/service.py",
        "bot/participant",
        "bot/simulator",
    ),
}


def copied(target: str) -> list[str]:
    """Sources of the COPY lines that end up in one image, those of its base included."""
    stages = re.split(r"^FROM ", (ROOT / "docker" / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)[1:]
    bodies = {stage.splitlines()[0].split()[-1]: stage for stage in stages}
    return re.findall(r"^COPY (\S+) \S+$", bodies["base"] + bodies[target], flags=re.MULTILINE)


def inside(path: str, sources: list[str]) -> bool:
    """Whether a file or folder was copied, by itself or with a folder above it."""
    return any(Path(path).is_relative_to(source) for source in sources)


@pytest.mark.parametrize("target", ENTRIES)
def test_every_copied_path_exists(target: str) -> None:
    """No COPY line names a file or folder that is not there."""
    assert [source for source in copied(target) if not (ROOT / source).exists()] == []


def test_nothing_that_is_copied_is_kept_from_the_engine() -> None:
    """What a COPY line names is let in by the list of what an engine is given; that begins by shutting all out."""
    first, *lines = (ROOT / "docker" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}

    assert first == "*"
    assert {source.partition("/")[0] for target in ENTRIES for source in copied(target)} == let_in


@pytest.mark.parametrize("target", ENTRIES)
def test_an_image_holds_all_that_its_process_imports(target: str) -> None:
    """Every module of ours that the process can import was copied into its image."""
    ours = {name.replace(".", "/") for name in reach(imports(), ENTRIES[target]) if name.partition(".")[0] in ROOMS}
    files = [f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py" for path in ours]

    assert [file for file in files if not inside(file, copied(target))] == []


@pytest.mark.parametrize("target", COMMANDS)
def test_an_image_holds_all_that_its_commands_import(target: str) -> None:
    """What the command line itself loads, also late and inside a function, was copied as well."""
    graph = imports()
    wanted = {
        found
        for module in COMMANDS[target]
        for found in graph.find_modules_directly_imported_by(module) - ELSEWHERE[target]
        if found.partition(".")[0] in ROOMS
    }
    files = [f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py" for path in
             (name.replace(".", "/") for name in wanted)]  # fmt: skip

    assert [file for file in files if not inside(file, copied(target))] == []


@pytest.mark.parametrize("target", NEVER)
def test_an_image_holds_nothing_that_opens_or_tells(target: str) -> None:
    """What a process must never do was not copied: whoever takes it over finds no reader and no report."""
    overlapping = [
        (room, source)
        for room in NEVER[target]
        for source in copied(target)
        if Path(room).is_relative_to(source) or Path(source).is_relative_to(room)
    ]

    assert overlapping == []

"""Writes the table of what each process can reach into ARCHITECTURE.md, between its two markers.

Computed from the import statements of the code, also those inside functions: what a process could ever import, not
what it happens to have loaded. What is not in a process's reach cannot be called there, also not by someone who has
taken the process over without bringing code along.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import grimp

from docs import in_step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "ARCHITECTURE.md"
ROOMS = ("bot", "flows", "locales", "privacy", "reports", "rounds", "sauti", "storage")
BEGIN, END = "<!-- reach: made by make docs -->", "<!-- end of reach -->"


@dataclass(frozen=True, slots=True)
class Process:
    """One process or command, and the modules it starts from."""

    name: str
    entries: tuple[str, ...]


RENDERERS = ("html", "markdown", "pdf", "docx", "sheet", "message")
"""Loaded by name when their format is asked for, so that no import statement leads to them."""
PROCESSES = (
    Process("participant bot: `sauti bot`", ("bot.participant.app",)),
    Process("staff bot: `sauti staff-bot`", ("bot.staff.app", "reports.handouts")),
    Process("simulator: `sauti simulator`", ("bot.simulator.server",)),
    Process("preview: `sauti preview`, `sauti talk`", ("bot.preview.talking", "bot.preview.server", "flows.xlsform")),
    Process("a round's life: `sauti round`", ("rounds.service",)),
    Process("what moves a round", ("rounds.moving", "rounds.scheduling")),
    Process("sealed hand-over: `sauti bundle`", ("storage.bundles",)),
    Process("backup: `sauti backup`", ("storage.backing", "storage.backup_sealing")),
    Process("restore: `sauti restore`", ("storage.backing", "privacy.backups", "privacy.keys")),
    Process("broadcaster: `sauti broadcast`", ("bot.broadcast.app", "privacy.contacts")),
    Process("custodians: `sauti keys`", ("privacy.keys",)),
    Process("desk, counting: `sauti tabulate`", ("privacy.tabulate",)),
    Process("release gate: `sauti release`", ("privacy.gate", "privacy.votes", "privacy.ledger", "reports.feedback")),
    Process(
        "desk, telling: `sauti render`",
        ("reports.rendering", "reports.feedback", *(f"reports.render_{form}" for form in RENDERERS)),
    ),
)
POWERS = {
    "SQL": ("sqlalchemy",),
    "Telegram's words": ("aiogram", "telegram"),
    "can seal": ("storage.sealing",),
    "private keys": ("privacy.keys",),
    "can open answers": ("privacy.opening",),
    "can open chats": ("privacy.contacts",),
}
"""Column → the modules without any of which the process cannot do it."""


def imports() -> grimp.ImportGraph:
    """Who imports whom, libraries included, imports for type checkers left out."""
    return grimp.build_graph(*ROOMS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None)


def reach(graph: grimp.ImportGraph, entries: Iterable[str]) -> frozenset[str]:
    """Every module that running `entries` could import; a package is run before its parts."""
    found: set[str] = set()
    ahead = set(entries)
    while ahead:
        module = ahead.pop()
        found.add(module)
        parts = module.split(".")
        packages = {".".join(parts[:length]) for length in range(1, len(parts))}
        ahead |= (packages | graph.find_modules_directly_imported_by(module)) - found
    return frozenset(found)


def table(graph: grimp.ImportGraph) -> str:
    """The table, one row for each process."""
    lines = [f"| process | rooms within reach | {' | '.join(POWERS)} |", f"|---|---|{'---|' * len(POWERS)}"]
    for process in PROCESSES:
        found = reach(graph, process.entries)
        rooms = ", ".join(f"`{room}`" for room in sorted({_room(module) for module in found} - {""}))
        powers = " | ".join("**yes**" if found.intersection(modules) else "no" for modules in POWERS.values())
        lines.append(f"| {process.name} | {rooms} | {powers} |")
    return "\n".join(lines)


def page(before: str, graph: grimp.ImportGraph) -> str:
    """ARCHITECTURE.md with its table renewed.

    Raises:
        ValueError: a marker is missing.
    """
    head, _, rest = before.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError(f"ARCHITECTURE.md lacks the markers {BEGIN} and {END}")
    return f"{head}{BEGIN}\n\n{table(graph)}\n\n{END}{tail}"


def _room(module: str) -> str:
    room, _, rest = module.partition(".")
    if room == "bot" and rest:
        return ".".join(module.split(".")[:2])
    return room if room in ROOMS and room != "bot" else ""


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(PAGE.read_text("utf-8"), imports()), "the code"))

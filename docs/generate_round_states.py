"""Draws docs/round-states.md from the one table that decides: rounds.life. With `--check` it only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from docs import in_step
from rounds.life import LIFE, MEANING, TRANSITIONS

PAGE = Path(__file__).with_name("round-states.md")


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# States of a round"
    yield ""
    yield "Made by `make docs` from `rounds/life.py`; do not edit. What has no arrow is refused."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> drafted: new"
    for before, later, acts in _arrows():
        yield f"    {before} --> {later}: {acts}"
    yield "```"
    yield ""
    yield "| state | what it means |"
    yield "|---|---|"
    for state, meaning in MEANING.items():
        yield f"| `{state}` | {meaning} |"
    yield ""
    yield "## What can be done, by whom, and what it destroys"
    yield ""
    yield "| act | in which state | by whom | what happens | what is gone then |"
    yield "|---|---|---|---|---|"
    for act, deed in LIFE.items():
        states, who = ", ".join(deed.ways), ", ".join(sorted(deed.by))
        yield f"| `{act}` | {states} | {who} | {deed.does} | {deed.destroys or '-'} |"


def _arrows() -> Iterator[tuple[str, str, str]]:
    """Each arrow once, with all acts that take it; acts that leave a state as it is are in the table below."""
    acts: dict[tuple[str, str], list[str]] = {}
    for (before, act), later in TRANSITIONS.items():
        if before is not later:
            acts.setdefault((before.name.lower(), later.name.lower()), []).append(act.value)
    for (start, end), names in acts.items():
        yield start, end, ", ".join(names)


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "rounds/life.py"))

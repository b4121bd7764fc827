"""Draws docs/round-states.md from the one table that decides: rounds.life. With `--check` it only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rounds.life import MEANING, TRANSITIONS, Act

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
    yield "    [*] --> drafted: sauti round new"
    for (before, act), after in TRANSITIONS.items():
        command = "sauti" if act is Act.BROADCAST else "sauti round"
        yield f"    {before.name.lower()} --> {after.name.lower()}: {command} {act}"
    yield "```"
    yield ""
    yield "| state | what it means |"
    yield "|---|---|"
    for state, meaning in MEANING.items():
        yield f"| `{state}` | {meaning} |"


def main() -> int:
    """Writes the page, or says with exit code 1 that it is out of step."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/round-states.md is not in step with rounds/life.py: run make docs\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())

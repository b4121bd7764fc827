"""Writes the functions that rules may use into docs/forms.md, between its two markers, from the table of functions.

With `--check` it only says whether the page is in step.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from flows.functions import FUNCTIONS, NOT_HERE

PAGE = Path(__file__).with_name("forms.md")
BEGIN, END = "<!-- functions: made by make docs -->", "<!-- end of functions -->"


def table() -> Iterator[str]:
    """The lines between the markers."""
    yield "| function | for example | what it says |"
    yield "|---|---|---|"
    for name, function in FUNCTIONS.items():
        example = function.example.replace("|", "\\|")
        yield f"| `{name}` | `{example}` | {function.meaning} |"
    yield ""
    yield "Not here, each with what to do instead in the report: " + ", ".join(f"`{name}`" for name in NOT_HERE) + "."


def page(text: str) -> str:
    """The page with the table in its place. Raises ValueError where a marker is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/forms.md has lost its markers")
    return "\n\n".join((before + begin, "\n".join(table()), end + after))


def main(arguments: list[str]) -> int:
    """Writes the page, or with `--check` compares it."""
    text = PAGE.read_text("utf-8")
    wanted = page(text)
    if "--check" not in arguments:
        PAGE.write_text(wanted, "utf-8")
    elif wanted != text:
        sys.stderr.write("docs/forms.md is not in step with flows/functions.py: run make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

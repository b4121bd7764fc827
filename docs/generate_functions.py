"""Writes the functions that rules may use into docs/forms.md, between its two markers, from the table of functions.

With `--check` it only says whether the page is in step.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from docs import in_step
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


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(PAGE.read_text("utf-8")), "flows/functions.py"))

"""Writes docs/conversations.md from the whole conversations that the tests hold. `--check` only compares."""

import sys
from pathlib import Path

from docs import in_step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conversations.md"
GOLDEN = (ROOT / "tests" / "flows" / "golden", ROOT / "tests" / "bot" / "golden")
HEAD = """# Conversations

Made by `make docs` from `tests/flows/golden` and `tests/bot/golden`, which the tests hold word for word; do not edit.

First what the engine decides, then what the bot does in a chat. Lines that start with `>` are what she does. A box is
the one card she sees then; the words on buttons of the interface stand as the engine names them, and in a chat as she
reads them. Lines that start with `*` are what is done besides: an answer is sealed and gone.
"""


def page() -> str:
    """The whole page: each conversation under its title."""
    parts = [HEAD]
    for path in (path for folder in GOLDEN for path in sorted(folder.glob("*.txt"))):
        head, _, body = path.read_text("utf-8").partition("\n----\n")
        title, _, story = head.partition("\n")
        told = "\n".join(line for line in story.splitlines() if not line.startswith(("consultation: ", "begins: ")))
        told = told.replace("proves: ", "Shows ")
        parts.append(f"## {title.removeprefix('# ')}\n\n{told.strip()}\n\n```text\n{body.strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "the golden files"))

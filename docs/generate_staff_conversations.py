"""Writes docs/staff-conversations.md from the walk that the tests hold. `--check` only compares."""

import sys
from pathlib import Path

from docs import in_step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "staff-conversations.md"
GOLDEN = "tests/staff/golden"
HEAD = """# What the staff bot says

Made by `make docs` from [{golden}/en.txt](../{golden}/en.txt), which the tests hold word for word; do not edit. The
same walk in [Arabic](../{golden}/ar.txt), [French](../{golden}/fr.txt) and [Spanish](../{golden}/es.txt).

Every button, command, refusal and note. Lines that start with `>` are what somebody does. A box is what the chat shows
then, under the name of this state; lines that start with `*` are what is done besides. Where a press has no box, it
shows what was shown before. `0101` and the like are rounds, each in another state.
"""


def page() -> str:
    """The whole page: each part of the walk under its title."""
    parts = [HEAD.format(golden=GOLDEN)]
    walk = (ROOT / GOLDEN / "en.txt").read_text("utf-8")
    for part in walk.split("## ")[1:]:
        title, _, story = part.partition("\n")
        parts.append(f"## {title}\n\n```text\n{story.strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(), "the golden files"))

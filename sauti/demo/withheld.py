"""What a candidate of the demo keeps back, told from its file: table by table, in counts of cells and nothing else."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_NAMED = re.compile(r"\{\{(\w+)\.(\w+)\.(?:count|percent)\}\}")
"""A reference in a narrative to a figure: question, code."""

SMALL_ROUND = (
    "Of fewer than {least} people no figure would be shown at all: such a round gets a summary in words (narrative)."
)


def account(candidate: Mapping[str, Any]) -> list[str]:
    """How many figures of each table are withheld, a line each, and what a small round gets instead."""
    small = SMALL_ROUND.format(least=candidate["rules"]["min_numbers"])
    if candidate["respondents"] is None:
        return ["So few took part that the summary is in words (narrative): no table is made.", small]
    lines = [_line(table["id"], _of_table(table), table["refusal"]) for table in candidate["tables"]]
    lines += [_line(cross["id"], _of_cross(cross), cross["refusal"]) for cross in candidate["crosses"]]
    return ["Withheld, table by table:", *lines, small]


def narratives(candidate: Mapping[str, Any], folder: Path) -> list[Path]:
    """What staff have written in `folder`, if every figure that it names is shown; else nothing."""
    shown = set(_shown(candidate))
    paths = sorted(folder.glob("pbc.*.md"))
    named = {name for path in paths for name in _NAMED.findall(path.read_text(encoding="utf-8"))}
    return paths if named <= shown else []


def _shown(candidate: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Figures with a share beside them: question and code."""
    for table in candidate["tables"]:
        for row in table["rows"]:
            if row["cell"].get("percent") is not None:
                yield table["id"], row["code"]


def _of_table(table: Mapping[str, Any]) -> list[str]:
    return [row["cell"]["display"] for row in table["rows"]]


def _of_cross(cross: Mapping[str, Any]) -> list[str]:
    return [cell["display"] for row in cross["cells"] for cell in row if cell["display"] != "impossible"]


def _line(name: str, displays: list[str], refusal: str | None) -> str:
    if refusal is not None:
        return f"  {name}: the whole table ({refusal})"
    hidden = sum(display != "shown" for display in displays)
    return f"  {name}: {hidden} of {len(displays)} figures"

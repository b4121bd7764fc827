"""Asked after the parallel part of `make test`: in the pure rooms examples took 95 % of lines and of branches at least.

Invented cases (hypothesis) do not count: tracing them costs four times their time, and a branch that only a lucky
invention reaches has no example that explains it (tests/conftest.py marks them).
Which modules are pure is read from the import contract in pyproject.toml, so that the two can never differ.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from coverage import Coverage

from tests.architecture.house import ROOT, pyproject

AT_LEAST = 95.0


def pure() -> tuple[list[str], list[str]]:
    """(pure modules and packages, modules excepted from them), as path prefixes."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    contract = next(each for each in contracts if each["name"].startswith("pure:"))
    excepted = [line.partition(" -> ")[0] for line in contract["ignore_imports"]]
    return [name.replace(".", "/") for name in contract["source_modules"]], [n.replace(".", "/") for n in excepted]


def measured() -> dict[str, Any]:
    """Coverage's own summary of every measured file."""
    coverage = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files: dict[str, Any] = json.loads(report.read_text("utf-8"))["files"]
    return files


def below(files: dict[str, Any]) -> list[str]:
    """Prints one line for each pure room; returns the rooms that fall short."""
    inside, excepted = pure()
    short = []
    for room in inside:
        seen: Counter[str] = Counter()
        for name, facts in sorted(files.items()):
            if _under(name, room) and not any(_under(name, each) for each in excepted):
                seen.update({key: value for key, value in facts["summary"].items() if isinstance(value, int)})
                if facts["missing_lines"] or facts["missing_branches"]:
                    sys.stdout.write(
                        f"  {name}: lines {facts['missing_lines']}, branches {facts['missing_branches']}\n"
                    )
        if not seen:
            sys.stdout.write(f"{room}: no module of it was measured\n")
            short.append(room)
            continue
        lines = _percent(seen["covered_lines"], seen["num_statements"])
        branches = _percent(seen["covered_branches"], seen["num_branches"])
        sys.stdout.write(f"{room}: {lines:.1f} % of lines, {branches:.1f} % of branches\n")
        if min(lines, branches) < AT_LEAST:
            short.append(room)
    return short


def _under(name: str, prefix: str) -> bool:
    return name == f"{prefix}.py" or name.startswith(f"{prefix}/")


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


if __name__ == "__main__":
    if found := below(measured()):
        sys.exit(f"tests reach less than {AT_LEAST:.0f} % in: {', '.join(found)}")

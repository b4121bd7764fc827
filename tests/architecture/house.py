"""What the architecture tests look at: the rooms, their sources, and the settings of the house."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NOT_SHIPPED = ("bench", "docs", "tests")
GENERATED = "storage/migrations/versions"


@cache
def pyproject() -> dict[str, Any]:
    """pyproject.toml, read once."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def rooms() -> list[str]:
    """The packages at the root that are shipped."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in NOT_SHIPPED)


def sources(*folders: str) -> list[Path]:
    """Every hand-written Python file of the named folders (all rooms without any)."""
    found = (path for folder in folders or rooms() for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if GENERATED not in path.as_posix()]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text("utf-8"))


def nodes(*kinds: type[ast.AST], folders: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(file:line, node) of every node of these kinds in the rooms."""
    for path in sources(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node


def tracked(*endings: str) -> list[Path]:
    """Files that belong to the repository, by ending (all without any); new files that are not ignored count too."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return [path for name in listed if name.endswith(endings or "") and (path := ROOT / name).is_file()]

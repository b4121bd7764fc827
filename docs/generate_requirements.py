"""Writes docs/requirements.md: each promise, the tests that prove it and the sabotages they catch.

Static: it reads docs/requirements.yaml and the syntax trees under tests/, and runs nothing. That the named tests pass
is `make test`; that each catches its sabotage is `make sabotage`. With `--check` it only says whether the page is in
step.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from docs import in_step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "requirements.md"
PROVES = re.compile(r"Proves:\s*([A-Z]\d+(?:\s*,\s*[A-Z]\d+)*)")
ID = re.compile(r"[A-Z]\d+")
HEAD = """# What is promised, and what proves it

Made by `make docs` from `docs/requirements.yaml` and the tests; do not edit.

* **proved**: a test names the promise (`make test` runs it), and a sabotage, a small function that
  breaks it on purpose, is tied to a test that must then fail (`make sabotage` demands it).
* **tested**: a test names the promise; no sabotage shows yet that it would notice the opposite.
* *awaits*: nothing proves it yet; the room with which it comes is named. Do not rely on it.

A test may prove a part of a long promise: read it before relying on the rest.
*Not yet* names what is known to be missing.
"""


@dataclass(slots=True)
class Evidence:
    """What stands behind one requirement: ids of tests, names of sabotages as `make sabotage` lists them."""

    tests: list[str] = field(default_factory=list)
    sabotages: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """proved, tested or awaits, as the head of the page explains."""
        if not self.tests:
            return "*awaits*"
        return "**proved**" if self.sabotages else "tested"


def collect(tests: Path) -> dict[str, Evidence]:
    """Evidence by requirement id, from every Python file under `tests`."""
    found: defaultdict[str, Evidence] = defaultdict(Evidence)
    for path in sorted(tests.rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        for function in _functions(ast.parse(path.read_text("utf-8"))):
            for requirement in _proved_by(function):
                found[requirement].tests.append(f"{where}::{function.name}")
            for requirement in _sabotaged_by(function):
                found[requirement].sabotages.append(f"{path.stem}:{function.name}")
    return dict(found)


def page(promises: dict[str, dict[str, str]], evidence: dict[str, Evidence]) -> str:
    """The whole page.

    Raises:
        KeyError: a test or sabotage names an id that docs/requirements.yaml does not know, or nothing proves a promise
            and no room is named with which it comes.
    """
    promises = dict(promises)
    missing, rooms = promises.pop("not yet", {}), promises.pop("awaits", {})
    known = [identity for section in promises.values() for identity in section]
    if unknown := evidence.keys() - set(known):
        raise KeyError(f"ids that docs/requirements.yaml does not know: {sorted(unknown)}")
    states = [evidence.get(identity, Evidence()).status.strip("*") for identity in known]
    waiting = {identity for identity, state in zip(known, states, strict=True) if state == "awaits"}
    if roomless := waiting - rooms.keys():
        raise KeyError(f"promises that wait for nothing that is named under 'awaits': {sorted(roomless)}")
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("proved", "tested", "awaits"))
    lines = [HEAD, f"{len(known)} promises: {counts}."]
    for title, section in promises.items():
        lines += ["", f"## {title}", "", "| id | promise | status | by |", "|---|---|---|---|"]
        for identity, promise in section.items():
            gap = f"<br>*Not yet:* {missing[identity]}." if identity in missing else ""
            lines.append(_row(identity, promise + gap, evidence.get(identity, Evidence()), rooms.get(identity, "")))
    return "\n".join(lines) + "\n"


def _row(identity: str, promise: str, evidence: Evidence, room: str) -> str:
    files = sorted({test.partition("::")[0] for test in evidence.tests})
    by = [f"[{file.removeprefix('tests/')}](../{file}) ({_in(file, evidence)})" for file in files]
    by += [f"breaks: `{name}`" for name in evidence.sabotages]
    status = evidence.status if evidence.tests else f"{evidence.status} {room}".strip()
    return f"| {identity} | {promise} | {status} | {'; '.join(by)} |"


def _in(file: str, evidence: Evidence) -> int:
    return sum(test.startswith(f"{file}::") for test in evidence.tests)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _proved_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    told = PROVES.search(ast.get_docstring(function) or "") if function.name.startswith("test_") else None
    return ID.findall(told[1]) if told else []


def _sabotaged_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "sabotage":
            yield from ID.findall(ast.unparse(call.args[0]))


if __name__ == "__main__":
    promises = yaml.safe_load((ROOT / "docs" / "requirements.yaml").read_text("utf-8"))
    sys.exit(in_step.keep(PAGE, page(promises, collect(ROOT / "tests")), "the tests"))

"""Writes docs/red-team.md: each attack on released numbers and each golden vector, with the tests that try it.

Static: it reads the names and first sentences of the tests, and runs nothing. With `--check` it only says whether the
page is in step.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from docs import in_step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "red-team.md"
TESTS = ("tests/privacy", "tests/reports")
NAMED = re.compile(r"test_(a|gv_)(\d+)_")
HEAD = """# Attacks, golden vectors and their tests

Made by `make docs` from the tests; do not edit.

An attack is tried twice: against what a careless hand would print, where it has to succeed, and against what the door
lets out, where it has to fail. A golden vector is a number that another program, or an earlier simulation, gave. `make
test` runs all of them.
"""
ATTACKS: Mapping[str, str] = MappingProxyType(
    {
        "A1": "a small cell is printed",
        "A2": "the total less the other cells",
        "A3": "sums round a cycle of withheld cells, two in each row and column",
        "A4": "one margin in several tables",
        "A5": "those who did not pick a choice",
        "A6": "a percentage, or a mean, of a number that is known",
        "A7": "two releases, one person more",
        "A8": "filters that overlap",
        "A9": "everybody in a group said so; nobody did",
        "A10": "the rule of suppression is known",
        "A11": "who knows some answers subtracts them",
        "A12": "a rounded figure tips over when one person comes",
        "A13": "numbers that come back through the text",
        "A14": "what lies in the file behind the page",
    }
)
VECTORS: Mapping[str, str] = MappingProxyType(
    {
        "GV-1": "sdcTable: nine withheld cells, two in each row and column, of which one is known",
        "GV-2": "sdcTable, microdata1: three more cells protect one",
        "GV-3": "ACRO: a flagged cell beside its total",
        "GV-4": "sdcMicro: how many records share a combination",
        "GV-8": "four unknowns of which integers say more than linear programs",
        "GV-9": "simulation: what primary suppression alone gives away",
        "GV-10": "OpenDP: what a discrete Laplace release costs",
    }
)
NOT_YET: Mapping[str, str] = MappingProxyType(
    {
        "GV-10": "*not built*: no release adds noise (docs/adr/0029)",
    }
)
Tests = dict[str, list[tuple[str, str]]]


def collected() -> Tests:
    """For each attack and vector the tests that bear its name: where they stand, and what they say."""
    found: Tests = {}
    for folder in TESTS:
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            for function in _functions(ast.parse(path.read_text("utf-8"))):
                if named := NAMED.match(function.name):
                    identity = f"{named[1].upper().replace('_', '-')}{named[2]}"
                    where = f"{path.relative_to(ROOT).as_posix()}::{function.name}"
                    found.setdefault(identity, []).append((where, _said(function)))
    return found


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def _said(function: ast.FunctionDef) -> str:
    """The test's own sentence, without what it proves."""
    return " ".join((ast.get_docstring(function) or "").partition("Proves:")[0].split())


def page(found: Tests) -> str:
    """The whole page.

    Raises:
        KeyError: an attack or vector has neither test nor reason, or both; or a test is named after one nobody knows.
    """
    known = {**ATTACKS, **VECTORS}
    if wrong := (found.keys() - known.keys()) | ((found.keys() | NOT_YET.keys()) ^ known.keys()):
        raise KeyError(f"attacks or vectors without a test, or tests without one: {sorted(wrong)}")
    if both := found.keys() & NOT_YET.keys():
        raise KeyError(f"tested, and yet said to be missing: {sorted(both)}")
    parts = [HEAD]
    for title, every in (("Attacks", ATTACKS), ("Golden vectors", VECTORS)):
        parts += [f"\n## {title}\n\n", "| | what is tried | test | what it shows |\n|---|---|---|---|\n"]
        parts += [_row(identity, words, found) for identity, words in every.items()]
    return "".join(parts)


def _row(identity: str, words: str, found: Tests) -> str:
    tests = found.get(identity, [])
    where = "<br>".join(f"`{test}`" for test, _ in tests) or NOT_YET[identity]
    return f"| {identity} | {words} | {where} | {'<br>'.join(said for _, said in tests)} |\n"


if __name__ == "__main__":
    sys.exit(in_step.keep(PAGE, page(collected()), "the tests"))

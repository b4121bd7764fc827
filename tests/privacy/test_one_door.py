"""One door from what was counted to what may be seen: nothing else makes, widens or carries past it."""

import ast
from collections.abc import Iterator

import pytest

from privacy.tables import SafeCross, SafeTable
from tests.architecture.house import ROOT, sources, tree

SAFE = frozenset({"SafeTable", "SafeCross"})
RAW = frozenset({"RawTable", "RawCross", "ItemCounts"})
FIELDS = frozenset({*SafeTable.model_fields, *SafeCross.model_fields}) - {"id", "by", "question"}
"""Where a safe table tells something of people."""


def _name(node: ast.expr) -> str:
    """The last part of a name, however it is reached."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def makers(module: ast.Module) -> Iterator[str]:
    """Each way in which a module makes a safe table: calls it, calls a method of the class, or renames it first."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(value=owner)) if _name(owner) in SAFE:
                yield f"{_name(owner)}.{_name(node.func)}"
            case ast.Call(func=made) if _name(made) in SAFE:
                yield _name(made)
            case ast.ImportFrom(names=names) | ast.Import(names=names):
                yield from (f"{each.name} as {each.asname}" for each in names if each.asname and each.name in SAFE)


def changers(module: ast.Module) -> Iterator[str]:
    """Fields of a safe table that a module names where it copies one with something changed."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _name(node.func) in {"model_copy", "replace"}:
            named = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            yield from sorted(FIELDS & {each for each in named if isinstance(each, str)})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("safe = SafeTable(id='q')", ["SafeTable"]),
        ("safe = tables.SafeCross(id='q')", ["SafeCross"]),
        ("safe = tables.SafeTable.model_construct(id='q')", ["SafeTable.model_construct"]),
        ("safe = SafeCross.model_validate(told)", ["SafeCross.model_validate"]),
        ("from privacy.tables import SafeTable as Table", ["SafeTable as Table"]),
        ("def told(safe: SafeTable) -> SafeTable: return safe", []),
    ],
)
def test_a_second_door_would_be_found(source: str, found: list[str]) -> None:
    """Called, called through its module, by a method of the class or under another name: each way is seen."""
    assert list(makers(ast.parse(source))) == found


def test_a_figure_put_in_later_would_be_found() -> None:
    """A copy of a safe table with other rows is seen as well."""
    assert list(changers(ast.parse("wide = safe.model_copy(update={'rows': raw, 'id': 'q'})"))) == ["rows"]


def test_there_is_one_door() -> None:
    """No module of any room but the door makes a safe table or a safe cross, in whatever way. Proves: R1."""
    found = {path.relative_to(ROOT).as_posix(): set(makers(tree(path))) for path in sources()}

    assert {path: ways for path, ways in found.items() if ways} == {"privacy/control.py": set(SAFE)}


def test_nothing_is_put_into_a_table_behind_the_door() -> None:
    """What was let through is changed by the door, by its telling, and by repairs, which take away. Proves: R1."""
    found = {path.relative_to(ROOT).as_posix(): set(changers(tree(path))) for path in sources("privacy", "reports")}

    assert {path: fields for path, fields in found.items() if fields} == {
        "privacy/control.py": {"places"},
        "privacy/repairs.py": {"rows", "columns", "cells", "mean", "places"},
        "privacy/telling.py": {"mean"},
    }


def test_what_was_counted_has_no_name_outside_its_room() -> None:
    """No other room so much as names a raw table but the measurement of the audit, on invented people. Proves: R1."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(
            (isinstance(node, ast.Name | ast.Attribute) and _name(node) in RAW)
            or (isinstance(node, ast.alias) and node.name in RAW)
            for node in ast.walk(tree(path))
        )
    }

    assert {path for path in found if not path.startswith("privacy/")} == {"sauti/benching/auditing.py"}

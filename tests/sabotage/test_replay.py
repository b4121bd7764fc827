import ast
from pathlib import Path

import pytest

from tests.sabotage import probes
from tests.sabotage.collection import by_name
from tests.sabotage.plugin import breakage
from tests.sabotage.registry import Sabotage
from tests.sabotage.replay import ROOT, Verdict, replay, verdict_of

PROBE = "tests/sabotage/test_replay.py::test_probe_holds_while_the_registry_is_whole"


def test_probe_holds_while_the_registry_is_whole() -> None:
    """The runner's own patient: passes unless the registry is broken on purpose."""
    assert Sabotage.__slots__ == ("requirement", "caught_by", "name", "breakage")


def test_a_breakage_that_the_test_notices_is_caught() -> None:
    """A test that fails under its breakage counts as having caught it."""
    found = replay("probes:a_field_is_lost", Sabotage("S2", PROBE, "a_field_is_lost", probes.a_field_is_lost))

    assert (found.verdict, found.tail) == (Verdict.CAUGHT, "")


def test_a_breakage_that_changes_nothing_is_reported() -> None:
    """A test that passes under its breakage is named, with pytest's last words."""
    found = replay("probes:nothing_is_broken", Sabotage("S2", PROBE, "nothing_is_broken", probes.nothing_is_broken))

    assert found.verdict is Verdict.UNNOTICED
    assert "1 passed" in found.tail


def test_a_test_that_cannot_run_has_caught_nothing() -> None:
    """A wrong test id, an import error or a crash of pytest is never taken for a caught breakage."""
    assert [verdict_of(code) for code in (2, 3, 4, 5, -9)] == [Verdict.NOT_RUN] * 5


@pytest.mark.parametrize("name", by_name())
def test_every_sabotage_names_a_test_that_exists(name: str) -> None:
    """Each `caught_by` is the id of a test that is there, so that no breakage is replayed against nothing."""
    file, *path = by_name()[name].caught_by.partition("[")[0].split("::")
    body: list[ast.stmt] = ast.parse((ROOT / Path(file)).read_text("utf-8")).body

    for part in path:
        named = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
        found = [node for node in named if node.name == part]
        assert found, f"{by_name()[name].caught_by} is not there"
        body = found[0].body


@pytest.mark.parametrize("name", by_name())
def test_every_sabotage_finds_what_it_breaks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a breakage puts its own in place of is there: one left behind when code moves would break nothing."""
    by_name()[name].breakage(monkeypatch)


def test_every_sabotage_is_found_by_its_name() -> None:
    """Those that are made in a loop, too: what cannot be applied proves nothing."""
    every = by_name()

    assert len(every) > 300
    assert all(breakage(name) is each.breakage for name, each in every.items())

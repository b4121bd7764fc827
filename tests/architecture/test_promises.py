from pathlib import Path

import pytest

from docs.generate_requirements import Evidence, collect, page
from tests.architecture.house import ROOT

A_TEST = '''
def test_a():
    """A promise.

    Proves: D1, T2
    """

def helper():
    """Proves: S1 to nobody: it is no test."""
'''
A_SABOTAGE = """
@sabotage("D1, D3", caught_by="tests/test_a.py::test_a")
def answers_lie_open(patch): ...
"""


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Evidence]:
    """What is collected from one test, one function that is none, and one sabotage."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(A_TEST, "utf-8")
    (tmp_path / "tests" / "broken.py").write_text(A_SABOTAGE, "utf-8")
    monkeypatch.setattr("docs.generate_requirements.ROOT", tmp_path)
    return collect(tmp_path / "tests")


def test_only_a_test_with_a_sabotage_counts_as_proof(evidence: dict[str, Evidence]) -> None:
    """Proved takes both; a sabotage without a test proves nothing, and neither does a helper's docstring."""
    assert {name: each.status.strip("*") for name, each in evidence.items()} == {
        "D1": "proved",
        "T2": "tested",
        "D3": "awaits",
    }


def test_an_unknown_id_is_refused(evidence: dict[str, Evidence]) -> None:
    """A test cannot claim a promise that was never made."""
    with pytest.raises(KeyError, match="T2"):
        page({"Data": {"D1": "sealed", "D3": "one size"}}, evidence)


def test_what_nothing_proves_names_what_it_waits_for(evidence: dict[str, Evidence]) -> None:
    """A promise without a proof says with which room it comes, and one that is proved no more says so no more."""
    promises = {"Data": {"D1": "sealed", "T2": "short", "D3": "one size"}}
    with pytest.raises(KeyError, match="D3"):
        page(promises, evidence)

    told = page(promises | {"awaits": {"D3": "the cellar", "D1": "the attic"}}, evidence)
    assert "| D3 | one size | *awaits* the cellar |" in told
    assert "attic" not in told


def test_the_page_lists_every_promise() -> None:
    """Each id stands on docs/requirements.md, also while it still awaits its proof."""
    text = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    ranges = {"O": 5, "Q": 9, "K": 5, "P": 12, "C": 2, "W": 6, "D": 7, "T": 6, "F": 7, "A": 5, "R": 9, "S": 4}

    missing = [
        f"{letter}{n}" for letter, last in ranges.items() for n in range(1, last + 1) if f"| {letter}{n} |" not in text
    ]

    assert missing == []

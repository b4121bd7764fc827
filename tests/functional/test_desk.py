"""The whole way by separate commands, as `desk.sh` tells it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from locales.catalog import catalogue
from privacy.candidate import Candidate
from reports import texts
from tests.architecture.house import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]  # one script, however many workers
LANGUAGES = ("en", "fr", "es", "ar")
PEOPLE = 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the script went its whole way, once for all tests here."""
    folder = tmp_path_factory.mktemp("desk")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", str(ROOT / "tests" / "functional" / "desk.sh"), str(folder), str(PEOPLE)],
        env=os.environ | {"PATH": path},
        check=False, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    logs = "".join(path.read_text("utf-8") for path in folder.glob("*.log"))
    assert ran.returncode == 0, ran.stderr + logs
    return folder


def told(desk: Path, name: str) -> Any:  # noqa: ANN401 - any JSON
    """A JSON file of the folder."""
    return json.loads((desk / name).read_text("utf-8"))


def test_the_candidate_holds_no_small_number(desk: Path) -> None:
    """Sixty people become a candidate in which every count is rounded and none lies below its threshold.

    Proves: R1
    """
    candidate = Candidate.from_json((desk / "candidate.json").read_bytes())
    cells = [row.cell for table in candidate.tables for row in table.rows]
    counts = [cell.count for cell in cells if cell.display == "shown"]

    assert counts
    assert min(counts) >= candidate.rules.threshold == 15
    assert all(count % candidate.rules.base == 0 for count in counts)
    assert any(cell.display == "small" for cell in cells)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_says_draft_and_holds_no_small_number(desk: Path, language: str) -> None:
    """Each of the four languages reads as a draft of a rehearsal, and no row of it tells of fewer than fifteen."""
    words = catalogue(language, "reports")
    page = (desk / "summary" / f"summary.{language}.html").read_text("utf-8")
    text = (desk / "summary" / f"summary.{language}.md").read_text("utf-8")

    rows = re.findall(r"^\|[^|]+\| *(\d+) *\|", text, flags=re.MULTILINE)
    assert rows
    assert min(map(int, rows)) >= 15
    # French keeps a stop beside its word by a space that no line breaks at.
    for document in (each.replace("\u00a0", " ") for each in (page, text)):
        assert str(texts.DRAFT(words)) in document
        assert str(texts.REHEARSAL(words)) in document
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_one_week_is_told_as_one_week(desk: Path) -> None:
    """A round that opened and closed within a week names that week once."""
    text = (desk / "summary" / "summary.en.md").read_text("utf-8")

    assert text.count("week that began on") == 1


def test_the_status_of_an_open_round_tells_no_figure_of_today(desk: Path) -> None:
    """While people answer, participation stays at what it was a day ago.

    Proves: F3
    """
    status = told(desk, "status.json")

    assert told(desk, "people.json")["participants_sent"] > 0
    assert (status["state"], status["participation"]) == ("open", 0)


def test_what_a_custodian_keeps_is_theirs_alone(desk: Path) -> None:
    """Shares, passphrases and the server's secrets can be read by their owner only."""
    private = [*(desk / "keys").glob("share-*.json"), *(path for path in (desk / "secrets").rglob("*"))]

    assert len(private) > 3
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []

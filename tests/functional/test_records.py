"""Deployment records and referral lists as the command line takes them."""

import pytest

from tests.architecture.house import ROOT
from tests.functional.conftest import EXAMPLE, Desk

pytestmark = pytest.mark.xdist_group("commands")
RECORD = ROOT / "examples" / "deployment.yaml"
RESULTS = ROOT / "examples" / "results.yaml"


def test_a_new_round_says_what_its_record_lacks(desk: Desk) -> None:
    """Right after making it, each gap is told with its remedy; a rehearsal with the example's record lacks nothing.

    Proves: O1
    """
    public = desk / "keys" / "round.public.json"
    (desk / "bare.yaml").write_text("format: sauti-deployment\nversion: 1\n", "utf-8")
    bare = desk.run("round", "new", EXAMPLE, "--public-key", public, "--deployment", desk / "bare.yaml")
    whole = desk.run("round", "new", EXAMPLE, "--public-key", public, "--deployment", RECORD, "--rehearsal")
    none = desk.run("round", "new", EXAMPLE, "--public-key", public)

    for code in ("no-purpose", "no-custodians", "no-complaint-ar", "no-help-health-en"):
        assert f"before it can open: {code}:" in bare.stderr
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert "no-deployment" in none.stderr


def test_a_record_with_faults_makes_no_round(desk: Desk) -> None:
    """A record that cannot be read is refused with its line, and no round is made."""
    before = desk.json("round", "status")
    (desk / "record.yaml").write_text(RECORD.read_text("utf-8").replace("purpose:", "porpose:"), "utf-8")
    made = desk.run(
        "round",
        "new",
        EXAMPLE,
        "--public-key",
        desk / "keys" / "round.public.json",
        "--deployment",
        desk / "record.yaml",
    )

    assert made.exit_code == 1
    assert "record.yaml:8:" in made.stderr
    assert "Did you mean 'purpose'?" in made.stderr
    assert desk.json("round", "status") == before


def test_referrals_are_renewed_while_a_round_is_open(desk: Desk, rounds: dict[str, str]) -> None:
    """A whole list replaces the old one; one that would leave somebody without help, or a closed round, is refused.

    Proves: O2
    """
    renewed = desk.json("round", "referrals", rounds["open"], RECORD)
    part = RECORD.read_text("utf-8").replace("service: health", "service: legal")
    (desk / "part.yaml").write_text(part, "utf-8")
    lacking = desk.run("round", "referrals", rounds["open"], desk / "part.yaml")
    closed = desk.run("round", "referrals", rounds["closed"], RECORD)

    assert renewed["state"] == "open"
    assert lacking.exit_code == 1
    assert "no-help-health-en" in lacking.stderr
    assert closed.exit_code == 1
    assert "wrong-state" in closed.stderr


def test_results_are_published_of_a_closed_round(desk: Desk, rounds: dict[str, str]) -> None:
    """The file is taken for a closed round, a newer one says what is different, and a faulty one is refused by line.

    Proves: W4
    """
    first = desk.run("round", "results", rounds["closed"], RESULTS)
    text = RESULTS.read_text("utf-8")
    (desk / "later.yaml").write_text(text[: text.index("happened:")] + "happened: []\n", "utf-8")
    again = desk.run("round", "results", rounds["closed"], desk / "later.yaml")
    (desk / "wrong.yaml").write_text(text.replace("2026-11-10", "2999-11-10"), "utf-8")
    wrong = desk.run("round", "results", rounds["closed"], desk / "wrong.yaml")

    assert (first.exit_code, again.exit_code, wrong.exit_code) == (0, 0, 1)
    assert "Published." in first.stderr
    assert "Another summary in: none." in again.stderr
    assert "0 entries are new, 1 are gone." in again.stderr
    assert "date-ahead" in wrong.stderr

"""A round released twice by the real commands: counted beside its earlier bundle, refused with repairs, published."""

import json
from pathlib import Path

import pytest

from tests.functional.conftest import Desk
from tests.privacy import released, synthetic

pytestmark = pytest.mark.xdist_group("commands")
ASKED = released.ASKED


def people(number: int, seed: int) -> list[list[bytes]]:
    """What so many people said."""
    return [each.records(ASKED) for each in synthetic.people(number, seed)]


def test_a_second_release_stands_behind_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the earlier bundle it is refused; with it, cells few joined are named; what is chosen is published.

    Proves: R4, R3
    """
    desk = Desk(tmp_path, {})
    made = synthetic.make_bundle(desk.folder, ASKED, people(300, 1))
    monkeypatch.setattr("sauti.desk.unlocked", lambda _shares: made.private_key)
    for name, key in (("author", released.AUTHOR), ("one", released.FIRST), ("two", released.SECOND)):
        (desk / f"{name}.key").write_bytes(key.to_json())
    ledger, out = desk / "ledger.jsonl", desk / "candidate.json"
    signed = ("--as", "who counts", "--signing-key", desk / "author.key", "--ledger", ledger, "--out", out)
    desk.json("tabulate", made.path, "--key", desk / "share", *signed)
    _publish(desk, "first.json")
    later = synthetic.go_on(made, ASKED, people(400, 2))
    again = ("tabulate", later, "--key", desk / "share", *signed)

    bare = desk.run(*again)
    refused = desk.run(*again, "--earlier", made.path, "--format", "json")
    offered = json.loads(refused.stdout)["repairs"]
    desk.json(*again, "--earlier", made.path, "--repair", offered[0]["id"])
    checked = desk.json("release", "check", out, "--ledger", ledger)
    second = _publish(desk, "second.json")
    verified = desk.json("release", "verify", "--ledger", ledger, desk / "first.json", desk / "second.json")

    assert (bare.exit_code, "earlier-bundle (release 1)" in bare.stderr) == (1, True)
    assert (refused.exit_code, "(joined, narrow)" in refused.stderr) == (1, True)
    assert (checked["figures"] > 60, second["number"], verified["releases"]) == (True, 2, 2)


def _publish(desk: Desk, name: str) -> dict[str, object]:
    """Pages for those who answered, two votes, and the release."""
    out = desk / "candidate.json"
    desk.json(
        "render", out, "--product", "community", "--lang", ",".join(ASKED.languages), "--out", desk.folder
    )  # fmt: skip
    for voter in ("one", "two"):
        desk.json("release", "approve", out, "--as", voter, "--signing-key", desk / f"{voter}.key")
    done = desk.json("release", "publish", out, "--ledger", desk / "ledger.jsonl", "--out", desk / name)
    (desk / "candidate.json.votes").unlink()
    return dict(done)

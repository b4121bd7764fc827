"""Backup and restore by the real commands."""

import pytest

from tests.functional.conftest import Desk

pytestmark = pytest.mark.xdist_group("commands")


def test_a_database_comes_back_without_what_was_destroyed(desk: Desk, rounds: dict[str, str]) -> None:
    """Backed up, a round destroyed, restored by two custodians into a new file: the rest is there, the round is not.

    Proves: D7, D5
    """
    made = desk.json("backup", "--public-key", desk / "other" / "round.public.json", "--out", desk / "today.backup")
    desk.json("round", "destroy", rounds["closed"], "--now")
    empty = f"sqlite:///{desk / 'new.db'}"
    shares = ("--key", desk.keys(1, "other"), "--key", desk.keys(3, "other"))
    done = desk.json("restore", desk / "today.backup", *shares, database_url=empty)
    states = {one["round"]: one["state"] for one in desk.json("round", "status", database_url=empty)["rounds"]}

    assert made["size"] == (desk / "today.backup").stat().st_size
    assert (done["rounds"], done["destroyed"], done["closed"]) == (2, 1, 0)
    assert states == {
        rounds["drafted"]: "drafted", rounds["open"]: "paused", rounds["closed"]: "destruction-pending",
    }  # fmt: skip
    assert (desk / "today.backup").stat().st_mode & 0o077 == 0
    assert desk.json("round", "open", rounds["open"], database_url=empty)["state"] == "open"


def test_what_cannot_be_backed_up_or_restored_is_told(desk: Desk) -> None:
    """A round's own key, a database in use, a new folder of secrets, other shares, a bundle: exit 1 and what to do."""
    wrong = desk.run("backup", "--public-key", desk / "keys" / "round.public.json", "--out", desk / "no.backup")
    assert (wrong.exit_code, "round-key" in wrong.stderr) == (1, True)
    assert not (desk / "no.backup").exists()
    desk.json("backup", "--public-key", desk / "other" / "round.public.json", "--out", desk / "today.backup")
    empty, other = f"sqlite:///{desk / 'new.db'}", ("--key", desk.keys(1, "other"), desk.keys(2, "other"))
    for code, words, changed in (
        ("not-empty", (desk / "today.backup", *other), {}),
        ("no-register", (desk / "today.backup", *other), {"secrets_dir": str(desk / "unused"), "database_url": empty}),
        ("other-key", (desk / "today.backup", "--key", desk.keys(1), desk.keys(2)), {"database_url": empty}),
        ("not-a-backup", (desk / "round.bundle", *other), {"database_url": empty}),
    ):
        result = desk.run("restore", *words, **changed)
        assert (result.exit_code, code in result.stderr) == (1, True), result.output

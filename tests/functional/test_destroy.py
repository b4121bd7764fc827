"""`sauti round destroy`: says exactly what it did, asks for nothing, and can be said twice."""

from pathlib import Path

import pytest

from tests.functional.conftest import Desk

pytestmark = pytest.mark.xdist_group("commands")


@pytest.mark.parametrize("state", ["drafted", "open", "closed"])
def test_the_kill_switch_needs_one_word(desk: Desk, rounds: dict[str, str], state: str) -> None:
    """Without any key, in every state, `--now` ends at *destruction pending*, and again if need be.

    Proves: D5
    """
    name = rounds[state]
    told = desk.run("round", "destroy", name, "--now")
    again = desk.json("round", "destroy", name, "--now")

    assert told.exit_code == 0
    assert "Destruction pending" in told.stderr
    assert "only when 2 of 3 custodians" in told.stderr
    assert again["state"] == "destruction-pending"
    assert desk.json("round", "status", name)["state"] == "destruction-pending"
    assert "destruction-pending" in [one["state"] for one in desk.json("round", "status")["rounds"]]
    assert not (desk / "secrets" / "salts" / name).exists()
    assert not (desk / "secrets" / "receipts" / name).exists()
    for act in ("open", "pause", "close", "challenge"):
        assert desk.run("round", act, name).exit_code == 1


def test_one_of_two_ways_has_to_be_chosen(desk: Desk, rounds: dict[str, str]) -> None:
    """Neither both ways nor none: exit 2, and nothing was touched. Without a token chats cannot be emptied."""
    for words in ((), ("--now", "--hide-first")):
        assert desk.run("round", "destroy", rounds["open"], *words).exit_code == 2
    assert desk.run("round", "destroy", rounds["open"], "--hide-first", bot_token=None).exit_code == 2

    assert desk.json("round", "status", rounds["open"])["state"] == "open"


def test_the_secrets_go_without_the_database(desk: Desk, rounds: dict[str, str], tmp_path: Path) -> None:
    """Where the database is away, a round named by its whole id loses its secrets; by its code it cannot, and is told.

    Proves: D5
    """
    away = f"sqlite:///{tmp_path}/nowhere/at/all.db"
    code = desk.json("round", "status", rounds["open"])["code"]
    by_code = desk.run("round", "destroy", code, "--now", database_url=away)
    salted = (desk / "secrets" / "salts" / rounds["open"]).exists()
    by_id = desk.run("round", "destroy", rounds["open"], "--now", database_url=away)

    assert (by_code.exit_code, by_id.exit_code) == (3, 3)
    assert "Nothing was destroyed" in by_code.stderr
    assert salted
    assert not (desk / "secrets" / "salts" / rounds["open"]).exists()
    assert desk.json("round", "destroy", code, "--now")["state"] == "destruction-pending"

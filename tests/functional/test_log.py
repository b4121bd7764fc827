"""`sauti log`: what was done at the command line, shown, kept and checked."""

import json
import sqlite3

import pytest

from tests.functional.conftest import Desk

pytestmark = pytest.mark.xdist_group("commands")


def what(desk: Desk) -> list[tuple[str, str]]:
    """Who did what, by the log."""
    return [(line["who"], line["what"]) for line in desk.json("log", "show", "--format", "json")["lines"]]


def test_every_command_that_does_something_writes_its_line(desk: Desk, rounds: dict[str, str]) -> None:
    """Rounds, bundles, backups, staff and the kill switch: a line each; commands that only look write none.

    Proves: F5, D6
    """
    before = what(desk)
    desk.json("keys", "new", "--out", desk / "backup", "--shares", "3", "--threshold", "2")
    desk.json("backup", "--public-key", desk / "backup/round.public.json", "--out", desk / "a.backup")
    desk.json("round", "pause", rounds["open"])
    desk.json("bundle", rounds["closed"], "--out", desk / "b.bundle")
    desk.json("staff", "link", "north-1")
    desk.json("staff", "unlink", "north-1")
    desk.json("round", "destroy", rounds["drafted"], "--now")
    for look in (("round", "status"), ("staff", "list"), ("log", "show"), ("log", "verify")):
        desk.run(*look)

    assert before.count(("office", "new")) == 3
    assert {("office", act) for act in ("challenge", "checked", "open", "close", "bundle")} <= set(before)
    added = ["backup", "pause", "bundle", "staff-invite", "staff-unlink", "destroy"]
    assert what(desk)[len(before) :] == [("office", act) for act in added]
    assert "pause" in desk.run("log", "show").stdout


def test_a_line_that_was_taken_out_or_off_is_found(desk: Desk, rounds: dict[str, str]) -> None:
    """In the middle by the chain, at the end by a copy from before; each ends with 1 and names the line.

    Proves: F5
    """
    desk.json("round", "pause", rounds["open"])
    copy = desk / "copy.json"
    copy.write_text(desk.run("log", "show", "--format", "json").stdout, "utf-8")
    count = len(json.loads(copy.read_text("utf-8"))["lines"])
    whole = desk.json("log", "verify", "--earlier", copy)
    with sqlite3.connect(desk / "sauti.db") as database:
        database.execute("DROP TRIGGER work_log_is_kept")
        database.execute("DELETE FROM work_log WHERE number = ?", (count,))
    alone, compared = desk.json("log", "verify"), desk.run("log", "verify", "--earlier", copy)
    with sqlite3.connect(desk / "sauti.db") as database:
        database.execute("DELETE FROM work_log WHERE number = 2")
    middle = desk.run("log", "verify")

    assert (whole["lines"], whole["compared"], alone["lines"]) == (count, count, count - 1)
    assert (compared.exit_code, f"log-broken: line {count} " in compared.stderr) == (1, True)
    assert (middle.exit_code, "log-broken: line 2 " in middle.stderr) == (1, True)

"""Ways to break what the work log promises."""

from collections.abc import Iterable

import pytest
from sqlalchemy import Connection

from storage import staff_guard, work_log
from storage.work_log import Line
from tests.sabotage.registry import sabotage

HERE = "tests/storage/test_work_log.py"


@sabotage("F5", caught_by=f"{HERE}::test_whatever_is_done_to_a_line_is_found")
def a_line_stands_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash of a line does not cover the one before it."""
    real = Line.after
    monkeypatch.setattr(Line, "after", lambda line, _before: real(line, b""))


@sabotage("F5", caught_by="tests/functional/test_log.py::test_a_line_that_was_taken_out_or_off_is_found")
def nobody_compares_with_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier copy is read and not looked at."""
    real = work_log.check

    def alone(found: Iterable[Line], _known: Iterable[Line] = ()) -> int:
        return real(found)

    monkeypatch.setattr(work_log, "check", alone)


@sabotage("F5", caught_by=f"{HERE}::test_each_act_writes_its_line")
def rounds_are_made_without_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done to a round is written down, its making is not."""
    real = work_log.note

    def some(connection: Connection, who: str, what: str, subject: bytes | str = "") -> None:
        if what != "new":
            real(connection, who, what, subject)

    monkeypatch.setattr(work_log, "note", some)


@sabotage("F5", caught_by="tests/storage/test_staff_guard.py::test_the_log_can_only_be_added_to")
def the_staff_bot_keeps_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its role may do to the log what it does to its own tables."""
    monkeypatch.setitem(staff_guard.MAY, "work_log", ("SELECT", "INSERT", "UPDATE", "DELETE"))

"""Breakages of the door for a reader who knows it: what it leaves alone says how small a number is."""

import pytest

from privacy import control, intervals
from tests.sabotage.registry import sabotage

KNOWN = "tests/privacy/attacks/test_program_known.py::"


@sabotage("R1", caught_by=KNOWN + "test_a10_what_was_not_withheld_tells_nothing")
def the_truth_decides_who_may_stand_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked about who could know more people of a small cell than stand in it."""

    def by_truth(cells: list[intervals.Cell], total: int, limits: intervals.Limits) -> list[int]:
        found = intervals.exposed_in_partition(cells, total, limits)
        return [place for place in found if cells[place].count >= limits.rules.s]

    monkeypatch.setattr(control, "exposed_in_partition", by_truth)


@sabotage("R1", caught_by=KNOWN + "test_a10_what_was_not_withheld_in_a_cross_tells_nothing")
def a_cross_leaves_no_more_room_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small cell of a cross stays alone where those who in truth can stand in it do not narrow it too far."""
    monkeypatch.setattr(intervals.Limits, "leaves_room", lambda _limits, _low, _high: True)

"""Breakages of the door that fell both its walls: the quick look at a table, and the exact audit behind it.

With the quick look alone gone, the audit finds what it would have found, and nothing gets out.
"""

from itertools import pairwise

import pytest

from privacy import control, crossing, ranking, worlds
from privacy.audit import panel
from tests.sabotage.registry import sabotage

INTERVALS = "tests/privacy/test_intervals.py::"
CROSSING = "tests/privacy/test_crossing.py::"
CROSS = "tests/privacy/test_cross_control.py::"
BY_GROUP = "tests/privacy/test_by_group.py::"


def _no_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel.Panel, "found", lambda *_about: iter(()))
    monkeypatch.setattr(control, "found_in_table", lambda *_about: ())
    monkeypatch.setattr(control, "may_be_placed", lambda *_about: True)


@sabotage("R1", caught_by=INTERVALS + "test_what_is_published_leaves_every_hidden_count_in_doubt")
def nothing_is_withheld_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cells are hidden, and what gives them away is shown."""
    _no_audit(monkeypatch)
    monkeypatch.setattr(control, "exposed_in_partition", lambda *_given: iter(()))


@sabotage("R1", caught_by=CROSSING + "test_what_a_cross_shows_leaves_every_hidden_number_in_doubt")
def a_cross_is_judged_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cells of a cross are hidden, and whatever gives them away is shown."""
    _no_audit(monkeypatch)
    monkeypatch.setattr(crossing.Grid, "exposed", lambda _grid, _displays: iter(()))


@sabotage("R1", caught_by=BY_GROUP + "test_choices_by_group_leave_every_hidden_number_in_doubt")
def choices_by_group_are_judged_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small counts of a multiple question by group are hidden, and what gives them away is shown."""
    _no_audit(monkeypatch)
    monkeypatch.setattr(worlds.ByGroup, "exposed", lambda _cross, _displays: iter(()))


@sabotage("R1", caught_by=CROSS + "test_a_ranking_is_told_by_place_or_not_at_all")
def places_are_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out of a ranking is not looked at."""
    _no_audit(monkeypatch)
    monkeypatch.setattr(ranking, "_rests", lambda _raw, _limits: iter(()))


@sabotage("R1", caught_by=CROSS + "test_no_two_places_of_a_ranking_tell_how_many_gave_no_answer")
def places_are_compared_with_their_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first place of a ranking and the last are never looked at together."""
    _no_audit(monkeypatch)
    monkeypatch.setattr(ranking, "combinations", lambda columns, _two: pairwise(columns))

"""Breakages of what is told of whole groups: who agrees about harm, a mean, and how many tables there may be."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from privacy import control, succession, telling
from privacy.frames import Frame
from privacy.rules import Rules
from privacy.schemes import Scheme
from privacy.tables import SafeCell, Shown
from rounds import record
from tests.sabotage.registry import sabotage

AGREEMENT = "tests/privacy/test_agreement.py::"


@sabotage("R1", caught_by=AGREEMENT + "test_a_group_agrees_below_the_threshold_and_not_at_it")
def groups_of_a_cross_may_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """That nearly all of a group were harmed is told in a cross."""
    monkeypatch.setattr(Frame, "agrees", lambda _frame, _rules: False)


@sabotage("R1", caught_by=AGREEMENT + "test_a_group_agrees_below_the_threshold_and_not_at_it")
def agreement_begins_one_person_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person fewer than the threshold is enough to tell a group apart."""
    agrees = Frame.agrees

    def later(frame: Frame, rules: Rules) -> bool:
        return agrees(frame, replace(rules, t=rules.t - 1, t_sensitive=rules.t_sensitive - 1))

    monkeypatch.setattr(Frame, "agrees", later)


@sabotage("R1", caught_by=AGREEMENT + "test_no_mean_is_of_points_that_were_brought_together")
def a_mean_is_of_whatever_reads_like_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two points that were brought together count as the number that their name reads like."""

    def mean(scheme: Scheme, displays: Sequence[SafeCell], _rules: Rules) -> float | None:
        shown = {
            int(code): cell.count
            for code, cell in zip(scheme.codes, displays, strict=False)
            if not code.startswith("_") and isinstance(cell, Shown)
        }
        whole = sum(shown.values())
        return round(sum(code * count for code, count in shown.items()) / whole, 1) if whole else None

    monkeypatch.setattr(telling, "mean_of", mean)
    monkeypatch.setattr(control, "mean_of", mean)


@sabotage("R1", caught_by="tests/privacy/test_succession.py::test_tables_by_opinion_group_count_among_the_three")
def tables_by_group_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three crosses of questions, and as many by group again."""
    monkeypatch.setattr(succession, "MOST_CROSSES", 6)


@sabotage("R1", caught_by="tests/rounds/test_gate.py::test_three_tables_of_two_questions_may_be_planned")
def any_number_of_crosses_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of four tables of two opens a round."""
    monkeypatch.setattr(record, "TWO_WAY", 6)

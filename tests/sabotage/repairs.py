"""Breakages of repairs: each offers what was not tried, hides a price, or lets a reader foresee what is withheld."""

import pytest

from privacy import candidate, repairing, repairs, withholding
from privacy.repairs import Cost
from tests.sabotage.registry import sabotage

REPAIRS = "tests/privacy/test_repairs.py::"


@sabotage("R3", caught_by=REPAIRS + "test_whatever_is_offered_passes")
def offered_untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step beside a finding is offered, whether or not it is enough."""
    monkeypatch.setattr(repairing._Search, "enough", lambda _search, first: (first,))


@sabotage("R3", caught_by=REPAIRS + "test_every_kind_is_offered_mildest_first")
def free_of_charge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told what a repair costs."""
    monkeypatch.setattr(repairing, "cost", lambda _before, _after: Cost(0, 0, 0))


@sabotage("R3", caught_by=REPAIRS + "test_which_figure_is_withheld_cannot_be_foreseen")
def foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of figures that are alike, the one with the first name goes."""
    monkeypatch.setattr(withholding.Lots, "__call__", lambda _lots, key: "\0".join(key).encode())


@sabotage("R3", caught_by=REPAIRS + "test_totals_that_are_given_up_stand_nowhere")
def totals_stay_in_the_cross(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question's own table goes, and its figures stay as totals of a cross."""
    monkeypatch.setattr(repairs, "_without_totals", lambda cross, _questions: cross)


@sabotage("R3", caught_by="tests/functional/test_repairs.py::test_what_somebody_chooses_is_done_and_told")
def what_was_chosen_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate says that a table was left out, and shows it."""
    monkeypatch.setattr(candidate, "told_less", lambda whole, _repair: whole)


@sabotage("R3", caught_by=REPAIRS + "test_who_would_need_more_steps_is_told_that_they_were_not_looked_for")
def the_search_stops_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not looked for seems not to exist."""
    told = repairing.Offers
    monkeypatch.setattr(repairing, "Offers", lambda found=(), _unfinished=(): told(found))

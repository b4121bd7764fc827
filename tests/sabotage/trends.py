"""Breakages of trends: each puts beside a figure what must not stand there, or tells what nobody has shown."""

import pytest

from privacy import trends
from reports import trends as told
from tests.sabotage.registry import sabotage

PRODUCTS = "tests/reports/test_products.py::"
TRENDS = "tests/privacy/test_trends.py::"


@sabotage("R4", caught_by=PRODUCTS + "test_other_categories_are_drawn_as_no_trend")
def any_two_rounds_are_a_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rounds stand side by side whatever their categories bring together."""
    for room in (trends, told):
        monkeypatch.setattr(room, "same_scheme", lambda _one, _other: True)


@sabotage("R4", caught_by=TRENDS + "test_other_categories_are_no_trend")
def schemes_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Categories that shift are told as a change."""
    monkeypatch.setattr(trends, "_check_schemes", lambda _waves: None)


@sabotage("R1", caught_by=TRENDS + "test_a_change_is_the_difference_of_displayed_shares")
def a_small_number_changes_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a share is hidden, the change is told as if it were nothing."""
    points = trends._points
    monkeypatch.setattr(trends, "_points", lambda before, after: points(before, after) or 0)


@sabotage("R5", caught_by=PRODUCTS + "test_only_what_was_released_stands_beside_a_document")
def a_draft_stands_beside_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has approved is an earlier round as well, in a document that does not say DRAFT."""
    monkeypatch.setattr(told, "Release", object)

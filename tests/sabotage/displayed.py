"""Breakages of the look at how a candidate displays its figures."""

import pytest

from privacy import displayed, gate
from privacy.tables import Shown
from tests.sabotage.registry import sabotage

DISPLAYED = "tests/privacy/attacks/test_displayed.py::"


@sabotage("R2", caught_by=DISPLAYED + "test_a_signature_over_exact_figures_does_not_pass")
def whatever_is_displayed_was_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that prints exact figures is believed to have rounded them."""
    monkeypatch.setattr(gate, "check_displayed", lambda _candidate: None)


@sabotage("R1", caught_by=DISPLAYED + "test_what_is_displayed_otherwise_is_refused")
def a_share_may_be_of_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever share stands beside a figure is taken for that of displayed figures."""
    stands = displayed._Look.stands

    def without_share(look: displayed._Look, cell: displayed.Cell, threshold: int, whole: int | None) -> bool:
        if isinstance(cell, Shown):
            return look._multiple(cell.count, look.rules.rounded(threshold))
        return stands(look, cell, threshold, whole)

    monkeypatch.setattr(displayed._Look, "stands", without_share)

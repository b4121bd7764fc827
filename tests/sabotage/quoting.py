"""Ways to say too much of somebody whose words are quoted."""

from collections.abc import Collection, Sequence

import pytest

from privacy import attribution
from tests.sabotage.registry import sabotage

ATTRIBUTION = "tests/privacy/test_attribution.py::"


@sabotage("A4", caught_by=ATTRIBUTION + "test_a_line_needs_ten_who_share_it")
def nine_are_enough_to_hide_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line may be said of somebody whom eight others resemble."""
    monkeypatch.setattr(attribution, "LEAST", 9)


@sabotage("A4", caught_by=ATTRIBUTION + "test_a_line_says_what_was_released_together")
def attributes_are_put_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was released about each of two questions is said of somebody at once."""
    monkeypatch.setattr(
        attribution, "attributed", lambda person, questions, rows, _released: frozenset(
            (question, str(rows[person][question])) for question in questions
        )
    )  # fmt: skip


@sabotage("A4", caught_by=ATTRIBUTION + "test_gv_4_a_missing_value_brings_no_company")
def what_is_missing_fits_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing value counts as a joker."""

    def jokers(rows: Sequence[attribution.Attributes], questions: Collection[str]) -> tuple[int, ...]:
        return tuple(
            sum(all(None in {one.get(q), other.get(q)} or one.get(q) == other.get(q) for q in questions)
                for other in rows)
            for one in rows
        )  # fmt: skip

    monkeypatch.setattr(attribution, "frequencies", jokers)

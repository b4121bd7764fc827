"""A way to let whoever seals by herself stop everybody's count."""

import pytest

from flows.model import Consultation
from privacy import counting
from tests.sabotage.registry import sabotage


@sabotage("R1", caught_by="tests/privacy/test_offered.py::test_a_choice_that_nobody_is_offered_is_no_answer")
def whatever_was_sealed_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice that no card offers is counted like any other."""

    def nothing(consultation: Consultation) -> tuple[frozenset[str], ...]:
        return (frozenset[str](),) * len(consultation.items)

    monkeypatch.setattr(counting, "ruled_out", nothing)

"""Ways to break what the life of a round promises."""

import pytest

from rounds import gate, service
from tests.sabotage.registry import sabotage


@sabotage("O3", caught_by="tests/rounds/test_service.py::test_a_key_is_proved_not_declared")
def any_proof_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drill's proof is believed unread."""
    monkeypatch.setattr(service, "meets", lambda _row, _proof: True)


@sabotage("O3", caught_by="tests/rounds/test_gate.py::test_every_gap_of_a_live_round_is_named")
def one_custodian_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold of one passes."""
    monkeypatch.setattr(gate, "LEAST_SHARES", 1)

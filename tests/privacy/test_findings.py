"""What the gate finds in a candidate, asked without being refused: what repairs are sought by."""

from typing import Never

import pytest

from privacy import gate
from privacy.audit.errors import TimedOut
from privacy.gate import findings
from privacy.release import Snapshot
from tests.privacy import released


def test_a_candidate_that_may_be_released_has_no_findings() -> None:
    """What was certified is found safe again, and words alone are safe by themselves."""
    candidate, _ = released.sample()
    assert candidate.certificate is not None

    assert findings(candidate, (), Snapshot(candidate.certificate.people)) == ()
    assert findings(candidate.model_copy(update={"respondents": None}), (), Snapshot(0)) == ()


def test_what_the_audit_does_not_judge_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit that could not be done says neither safe nor where it is not. Proves: R3."""
    candidate, _ = released.sample()
    assert candidate.certificate is not None

    def refuses(*_system: object, **_how: object) -> Never:
        raise TimedOut

    monkeypatch.setattr(gate, "audit", refuses)

    assert findings(candidate, (), Snapshot(candidate.certificate.people)) is None

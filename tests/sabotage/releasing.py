"""Breakages of the release gate: each lets out what two people and an audit did not agree to."""

import pytest

from flows.model import canonical
from privacy import certificate, gate, release, votes
from privacy.candidate import Candidate
from tests.privacy import released
from tests.sabotage.registry import sabotage

GATE = "tests/privacy/test_gate.py::"
RELEASE = "tests/functional/test_release.py::"


@sabotage("R2", caught_by=GATE + "test_an_unsafe_candidate_is_refused_by_its_cells")
def findings_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the audit found stops nothing."""
    monkeypatch.setattr(gate, "_safe", lambda found: found)


@sabotage("R2", caught_by=GATE + "test_what_accomplices_could_work_out_is_refused_at_the_desk")
def nobody_has_accomplices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk judges like whoever knows nobody's answers."""
    published = gate.published
    monkeypatch.setattr(gate, "published", lambda candidate, known: gate.alone(published(candidate, known)))


@sabotage("R4", caught_by=GATE + "test_a_round_is_released_once")
def any_round_is_released_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule about releases is asked."""
    monkeypatch.setattr(gate, "check_order", lambda _candidate, _releases: None)


@sabotage("R4", caught_by=GATE + "test_a_question_keeps_its_categories")
def categories_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands may be published in two ways."""
    monkeypatch.setattr(release, "other_schemes", lambda _candidate, _releases: ())


@sabotage("R5", caught_by=GATE + "test_who_counted_does_not_vote")
def the_author_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody's vote counts."""
    monkeypatch.setattr(votes, "check_vote", lambda _candidate, _certificate, _vote: None)


@sabotage("R9", caught_by=RELEASE + "test_nothing_is_published_before_those_who_answered_can_read_it")
def nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing does not look for the pages."""
    monkeypatch.setattr("reports.feedback.check_told", lambda _candidate, _record, _pages: None)


@sabotage("R4", caught_by=GATE + "test_every_release_of_a_ledger_is_verified")
def a_releases_date_is_signed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures leave out the week."""

    def signed(each: certificate.Signed) -> bytes:
        return canonical(each.model_dump(mode="json", exclude={"signature", "week"}))

    monkeypatch.setattr(certificate.Signed, "signed", property(signed))


@sabotage("R5", caught_by="tests/functional/test_drafts.py::test_a_forged_release_is_not_rendered")
def any_release_file_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls a draft a release gets documents that do not say DRAFT."""
    monkeypatch.setattr(gate, "check_release", lambda _release: None)


@sabotage("R2", caught_by="tests/functional/test_drafts.py::test_a_draft_goes_no_further")
def drafts_may_be_voted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate without a certificate is taken for one that was audited."""
    signed, asked = released.sample()[0].certificate, gate.check_certificate

    def lax(candidate: Candidate) -> certificate.Certificate | None:
        return asked(candidate) if candidate.certificate else signed

    monkeypatch.setattr(gate, "check_certificate", lax)
    monkeypatch.setattr(votes, "check_certificate", lax)

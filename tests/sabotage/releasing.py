"""Breakages of the release gate: each lets out what two people and an audit did not agree to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from flows.model import canonical
from privacy import certificate, gate, moves, release, votes
from privacy.candidate import Candidate
from privacy.errors import ReleaseRefused
from privacy.release import Release
from privacy.succession import before, patterns, rows
from tests.privacy import released
from tests.sabotage.registry import sabotage

AGAIN = "tests/privacy/test_earlier.py::"
MOVES = "tests/privacy/test_moves.py::"
GATE = "tests/privacy/test_gate.py::"
RELEASE = "tests/functional/test_release.py::"
DISHONEST = "tests/privacy/test_dishonest.py::"


@sabotage("R2", caught_by=GATE + "test_an_unsafe_candidate_is_refused_by_its_cells")
def findings_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the audit found stops nothing."""
    monkeypatch.setattr(gate, "_safe", lambda found: found)


@sabotage("R2", caught_by=GATE + "test_what_accomplices_could_work_out_is_refused_at_the_desk")
def nobody_has_accomplices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk judges like whoever knows nobody's answers."""
    published = gate.published
    monkeypatch.setattr(gate, "published", lambda *given: published(*given).alone)


def _any_sizes(candidate: Candidate, releases: Sequence[Release], now: tuple[int, ...]) -> object:
    return patterns(rows(before(candidate.round, releases), now))


@sabotage("R4", caught_by=AGAIN + "test_a_few_who_left_or_came_stop_everything")
def a_handful_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at how many came between two releases."""
    monkeypatch.setattr(gate, "check_succession", _any_sizes)


@sabotage("W3", caught_by=AGAIN + "test_a_few_who_left_or_came_stop_everything")
def a_handful_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at how many left between two releases."""
    monkeypatch.setattr(gate, "check_succession", _any_sizes)


@sabotage("R4", caught_by=AGAIN + "test_what_few_people_joined_is_named_and_left_out")
def figures_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that three people joined is printed again."""
    monkeypatch.setattr(gate, "moved", lambda _system, _joiners: ())


@sabotage("R2", caught_by=AGAIN + "test_what_few_people_joined_is_named_and_left_out")
def each_release_is_judged_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier releases are no constraints."""
    monkeypatch.setattr(gate, "before", lambda _round, _releases: ())


@sabotage("R2", caught_by=MOVES + "test_readers_who_know_the_rule_learn_that_nobody_came")
def readers_do_not_know_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rule of moves gives away is no constraint."""
    monkeypatch.setattr(moves, "pairs", lambda _system: ())


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


@sabotage("R4", caught_by=DISHONEST + "test_nothing_is_signed_beside_a_ledger_that_somebody_changed")
def the_desk_believes_any_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases are taken as they stand in the file."""
    monkeypatch.setattr(gate, "check_releases", lambda _releases: None)


@sabotage("R5", caught_by=DISHONEST + "test_only_what_was_sealed_is_laid_open")
def a_seal_binds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has voted may lay open another vote than the one that was sealed."""

    def any_of_hers(voting: votes.Voting, vote: certificate.Vote) -> votes.Voting:
        hers = any(each.key == vote.key for each in voting.sealed)
        return replace(voting, opened=(*voting.opened, vote)) if voting.complete and hers else voting

    monkeypatch.setattr(votes.Voting, "with_open", any_of_hers)


@sabotage("R5", caught_by=DISHONEST + "test_a_vote_cannot_be_dropped_for_another")
def votes_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which vote was in before another is not looked at: one against is dropped, and somebody else is asked."""
    monkeypatch.setattr(gate, "_one_after_the_other", lambda _first, _second: True)


@sabotage("R5", caught_by=RELEASE + "test_a_vote_that_was_refused_stands_in_no_book")
def any_clock_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vote may be dated before the answers that it is about."""
    asked = gate.check_vote

    def lax(given: Candidate, signed: certificate.Certificate, vote: certificate.Vote) -> None:
        try:
            asked(given, signed, vote)
        except ReleaseRefused as refused:
            if refused.code != "clock":
                raise

    monkeypatch.setattr(votes, "check_vote", lax)


@sabotage("R4", caught_by="tests/privacy/test_every_byte.py::test_no_field_can_say_something_else")
def a_certificate_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content that a certificate names is believed to be the one beside it."""
    content = Candidate.content.fget  # type: ignore[attr-defined]  # a property
    monkeypatch.setattr(
        Candidate, "content", property(lambda one: one.certificate.candidate if one.certificate else content(one))
    )


@sabotage("R5", caught_by=RELEASE + "test_a_vote_against_cannot_be_passed_over_unseen")
def nobody_looks_for_her_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger is verified without the voter's own book."""
    monkeypatch.setattr(votes, "check_counted", lambda _releases, _book: None)


@sabotage("R5", caught_by=RELEASE + "test_a_vote_that_the_file_has_lost_is_laid_in_again")
def who_voted_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked again votes anew, and another way if they like."""
    monkeypatch.setattr(votes, "written_in", lambda *_given: None)


@sabotage("R5", caught_by=GATE + "test_votes_are_sealed_until_both_are_in")
def the_first_vote_lies_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vote is laid open as soon as it is cast."""

    def at_once(voting: votes.Voting, vote: certificate.Vote) -> votes.Voting:
        waits = any(each.vote == vote.sealed for each in voting.waiting())
        return replace(voting, opened=(*voting.opened, vote)) if waits else voting

    monkeypatch.setattr(votes.Voting, "with_open", at_once)


@sabotage("R5", caught_by=GATE + "test_votes_come_back_as_they_were_written")
def signatures_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody writes anybody's vote."""
    monkeypatch.setattr(gate, "holds", lambda _signed: True)
    monkeypatch.setattr(votes, "holds", lambda _signed: True)


@sabotage("R4", caught_by=GATE + "test_a_consultation_has_four_releases")
def releases_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no budget."""
    monkeypatch.setattr(release, "MOST_RELEASES", 1_000)


@sabotage("R4", caught_by=RELEASE + "test_a_ledger_that_moved_on_stops_a_release")
def the_head_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate may be released behind any ledger, withdrawals that came in between or not."""
    monkeypatch.setattr("privacy.ledger.Ledger.head", property(lambda _ledger: released.sample()[0].method.ledger_head))


@sabotage("R2", caught_by=RELEASE + "test_publishing_tries_again_what_anybody_can")
def publishing_trusts_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What anybody could try again is not tried before it is published."""
    monkeypatch.setattr("sauti.releasing._checked", lambda _candidate, _ledger: None)


@sabotage("R4", caught_by=RELEASE + "test_a_ledger_is_verified_beside_what_others_hold")
def a_ledgers_signatures_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifying looks at the chain alone, which anybody can forge again."""
    monkeypatch.setattr(gate, "check_releases", lambda _releases: None)


@sabotage("R4", caught_by="tests/privacy/test_every_byte.py::test_no_field_is_named_twice")
def a_file_may_say_two_things(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of two values of one field counts is left to whoever reads it."""
    monkeypatch.setattr("sauti.files.says_once", lambda _text: True)
    monkeypatch.setattr("privacy.candidate.says_once", lambda _text: True)

"""The release gate: audited and signed at the desk, tried again by everybody else, voted on by two others.

It decides and signs; files are `privacy.ledger`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from privacy.audit.errors import AuditRefused
from privacy.audit.figures import Stay, System
from privacy.audit.programs import SECONDS
from privacy.audit.reading import Printed, system
from privacy.audit.run import Finding, Findings, Workers, audit, fingerprint
from privacy.candidate import Candidate
from privacy.certificate import UNSIGNED, Certificate, Vote, digest
from privacy.errors import ReleaseRefused, Unsafe
from privacy.release import Release, Snapshot, check_order, rules_of
from privacy.signing import SigningFile, holds, sign

VOTES = 2
"""People besides the author who must be for a release."""

Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Auditing:
    """How an audit is run: who watches, who helps, and for how long one program may take before it refuses."""

    progress: Progress = _silent
    workers: Workers | None = None
    seconds: float = SECONDS


QUIETLY = Auditing()


@dataclass(frozen=True, slots=True)
class Author:
    """Who has counted, and signs for it."""

    name: str
    signer: SigningFile


def certify(
    candidate: Candidate, releases: Sequence[Release], known: Snapshot, author: Author, how: Auditing = QUIETLY
) -> Candidate:
    """The candidate, audited on true counts beside every release, and signed for by its author.

    Raises:
        ReleaseRefused: a rule about releases forbids it.
        Unsafe: numbers could be worked out.
        AuditRefused: the audit could not be done.
    """
    check_releases(releases)
    check_order(candidate, releases)
    found = _audited(candidate, known, how)
    method, rules = candidate.method, candidate.rules
    unsigned = Certificate(
        format="sauti-certificate",
        version=1,
        author=author.name,
        key=author.signer.key.hex(),
        signature=UNSIGNED,
        candidate=candidate.content,
        ledger_head=method.ledger_head,
        number=len(releases) + 1,
        bundle_root=method.bundle_root,
        tombstones=method.tombstones,
        threshold=rules.threshold,
        threshold_sensitive=rules.threshold_sensitive,
        s=rules.s,
        people=known.people if candidate.respondents else 0,
        figures=found.figures,
        targets=found.targets,
        audited=found.fingerprint,
    )
    return candidate.model_copy(update={"certificate": sign(author.signer, unsigned)})


def published(candidate: Candidate, known: Snapshot) -> System:
    """Everything that readers hold about these people once this candidate is out, as constraints.

    That is the candidate alone: `check_order` lets nobody be counted in two releases.
    """
    known_to_form = {facts.id for facts in candidate.form}
    if unread := tuple(each.id for each in candidate.crosses if each.cells and each.by not in known_to_form):
        raise ReleaseRefused("not-audited", unread)
    crosses = tuple(each for each in candidate.crosses if each.cells)
    printed = Printed(candidate.form, candidate.every_table, crosses, known.counts)
    return system([printed], {Stay(0, 0): (known.people, known.people)}, rules_of(candidate))


def alone(everything: System) -> System:
    """The same for whoever knows nobody's answers: all that can be judged without true counts.

    Which coalition of accomplices exists hangs on true counts. Without them every one that could exist would have to be
    tried, in worlds that are not so; the desk has tried those that are, and the fingerprint says of what.
    """
    return replace(everything, rules=replace(everything.rules, s=0))


def _audited(candidate: Candidate, known: Snapshot, how: Auditing) -> Findings:
    if candidate.respondents is None:
        return Findings((), 0, 0, digest(None))
    everything = published(candidate, known)
    _safe(audit(everything, progress=how.progress, workers=how.workers, seconds=how.seconds))
    # What the gate will ask is asked here already: nobody should vote on what will then be refused.
    found = _alone(everything, how)
    return Findings((), found.figures, found.targets, fingerprint(everything))


def _alone(everything: System, how: Auditing) -> Findings:
    return _safe(audit(alone(everything), progress=how.progress, workers=how.workers, seconds=how.seconds))


def _safe(found: Findings) -> Findings:
    if not found.safe:
        raise Unsafe(tuple(map(str, found.found)), found.remedy)
    return found


def findings(
    candidate: Candidate, releases: Sequence[Release], known: Snapshot, how: Auditing = QUIETLY
) -> tuple[Finding, ...] | None:
    """What `certify` would refuse a candidate for; None where it would not come to an audit, or not through one."""
    if candidate.respondents is None:
        return ()
    try:
        check_order(candidate, releases)
        everything = published(candidate, known)
        found = audit(everything, workers=how.workers, seconds=how.seconds).found
        return found or audit(alone(everything), workers=how.workers, seconds=how.seconds).found
    except (AuditRefused, ReleaseRefused):
        return None


def check(candidate: Candidate, head: str, releases: Sequence[Release], how: Auditing = QUIETLY) -> Findings:
    """What whoever holds candidate and ledger can try again, once it was found in order.

    Raises:
        ReleaseRefused: its certificate is missing, not signed, or about something else; or a rule forbids it.
        Unsafe: from everything published with it, numbers could be worked out.
        AuditRefused: the audit could not be done.
    """
    certificate = check_certificate(candidate)
    if (certificate.ledger_head, certificate.number) != (head, len(releases) + 1):
        raise ReleaseRefused("moved-on")
    check_order(candidate, releases)
    if candidate.respondents is None:
        return Findings((), 0, 0, certificate.audited)
    everything = published(candidate, Snapshot(certificate.people))
    if fingerprint(everything) != certificate.audited:
        raise ReleaseRefused("other-audit")
    return _alone(everything, how)


def check_certificate(candidate: Candidate) -> Certificate:
    """The certificate of a candidate, if it is signed, and about this very content.

    Raises ReleaseRefused.
    """
    certificate = candidate.certificate
    if certificate is None:
        raise ReleaseRefused("no-certificate")
    if not holds(certificate):
        raise ReleaseRefused("bad-signature")
    method, rules = candidate.method, candidate.rules
    said = certificate.model_dump(
        include={"candidate", "bundle_root", "tombstones", "ledger_head", "threshold", "threshold_sensitive", "s"}
    )
    is_so = {
        "candidate": candidate.content,
        "bundle_root": method.bundle_root,
        "tombstones": method.tombstones,
        "ledger_head": method.ledger_head,
        "threshold": rules.threshold,
        "threshold_sensitive": rules.threshold_sensitive,
        "s": rules.s,
    }
    if said != is_so:
        raise ReleaseRefused("other-content")
    return certificate


def check_votes(candidate: Candidate, votes: Sequence[Vote]) -> tuple[Vote, Vote]:
    """The two votes, if they are for this very candidate, by two keys of which neither is the author's.

    Raises ReleaseRefused.
    """
    certificate = check_certificate(candidate)
    if len(votes) != VOTES:
        raise ReleaseRefused("not-voted")
    for vote in votes:
        check_vote(candidate, certificate, vote)
    first, second = votes
    if first.key == second.key or first.name == second.name:
        raise ReleaseRefused("voted-already")
    if not (first.releases and second.releases):
        raise ReleaseRefused("voted-against")
    return first, second


def check_vote(candidate: Candidate, certificate: Certificate, vote: Vote) -> None:
    """Raises ReleaseRefused where a vote is not signed, not about this candidate, or the author's."""
    if not holds(vote):
        raise ReleaseRefused("bad-signature")
    if (vote.candidate, vote.certificate) != (candidate.content, digest(certificate.model_dump(mode="json"))):
        raise ReleaseRefused("other-votes")
    if vote.key == certificate.key or vote.name == certificate.author:
        raise ReleaseRefused("author-votes")


def check_releases(releases: Sequence[Release]) -> None:
    """Raises ReleaseRefused where a release of a ledger is not what author and reviewers signed, or one is missing."""
    for number, release in enumerate(releases, 1):
        check_release(release)
        if release.number != number:
            raise ReleaseRefused("broken-record", (f"release {number}",))


def check_release(release: Release) -> None:
    """Raises ReleaseRefused where a release is not what author and reviewers signed, to the last byte.

    Whether a ledger holds it, and whose keys these are, is not said by this.
    """
    broken = ReleaseRefused("broken-record", (f"release {release.number}",))
    try:
        certificate = check_certificate(release.candidate)
        first, second = check_votes(release.candidate, release.votes)
    except ReleaseRefused:
        raise broken from None
    place = release.consultation, release.number, release.previous
    signed = release.candidate.subject.id, certificate.number, certificate.ledger_head
    if place != signed or first.key > second.key:
        raise broken

"""The release gate: audited and signed at the desk, tried again by everybody else, voted on by two others.

It decides and signs; files are `privacy.ledger`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from privacy.audit.atoms import components, named
from privacy.audit.errors import AuditRefused
from privacy.audit.figures import System
from privacy.audit.programs import SECONDS
from privacy.audit.reading import Printed, joiners_in, system
from privacy.audit.run import Finding, Findings, Workers, audit, fingerprint
from privacy.candidate import Candidate
from privacy.certificate import FIRST_IN, UNSIGNED, Certificate, Vote, digest
from privacy.displayed import check_displayed
from privacy.errors import ReleaseRefused, Unsafe
from privacy.moves import broken, moved, with_rule
from privacy.release import Release, Snapshot, check_order, rules_of
from privacy.signing import SigningFile, holds, sign
from privacy.succession import before, check_succession, left
from privacy.tables import Counts, Earlier

VOTES = 2
"""People besides the author who must be for a release."""

Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Auditing:
    """How an audit is run: who watches, who helps, and for how long one number may take before it refuses."""

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
    check_displayed(candidate)
    found = _audited(candidate, releases, known, how)
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
        since=known.since if candidate.respondents else (),
        figures=found.figures,
        targets=found.targets,
        audited=found.fingerprint,
    )
    return candidate.model_copy(update={"certificate": sign(author.signer, unsigned)})


def published(candidate: Candidate, releases: Sequence[Release], known: Snapshot) -> System:
    """Everything that readers hold about these people once this candidate is out, as constraints.

    That is the candidate and every earlier release of its round. Other rounds count other responses.

    Raises ReleaseRefused where the round as a whole may not be released again.
    """
    sizes = check_succession(candidate, releases, known.since or (known.people,))
    line = before(candidate.round, releases)
    last = len(line)
    stood = known.earlier or (Earlier(Counts(), Counts()),) * last
    printed = [
        # Of those who have left nothing is known but what was printed.
        _printed(each.candidate, Counts() if left(sizes, place, last) else stood[place].stood)
        for place, each in enumerate(line)
    ]
    everything = system([*printed, _printed(candidate, known.counts)], sizes, rules_of(candidate))
    return with_rule(_told_now(everything, last)) if line else everything


def _told_now(everything: System, last: int) -> System:
    """Without questions of which the last release tells nothing: what was told of them was audited in its own time.

    All that has come since is how many people stood when, and of no answer.
    """
    now = [each for each in components(everything) if any(item.moment.present == last for item in each.items)]
    variables = frozenset(name for each in now for name in each.names)
    return replace(
        everything,
        variables=tuple(each for each in everything.variables if each.id in variables),
        items=tuple(item for item in everything.items if named(item) <= variables),
        impossible=tuple(each for each in everything.impossible if {name for name, _ in each} <= variables),
    )


def _printed(candidate: Candidate, counts: Counts) -> Printed:
    """A candidate as readers hold it. Groups that no cross shows are not among what the audit knows of the form."""
    crosses = tuple(each for each in candidate.crosses if each.cells)
    asked = {table.id for table in candidate.every_table} | {each.by for each in crosses}
    form = tuple(facts for facts in candidate.form if facts.id in asked)
    known = {facts.id for facts in form}
    if unread := tuple(each.id for each in crosses if each.by not in known):
        raise ReleaseRefused("not-audited", unread)
    return Printed(form, candidate.every_table, crosses, counts)


def _moves(candidate: Candidate, everything: System, known: Snapshot) -> tuple[Finding, ...]:
    """What breaks the rule of moves in truth, told by counts of those who came since each earlier release."""
    rules = rules_of(candidate)
    joiners = [joiners_in(_printed(candidate, each.joined), rules) for each in known.earlier]
    return moved(everything, joiners)


def _audited(candidate: Candidate, releases: Sequence[Release], known: Snapshot, how: Auditing) -> Findings:
    if candidate.respondents is None:
        return Findings((), 0, 0, digest(None))
    everything = published(candidate, releases, known)
    _safe(Findings(_moves(candidate, everything, known), 0, 0, ""))
    _safe(audit(everything, progress=how.progress, workers=how.workers, seconds=how.seconds))
    # What the gate will ask, which knows no counts, is asked here already: nobody should vote on what it will refuse.
    found = _alone(everything, how)
    return Findings((), found.figures, found.targets, fingerprint(everything))


def _alone(everything: System, how: Auditing) -> Findings:
    return _safe(audit(everything.alone, progress=how.progress, workers=how.workers, seconds=how.seconds))


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
        everything = published(candidate, releases, known)
        found = _moves(candidate, everything, known)
        found = found or audit(everything, workers=how.workers, seconds=how.seconds).found
        return found or audit(everything.alone, workers=how.workers, seconds=how.seconds).found
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
    check_displayed(candidate)
    if candidate.respondents is None:
        return Findings((), 0, 0, certificate.audited)
    if candidate.respondents.count != rules_of(candidate).rounded(certificate.people):
        raise ReleaseRefused("other-people")
    if certificate.since and sum(certificate.since) != certificate.people:
        raise ReleaseRefused("other-people")
    everything = published(candidate, releases, Snapshot(certificate.people, since=certificate.since))
    if fingerprint(everything) != certificate.audited:
        raise ReleaseRefused("other-audit")
    last = len(before(candidate.round, releases))
    _safe(Findings(broken(everything, last), 0, 0, certificate.audited))
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
    if first.key == second.key:
        raise ReleaseRefused("voted-already")
    if first.name == second.name:
        raise ReleaseRefused("one-name")
    if not _one_after_the_other(first, second):
        raise ReleaseRefused("vote-dropped")
    if not (first.releases and second.releases):
        raise ReleaseRefused("voted-against")
    return first, second


def _one_after_the_other(first: Vote, second: Vote) -> bool:
    """Whether nobody voted before or between them, as far as they knew when they were cast."""
    return (first.after, second.after) in {(FIRST_IN, first.sealed), (second.sealed, FIRST_IN)}


def check_vote(candidate: Candidate, certificate: Certificate, vote: Vote) -> None:
    """Raises ReleaseRefused where a vote is not signed, not about this candidate, the author's, or older than it."""
    if not holds(vote):
        raise ReleaseRefused("bad-signature")
    if (vote.candidate, vote.certificate) != (candidate.content, digest(certificate.model_dump(mode="json"))):
        raise ReleaseRefused("other-votes")
    if vote.key == certificate.key or vote.name == certificate.author:
        raise ReleaseRefused("author-votes")
    if vote.week < candidate.method.until_week:
        raise ReleaseRefused("clock")


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

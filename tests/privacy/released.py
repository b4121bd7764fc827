"""A candidate that was audited and signed for, and the people who vote on it."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from privacy.candidate import Candidate
from privacy.gate import Author, certify
from privacy.ledger import append_release, read_ledger
from privacy.release import Release, next_release
from privacy.signing import SigningFile, new_signing_key
from privacy.tabulate import Tabulated, tabulate
from privacy.votes import Voting, both, cast, vote_on
from tests.privacy import synthetic

ASKED = synthetic.consultation()
AUTHOR, FIRST, SECOND = (new_signing_key() for _ in range(3))
WEEK = "2026-W48"


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def counted(folder: Path, people: int = 120, seed: int = 1) -> Tabulated:
    """A round of so many, counted beside the ledger in `folder`, which is begun where there is none."""
    made = synthetic.make_bundle(folder, ASKED, [each.records(ASKED) for each in synthetic.people(people, seed)])
    return tabulate(made.path, made.private_key, folder / "ledger.jsonl", silent, workers=1)


def certified(found: Tabulated, signer: SigningFile = AUTHOR) -> Candidate:
    """Its candidate, audited and signed for."""
    return certify(found.made.candidate, found.releases, found.known, Author("who counts", signer))


@cache
def sample() -> tuple[Candidate, bytes]:
    """A certified candidate, and the ledger beside which it was made."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        candidate = certified(counted(folder))
        return candidate, (folder / "ledger.jsonl").read_bytes()


def voted(candidate: Candidate, *votes: tuple[SigningFile, bool]) -> Voting:
    """The voting after these votes, each laid open as soon as it may be."""
    voting, every = Voting(), []
    for number, (signer, releases) in enumerate(votes or ((FIRST, True), (SECOND, True))):
        vote = vote_on(
            candidate, f"reviewer {number}", signer, releases=releases, nonce=bytes([number]) * 32, week=WEEK,
            after=voting.last,
        )  # fmt: skip
        every.append(vote)
        voting = cast(voting, candidate, vote, signer)
    for vote in every:
        voting = voting.with_open(vote)
    return voting


def as_release(candidate: Candidate, number: int = 1) -> Release:
    """A candidate as a release of this number, its votes those of two others."""
    first, second = both(voted(candidate))
    made = next_release(candidate, (first, second), candidate.method.ledger_head, ())
    return made.model_copy(update={"number": number})


def published(ledger: Path, candidate: Candidate) -> Release:
    """The candidate as a release, behind the ledger at this path."""
    votes = both(voted(candidate))

    def make(head: str, releases: Sequence[Release]) -> Release:
        return next_release(candidate, (votes[0], votes[1]), head, releases)

    return append_release(ledger, candidate.subject.id, make)


def releases_in(ledger: Path) -> tuple[Release, ...]:
    """The releases of the ledger at this path."""
    return read_ledger(ledger.read_bytes(), ASKED.id).releases

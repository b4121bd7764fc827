"""Two votes on a candidate, each sealed until both are in.

A vote is signed, and first only its hash is handed on, signed as well: that this key has voted, and not how. Once two
such hashes are in, each vote is laid open, and must be the one that was sealed. So the second reviewer cannot know what
the first one said, and the first cannot change it. The second vote names the seal of the first: whoever keeps the file
cannot drop one of them and put another in its place. And everybody who votes keeps a book of their own votes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from flows.model import canonical
from privacy.candidate import Candidate
from privacy.certificate import FIRST_IN, UNSIGNED, SealedVote, Vote, digest
from privacy.errors import ReleaseRefused
from privacy.gate import VOTES, check_certificate, check_vote
from privacy.release import Release
from privacy.signing import SigningFile, holds, sign


@dataclass(frozen=True, slots=True)
class Voting:
    """What is known of the votes on one candidate."""

    sealed: tuple[SealedVote, ...] = ()
    opened: tuple[Vote, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether both votes are in, open or not."""
        return len(self.sealed) == VOTES

    @property
    def last(self) -> str:
        """What the next vote names: the seal of the one before it."""
        return self.sealed[-1].vote if self.sealed else FIRST_IN

    def waiting(self) -> tuple[SealedVote, ...]:
        """Votes that are in and not open."""
        known = {vote.sealed for vote in self.opened}
        return tuple(each for each in self.sealed if each.vote not in known)

    def to_lines(self) -> bytes:
        """The file: one canonical JSON object a line."""
        every = (*self.sealed, *self.opened)
        return b"".join(canonical(each.model_dump(mode="json")) + b"\n" for each in every)

    def with_open(self, vote: Vote) -> "Voting":
        """The same, with a vote laid open. One that was not sealed here, or while another may still come, stays out.

        Raises ReleaseRefused `one-name` where the other vote bears its name.
        """
        if any(other.name == vote.name and other.key != vote.key for other in self.opened):
            raise ReleaseRefused("one-name")
        if self.complete and any(each.vote == vote.sealed and each.key == vote.key for each in self.waiting()):
            return replace(self, opened=(*self.opened, vote))
        return self


def read_voting(text: bytes, candidate: Candidate) -> Voting:
    """The votes in `text` on this candidate.

    Raises ReleaseRefused: `other-votes` where a line is no vote on it, `bad-signature`, or `author-votes`.
    """
    certificate = check_certificate(candidate)
    sealed: list[SealedVote] = []
    opened: list[Vote] = []
    for line in text.splitlines():
        each = _read(line)
        if isinstance(each, SealedVote):
            _check_sealed(candidate, each)
            sealed.append(each)
        else:
            check_vote(candidate, certificate, each)
            opened.append(each)
    if len({each.key for each in sealed}) != len(sealed) or len(sealed) > VOTES:
        raise ReleaseRefused("voted-already")
    if {vote.sealed for vote in opened} - {each.vote for each in sealed}:
        raise ReleaseRefused("other-votes")
    return Voting(tuple(sealed), tuple(opened))


def _read(line: bytes) -> SealedVote | Vote:
    try:
        said = json.loads(line)
        sealed = isinstance(said, dict) and said.get("format") == "sauti-sealed-vote"
        return SealedVote.model_validate(said) if sealed else Vote.model_validate(said)
    except (ValueError, RecursionError):
        raise ReleaseRefused("other-votes") from None


def _check_sealed(candidate: Candidate, sealed: SealedVote) -> None:
    if not holds(sealed):
        raise ReleaseRefused("bad-signature")
    if sealed.candidate != candidate.content:
        raise ReleaseRefused("other-votes")


def cast(voting: Voting, candidate: Candidate, vote: Vote, signer: SigningFile) -> Voting:
    """The voting with one more vote, sealed; open at once where it is the second.

    Raises ReleaseRefused: `author-votes`, `voted-already` for this key, `both-in`, or `vote-dropped` where it was cast
    after another vote than this voting's.
    """
    check_vote(candidate, check_certificate(candidate), vote)
    if any(each.key == vote.key for each in voting.sealed):
        raise ReleaseRefused("voted-already")
    if voting.complete:
        raise ReleaseRefused("both-in")
    if vote.after != voting.last:
        raise ReleaseRefused("vote-dropped")
    hidden = SealedVote(
        format="sauti-sealed-vote", version=1, key=vote.key, signature=UNSIGNED, candidate=vote.candidate,
        vote=vote.sealed,
    )  # fmt: skip
    return replace(voting, sealed=(*voting.sealed, sign(signer, hidden))).with_open(vote)


def vote_on(  # noqa: PLR0913 - everything that a vote says
    candidate: Candidate, name: str, signer: SigningFile, *, releases: bool, nonce: bytes, week: str,
    after: str = FIRST_IN,
) -> Vote:  # fmt: skip
    """A signed vote; `nonce` is 32 random bytes, `week` the ISO week of today, `after` the voting's last."""
    certificate = check_certificate(candidate)
    unsigned = Vote(
        format="sauti-vote", version=2, key=signer.key.hex(), signature=UNSIGNED, name=name,
        candidate=candidate.content, certificate=digest(certificate.model_dump(mode="json")), releases=releases,
        week=week, nonce=nonce.hex(), after=after,
    )  # fmt: skip
    return sign(signer, unsigned)


def check_unchanged(voting: Voting, written: Vote | None, wanted: tuple[str, str, bool]) -> None:
    """Raises ReleaseRefused `voted-already` where a key's vote is known, and not of the name and the word wanted now.

    `written` is what stands in the book of the key's owner; `wanted` is key, name, and whether it is for the release.
    """
    known = [vote for vote in (written, *voting.opened) if vote is not None and vote.key == wanted[0]]
    if any((vote.key, vote.name, vote.releases) != wanted for vote in known):
        raise ReleaseRefused("voted-already")


def both(voting: Voting) -> Sequence[Vote]:
    """Both votes. Raises ReleaseRefused: `not-voted`, or `vote-lost` where one is in and was not laid open."""
    if not voting.complete:
        raise ReleaseRefused("not-voted")
    if voting.waiting():
        raise ReleaseRefused("vote-lost")
    return voting.opened


def read_book(text: bytes) -> tuple[Vote, ...]:
    """Somebody's own votes, one a line, as they were cast.

    Raises ReleaseRefused: `not-a-book` where there is no line or one is something else, `bad-signature` where one was
    changed.
    """
    try:
        votes = tuple(Vote.model_validate_json(line) for line in text.splitlines())
    except ValidationError:
        votes = ()
    if not votes:
        raise ReleaseRefused("not-a-book")
    if not all(map(holds, votes)):
        raise ReleaseRefused("bad-signature")
    return votes


def written_in(book: Sequence[Vote], candidate: Candidate, signer: SigningFile) -> Vote | None:
    """The vote on this candidate and certificate that its owner has cast already."""
    certificate = digest(check_certificate(candidate).model_dump(mode="json"))
    about = signer.key.hex(), candidate.content, certificate
    return next((each for each in book if (each.key, each.candidate, each.certificate) == about), None)


def check_counted(releases: Sequence[Release], book: Sequence[Vote]) -> None:
    """Raises ReleaseRefused `vote-dropped` where something was released on which these votes are and were not counted.

    A vote against its content counts, whichever certificate it was cast on: a second one asks others.
    """
    for release in releases:
        if any(vote.candidate == release.candidate.content for vote in book) and not set(book) & set(release.votes):
            raise ReleaseRefused("vote-dropped", (f"release {release.number}",))

"""`sauti release`: from a candidate to a release that the ledger holds, by two votes that are not the author's."""

import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sauti.office import signed_by
from sauti.speaking import answer, progress, say, told

if TYPE_CHECKING:
    from privacy.audit.run import Findings
    from privacy.candidate import Candidate
    from privacy.certificate import Vote
    from privacy.ledger import Ledger
    from privacy.signing import SigningFile
    from privacy.votes import Voting

app = typer.Typer(no_args_is_help=True, help="Check, approve, publish and verify: what makes a candidate a release.")

CandidateArgument = Annotated[Path, typer.Argument(metavar="CANDIDATE", help="The candidate of `sauti tabulate`.")]
LedgerOption = Annotated[Path, typer.Option(help="The consultation's release ledger.")]


@app.command()
def check(candidate: CandidateArgument, ledger: LedgerOption) -> None:
    """Try again what anybody can: certificate, ledger, and what a reader of everything published could work out.

    Says as well what no machine can judge: by whom, over which server's answers, and under which rules it was made.
    """
    from privacy.candidate import Candidate
    from privacy.gate import check_certificate
    from sauti.files import load

    with told():
        given = load(candidate, Candidate)
        found = _checked(given, verified_ledger(ledger, given.subject.id))
        certificate, method = check_certificate(given), given.method
    say(
        "Before you vote, compare with what you know: who counted, which server signed, how many were left out and why."
    )
    answer({
        "format": "sauti-release-check", "version": 1, "candidate": given.content, "figures": found.figures,
        "targets": found.targets, "author": certificate.author, "author_key": certificate.key,
        "server_key": method.server_key, "s": certificate.s, "crosses": [cross.id for cross in given.crosses],
        "snapshot": method.snapshot, "tombstones": method.tombstones, "refused": method.refused,
        "repairs": method.repairs,
    })  # fmt: skip


@app.command()
def approve(
    candidate: CandidateArgument,
    name: Annotated[str, typer.Option("--as", callback=signed_by, help="Whose vote this is.")],
    signing_key: Annotated[Path, typer.Option(help="Their key, of `sauti keys signing`.")],
    against: Annotated[bool, typer.Option("--against", help="Vote against the release.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Vote on a candidate. The vote stays sealed until a second one is in; run it again then, to lay it open.

    It is kept beside the key as well. Where the file of votes has lost it, it is laid in again, or refused if somebody
    else's stands in its place. It cannot be changed.
    """
    from privacy.candidate import Candidate
    from privacy.ledger import locked
    from privacy.signing import SigningFile
    from privacy.votes import check_unchanged
    from sauti.files import load

    with told():
        given = load(candidate, Candidate)
        voter = _Voter(name, load(signing_key, SigningFile), _book(signing_key))
        with locked(candidate):
            voting, own = _voting(candidate, given), voter.vote_on(given)
            check_unchanged(voting, own, (voter.key, voter.name, not against))
            if all(each.key != voter.key for each in voting.sealed):
                voting = _with_own(voting, candidate, given, voter, own, releases=not against)
            voting = _opened(candidate, voting)
            _keep(candidate, voting)
    if not voting.complete:
        say("The vote is in, and sealed. It is laid open once a second one is in.")
    answer({
        "format": "sauti-voted", "version": 1, "votes": len(voting.sealed), "open": len(voting.opened),
    })  # fmt: skip


@app.command()
def publish(
    candidate: CandidateArgument,
    ledger: LedgerOption,
    out: Annotated[Path, typer.Option(help="The release file, from which documents are written without DRAFT.")],
    feedback: Annotated[
        Path | None, typer.Option(help="Folder with the pages for participants; that of the candidate without it.")
    ] = None,
) -> None:
    """Append the release to the ledger, once two are for it and those who answered can read what came of it."""
    from privacy.candidate import Candidate
    from privacy.gate import check_votes
    from privacy.ledger import append_release
    from privacy.release import next_release, published_as
    from privacy.votes import both
    from reports.feedback import check_told
    from sauti.files import check_out, load, whole_file
    from sauti.telling import pages_in, record_in

    with told():
        check_out(out, candidate, ledger, _voting_file(candidate))
        given = load(candidate, Candidate)
        votes = check_votes(given, both(_laid_open(candidate, given)))
        folder = feedback or candidate.parent
        check_told(given, record_in(folder), pages_in(folder, given))
        before = verified_ledger(ledger, given.subject.id)
        if published_as(given, before.releases) is None:
            _checked(given, before)
        release = append_release(ledger, given.subject.id, partial(next_release, given, votes))
        with whole_file(out) as file:
            file.write(release.to_json())
    answer({"format": "sauti-published", "version": 1, "number": release.number, "release": str(out)})


@app.command()
def verify(
    ledger: LedgerOption,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[RELEASE|CANDIDATE]…", help="What this ledger must know of.")
    ] = None,
    voted: Annotated[
        Path | None, typer.Option(help="Your own votes, of `sauti release approve`: KEY.voted, beside your key.")
    ] = None,
) -> None:
    """Verify every line and every signature of a ledger, and that it knows the releases and candidates given.

    Whether its end was cut off shows only beside something newer: give the last release, or a candidate. Whether your
    vote was passed over when something was released shows only beside your own votes.
    """
    from privacy.votes import check_counted, read_book

    with told():
        found = verified_ledger(ledger)
        check_counted(found.releases, read_book(voted.read_bytes()) if voted else ())
        for path in files or ():
            _verify(found, path)
    answer({
        "format": "sauti-verified", "version": 1, "consultation": found.consultation, "head": found.head,
        "lines": len(found.lines), "releases": len(found.releases),
    })  # fmt: skip


@app.command()
def trend(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="Its id, as in the consultation.")],
    ledger: LedgerOption,
) -> None:
    """One question through the rounds that were released: displayed shares side by side, and by how much they changed.

    Made of a verified ledger and nothing else, and only where every round was asked in the same words and told in the
    same categories. Nothing is counted anew. `sauti render --earlier` draws it.
    """
    from privacy.trends import released

    with told():
        found = released(verified_ledger(ledger).releases, question)
    answer(found.model_dump(mode="json"))


def verified_ledger(path: Path, consultation: str | None = None) -> "Ledger":
    """The ledger at `path`, every signature in it verified."""
    from privacy.gate import check_releases
    from privacy.ledger import consultation_of, read_ledger

    text = path.read_bytes()
    found = read_ledger(text, consultation or consultation_of(text))
    check_releases(found.releases)
    return found


def _verify(ledger: "Ledger", path: Path) -> None:
    """That a ledger knows a release or candidate, and that its file is to the byte what was signed.

    Of what nobody has signed only its place beside the ledger is known, which is said.
    """
    from privacy.errors import ReleaseRefused
    from privacy.gate import check_certificate
    from privacy.ledger import check_holds, check_knows
    from privacy.release import Release
    from sauti.files import load_source

    source = load_source(path)
    if isinstance(source, Release):
        check_holds(ledger, source)
    else:
        check_knows(ledger, source)
        if source.certificate is None:
            say(f"{path.name}: a draft, for whose figures nobody has signed; only its place in the ledger is verified.")
            return
        check_certificate(source)
    if path.read_bytes() != source.to_json():
        # A reader that takes the first of two fields of one name would see what nobody has signed.
        raise ReleaseRefused("other-bytes", (path.name,))


def _checked(candidate: "Candidate", ledger: "Ledger") -> "Findings":
    from privacy.gate import Auditing
    from privacy.gate import check as tried

    with progress("Auditing what is published") as told_so_far:
        return tried(candidate, ledger.head, ledger.releases, Auditing(told_so_far))


def _book(signing_key: Path) -> Path:
    """Where the votes of this key's owner are written down."""
    return signing_key.with_name(f"{signing_key.name}.voted")


@dataclass(frozen=True, slots=True)
class _Voter:
    """Who votes: her name, her key, and the book of her own votes."""

    name: str
    signer: "SigningFile"
    book: Path

    @property
    def key(self) -> str:
        """Her public key, as votes bear it."""
        return self.signer.key.hex()

    @property
    def text(self) -> bytes:
        """What stands in the book."""
        return self.book.read_bytes() if self.book.exists() else b""

    def vote_on(self, candidate: "Candidate") -> "Vote | None":
        """What she has voted on this candidate, as her book says."""
        from privacy.votes import read_book, written_in

        return written_in(read_book(self.text) if self.text else (), candidate, self.signer)


def _with_own(
    voting: "Voting", path: Path, candidate: "Candidate", voter: _Voter, own: "Vote | None", *, releases: bool
) -> "Voting":  # fmt: skip
    """The voting with a vote more, which is in its owner's book before anybody else has it.

    Where the file of votes has lost `own`, which she cast before, that one is laid in again.
    """
    from privacy.votes import cast, vote_on
    from sauti.files import whole_file
    from sauti.office import now
    from storage.times import iso_week

    nonce, week = secrets.token_bytes(32), iso_week(now())
    vote = own or vote_on(
        candidate, voter.name, voter.signer, releases=releases, nonce=nonce, week=week, after=voting.last
    )
    # Opened before anything is written: what is refused beside the other vote stands in no book.
    voting = _opened(path, cast(voting, candidate, vote, voter.signer))
    if own is None:
        line = vote.model_dump_json().encode() + b"\n"
        with whole_file(voter.book) as file:
            file.write(voter.text + line)
    else:
        say("The file of votes had lost your vote. It is laid in again, as you cast it.")
    if not voting.complete:
        _wait(path, vote)
    return voting


def _wait(candidate: Path, vote: "Vote") -> None:
    """Keeps an open vote until it may be laid open, readable by its owner only."""
    from sauti.files import write_private

    path = _unopened(candidate, vote.sealed)
    if not path.exists():
        write_private(path, vote.model_dump_json())


def _voting_file(candidate: Path) -> Path:
    return candidate.with_name(f"{candidate.name}.votes")


def _unopened(candidate: Path, sealed: str) -> Path:
    """Where a vote waits until it may be laid open; named by its seal, so that the name tells nobody whose it is."""
    return candidate.with_name(f"{candidate.name}.{sealed[:16]}.unopened")


def _voting(path: Path, candidate: "Candidate") -> "Voting":
    from privacy.votes import read_voting

    votes = _voting_file(path)
    return read_voting(votes.read_bytes() if votes.exists() else b"", candidate)


def _laid_open(path: Path, candidate: "Candidate") -> "Voting":
    """The voting, with every vote laid open that waits beside the candidate, and kept so."""
    from privacy.ledger import locked

    with locked(path):
        voting = _opened(path, _voting(path, candidate))
        _keep(path, voting)
    return voting


def _opened(path: Path, voting: "Voting") -> "Voting":
    """The voting with every vote laid open that waits beside the candidate; none before both are in."""
    from privacy.certificate import Vote
    from sauti.files import load

    for sealed in voting.waiting() if voting.complete else ():
        waiting = _unopened(path, sealed.vote)
        if waiting.exists():
            voting = voting.with_open(load(waiting, Vote))
    return voting


def _keep(path: Path, voting: "Voting") -> None:
    """Writes the votes; what was laid open needs no file of its own any more."""
    from sauti.files import whole_file

    if not voting.sealed:
        return
    with whole_file(_voting_file(path)) as file:
        file.write(voting.to_lines())
    for vote in voting.opened:
        _unopened(path, vote.sealed).unlink(missing_ok=True)

"""What somebody dishonest would try at the release gate with keys, files and words of her own."""

from typing import Any

import pytest

from privacy import gate
from privacy.audit.figures import System
from privacy.audit.run import Finding, Findings, audit
from privacy.candidate import Candidate
from privacy.certificate import Certificate, Vote
from privacy.errors import ReleaseRefused, Unsafe
from privacy.gate import Author, certify, check, check_certificate, check_release, check_releases, check_votes
from privacy.ledger import check_holds, check_knows, read_ledger
from privacy.release import Release, Snapshot, check_order, next_release, rules_of
from privacy.signing import new_signing_key, sign
from privacy.tables import Row, SafeTable, Shown
from privacy.votes import Voting, both, cast, check_counted, read_book, read_voting, vote_on, written_in
from tests.privacy.released import AUTHOR, FIRST, SECOND, WEEK, sample, voted

STRANGER = new_signing_key()
ANALYST = Author("who counts", AUTHOR)
FOUND = Finding("exact", "cell", "region", ("east",))  # type: ignore[arg-type]  # its words are not looked at


def candidate() -> Candidate:
    """The sample."""
    return sample()[0]


def known() -> Snapshot:
    """How many people stand behind it."""
    return Snapshot(check_certificate(candidate()).people)


def signed(**fields: Any) -> Candidate:  # noqa: ANN401 - any field of a certificate
    """The sample under a certificate in which its author has written something else."""
    said = check_certificate(candidate()).model_copy(update=fields)
    return candidate().model_copy(update={"certificate": sign(AUTHOR, said)})


def release() -> Release:
    """The sample, released."""
    first, second = both(voted(candidate()))
    return next_release(candidate(), (first, second), candidate().method.ledger_head, ())


def test_nothing_is_signed_beside_a_ledger_that_somebody_changed() -> None:
    """The desk verifies every release before it counts on one: a forged one forbids and allows nothing. Proves: R4."""
    forged = release().model_copy(update={"votes": (release().votes[0], release().votes[0])})
    other = candidate().model_copy(update={"round": "ab" * 16, "certificate": None})

    with pytest.raises(ReleaseRefused, match="broken-record"):
        certify(other, (forged,), known(), ANALYST)


def test_nothing_is_signed_that_the_gate_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader who knows nobody could work out is found before anybody votes on it. Proves: R2."""

    def of_readers(everything: System, **_how: Any) -> Findings:  # noqa: ANN401 - as it is called
        found = audit(everything)
        return found if everything.rules.s else Findings((FOUND,), found.figures, found.targets, found.fingerprint)

    # Both are made once for all tests, and not under what follows.
    made, counted = candidate(), known()
    monkeypatch.setattr(gate, "audit", of_readers)

    with pytest.raises(Unsafe, match="region"):
        certify(made, (), counted, ANALYST)
    assert gate.findings(made, (), counted) == (FOUND,)


@pytest.mark.parametrize(
    "fields",
    [
        {"candidate": "0" * 64}, {"ledger_head": "0" * 64}, {"bundle_root": "0" * 64}, {"tombstones": 99},
        {"threshold": 14}, {"threshold_sensitive": 24}, {"s": 0},
    ],
    ids=lambda fields: next(iter(fields)),
)  # fmt: skip
def test_an_author_cannot_sign_for_something_else(fields: dict[str, object]) -> None:
    """A certificate, well signed, that says other than its candidate is refused in each of its fields. Proves: R2."""
    with pytest.raises(ReleaseRefused, match="other-content"):
        check_certificate(signed(**fields))


def test_a_number_that_is_not_the_next_one_is_refused() -> None:
    """An author who signs for a later place in the ledger is refused, also where the head is right. Proves: R4."""
    with pytest.raises(ReleaseRefused, match="moved-on"):
        check(signed(number=2), candidate().method.ledger_head, ())


def test_the_gate_asks_the_rules_about_releases_again() -> None:
    """What the desk should have refused, a round again without a word of who came since, is refused where all can try.

    Proves: R4
    """
    with pytest.raises(ReleaseRefused, match="earlier-bundle"):
        check(signed(number=2), candidate().method.ledger_head, (release(),))


def test_a_seal_cannot_be_guessed() -> None:
    """Two votes with the same words have different seals: a nonce is in them. Proves: R5."""
    votes = [
        vote_on(candidate(), "one", FIRST, releases=True, nonce=bytes([number]) * 32, week=WEEK) for number in (1, 2)
    ]
    bare = {vote.model_copy(update={"nonce": "0" * 64, "signature": "0" * 128}).sealed for vote in votes}

    assert len({vote.sealed for vote in votes}) == 2
    assert len(bare) == 1
    assert votes[0].model_copy(update={"nonce": votes[1].nonce}).sealed != votes[0].sealed


def test_a_vote_on_another_certificate_is_none() -> None:
    """Votes on a candidate do not carry it under a second audit's certificate, and a forged one none. Proves: R5."""
    votes = both(voted(candidate()))
    forged = votes[0].model_copy(update={"releases": not votes[0].releases})

    elsewhere = sign(FIRST, next(each for each in votes if each.key == FIRST.key.hex()).model_copy(
        update={"candidate": "0" * 64}
    ))  # fmt: skip

    with pytest.raises(ReleaseRefused, match="other-votes"):
        check_votes(signed(figures=1), votes)
    with pytest.raises(ReleaseRefused, match="other-votes"):
        check_votes(candidate(), (elsewhere, next(each for each in votes if each.key == SECOND.key.hex())))
    with pytest.raises(ReleaseRefused, match="bad-signature"):
        check_votes(candidate(), (forged, votes[1]))


def test_one_key_under_two_names_is_one_person() -> None:
    """Who votes twice by calling herself something else has one vote, also in a release file. Proves: R5."""
    one, two = (
        vote_on(candidate(), name, FIRST, releases=True, nonce=bytes(32), week=WEEK) for name in ("one", "another")
    )

    with pytest.raises(ReleaseRefused, match="voted-already"):
        check_votes(candidate(), (one, two))
    with pytest.raises(ReleaseRefused, match="broken-record"):
        check_releases((release().model_copy(update={"votes": (one, two)}),))


def test_a_second_release_without_a_first_is_none() -> None:
    """A ledger whose only release was signed and voted on as its second has lost one. Proves: R4."""
    second = signed(number=2)
    first, other = sorted(both(voted(second)), key=lambda vote: vote.key)
    alone = release().model_copy(update={"candidate": second, "number": 2, "votes": (first, other)})

    check_release(alone)
    with pytest.raises(ReleaseRefused, match="broken-record"):
        check_releases((alone,))


def test_a_file_of_votes_cannot_be_stuffed() -> None:
    """A third seal, one seal twice, or a seal that nobody signed refuses the whole file. Proves: R5."""
    voting = voted(candidate())
    stranger = vote_on(candidate(), "three", STRANGER, releases=True, nonce=bytes(32), week=WEEK)
    (third,) = cast(Voting(), candidate(), stranger, STRANGER).sealed
    unsigned = voting.sealed[0].model_copy(update={"vote": "0" * 64})

    with pytest.raises(ReleaseRefused, match="voted-already"):
        read_voting(Voting((*voting.sealed, third)).to_lines(), candidate())
    with pytest.raises(ReleaseRefused, match="voted-already"):
        read_voting(Voting(voting.sealed[:1] * 2).to_lines(), candidate())
    with pytest.raises(ReleaseRefused, match="bad-signature"):
        read_voting(Voting((unsigned,)).to_lines(), candidate())


def test_only_what_was_sealed_is_laid_open() -> None:
    """Neither another vote of the same key nor the same words of another key open a seal. Proves: R5."""
    one = vote_on(candidate(), "one", FIRST, releases=True, nonce=bytes([1]) * 32, week=WEEK)
    two = vote_on(candidate(), "two", SECOND, releases=True, nonce=bytes([2]) * 32, week=WEEK, after=one.sealed)
    voting = cast(cast(Voting(), candidate(), one, FIRST), candidate(), two, SECOND)
    changed_mind = vote_on(candidate(), "one", FIRST, releases=False, nonce=bytes([1]) * 32, week=WEEK)
    other = voting.sealed[1].model_copy(update={"key": STRANGER.key.hex(), "vote": "0" * 64})
    taken = Voting((voting.sealed[0].model_copy(update={"vote": two.sealed}), other))

    assert voting.opened == (two,)
    assert voting.with_open(changed_mind) == voting
    assert taken.with_open(one) == taken
    assert taken.with_open(two) == taken
    assert voting.with_open(one).opened == (two, one)
    with pytest.raises(ReleaseRefused, match="vote-lost"):
        both(voting)
    with pytest.raises(ReleaseRefused, match="other-votes"):
        read_voting(Voting(voting.sealed[:1], (two,)).to_lines(), candidate())


def test_a_vote_is_not_older_than_what_it_is_about() -> None:
    """A clock set back dates no release before its answers, neither when a vote is cast nor in a ledger. Proves: R5."""
    week = candidate().method.until_week
    before = f"{int(week[:4]) - 1}{week[4:]}"
    votes = [
        vote_on(candidate(), name, key, releases=True, nonce=bytes(32), week=dated)
        for name, key, dated in (("one", FIRST, before), ("one", FIRST, week))
    ]
    first, second = (vote if vote.key != FIRST.key.hex() else votes[0] for vote in release().votes)

    assert cast(Voting(), candidate(), votes[1], FIRST).sealed
    with pytest.raises(ReleaseRefused, match="clock"):
        cast(Voting(), candidate(), votes[0], FIRST)
    with pytest.raises(ReleaseRefused, match="clock"):
        check_votes(candidate(), (first, second))


def three() -> tuple[Vote, Vote, Vote]:
    """A vote against, one for it that came after, and one for it by somebody who is asked in place of the first."""
    one = vote_on(candidate(), "one", FIRST, releases=False, nonce=bytes([1]) * 32, week=WEEK)
    two = vote_on(candidate(), "two", SECOND, releases=True, nonce=bytes([2]) * 32, week=WEEK, after=one.sealed)
    instead = vote_on(candidate(), "three", STRANGER, releases=True, nonce=bytes([3]) * 32, week=WEEK)
    return one, two, instead


def test_a_vote_cannot_be_dropped_for_another() -> None:
    """Once a second vote is in, neither counts without the one it came after, in whichever order others are put.

    Proves: R5
    """
    one, two, instead = three()
    _, sealed = cast(cast(Voting(), candidate(), one, FIRST), candidate(), two, SECOND).sealed
    later = vote_on(candidate(), "three", STRANGER, releases=True, nonce=bytes(32), week=WEEK, after=two.sealed)
    before = cast(Voting(), candidate(), instead, STRANGER)

    for kept in (
        Voting((*before.sealed, sealed), (instead, two)), cast(Voting((sealed,)), candidate(), later, STRANGER),
    ):  # fmt: skip
        whole = kept.with_open(two)
        with pytest.raises(ReleaseRefused, match="vote-dropped"):
            check_votes(candidate(), both(whole))
    with pytest.raises(ReleaseRefused, match="vote-dropped"):
        cast(before, candidate(), two, SECOND)
    alone = vote_on(candidate(), "two", SECOND, releases=True, nonce=bytes([2]) * 32, week=WEEK)
    with pytest.raises(ReleaseRefused, match="vote-dropped"):
        check_votes(candidate(), (instead, alone))


def test_whoever_voted_finds_a_release_that_passed_her_over() -> None:
    """Her own book beside the ledger shows it, also under a second certificate; whose vote counted finds nothing.

    Proves: R5
    """
    one, two, instead = three()
    counted = sorted((instead, two.model_copy(update={"after": instead.sealed})), key=lambda vote: vote.key)
    passed_over = release().model_copy(update={"votes": (counted[0], counted[1])})
    again = passed_over.model_copy(update={"candidate": signed(author="another")})
    other = passed_over.model_copy(update={"candidate": candidate().model_copy(update={"round": "ab" * 16})})

    for found in (passed_over, again):
        with pytest.raises(ReleaseRefused, match=r"vote-dropped \(release 1\)"):
            check_counted((found,), (one,))
    check_counted((passed_over,), (instead,))
    check_counted((other,), (one,))
    check_counted((passed_over,), ())


def test_a_book_of_votes_is_read_as_it_was_written() -> None:
    """One's own votes come back; a changed one and a file of something else are refused, without a word of it."""
    one, two, _ = three()
    text = b"".join(vote.model_dump_json().encode() + b"\n" for vote in (one, two))

    assert read_book(text) == (one, two)
    assert written_in((one, two), candidate(), SECOND) == two
    assert written_in((one,), signed(author="another"), FIRST) is None
    with pytest.raises(ReleaseRefused, match="bad-signature"):
        read_book(text.replace(b'"releases":false', b'"releases":true'))
    with pytest.raises(ReleaseRefused, match="not-a-book") as refused:
        read_book(text + b"CANARY\n")
    assert "CANARY" not in str(refused.value)


def test_languages_keep_their_scheme_too() -> None:
    """Categories of the tables about everybody cannot shift either. Proves: R4."""
    rows = (Row(code="all", cell=Shown(count=120), of=("en", "ar")),)
    table = SafeTable(id="_languages", asked=Shown(count=120), rows=rows)
    other = candidate().model_copy(update={"round": "ab" * 16, "languages": table})

    with pytest.raises(ReleaseRefused, match=r"other-scheme \(_languages\)"):
        check_order(other, (release(),))


def test_nobody_knows_fewer_than_nobody() -> None:
    """An `s` below nought, which would lower every threshold, is refused. Proves: R1."""
    rules = candidate().rules.model_copy(update={"s": -5})

    with pytest.raises(ReleaseRefused, match="lax-rules"):
        rules_of(candidate().model_copy(update={"rules": rules}))


def test_a_ledger_of_another_consultation_knows_nothing() -> None:
    """Neither a release nor a candidate is known to a ledger of other questions, whatever its heads are. Proves: R4."""
    ours = read_ledger(sample()[1], "protection")
    subject = candidate().subject.model_copy(update={"id": "another"})

    check_knows(ours, candidate())
    with pytest.raises(ReleaseRefused, match="not-in-ledger"):
        check_knows(ours, candidate().model_copy(update={"subject": subject}))
    with pytest.raises(ReleaseRefused, match="not-in-ledger"):
        check_holds(ours, release().model_copy(update={"consultation": "another"}))


def test_a_certificate_names_what_it_signs() -> None:
    """No two kinds of signed things have the same bytes under their signatures. Proves: R5."""
    voting = voted(candidate())
    every = (check_certificate(candidate()), *voting.sealed, *voting.opened)

    named = [each.signed.count(f'"{each.format}"'.encode()) for each in every]  # type: ignore[attr-defined]  # all have it
    assert named == [1] * 5
    assert {type(each) for each in every} == {Certificate, type(voting.sealed[0]), type(voting.opened[0])}

"""Frozen bytes of a release: whatever was signed, voted on or published stays readable, and what it was."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from privacy.candidate import Candidate
from privacy.certificate import UNSIGNED, digest
from privacy.errors import LedgerRefused, PrivacyError, ReleaseRefused
from privacy.gate import check_certificate, check_release, check_releases
from privacy.ledger import check_holds, consultation_of, read_ledger
from privacy.release import Release
from privacy.signing import SigningFile, sign
from privacy.votes import both, read_voting, vote_on
from reports.feedback import FeedbackRecord, missing_feedback
from tests.privacy import release_referee as referee
from tests.privacy.make_vectors import FOLDER, PAGES

EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_bytes())
CANDIDATE, RELEASE, LEDGER = (
    (FOLDER / name).read_bytes() for name in ("candidate.json", "release.json", "ledger.jsonl")
)


def signer(name: str) -> SigningFile:
    """One of the three who signed."""
    return SigningFile.model_validate_json((FOLDER / f"{name}.signing.json").read_bytes())


SIGNERS = {"reviewer 0": signer("one"), "reviewer 1": signer("two")}


def test_a_frozen_candidate_is_still_what_was_signed() -> None:
    """A certified candidate is written as it was, its content has the same hash, and the same key signs the same bytes.

    Proves: R2
    """
    candidate = Candidate.from_json(CANDIDATE)
    certificate = check_certificate(candidate)
    again = sign(signer("author"), certificate.model_copy(update={"signature": UNSIGNED}))

    assert candidate.to_json() == CANDIDATE
    assert candidate.content == EXPECTED["content"] == referee.content(json.loads(CANDIDATE))
    assert digest(certificate.model_dump(mode="json")) == EXPECTED["certificate"]
    assert again == certificate


def test_frozen_votes_are_still_votes() -> None:
    """A sealed vote opens to what it was, and the same people, words and numbers give the same bytes. Proves: R5."""
    candidate, text = Candidate.from_json(CANDIDATE), (FOLDER / "candidate.json.votes").read_bytes()
    voting = read_voting(text, candidate)
    first, second = both(voting)
    again = [
        vote_on(
            candidate, vote.name, SIGNERS[vote.name], releases=vote.releases, nonce=bytes.fromhex(vote.nonce),
            week=vote.week, after=vote.after,
        )
        for vote in (first, second)
    ]  # fmt: skip

    assert voting.to_lines() == text
    assert [first.sealed, second.sealed] == EXPECTED["votes"] == [referee.digest(json.loads(line)) for line in
                                                                  text.splitlines()[2:]]  # fmt: skip
    assert again == [first, second]
    assert read_voting((FOLDER / "sealed.votes").read_bytes(), candidate).sealed == voting.sealed[:1]


def test_a_frozen_release_is_still_one() -> None:
    """A release file is written as it was and stands in its ledger, for this reader and one made from the page.

    Proves: R4
    """
    release = Release.model_validate_json(RELEASE)
    ledger = read_ledger(LEDGER, consultation_of(LEDGER))

    assert release.to_json() == RELEASE
    assert ledger.head == EXPECTED["head"]
    assert sorted(each.hex() for each in ledger.withdrawn(bytes.fromhex(EXPECTED["round"]))) == EXPECTED["withdrawn"]
    check_releases(ledger.releases)
    check_holds(ledger, release)
    with pytest.raises(ReleaseRefused, match="not-in-ledger"):
        check_holds(ledger, release.model_copy(update={"consultation": "another"}))
    assert referee.release(RELEASE)
    assert referee.ledger(LEDGER) == len(ledger.releases) == 1


@pytest.mark.parametrize("first", range(4))
def test_no_byte_of_a_release_file_can_be_changed(first: int) -> None:
    """A release in which one byte is another is no release, to either reader: number and week are signed as well.

    Proves: R4
    """
    said = json.loads(RELEASE)
    places = [*range(first * 30, len(RELEASE), 120), *_places(said)[first::4]]

    for place in places:
        broken = RELEASE[:place] + bytes([RELEASE[place] ^ 1]) + RELEASE[place + 1 :]
        assert not _stands(broken), place
        assert not referee.release(broken), place


def _places(said: dict[str, Any]) -> list[int]:
    """Where number and weeks stand in the file."""
    week = said["votes"][0]["week"].encode()
    places = [RELEASE.index(b'"number": ') + len(b'"number": '), *_every(week)]
    assert len(places) == 3
    return places


def _every(text: bytes) -> list[int]:
    found, start = [], RELEASE.find(b'"votes"')
    while (start := RELEASE.find(text, start)) != -1:
        start += len(text)
        found.append(start - 1)
    return found


def _stands(text: bytes) -> bool:
    try:
        check_release(Release.model_validate_json(text))
    except (PrivacyError, ValidationError):
        return False
    return True


def test_a_changed_ledger_is_refused_by_both_readers() -> None:
    """A byte changed, a line dropped, an end cut off within a line: the second reader refuses what the first does.

    Proves: R4
    """
    lines = LEDGER.splitlines(keepends=True)
    last = len(LEDGER) - len(lines[-1])

    for text in (
        *(LEDGER[:at] + bytes([LEDGER[at] ^ 1]) + LEDGER[at + 1 :] for at in range(0, last, 97)),
        b"".join((*lines[:1], *lines[2:])),
        b"".join((*lines[:2], *lines[3:])),
        LEDGER[:-1],
        LEDGER[:-40],
    ):
        assert referee.ledger(text) is None
        with pytest.raises(PrivacyError):
            check_releases(read_ledger(text, consultation_of(text)).releases)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [(b'"number":1', b'"number": 1'), (b'"merged":[],', b"")],
    ids=["spaced", "defaults left out"],
)
def test_a_line_is_written_in_one_way_only(written: bytes, otherwise: bytes) -> None:
    """A last line that says the same in other bytes would have another hash, and is refused. Proves: R4."""
    lines = LEDGER.splitlines(keepends=True)
    whole = b"".join(lines[:3])
    assert written in lines[2]

    assert len(read_ledger(whole, "protection").releases) == 1
    with pytest.raises(LedgerRefused, match="not-a-ledger"):
        read_ledger(b"".join(lines[:2]) + lines[2].replace(written, otherwise, 1), "protection")


def test_a_frozen_record_of_feedback_still_counts() -> None:
    """Pages that participants were told by once still count for the same tables, and no others do. Proves: R9."""
    record = FeedbackRecord.model_validate_json((FOLDER / "feedback.json").read_bytes())
    candidate = Candidate.from_json(CANDIDATE)

    assert missing_feedback(candidate, record, PAGES) == ()
    assert missing_feedback(candidate, record, {**PAGES, "ar": b"another"}) == ("ar",)

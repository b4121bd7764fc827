"""From a candidate to a release by the real commands: checked, voted on by two, published, verified."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from privacy import ledger
from privacy.candidate import Candidate
from privacy.gate import check_certificate
from privacy.ledger import read_ledger
from privacy.signing import new_signing_key, sign
from privacy.tables import Shown
from tests.functional.conftest import Desk
from tests.privacy import released

pytestmark = pytest.mark.xdist_group("commands")


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    """A folder with a certified candidate, its ledger, two reviewers' keys, and pages for those who answered."""
    candidate, ledger = released.sample()
    desk = Desk(tmp_path, {})
    (desk / "candidate.json").write_bytes(candidate.to_json())
    (desk / "ledger.jsonl").write_bytes(ledger)
    for name, key in (("author", released.AUTHOR), ("one", released.FIRST), ("two", released.SECOND)):
        (desk / f"{name}.key").write_bytes(key.to_json())
    return desk


def vote(desk: Desk, name: str, *more: str) -> dict[str, object]:
    """One vote on the candidate."""
    key = desk / f"{name}.key"
    return dict(desk.json("release", "approve", desk / "candidate.json", "--as", name, "--signing-key", key, *more))


def told(desk: Desk) -> None:
    """Pages for those who answered, in every language."""
    languages = ",".join(released.ASKED.languages)
    desk.json(
        "render", desk / "candidate.json", "--product", "community", "--lang", languages, "--out", desk.folder
    )  # fmt: skip


def publish(desk: Desk) -> tuple[str | Path, ...]:
    """The words of the command."""
    files = ("--ledger", desk / "ledger.jsonl", "--out", desk / "release.json")
    return ("release", "publish", desk / "candidate.json", *files)


def test_a_candidate_becomes_a_release(office: Desk) -> None:
    """Checked, approved by two, told to those who answered, published: the ledger verifies, nothing says DRAFT.

    Proves: R4, R5, R9, R7
    """
    checked = office.json("release", "check", office / "candidate.json", "--ledger", office / "ledger.jsonl")
    first, second = vote(office, "one"), vote(office, "two")
    told(office)

    done = office.json(*publish(office))
    verified = office.json("release", "verify", "--ledger", office / "ledger.jsonl", office / "release.json")
    rendered = ("render", office / "release.json", "--format", "md", "--out", office.folder)
    office.json(*rendered, "--product", "data")
    unwritten = office.run(*rendered, "--product", "pbc")

    page = (office / "data.en.md").read_text("utf-8")
    note = (office / "pbc.en.md").read_text("utf-8")
    candidate, _ = released.sample()
    assert checked["figures"] > 20
    assert (checked["author_key"], checked["server_key"]) == (released.AUTHOR.key.hex(), candidate.method.server_key)
    assert (checked["s"], checked["tombstones"], checked["repairs"]) == (5, 1, [])
    assert (first["open"], second["votes"]) == (0, 2)
    assert (done["number"], verified["releases"]) == (1, 1)
    assert "Draft" not in page
    assert "DRAFT" not in page
    assert ("Draft" in note, "says DRAFT on every page" in unwritten.stderr) == (True, True)
    assert not list(office.folder.glob("*.unopened"))


def test_nothing_is_published_before_those_who_answered_can_read_it(office: Desk) -> None:
    """Two votes are not enough while a language has no page for participants. Proves: R9."""
    vote(office, "one")
    vote(office, "two")

    result = office.run(*publish(office))

    assert (result.exit_code, "no-feedback" in result.stderr) == (1, True)
    assert not read_ledger((office / "ledger.jsonl").read_bytes(), "protection").releases


def test_nothing_is_published_on_one_vote(office: Desk) -> None:
    """One vote is not enough, nor is the same one again; and who counted has none. Proves: R5."""
    told(office)
    vote(office, "one")
    again = vote(office, "one")

    result = office.run(*publish(office))
    author = office.run(
        "release", "approve", office / "candidate.json", "--as", "x", "--signing-key", office / "author.key"
    )

    assert (again["votes"], again["open"]) == (1, 0)
    assert (result.exit_code, "not-voted" in result.stderr) == (1, True)
    assert (author.exit_code, "author-votes" in author.stderr) == (1, True)


def test_a_vote_shows_nothing_until_both_are_in(office: Desk) -> None:
    """What travels after the first vote is the same but for a hash, whatever was voted; then both lie open.

    Proves: R5
    """
    vote(office, "one", "--against")
    travels = (office / "candidate.json.votes").read_text("utf-8")

    assert [sorted(json.loads(line)) for line in travels.splitlines()] == [
        ["candidate", "format", "key", "signature", "version", "vote"]
    ]
    vote(office, "two")
    told(office)
    result = office.run(*publish(office))
    assert (result.exit_code, "voted-against" in result.stderr) == (1, True)


def test_a_ledger_that_moved_on_stops_a_release(office: Desk) -> None:
    """A withdrawal that came in between refuses the candidate, at the check and at publishing. Proves: R4."""
    from privacy.ledger import remember_withdrawn

    vote(office, "one")
    vote(office, "two")
    told(office)
    candidate, _ = released.sample()
    remember_withdrawn(office / "ledger.jsonl", "protection", bytes.fromhex(candidate.round), [b"w" * 16])

    results = [
        office.run("release", "check", office / "candidate.json", "--ledger", office / "ledger.jsonl"),
        office.run(*publish(office)),
    ]

    assert [(each.exit_code, "moved-on" in each.stderr) for each in results] == [(1, True)] * 2


def test_publishing_tries_again_what_anybody_can(office: Desk) -> None:
    """A certificate over another audit does not become a release, whoever has voted for it unchecked. Proves: R2."""
    candidate, _ = released.sample()
    said = check_certificate(candidate).model_copy(update={"audited": "0" * 32})
    bold = candidate.model_copy(update={"certificate": sign(released.AUTHOR, said)})
    (office / "candidate.json").write_bytes(bold.to_json())
    vote(office, "one")
    vote(office, "two")
    told(office)

    result = office.run(*publish(office))

    assert (result.exit_code, "other-audit" in result.stderr) == (1, True)
    assert not read_ledger((office / "ledger.jsonl").read_bytes(), "protection").releases


def test_a_vote_waits_where_its_owner_alone_can_read_it(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the second one is in, an open vote is readable by its owner only; votes are changed one at a time.

    Proves: R5
    """
    held = []
    lock = ledger.locked

    @contextmanager
    def watched(path: Path) -> Iterator[None]:
        with lock(path):
            held.append(path)
            yield

    monkeypatch.setattr(ledger, "locked", watched)
    vote(office, "one")
    (waiting,) = office.folder.glob("*.unopened")

    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert held == [office / "candidate.json"]


def test_a_vote_that_the_file_has_lost_is_laid_in_again(office: Desk) -> None:
    """Dropped before anybody else voted, it comes back as it was when its owner is asked again; and no other way.

    Proves: R5
    """
    vote(office, "one", "--against")
    votes = office / "candidate.json.votes"
    before = votes.read_bytes()
    votes.unlink()

    other = office.run(
        "release", "approve", office / "candidate.json", "--as", "one", "--signing-key", office / "one.key"
    )
    vote(office, "one", "--against")

    assert (other.exit_code, "voted-already" in other.stderr) == (1, True)
    assert votes.read_bytes() == before
    assert stat.S_IMODE((office / "one.key.voted").stat().st_mode) == 0o600


def test_a_vote_that_was_refused_stands_in_no_book(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vote by a clock set back, by the author, or as the third leaves nothing behind: the next one counts.

    Proves: R5
    """
    approve = ("release", "approve", office / "candidate.json", "--as", "one", "--signing-key")
    (office / "three.key").write_bytes(new_signing_key().to_json())

    with monkeypatch.context() as patch:
        patch.setattr("sauti.office.now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
        back = office.run(*approve, office / "one.key")
    author = office.run(*approve, office / "author.key")
    vote(office, "one")
    vote(office, "two")
    third = office.run(*approve, office / "three.key")

    assert [each.exit_code for each in (back, author, third)] == [1, 1, 1]
    assert "clock" in back.stderr
    assert "both-in" in third.stderr
    assert sorted(path.name for path in office.folder.glob("*.voted")) == ["one.key.voted", "two.key.voted"]


def test_a_vote_against_cannot_be_passed_over_unseen(office: Desk) -> None:
    """Whoever keeps the votes drops one and asks another: who voted second is told, and who voted first finds it.

    Proves: R5
    """
    (office / "three.key").write_bytes(new_signing_key().to_json())
    vote(office, "one", "--against")
    vote(office, "two")
    (office / "candidate.json.votes").unlink()
    told(office)

    vote(office, "three")
    again = office.run(
        "release", "approve", office / "candidate.json", "--as", "two", "--signing-key", office / "two.key"
    )
    (office / "two.key.voted").unlink()
    vote(office, "two")
    office.json(*publish(office))
    verify = ("release", "verify", "--ledger", office / "ledger.jsonl", office / "release.json", "--voted")
    passed_over = office.run(*verify, office / "one.key.voted")

    assert (again.exit_code, "vote-dropped" in again.stderr) == (1, True)
    assert (passed_over.exit_code, "vote-dropped (release 1)" in passed_over.stderr) == (1, True)
    assert office.json(*verify, office / "two.key.voted")["releases"] == 1


def approve(desk: Desk, key: str, name: str, *more: str) -> Result:
    """The command by which somebody votes, as it ended."""
    words = ("release", "approve", desk / "candidate.json", "--as", name, "--signing-key", desk / f"{key}.key")
    return desk.run(*words, *more)


def test_a_vote_cannot_be_changed_unsaid(office: Desk) -> None:
    """Whoever votes again otherwise, or under another name, is told that the first vote stands. Proves: R5."""
    vote(office, "one")
    alone = [approve(office, "one", "one", "--against"), approve(office, "one", "another")]
    vote(office, "two")
    (office / "two.key.voted").unlink()
    open_ = [approve(office, "two", "two", "--against"), approve(office, "two", "another")]

    assert [(each.exit_code, "voted-already" in each.stderr) for each in (*alone, *open_)] == [(1, True)] * 4
    assert approve(office, "two", " two ").exit_code == 0


def test_two_votes_under_one_name_do_not_block_a_release(office: Desk) -> None:
    """A name that has voted is refused before its vote is written anywhere: she votes by another. Proves: R5."""
    vote(office, "one")

    namesake = approve(office, "two", "one")

    assert (namesake.exit_code, "one-name" in namesake.stderr) == (1, True)
    assert not (office / "two.key.voted").exists()
    vote(office, "two")
    told(office)
    assert office.json(*publish(office))["number"] == 1


def test_a_candidate_with_another_figure_does_not_verify(office: Desk) -> None:
    """Changed after it was signed for, it is found beside the ledger as well; of a draft is said what was not verified.

    Proves: R4
    """
    verify = ("release", "verify", "--ledger", office / "ledger.jsonl", office / "candidate.json")
    whole = Candidate.from_json((office / "candidate.json").read_bytes())
    other = whole.model_copy(update={"respondents": Shown(count=955)})

    (office / "candidate.json").write_bytes(other.to_json())
    changed = office.run(*verify)
    (office / "candidate.json").write_bytes(other.model_copy(update={"certificate": None}).to_json())
    unsigned = office.run(*verify)

    assert (changed.exit_code, "other-content" in changed.stderr) == (1, True)
    assert (unsigned.exit_code, "a draft, for whose figures nobody has signed" in unsigned.stderr) == (0, True)


def test_a_file_that_says_a_thing_twice_does_not_verify(office: Desk) -> None:
    """A field that stands twice is read otherwise by another program: not one byte of these files is free.

    Proves: R4
    """
    vote(office, "one")
    vote(office, "two")
    told(office)
    office.json(*publish(office))
    for name in ("release.json", "candidate.json"):
        whole = (office / name).read_bytes()
        twice = whole.replace(b'"format":', b'"format": "sauti-twice", "format":', 1)
        for changed, code, said in (
            (twice, 2, "stands there twice"), (whole + b" ", 1, f"other-bytes ({name})"),
        ):  # fmt: skip
            (office / name).write_bytes(changed)

            found = office.run("release", "verify", "--ledger", office / "ledger.jsonl", office / name)

            (office / name).write_bytes(whole)
            assert (found.exit_code, said in found.stderr) == (code, True), said


def test_a_ledger_is_verified_beside_what_others_hold(office: Desk) -> None:
    """A ledger that lost a release or never knew a candidate is found by them, and a forged one by itself.

    Proves: R4
    """
    vote(office, "one")
    vote(office, "two")
    told(office)
    before = (office / "ledger.jsonl").read_bytes()
    office.json(*publish(office))
    whole = (office / "ledger.jsonl").read_bytes()
    verify = ("release", "verify", "--ledger", office / "ledger.jsonl")

    assert office.json(*verify, office / "release.json", office / "candidate.json")["releases"] == 1
    (office / "ledger.jsonl").write_bytes(before)
    assert "not-in-ledger" in office.run(*verify, office / "release.json").stderr
    (office / "ledger.jsonl").write_bytes(before.splitlines(keepends=True)[0])
    assert "not-in-ledger" in office.run(*verify, office / "candidate.json").stderr
    (office / "ledger.jsonl").write_bytes(whole.replace(b'"week":"20', b'"week":"19'))
    result = office.run(*verify)
    assert (result.exit_code, "broken-record" in result.stderr) == (1, True)


def test_a_publisher_who_was_stopped_goes_on(office: Desk) -> None:
    """Stopped between ledger and file, publishing again writes the file and appends nothing. Proves: R4."""
    vote(office, "one")
    vote(office, "two")
    told(office)
    office.json(*publish(office))
    (office / "release.json").unlink()
    before = (office / "ledger.jsonl").read_bytes()

    assert office.json(*publish(office))["number"] == 1
    assert (office / "ledger.jsonl").read_bytes() == before
    assert (office / "release.json").exists()

"""The ledger with releases in it: any changed byte or dropped line shows, whoever dies or hurries."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from privacy.errors import LedgerRefused, PrivacyError, ReleaseRefused
from privacy.gate import check_releases
from privacy.ledger import append_release, check_holds, check_knows, consultation_of, read_ledger, remember_withdrawn
from privacy.release import Release, next_release
from privacy.votes import both
from tests.architecture.house import ROOT
from tests.privacy import released
from tests.privacy.released import certified, counted, published, releases_in, sample, voted


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with one release and a withdrawal behind it."""
    path = tmp_path / "ledger.jsonl"
    candidate, text = sample()
    path.write_bytes(text)
    published(path, candidate)
    remember_withdrawn(path, "protection", bytes.fromhex(candidate.round), [b"w" * 16])
    return path


def verified(text: bytes) -> int:
    """How many releases a ledger holds that verifies."""
    found = read_ledger(text, consultation_of(text))
    check_releases(found.releases)
    return len(found.releases)


def test_a_release_is_kept_as_it_was_printed(ledger: Path) -> None:
    """Head, counter, root and figures of a release come back from the ledger as they went in. Proves: R4."""
    candidate, text = sample()
    (release,) = releases_in(ledger)

    assert release.candidate == candidate
    assert (release.number, release.previous) == (1, read_ledger(text, "protection").head)
    check_holds(read_ledger(ledger.read_bytes(), "protection"), release)


def test_any_changed_byte_is_found(ledger: Path) -> None:
    """A change of one byte, wherever it stands before the last line, breaks chain, form or signature. Proves: R4."""
    text = ledger.read_bytes()
    end = text.rstrip(b"\n").rindex(b"\n")

    for place in range(0, end, max(1, end // 150)):
        broken = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
        with pytest.raises(PrivacyError):
            verified(broken)


def test_a_changed_last_release_is_found_by_its_signatures(ledger: Path) -> None:
    """Where no later line names it, a release is held by those who signed it. Proves: R4."""
    lines = ledger.read_bytes().splitlines(keepends=True)
    last = b"".join(lines[:-1])
    begins = len(last) - len(lines[-2])
    assert verified(last) == 1

    for place in range(begins, len(last), max(1, len(lines[-2]) // 150)):
        broken = last[:place] + bytes([last[place] ^ 1]) + last[place + 1 :]
        with pytest.raises(PrivacyError):
            verified(broken)


def test_a_dropped_record_is_found(ledger: Path) -> None:
    """A line taken from the middle breaks the chain; one from the end is missed by what it was made for. Proves: R4."""
    lines = ledger.read_bytes().splitlines(keepends=True)
    (release,) = releases_in(ledger)
    candidate = release.candidate
    later = candidate.model_copy(
        update={"method": candidate.method.model_copy(update={
            "ledger_head": read_ledger(ledger.read_bytes(), "protection").head
        })}
    )  # fmt: skip

    with pytest.raises(LedgerRefused, match="broken-chain"):
        verified(b"".join((*lines[:-2], lines[-1])))
    cut = read_ledger(b"".join(lines[:-2]), "protection")
    with pytest.raises(ReleaseRefused, match=r"not-in-ledger \(release 1\)"):
        check_holds(cut, release)
    with pytest.raises(ReleaseRefused, match="not-in-ledger"):
        check_knows(read_ledger(b"".join(lines[:-1]), "protection"), later)
    check_knows(read_ledger(ledger.read_bytes(), "protection"), later)


def test_a_line_of_another_kind_is_not_passed_over(ledger: Path) -> None:
    """A kind of line nobody knows, or a release in another form, stops everything. Proves: R4."""
    text = ledger.read_bytes()
    head = read_ledger(text, "protection").head

    for line in (f'{{"entry":"other","previous":"{head}"}}', f'{{"entry":"release","previous":"{head}"}}'):
        with pytest.raises(LedgerRefused, match="not-a-ledger"):
            verified(text + line.encode() + b"\n")
    with pytest.raises(LedgerRefused, match="not-a-ledger"):
        consultation_of(b'{"consultation":7}\n')


def test_two_publishers_at_once_are_one(tmp_path: Path) -> None:
    """Of two candidates made beside one ledger and published together, one becomes a release. Proves: R4."""
    ledger = tmp_path / "ledger.jsonl"
    two = []
    for seed in (1, 2):
        (tmp_path / str(seed)).mkdir()
        found = counted(tmp_path, 120, seed)
        two.append(certified(found))

    def publish(place: int) -> bool:
        try:
            published(ledger, two[place])
        except ReleaseRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        won = list(both.map(publish, (0, 1)))

    assert sorted(won) == [False, True]
    assert verified(ledger.read_bytes()) == 1
    assert published(ledger, two[won.index(True)]).number == 1
    assert verified(ledger.read_bytes()) == 1


def test_nobody_else_writes_while_a_release_is_made(tmp_path: Path) -> None:
    """From reading the ledger to writing it, whoever asks for its lock waits. Proves: R4."""
    candidate, text = sample()
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(text)
    votes = both(voted(candidate))
    tried = []

    def make(head: str, before: Sequence[Release]) -> Release:
        folder = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(folder)
        tried.append(head)
        return next_release(candidate, (votes[0], votes[1]), head, before)

    append_release(ledger, "protection", make)

    assert len(tried) == 1
    with pytest.raises(ReleaseRefused, match="moved-on"):
        next_release(candidate, (votes[0], votes[1]), "0" * 64, ())


KILLED = """
import os, sys
from pathlib import Path
from privacy import ledger
from tests.privacy import released
candidate, _ = released.sample()
real, place = os.fsync, int(sys.argv[2])
calls = iter(range(9))
def dies(handle):
    if next(calls) == place:
        os._exit(9)
    real(handle)
path = Path(sys.argv[1])
given = released.Candidate.from_json(path.with_name("candidate.json").read_bytes())
os.fsync = dies
released.published(path, given)
"""


@pytest.mark.parametrize(("place", "releases"), [(0, 0), (1, 1)], ids=["before it is in place", "after"])
def test_a_publisher_killed_half_way_leaves_a_ledger_that_verifies(tmp_path: Path, place: int, releases: int) -> None:
    """Killed before or after the new ledger is in its place, the ledger verifies; publishing again ends it once.

    Proves: R4
    """
    candidate, text = sample()
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(text)
    (tmp_path / "candidate.json").write_bytes(candidate.to_json())

    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(ledger), str(place)], cwd=ROOT, check=False, env=dict(os.environ)
    )

    assert ran.returncode == 9
    assert verified(ledger.read_bytes()) == releases
    assert published(ledger, candidate).number == 1
    assert verified(ledger.read_bytes()) == 1


def test_support_signs_as_three_people() -> None:
    """The keys of these tests are three."""
    assert len({each.key for each in (released.AUTHOR, released.FIRST, released.SECOND)}) == 3


@pytest.mark.parametrize("deep", [b"[" * 200_000 + b"\n", b'{"a":' * 980 + b"1" + b"}" * 980 + b"\n"])
def test_what_is_nested_without_end_is_no_ledger(deep: bytes) -> None:
    """A file that only takes a reader down is refused in plain words, and not with a crash. Proves: R4, S2."""
    with pytest.raises(LedgerRefused, match="not-a-ledger"):
        consultation_of(deep)

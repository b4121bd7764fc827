"""The release ledger: an append-only file in which each line names the one before it.

It travels with bundle and candidate, so that whoever holds all three can see whether a release came in between. Its
first line says whose ledger it is; withdrawals that a bundle tells of are kept in it, so that no older bundle brings
one back; and every release, as it was printed, so that the next one is judged beside it. A line is canonical JSON that
carries the hash of the line before it, and the hash of the last line, the head, stands for the whole file.
"""

import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from flows.model import canonical
from privacy.candidate import Candidate
from privacy.errors import LedgerRefused, ReleaseRefused
from privacy.release import Release

BEGINNING = bytes(32).hex()
"""What the first line names as the one before it."""
WITHDRAWN = "withdrawn"
"""Kind of a line that names withdrawn responses of a round."""
RELEASE = "release"
"""Kind of a line that holds a release."""

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger whose chain holds. Who signed what in it is `privacy.gate`'s to say."""

    consultation: str
    lines: tuple[bytes, ...] = field(repr=False)

    @property
    def head(self) -> str:
        """64 hexadecimal digits, for the whole file."""
        return _hash(self.lines[-1])

    @property
    def heads(self) -> frozenset[str]:
        """Every head that this ledger has had."""
        return frozenset(map(_hash, self.lines))

    def withdrawn(self, round_id: bytes) -> frozenset[bytes]:
        """Ids of a round's responses that any bundle counted beside this ledger knew to be withdrawn."""
        found: set[bytes] = set()
        for number, entry in self._entries():
            if entry.get("entry") == WITHDRAWN:
                ids = set(_ids(entry.get("responses"), number))
                found |= ids if entry.get("round") == round_id.hex() else set()
        return frozenset(found)

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every release, in order."""
        return tuple(
            _release(entry, self.consultation, number)
            for number, entry in self._entries()
            if entry.get("entry") == RELEASE
        )

    def _entries(self) -> Iterator[tuple[int, dict[str, object]]]:
        return ((number, _read(line, number)) for number, line in enumerate(self.lines, start=1))


def read_ledger(text: bytes, consultation: str) -> Ledger:
    """The ledger in `text`. Raises LedgerRefused: `not-a-ledger`, `other-consultation`, `broken-chain` or `cut`."""
    if not text.endswith(b"\n"):
        raise LedgerRefused("cut", text.count(b"\n") + 1)
    lines = text.splitlines()
    _check_header(_read(lines[0], 1), consultation)
    previous = BEGINNING
    for number, line in enumerate(lines, start=1):
        if _read(line, number).get("previous") != previous:
            raise LedgerRefused("broken-chain", number)
        previous = _hash(line)
    ledger = Ledger(consultation, tuple(lines))
    _check_entries(ledger)
    return ledger


def consultation_of(text: bytes) -> str:
    """Whose ledger this is. Raises LedgerRefused `not-a-ledger`."""
    said = _read(text.partition(b"\n")[0], 1).get("consultation")
    if not isinstance(said, str):
        raise LedgerRefused("not-a-ledger", 1)
    return said


def remember_withdrawn(path: Path, consultation: str, round_id: bytes, tombstones: Iterable[bytes]) -> Ledger:
    """The ledger at `path`, `tombstones` of the round included; a missing file is begun.

    Those it had not known are on disk before this returns: nothing is counted on a tombstone that may be forgotten.

    Raises:
        LedgerRefused: the ledger cannot be relied on.
    """
    path = path.resolve()
    with locked(path):
        header = {"format": "sauti-ledger", "version": 1, "consultation": consultation, "previous": BEGINNING}
        text = path.read_bytes() if path.exists() else canonical(header) + b"\n"
        ledger = read_ledger(text, consultation)
        new = frozenset(tombstones) - ledger.withdrawn(round_id)
        if new:
            ids = sorted(each.hex() for each in new)
            ledger = _with(ledger, {"entry": WITHDRAWN, "round": round_id.hex(), "responses": ids})
        if new or not path.exists():
            _write(path, ledger)
        return ledger


def append_release(path: Path, consultation: str, make: Callable[[str, Sequence[Release]], Release]) -> Release:
    """The release that `make` makes from head and releases of the ledger at `path`, appended to it and on disk.

    One publisher at a time reads, decides and writes. If this very candidate stands there already, because whoever
    published it was stopped before its file was written, its release is returned and nothing is appended.

    Raises:
        LedgerRefused: the ledger cannot be relied on.
    """
    path = path.resolve()
    with locked(path):
        ledger = read_ledger(path.read_bytes(), consultation)
        release = make(ledger.head, ledger.releases)
        if release not in ledger.releases:
            _write(path, _with(ledger, _entry(release)))
        return release


def check_holds(ledger: Ledger, release: Release) -> None:
    """Raises ReleaseRefused `not-in-ledger` where the ledger does not hold this release as it stands."""
    line = canonical(_entry(release))
    if release.consultation != ledger.consultation or line not in ledger.lines:
        raise ReleaseRefused("not-in-ledger", (f"release {release.number}",))


def check_knows(ledger: Ledger, candidate: Candidate) -> None:
    """Raises ReleaseRefused `not-in-ledger` where a candidate was made beside a ledger that this one never was."""
    if candidate.subject.id != ledger.consultation or candidate.method.ledger_head not in ledger.heads:
        raise ReleaseRefused("not-in-ledger", ("candidate",))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else changes what lies in the folder of `path` meanwhile, as far as they ask here too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _with(ledger: Ledger, entry: Mapping[str, object]) -> Ledger:
    return Ledger(ledger.consultation, (*ledger.lines, canonical({**entry, "previous": ledger.head})))


def _write(path: Path, ledger: Ledger) -> None:
    """Puts the whole ledger in place of the one before, on disk when this returns: it is never half a line longer.

    `path` is no link: the file that others look at through theirs would stay as it was.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".unfinished-", delete=False) as file:
        try:
            file.write(b"".join(line + b"\n" for line in ledger.lines))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _check_entries(ledger: Ledger) -> None:
    """A line of a kind nobody knows is not passed over: it may forbid what would be allowed without it."""
    for number, line in enumerate(ledger.lines[1:], start=2):
        kind = _read(line, number).get("entry")
        if kind not in {WITHDRAWN, RELEASE}:
            raise LedgerRefused("not-a-ledger", number)
    ledger.withdrawn(b"")
    _ = ledger.releases


def _ids(said: object, number: int) -> Iterator[bytes]:
    """Response ids as a line names them. A line that cannot be read is never taken for nothing withdrawn."""
    if not isinstance(said, list) or not said:
        raise LedgerRefused("not-a-ledger", number)
    for each in said:
        if not isinstance(each, str) or not _ID.fullmatch(each):
            raise LedgerRefused("not-a-ledger", number)
        yield bytes.fromhex(each)


def _entry(release: Release) -> dict[str, object]:
    said = release.model_dump(mode="json", exclude={"format", "version", "consultation"})
    return {"entry": RELEASE, **said}


def _release(entry: Mapping[str, object], consultation: str, number: int) -> Release:
    """The release that a line holds, if it stands there in the one way in which it can be written."""
    said = {name: value for name, value in entry.items() if name != "entry"}
    head = {"format": "sauti-release", "version": 1, "consultation": consultation}
    try:
        release = Release.model_validate_json(canonical({**head, **said}))
    except ValidationError:
        raise LedgerRefused("not-a-ledger", number) from None
    if canonical(_entry(release)) != canonical(entry):
        raise LedgerRefused("not-a-ledger", number)
    return release


def _read(line: bytes, number: int) -> dict[str, object]:
    try:
        entry = json.loads(line)
        written = isinstance(entry, dict) and canonical(entry) == line
    except (ValueError, RecursionError):
        written = False
    if not written:
        raise LedgerRefused("not-a-ledger", number)
    return dict(entry)


def _check_header(header: dict[str, object], consultation: str) -> None:
    if header.get("format") != "sauti-ledger" or header.get("version") != 1:
        raise LedgerRefused("not-a-ledger", 1)
    if header.get("consultation") != consultation:
        raise LedgerRefused("other-consultation", 1)

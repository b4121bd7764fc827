"""The release ledger: an append-only file in which each line names the one before it.

It travels with bundle and candidate, so that whoever holds all three can see whether a release came in between. Its
first line says whose ledger it is; withdrawals that a bundle tells of are kept in it, so that no older bundle brings
one back; what a release appends is the release gate's to decide. A line is canonical JSON that carries the hash of the
line before it, and the hash of the last line, the head, stands for the whole file.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.model import canonical
from privacy.errors import LedgerRefused

BEGINNING = bytes(32).hex()
"""What the first line names as the one before it."""
WITHDRAWN = "withdrawn"
"""Kind of a line that names withdrawn responses of a round."""

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a ledger says about one round."""

    head: str
    """64 hexadecimal digits, for the whole file."""
    withdrawn: frozenset[bytes] = field(repr=False)
    """Ids of the round's responses that any bundle counted beside this ledger knew to be withdrawn."""


def remember_withdrawn(path: Path, consultation: str, round_id: bytes, tombstones: Iterable[bytes]) -> Known:
    """What the ledger at `path` knows, `tombstones` of the round included; a missing file is begun.

    Those it had not known are on disk before this returns: nothing is counted on a tombstone that may be forgotten.

    Raises:
        LedgerRefused: `not-a-ledger`, `other-consultation`, `broken-chain`, or `cut` where the last line does not end.
    """
    if not path.exists():
        header = {"format": "sauti-ledger", "version": 1, "consultation": consultation, "previous": BEGINNING}
        _write(path, os.O_CREAT | os.O_EXCL, header)
    lines = _lines(path.read_bytes(), consultation)
    head, before = _hash(lines[-1]), _withdrawn(lines, round_id)
    new = frozenset(tombstones) - before
    if new:
        entry = {
            "entry": WITHDRAWN, "round": round_id.hex(), "responses": sorted(each.hex() for each in new),
            "previous": head,
        }  # fmt: skip
        head = _write(path, os.O_APPEND, entry)
    return Known(head, before | new)


def head_of(text: bytes, consultation: str) -> str:
    """The head of the ledger in `text`. Raises LedgerRefused."""
    return _hash(_lines(text, consultation)[-1])


def _lines(text: bytes, consultation: str) -> list[bytes]:
    """The lines of a ledger whose chain holds."""
    if not text.endswith(b"\n"):
        raise LedgerRefused("cut", text.count(b"\n") + 1)
    lines = text.splitlines()
    _check_header(_read(lines[0], 1), consultation)
    previous = BEGINNING
    for number, line in enumerate(lines, start=1):
        if _read(line, number).get("previous") != previous:
            raise LedgerRefused("broken-chain", number)
        previous = _hash(line)
    return lines


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _withdrawn(lines: Iterable[bytes], round_id: bytes) -> frozenset[bytes]:
    found: set[bytes] = set()
    for number, line in enumerate(lines, start=1):
        entry = _read(line, number)
        if entry.get("entry") == WITHDRAWN and entry.get("round") == round_id.hex():
            found.update(_ids(entry.get("responses"), number))
    return frozenset(found)


def _ids(said: object, number: int) -> Iterator[bytes]:
    """Response ids as a line names them. A line that cannot be read is never taken for nothing withdrawn."""
    if not isinstance(said, list) or not said:
        raise LedgerRefused("not-a-ledger", number)
    for each in said:
        if not isinstance(each, str) or not _ID.fullmatch(each):
            raise LedgerRefused("not-a-ledger", number)
        yield bytes.fromhex(each)


def _write(path: Path, how: int, entry: Mapping[str, object]) -> str:
    """Appends one line, on disk when this returns; its hash, the new head."""
    line = canonical(entry)
    descriptor = os.open(path, os.O_WRONLY | how, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return _hash(line)


def _read(line: bytes, number: int) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        raise LedgerRefused("not-a-ledger", number) from None
    if not isinstance(entry, dict) or canonical(entry) != line:
        raise LedgerRefused("not-a-ledger", number)
    return entry


def _check_header(header: dict[str, object], consultation: str) -> None:
    if header.get("format") != "sauti-ledger" or header.get("version") != 1:
        raise LedgerRefused("not-a-ledger", 1)
    if header.get("consultation") != consultation:
        raise LedgerRefused("other-consultation", 1)

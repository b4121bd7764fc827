"""The release ledger: an append-only file in which each line names the one before it.

It travels with bundle and candidate, so that whoever holds all three can see whether a release came in between. Its
first line says whose ledger it is; what a release appends is the release gate's to decide. A line is canonical JSON
that carries the hash of the line before it, and the hash of the last line, the head, stands for the whole file.
"""

import hashlib
import json
import os
from pathlib import Path

from flows.model import canonical
from privacy.errors import LedgerRefused

BEGINNING = bytes(32).hex()
"""What the first line names as the one before it."""


def open_ledger(path: Path, consultation: str) -> str:
    """The head of the ledger at `path`, 64 hexadecimal digits; a missing file is begun.

    Raises:
        LedgerRefused: `not-a-ledger`, `other-consultation`, `broken-chain`, or `cut` where the last line does not end.
    """
    if not path.exists():
        _begin(path, consultation)
    return head_of(path.read_bytes(), consultation)


def head_of(text: bytes, consultation: str) -> str:
    """The head of the ledger in `text`. Raises LedgerRefused."""
    if not text.endswith(b"\n"):
        raise LedgerRefused("cut", text.count(b"\n") + 1)
    lines = text.splitlines()
    _check_header(_read(lines[0], 1), consultation)
    previous = BEGINNING
    for number, line in enumerate(lines, start=1):
        if _read(line, number).get("previous") != previous:
            raise LedgerRefused("broken-chain", number)
        previous = hashlib.sha256(line).hexdigest()
    return previous


def _begin(path: Path, consultation: str) -> None:
    header = {"format": "sauti-ledger", "version": 1, "consultation": consultation, "previous": BEGINNING}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(canonical(header) + b"\n")
        file.flush()
        os.fsync(file.fileno())


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

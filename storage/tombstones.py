"""What was withdrawn, written down outside the database, so that restoring an older one brings nobody's answers back.

One file in the folder of secrets: a first line that names the form, then one record for each response, its round's id
and its own, 16 bytes each, in the order of the bytes. Both are random and say nothing of anybody. The file is replaced
whole and carries no time, so it tells neither the order of withdrawals nor when the last one was.

It is written before the database commits. If that then fails, the person hears nothing, her request comes again, and
nothing else than what she asked for happens either way.
"""

import fcntl
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageRefused

FIRST_LINE = b"sauti-tombstones 1\n"
_ID = 16
_RECORD = 2 * _ID

Buried = tuple[bytes, bytes]
"""(round id, response id)."""


class TombstoneFile:
    """The file at `path`; any number of processes may write it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> frozenset[Buried]:
        """Every response that was withdrawn, of whatever round.

        Raises:
            StorageRefused: `bad-tombstones`: the file was cut or is none.
        """
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return frozenset()
        records = data.removeprefix(FIRST_LINE)
        if not data.startswith(FIRST_LINE) or len(records) % _RECORD:
            raise StorageRefused("bad-tombstones")
        starts = range(0, len(records), _RECORD)
        return frozenset((records[at : at + _ID], records[at + _ID : at + _RECORD]) for at in starts)

    def add(self, round_id: bytes, response_ids: Collection[bytes]) -> None:
        """Writes down withdrawals; when this returns they are on the disk."""
        if response_ids:
            with self._alone():
                self._write(self.read() | {(round_id, response_id) for response_id in response_ids})

    def forget(self, round_id: bytes) -> None:
        """Drops the records of a round that was destroyed: none of its responses can come back."""
        if self._path.exists():
            with self._alone():
                self._write(one for one in self.read() if one[0] != round_id)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _write(self, buried: Iterable[Buried]) -> None:
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(FIRST_LINE + b"".join(map(b"".join, sorted(buried))))
                file.flush()
                os.utime(file.fileno(), (0, 0))
                os.fsync(file.fileno())
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __repr__(self) -> str:
        return "<TombstoneFile>"

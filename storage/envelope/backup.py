"""The frame of a backup: a line that names the key, a sealed box with a stream key, pieces of one size. Pure.

    line     canonical JSON: format, version, key id; a line feed
    box      80 bytes: crypto_box_seal of the 32-byte stream key
    header   24 bytes of the stream
    pieces   of 65,536 bytes and 17 for each; the last is shorter or as long, and marked as the last

`docs/formats/backup.md` is the specification.
"""

import json
from typing import Final

from flows.model import canonical
from storage.envelope.errors import NotABackup

KEY: Final = 32
BOX: Final = 48 + KEY
HEADER: Final = 24
PIECE: Final = 65_536
"""Bytes of a piece before it is sealed."""
SEALED: Final = PIECE + 17
LONGEST: Final = 200
"""Bytes that the first line may have."""


def first_line(key_id: bytes) -> bytes:
    """What a backup begins with; bound to every piece."""
    return canonical({"format": "sauti-backup", "version": 1, "key_id": key_id.hex()}) + b"\n"


def key_id_of(line: bytes) -> bytes:
    """Which key opens a backup that begins so. Raises NotABackup."""
    try:
        named = bytes.fromhex(json.loads(line)["key_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotABackup from None
    if line != first_line(named):
        raise NotABackup
    return named

"""One entry of a contact box as plain bytes: a chat, and that whoever writes there allowed messages about results.

Every response brings one entry, so that their number says nothing of who allowed what; the entry of somebody who did
not says so inside, and names no chat. What is sealed is always SIZE bytes. The permission is a manifest of its own
(`flows.records`) that holds this one purpose and none of the others, because a rare set of purposes would lead from an
entry to a response. The bytes are in docs/formats/contact-box.md. Pure.
"""

import struct
from typing import Final

from storage.envelope.errors import NotAContact

SIZE: Final = 128
"""Bytes of an entry, padding included."""
SEALED: Final = 48 + SIZE
"""A sealed box is 48 bytes longer than its content."""
NOBODY: Final = 0
"""The chat of an entry that leads to none."""
_FORMAT = 1
_HEAD = struct.Struct(">B16sqB")


def pack(round_id: bytes, chat_id: int, permission: bytes) -> bytes:
    """The entry of a chat; `permission` is a manifest record."""
    return (_HEAD.pack(_FORMAT, round_id, chat_id, len(permission)) + permission).ljust(SIZE, b"\0")


def read(plain: bytes, round_id: bytes) -> tuple[int, bytes]:
    """(chat, manifest record) of an opened entry of this round.

    Raises:
        NotAContact: it is none, or another round's.
    """
    if len(plain) != SIZE:
        raise NotAContact
    form, of_round, chat_id, length = _HEAD.unpack_from(plain)
    permission = plain[_HEAD.size : _HEAD.size + length]
    if (form, of_round) != (_FORMAT, round_id) or plain != pack(round_id, chat_id, permission):
        raise NotAContact
    return chat_id, permission

"""Sealing a backup to a public key: the server that makes one cannot open it.

As with a response, a fresh stream key goes into a sealed box and is forgotten; pieces cannot be left out, exchanged or
added, because each is bound to the one before it and the last says that it is the last.
"""

from collections.abc import Iterable, Iterator

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)

from storage.envelope.backup import PIECE, first_line
from storage.envelope.response import key_id
from storage.sealing import seal

_TAGS = (crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, crypto_secretstream_xchacha20poly1305_TAG_FINAL)
"""By whether a piece is the last."""


def sealed(public_key: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a backup that holds `lines`, bit by bit. Raises SealingError `bad-public-key`."""
    key, state = crypto_secretstream_xchacha20poly1305_keygen(), crypto_secretstream_xchacha20poly1305_state()
    line = first_line(key_id(public_key))
    yield line
    yield seal(public_key, key)
    yield crypto_secretstream_xchacha20poly1305_init_push(state, key)
    for piece, last in _pieces(lines):
        yield crypto_secretstream_xchacha20poly1305_push(state, piece, line, _TAGS[last])


def _pieces(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Everything in pieces of one size, and whether each is the last, which may be empty."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE]), False
            del waiting[:PIECE]
    yield bytes(waiting), True

"""Opening a backup, with the custodians' shares of the key that was made for backups.

A home of a private key, and of none that opens an answer: `sauti backup` refuses the key of any round. What comes out
is rows of sealed responses; `sauti restore` puts them into an empty database and holds nothing else of them.
"""

from collections.abc import Iterator
from typing import BinaryIO

from nacl.bindings import (
    crypto_box_seal_open,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.exceptions import CryptoError

from privacy.errors import OtherKey
from privacy.keys import RoundPrivateKey
from storage.envelope.backup import BOX, HEADER, LONGEST, SEALED, key_id_of
from storage.envelope.errors import NotABackup

_TAGS = {
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE: False,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL: True,
}


def lines(key: RoundPrivateKey, source: BinaryIO) -> Iterator[bytes]:
    """The lines of a backup, each without its line feed. Whoever uses them keeps nothing until the last one has come.

    Raises:
        OtherKey: it was sealed to another key.
        NotABackup: it is none, or was cut, extended or changed; also after lines that were whole.
    """
    waiting = b""
    for piece in _pieces(key, source):
        *whole, waiting = (waiting + piece).split(b"\n")
        yield from whole
    if waiting:
        raise NotABackup


def _pieces(key: RoundPrivateKey, source: BinaryIO) -> Iterator[bytes]:
    line = source.readline(LONGEST)
    if key_id_of(line) != key.key_id:
        raise OtherKey
    state, last = crypto_secretstream_xchacha20poly1305_state(), False
    try:
        stream_key = crypto_box_seal_open(source.read(BOX), key.public_key, key.secret)
        crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(HEADER), stream_key)
        while not last:
            piece, tag = crypto_secretstream_xchacha20poly1305_pull(state, source.read(SEALED), line)
            last = _TAGS[tag]
            yield piece
    except (CryptoError, ValueError, KeyError):
        raise NotABackup from None
    if source.read(1):
        raise NotABackup

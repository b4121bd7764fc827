"""Opening sealed responses: the strict reader, and the second home of a round's private key.

Imported by the desk's commands and their workers alone. What it returns is one response's records in memory, named
by nothing but its random id; who asked for it may count them and must let them go.

The reader believes nothing that stands outside a box. Labels, header and length are compared first because that is
cheap and names the fault; then every chunk must authenticate for exactly this round, key, response, segment and
index, carry its own sequence number, and the last one, and only the last one, must say that it is the last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nacl._sodium import ffi, lib
from nacl.bindings import (
    crypto_box_seal_open,
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_REKEY,
)
from nacl.exceptions import CryptoError

from privacy.keys import RoundPrivateKey
from storage.envelope import response
from storage.envelope.errors import Altered, Cut, Extended, Malformed, SecondResponse, WrongKey, WrongRound
from storage.envelope.response import BODY, BOX, LABEL, STREAM_KEY

_FINAL = crypto_secretstream_xchacha20poly1305_TAG_FINAL
_REKEY = crypto_secretstream_xchacha20poly1305_TAG_REKEY
_AUTHENTICATION = crypto_secretstream_xchacha20poly1305_ABYTES


@dataclass(frozen=True, slots=True)
class OpenedResponse:
    """One response as it was given: its id and its records in order, pieces joined, fillers dropped."""

    response_id: bytes
    records: tuple[bytes, ...] = field(repr=False)


class Opener:
    """Opens the responses of one round, each id once. For one thread; every worker process makes its own."""

    def __init__(self, private_key: RoundPrivateKey, round_id: bytes) -> None:
        self._public = private_key.public_key
        self._secret = private_key.secret
        self._key_id = private_key.key_id
        self._round_id = round_id
        self._seen: set[bytes] = set()
        # One stream object serves all responses: starting a segment overwrites it.
        self._state = crypto_secretstream_xchacha20poly1305_state()
        self._opened = ffi.new("unsigned char[]", BODY - _AUTHENTICATION)
        self._tag = ffi.new("unsigned char *")

    def open(self, sealed: bytes | memoryview) -> OpenedResponse:
        """The response in `sealed`, complete and exactly as it was sealed, or nothing of it.

        Raises:
            ResponseRefused: its subclasses say which rule is broken; see docs/formats/sealed-response.md.
        """
        blob = bytes(sealed)
        header = response.read_header(blob)
        if header.round_id != self._round_id:
            raise WrongRound
        if header.key_id != self._key_id:
            raise WrongKey
        starts = response.segment_starts(blob, header.count)
        context = response.context(header.round_id, header.key_id, header.response_id)
        records = response.read_records(self._messages(blob, header.count, frozenset(starts), context), header.count)
        # Remembered only now: a response that does not open must not be able to keep the real one out.
        if header.response_id in self._seen:
            raise SecondResponse
        self._seen.add(header.response_id)
        return OpenedResponse(header.response_id, records)

    def _messages(self, blob: bytes, count: int, starts: frozenset[int], context: bytes) -> Iterator[bytes]:
        """The opened message of each chunk, in order. Raises Altered, Extended, Cut or Malformed on the way."""
        # libsodium opens a message in a third of the time that PyNaCl's wrapper around this call takes to check its
        # arguments, so it is called through the same door as the wrapper calls it (docs/adr/0011). What the wrapper
        # checks holds by construction: bytes of two known lengths, and a buffer for the longer of them.
        pull, nothing, last = lib.crypto_secretstream_xchacha20poly1305_pull, ffi.NULL, count - 1
        stream, opened, mark, window = self._state.statebuf, self._opened, self._tag, ffi.buffer(self._opened)
        bound = len(context) + LABEL
        for index, (label, body) in enumerate(response.chunks(blob)):
            sealed = self._begin(index, body) if index in starts else body
            if pull(stream, opened, nothing, mark, sealed, len(sealed), context + label, bound):
                raise Altered(index)
            tag = mark[0]
            if tag != _REKEY or index == last:
                _check_tag(tag, index, last)
            yield window[: len(sealed) - _AUTHENTICATION]

    def _begin(self, index: int, body: bytes) -> bytes:
        """Starts a segment with the key and header in its sealed box; the message that stands behind the box."""
        try:
            opened = crypto_box_seal_open(body[:BOX], self._public, self._secret)
        except CryptoError:
            raise Altered(index) from None
        crypto_secretstream_xchacha20poly1305_init_pull(self._state, opened[STREAM_KEY:], opened[:STREAM_KEY])
        return body[BOX:]

    def __repr__(self) -> str:
        return "<Opener>"


def _check_tag(tag: int, index: int, last: int) -> None:
    """FINAL stands on the last chunk and nowhere else; every other chunk rekeys."""
    if tag == _FINAL and index < last:
        raise Extended(index + 1)
    if tag == _REKEY and index == last:
        raise Cut(index + 1)
    if tag not in {_FINAL, _REKEY}:
        raise Malformed(index)

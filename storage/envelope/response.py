"""Layout of a sealed response: a header and a fixed number of chunks of one size.

`docs/formats/sealed-response.md` is the specification; this module says the same in code and holds every offset once,
for the sealer and for the reader. It never sees a key: it cuts, labels, pads and checks what can be checked from
outside, so that the reader is left with nothing but cryptography.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import eq
from typing import NewType

from storage.envelope.errors import Altered, Cut, Duplicated, Extended, Malformed, NotAResponse, Reordered, WrongFormat

SealedAnswer = NewType("SealedAnswer", bytes)
"""One chunk as it is stored: exactly CHUNK bytes."""
SealedResponse = NewType("SealedResponse", bytes)
"""A whole response as it is stored: a header and `capacity` chunks."""

MAGIC = b"SAUTIRSP"
FORMAT = 1
SUITE = 1
"""X25519 sealed box for each segment, XChaCha20-Poly1305 secretstream inside it (libsodium)."""

HEADER = 64
CHUNK = 256
LABEL = 3
BODY = CHUNK - LABEL
PIECE = 128
"""Most bytes of a record in one chunk. What fits beside a sealed box is the limit everywhere, so that the number of
chunks an answer takes does not depend on where segments happen to begin."""
BOX = 104
"""Sealed box (48 bytes more than its content) around a stream's key (32) and header (24)."""
STREAM_KEY = 32
SEGMENTS = 256
MAX_CHUNKS = 65_535

MORE = 1
FILLER = 2

_AUTHENTICATION = 17
_PLAIN = struct.Struct(">HBB")
_LABEL = struct.Struct(">BH")
_CHUNK = struct.Struct(f"{LABEL}s{BODY}s")
_HEADER = struct.Struct(">8sBBH16s8s16s12s")
_NOTHING = bytes(12)
_MESSAGE = BODY - _AUTHENTICATION
_PADDING = (*([b""] * _PLAIN.size), *(bytes(length) for length in range(_MESSAGE - _PLAIN.size + 1)))
"""What stands behind the payload, by the length of head and padding."""


def key_id(public_key: bytes) -> bytes:
    """The 8 bytes that name a public key: the beginning of BLAKE2b-256 over `sauti key` and the key."""
    return hashlib.blake2b(b"sauti key" + public_key, digest_size=32).digest()[:8]


def context(round_id: bytes, key: bytes, response_id: bytes) -> bytes:
    """What every chunk of one response is bound to; with a chunk's label behind it, its associated data."""
    return b"sauti" + bytes((FORMAT, SUITE)) + round_id + key + response_id


def label(segment: int, index: int) -> bytes:
    """The 3 readable bytes before a chunk's sealed part: segment modulo 256, index big-endian."""
    return _LABEL.pack(segment, index)


def pieces(record: bytes) -> Iterator[tuple[bytes, bool]]:
    """Cuts a record into pieces of at most PIECE bytes, each with whether more follow; an empty record is one piece."""
    last = max(0, len(record) - 1) // PIECE
    for piece in range(last + 1):
        yield record[piece * PIECE : (piece + 1) * PIECE], piece < last


def message(index: int, flags: int, payload: bytes, *, opens: bool) -> bytes:
    """The plaintext of chunk `index`, padded to fill a chunk; `opens` where it shares the chunk with a sealed box."""
    size = _MESSAGE - (BOX if opens else 0)
    return (_PLAIN.pack(index, flags, len(payload)) + payload).ljust(size, b"\0")


def read_records(messages: Iterable[bytes], count: int) -> tuple[bytes, ...]:
    """The records in the opened messages of a whole response, pieces joined, fillers dropped.

    Raises:
        Malformed: one of the `count` messages is not exactly what `message` would have made for its place, a record
            follows a filler or never ends, or the last message is no filler.
    """
    records: list[bytes] = []
    parts: list[bytes] = []
    left = iter(messages)
    unpack, padding, head = _PLAIN.unpack_from, _PADDING, _PLAIN.size
    for index, plain in enumerate(left):
        sequence, flags, length = unpack(plain)
        if sequence != index or length > PIECE or not plain.endswith(padding[len(plain) - length]):
            raise Malformed(index)
        if not flags and not parts:
            records.append(plain[head : head + length])
        elif flags == FILLER:
            _check_fillers([plain, *left], index, count)
            break
        elif flags > MORE:
            raise Malformed(index)
        else:
            parts.append(plain[head : head + length])
            if flags != MORE:
                records.append(b"".join(parts))
                parts.clear()
    else:
        raise Malformed(count - 1)
    if parts:
        raise Malformed(count - 1)
    return tuple(records)


def _check_fillers(found: Sequence[bytes], first: int, count: int) -> None:
    """Raises Malformed unless everything from `first` on is a filler as `message` makes it, in its own place."""
    # A filler says nothing, so it is compared as a whole; only one beside a sealed box is of another length.
    if all(map(eq, found, fillers(count)[first:])):
        return
    for index, plain in enumerate(found, first):
        if plain != message(index, FILLER, b"", opens=len(plain) < _MESSAGE):
            raise Malformed(index)


@lru_cache(maxsize=4)
def fillers(count: int) -> tuple[bytes, ...]:
    """For each place of a response, the filler that may stand there where no segment begins."""
    return tuple(message(index, FILLER, b"", opens=False) for index in range(count))


@dataclass(frozen=True, slots=True)
class Header:
    """The readable beginning of a response. It is only believed because every chunk is bound to the same values."""

    count: int
    round_id: bytes
    key_id: bytes
    response_id: bytes

    def pack(self) -> bytes:
        """The 64 bytes of this header."""
        return _HEADER.pack(
            MAGIC, FORMAT, SUITE, self.count, self.round_id, self.key_id, self.response_id, _NOTHING
        )  # fmt: skip


def read_header(blob: bytes) -> Header:
    """The header of `blob`, whose length must agree with it.

    Raises:
        NotAResponse: no header, or bytes in its reserved part.
        WrongFormat: a format or suite this reader does not know.
        Cut, Extended: fewer or more bytes than the header announces.
    """
    if len(blob) < HEADER or not blob.startswith(MAGIC):
        raise NotAResponse
    _, number, suite, count, round_id, key, response_id, reserved = _HEADER.unpack_from(blob)
    if (number, suite) != (FORMAT, SUITE):
        raise WrongFormat
    if reserved != _NOTHING or count == 0:
        raise NotAResponse
    present, rest = divmod(len(blob) - HEADER, CHUNK)
    if present < count:
        raise Cut(present)
    if present > count or rest:
        raise Extended(count)
    return Header(count, round_id, key, response_id)


def segment_starts(blob: bytes, count: int) -> tuple[int, ...]:
    """Indices of the chunks that begin a segment, in order; the first is always 0.

    Raises:
        Duplicated, Reordered, Cut: chunk indices are not 0, 1, 2, … in order.
        Altered: segment numbers do not begin at 0 or do not count up by one (modulo 256).
    """
    # Strided slices compare all labels at once; which rule was broken is worked out only when one was.
    if (blob[HEADER + 1 :: CHUNK], blob[HEADER + 2 :: CHUNK]) != _indices(count):
        _refuse_indices(blob, count)
    numbers = blob[HEADER::CHUNK]
    if numbers[0] != 0:
        raise Altered(0)
    if numbers.count(0) == count:
        return (0,)
    starts = [0]
    for index in range(1, count):
        step = (numbers[index] - numbers[index - 1]) % SEGMENTS
        if step == 1:
            starts.append(index)
        elif step:
            raise Altered(index)
    return tuple(starts)


def chunks(blob: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Label and body of each chunk, in order, of a blob whose header was read."""
    return _CHUNK.iter_unpack(memoryview(blob)[HEADER:])


@lru_cache(maxsize=16)
def _indices(count: int) -> tuple[bytes, bytes]:
    """High and low bytes of the indices of a response in order."""
    return bytes(index >> 8 for index in range(count)), bytes(index & 0xFF for index in range(count))


def _refuse_indices(blob: bytes, count: int) -> None:
    """Raises the error that fits chunk indices known to be out of order."""
    seen: set[int] = set()
    found = [_LABEL.unpack_from(blob, HEADER + place * CHUNK)[1] for place in range(count)]
    for place, index in enumerate(found):
        if index in seen:
            raise Duplicated(place)
        seen.add(index)
    place = next(place for place, index in enumerate(found) if place != index)
    # Without duplicates, an index beyond the end means that a smaller one is missing.
    raise Cut(place) if max(found) >= count else Reordered(place)


def assemble(
    round_id: bytes, key: bytes, response_id: bytes, chunks: Sequence[SealedAnswer], capacity: int
) -> SealedResponse:
    """One blob from the chunks of a finished response, which must be exactly `capacity` in order.

    Raises:
        Cut, Extended, Duplicated, Reordered, Altered: the chunks could not be opened in this order.
    """
    blob = b"".join((Header(capacity, round_id, key, response_id).pack(), *chunks))
    header = read_header(blob)
    segment_starts(blob, header.count)
    return SealedResponse(blob)

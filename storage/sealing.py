"""Sealing what was said, with a public key: this module can lock and nothing on the server can unlock.

Why this is safe
----------------
* **A segment has a fresh key.** `Sealer.begin` draws a new secretstream key and header and puts both into a libsodium
  sealed box to the round's X25519 key. The ephemeral half of that box is destroyed inside libsodium, so not even the
  process that made the box can open it. The stream's counter nonce may start anywhere, because the key is new.
* **A stream state is used once for each message.** Encrypting two different messages from the same state would give
  their XOR to whoever holds both chunks. `push` therefore takes the state out of the object before it encrypts and
  gives it back only after success: an error, an interrupted thread or a second caller finds the segment spent. States
  cannot be copied, pickled, printed, or used by a forked child. Across transactions the same rule is kept by
  `storage.streams`: a state is taken before the first push of a transaction and returned only after the commit.
  Losing a state costs one sealed box for the next segment and never an answer, so when in doubt it is thrown away.
* **A state does not reach back.** Every message carries TAG_REKEY (TAG_FINAL rekeys too): the key of the next message
  is derived one way. Memory seized now holds what can seal the next answer, not what opens the last one. Python
  does not promise when freed memory is overwritten; the threat model counts a seized *running* machine as lost.
* **Nothing is a nonce that a caller could repeat.** Segment, index and response id are associated data. Two workers
  that seal the same index of the same response use different keys; the database keeps one of the two chunks.

A snapshot of a whole virtual machine *with its memory*, started twice, would break the second rule from outside this
process. Operators are told not to take one; nothing in here could notice it.

What must never be added: anything that accepts a private key, returns a stream key, or serialises a `Segment`.
"""

import os
import secrets
from typing import Never

from nacl._sodium import ffi, lib
from nacl.bindings import (
    crypto_box_seal,
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_REKEY,
)
from nacl.exceptions import CryptoError

from storage.envelope import ceremony, response
from storage.envelope.response import SealedAnswer

_TAG_BYTES = 8
_FINAL = crypto_secretstream_xchacha20poly1305_TAG_FINAL
_REKEY = crypto_secretstream_xchacha20poly1305_TAG_REKEY
_AUTHENTICATION = crypto_secretstream_xchacha20poly1305_ABYTES
_BUFFER = ffi.typeof("unsigned char[]")


_REMEDIES = {
    "bad-public-key": "Nobody could safely open what is sealed to this key. Make another with `sauti keys new`.",
}


class SealingError(Exception):
    """Something that will not be sealed. Carries a code, never a payload; all but a bad key are faults of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {_REMEDIES.get(self.code, 'Report this code to the operator.')}"


class Segment:
    """A run of chunks under one stream key: lives in one process's memory, only moves forward, dies on any doubt."""

    __slots__ = ("_box", "_context", "_process", "_state", "next_index", "response_id", "segment", "tag")

    def __init__(self, public_key: bytes, context: bytes, response_id: bytes, segment: int, index: int) -> None:
        """Use `Sealer.begin`, which knows that the key works and which round it belongs to."""
        state = crypto_secretstream_xchacha20poly1305_state()
        key = crypto_secretstream_xchacha20poly1305_keygen()
        header = crypto_secretstream_xchacha20poly1305_init_push(state, key)
        self._state: crypto_secretstream_xchacha20poly1305_state | None = state
        self._box = crypto_box_seal(key + header, public_key)
        self._context = context
        self._process = os.getpid()
        self.tag = secrets.token_bytes(_TAG_BYTES)
        """8 random bytes by which a draft names this very segment; no secret and no part of the response."""
        self.segment = segment
        self.next_index = index
        self.response_id = response_id

    @property
    def alive(self) -> bool:
        """Whether this segment can seal another chunk."""
        return self._state is not None

    def push(
        self, payload: bytes, *, more: bool = False, filler: bool = False, final: bool = False
    ) -> SealedAnswer:  # fmt: skip
        """Seals the chunk `next_index` and moves on; on any failure the segment is spent.

        Args:
            payload: at most PIECE bytes of a record; nothing in a filler.
            more: further pieces of the same record follow.
            filler: no record, only length.
            final: the last chunk of the response, which must be a filler. Spends the segment.

        Raises:
            SealingError: `segment-spent`, `segment-forked`, `payload-too-long`, `not-a-filler`, `response-full`.
        """
        state, self._state = self._state, None
        self._check(payload, more=more, filler=filler, final=final)
        if state is None:
            raise SealingError("segment-spent")
        box, index = self._box, self.next_index
        flags = response.MORE * more | response.FILLER * filler
        plain = response.message(index, flags, payload, opens=bool(box))
        head = response.label(self.segment, index)
        body = _pushed(state, plain, self._context + head, _FINAL if final else _REKEY)
        self._box = b""
        self.next_index = index + 1
        if not final:
            self._state = state
        return SealedAnswer(head + box + body)

    def fill(self, end: int) -> list[SealedAnswer]:
        """Seals fillers until the next chunk is `end`, as so many calls of `push` would; raises as it does.

        A response is sent with some thirty of them, by a thread for which everybody waits.
        """
        sealed = [self.push(b"", filler=True)] if self._box and self.next_index < end else []
        state, self._state = self._state, None
        self._check(b"", more=False, filler=True, final=False)
        if state is None or end > response.MAX_CHUNKS:
            raise SealingError("segment-spent" if state is None else "response-full")
        context, segment, fillers = self._context, self.segment, response.fillers(end)
        # They are of one length and nothing but ciphertext is written here, so one buffer does for all.
        length = len(fillers[-1]) if fillers else 0
        room, moving = ffi.new(_BUFFER, length + _AUTHENTICATION), state.statebuf
        push, written = lib.crypto_secretstream_xchacha20poly1305_push, ffi.buffer(room)
        for index in range(self.next_index, end):
            head = response.label(segment, index)
            bound = context + head
            if push(moving, room, ffi.NULL, fillers[index], length, bound, len(bound), _REKEY):
                raise SealingError("segment-spent")
            sealed.append(SealedAnswer(head + written[:]))
        self.next_index = max(end, self.next_index)
        self._state = state
        return sealed

    def _check(self, payload: bytes, *, more: bool, filler: bool, final: bool) -> None:
        if self._process != os.getpid():
            raise SealingError("segment-forked")
        if len(payload) > response.PIECE:
            raise SealingError("payload-too-long")
        if (final and not filler) or (filler and (more or payload)):
            raise SealingError("not-a-filler")
        if self.next_index >= response.MAX_CHUNKS:
            raise SealingError("response-full")

    def __reduce_ex__(self, _protocol: object) -> Never:
        """Refuses pickle, copy and deepcopy alike: a copied state would be pushed twice."""
        raise TypeError("segment-copied")

    def __repr__(self) -> str:
        return "<Segment>"


class Sealer:
    """Seals responses of one round to its public key; holds nothing that could open them."""

    def __init__(self, public_key: bytes, round_id: bytes) -> None:
        """Tries the key once. Raises SealingError `bad-public-key` or `bad-round-id`."""
        if len(round_id) != ceremony.ROUND_ID:
            raise SealingError("bad-round-id")
        seal(public_key, b"")
        self._public_key = public_key
        self.round_id = round_id
        self.key_id = response.key_id(public_key)

    def begin(self, response_id: bytes, segment: int, index: int) -> Segment:
        """A new segment with a fresh key, whose first chunk will be `index`. Nothing touches a disk.

        Args:
            response_id: 16 random bytes, fixed for the whole response.
            segment: 0 for the first of a response, then one more than the last *committed* one, modulo 256.
            index: the number of chunks committed so far.
        """
        if len(response_id) != ceremony.RESPONSE_ID:
            raise SealingError("bad-response-id")
        context = response.context(self.round_id, self.key_id, response_id)
        return Segment(self._public_key, context, response_id, segment % response.SEGMENTS, index)


def _pushed(
    state: crypto_secretstream_xchacha20poly1305_state, plain: bytes, context: bytes, tag: int
) -> bytes:  # fmt: skip
    """One message of a stream, as PyNaCl's `crypto_secretstream_xchacha20poly1305_push` gives it.

    libsodium is called beneath that wrapper, which takes more time than it does (docs/adr/0011): everything handed
    over is `bytes`, and the buffer is made here, as long as what is written into it.
    """
    length = len(plain)
    sealed = ffi.new(_BUFFER, length + _AUTHENTICATION)
    failed = lib.crypto_secretstream_xchacha20poly1305_push(
        state.statebuf, sealed, ffi.NULL, plain, length, context, len(context), tag
    )
    if failed:
        raise SealingError("segment-spent")
    return bytes(ffi.buffer(sealed))


def seal(public_key: bytes, secret: bytes) -> bytes:
    """A sealed box around `secret`. Raises SealingError `bad-public-key` where nobody could safely open it.

    libsodium refuses the points of small order, for which the shared secret would be known to everyone.
    """
    try:
        return crypto_box_seal(secret, public_key)
    except (CryptoError, TypeError, ValueError):
        raise SealingError("bad-public-key") from None


def new_challenge(public_key: bytes, round_id: bytes) -> tuple[ceremony.ChallengeFile, bytes]:
    """A challenge that only the holders of the private key can meet, and the proof they are expected to bring (O3).

    The nonce inside is forgotten here: only the keyed hash is kept, which does not help anyone to forge the proof
    for another round.
    """
    nonce = secrets.token_bytes(ceremony.NONCE)
    challenge = ceremony.ChallengeFile(
        format="sauti-challenge",
        version=1,
        round=round_id,
        key_id=response.key_id(public_key),
        sealed=seal(public_key, nonce),
    )
    return challenge, ceremony.drill_proof(nonce, round_id)


def fill(segment: Segment, capacity: int) -> list[SealedAnswer]:
    """The fillers that bring a response to `capacity` chunks, the last of them FINAL; spends the segment.

    Raises:
        SealingError: `response-full` where not even the last chunk fits.
    """
    if segment.next_index >= capacity:
        raise SealingError("response-full")
    return [*segment.fill(capacity - 1), segment.push(b"", filler=True, final=True)]

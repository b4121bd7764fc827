"""Opening sealed responses: the strict reader, and the second home of a round's private key.

Imported by the desk's commands and their workers alone. What it returns is one response's records in memory, named
by nothing but its random id; who asked for it may count them and must let them go.

The reader believes nothing that stands outside a box. Labels, header and length are compared first because that is
cheap and names the fault; then every chunk must authenticate for exactly this round, key, response, segment and
index, carry its own sequence number, and the last one, and only the last one, must say that it is the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat

from nacl.bindings import (
    crypto_box_seal_open,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_REKEY,
)
from nacl.exceptions import CryptoError

from privacy.keys import RoundPrivateKey
from storage.envelope import response
from storage.envelope.errors import Altered, Cut, Extended, Malformed, SecondResponse, WrongKey, WrongRound
from storage.envelope.response import BOX, STREAM_KEY

_FINAL = crypto_secretstream_xchacha20poly1305_TAG_FINAL
_REKEY = crypto_secretstream_xchacha20poly1305_TAG_REKEY


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
        records = response.read_records(self._messages(blob, (*starts, header.count), context))
        # Remembered only now: a response that does not open must not be able to keep the real one out.
        if header.response_id in self._seen:
            raise SecondResponse
        self._seen.add(header.response_id)
        return OpenedResponse(header.response_id, records)

    def _messages(self, blob: bytes, edges: tuple[int, ...], context: bytes) -> tuple[bytes, ...]:
        """The opened message of every chunk, of segments that begin at all `edges` but the last, where they end.

        Raises:
            Altered, Extended, Cut, Malformed: a chunk does not authenticate, or a tag stands in the wrong place.
        """
        labels, bodies = zip(*response.chunks(blob), strict=True)
        bound = tuple(map(context.__add__, labels))
        opened: list[tuple[bytes, int]] = []
        # One call a chunk and nothing around it: libsodium takes so little time that a line of Python would show.
        pull, state = crypto_secretstream_xchacha20poly1305_pull, self._state
        try:
            for first, end in pairwise(edges):
                opened.append(pull(state, self._begin(bodies[first]), bound[first]))
                opened.extend(map(pull, repeat(state), bodies[first + 1 : end], bound[first + 1 : end]))
        except CryptoError:
            _check_tags([tag for _, tag in opened], len(bodies))
            # What was opened before the error is in the list: it says where the error is.
            raise Altered(len(opened)) from None
        messages, tags = zip(*opened, strict=True)
        _check_tags(tags, len(bodies))
        return messages

    def _begin(self, body: bytes) -> bytes:
        """Starts a segment with the key and header in its sealed box; the message that stands behind the box."""
        opened = crypto_box_seal_open(body[:BOX], self._public, self._secret)
        crypto_secretstream_xchacha20poly1305_init_pull(self._state, opened[STREAM_KEY:], opened[:STREAM_KEY])
        return body[BOX:]

    def __repr__(self) -> str:
        return "<Opener>"


def _check_tags(tags: Sequence[int], count: int) -> None:
    """FINAL stands on the last of `count` chunks and nowhere else; every other chunk rekeys."""
    if tags.count(_REKEY) == len(tags) < count or (tags[-1] == _FINAL and tags.count(_REKEY) == count - 1):
        return
    for index, tag in enumerate(tags):
        if tag == _FINAL and index < count - 1:
            raise Extended(index + 1)
        if tag not in {_FINAL, _REKEY}:
            raise Malformed(index)
    raise Cut(count)

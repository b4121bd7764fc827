"""What opening is measured beside: libsodium's calls with nothing around them, and a sealed box for each answer.

Everything is cut up and put into the right types before the clock runs, so a loop here does less than any reader could.
The keys are made for one measurement and thrown away.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from nacl.bindings import (
    crypto_box_keypair,
    crypto_box_seal_open,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.signing import SigningKey

from flows.model import Consultation
from privacy.consent import Consents
from privacy.counting import Admission
from privacy.keys import RoundPrivateKey
from privacy.tally import Tallier, Tally
from storage.envelope import response
from storage.envelope.response import BOX, STREAM_KEY
from storage.sealing import seal

Sealed = tuple[bytes, list[tuple[bytes, bytes]]]
"""One segment: its box, and for each message ciphertext and associated data."""


def throwaway_key() -> RoundPrivateKey:
    """A private key for one measurement."""
    return RoundPrivateKey(*crypto_box_keypair())


def throwaway_signature_key() -> SigningKey:
    """A key that signs the bundles of one measurement."""
    return SigningKey.generate()


def bare_calls(blobs: Sequence[bytes], key: RoundPrivateKey) -> Callable[[], None]:
    """A loop of the calls that open `blobs`; what they return is dropped: no check, no record, no count."""
    segments = [segment for blob in blobs for segment in _segments(blob)]
    public, secret = key.public_key, key.secret
    state = crypto_secretstream_xchacha20poly1305_state()
    init, pull = crypto_secretstream_xchacha20poly1305_init_pull, crypto_secretstream_xchacha20poly1305_pull

    def loop() -> None:
        for box, messages in segments:
            opened = crypto_box_seal_open(box, public, secret)
            init(state, opened[STREAM_KEY:], opened[:STREAM_KEY])
            for sealed, bound in messages:
                pull(state, sealed, bound)

    return loop


def box_for_each(
    responses: Sequence[Sequence[bytes]], key: RoundPrivateKey, asked: Consultation
) -> Callable[[], Tally]:
    """A loop that opens and counts the same records, had each been stored in a sealed box of its own.

    The boxes are padded like chunks, the calls are bare again, and the counting is ours; nothing is checked.
    """
    public, secret = key.public_key, key.secret
    sealed = [[seal(public, response.message(0, 0, record, opens=False)) for record in one] for one in responses]

    # What was looked up once is kept from loop to loop, to the boxes' advantage.
    consents, admission = Consents(asked, process=asked.process, rehearsal=True), Admission(asked)

    def loop() -> Tally:
        tallier = Tallier(asked)
        for boxes in sealed:
            opened = [crypto_box_seal_open(box, public, secret) for box in boxes]
            tallier.count(admission.countable(consents.countable([plain[4 : 4 + plain[3]] for plain in opened])))
        return tallier.tally()

    return loop


def _segments(blob: bytes) -> list[Sealed]:
    header = response.read_header(blob)
    context = response.context(header.round_id, header.key_id, header.response_id)
    chunks = [(body, context + label) for label, body in response.chunks(blob)]
    return [
        (chunks[first][0][:BOX], [(chunks[first][0][BOX:], chunks[first][1]), *chunks[first + 1 : end]])
        for first, end in pairwise((*response.segment_starts(blob, header.count), header.count))
    ]

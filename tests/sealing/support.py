"""Responses and bundles for the tests of sealing: any records, segments that begin anywhere, keys of no value."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from nacl.bindings import crypto_box_seed_keypair
from nacl.signing import SigningKey

from flows.model import canonical
from privacy.keys import RoundPrivateKey
from storage import sealing
from storage.envelope import bundle, ceremony, response
from storage.envelope.response import SealedResponse
from storage.sealing import Sealer

ROUND = bytes(range(16))
OTHER_ROUND = bytes(range(16, 32))
SERVER = SigningKey(b"a server key of tests, no secret")


def key_of_tests(seed: bytes = b"a private key of tests, no secre") -> RoundPrivateKey:
    """A private key that everybody knows."""
    public, secret = crypto_box_seed_keypair(seed)
    return RoundPrivateKey(public, secret)


KEY = key_of_tests()
SEALER = Sealer(KEY.public_key, ROUND)


def seal(
    records: Sequence[bytes], capacity: int, breaks: Collection[int] = (), sealer: Sealer = SEALER,
    response_id: bytes | None = None,
) -> SealedResponse:  # fmt: skip
    """A response of `capacity` chunks whose segments begin at 0 and at each chunk index in `breaks`."""
    name = response_id or secrets.token_bytes(16)
    pushes = [(piece, more, False, False) for record in records for piece, more in response.pieces(record)]
    pushes += [(b"", False, True, place == capacity - 1) for place in range(len(pushes), capacity)]
    segment, chunks = sealer.begin(name, 0, 0), []
    for index, (payload, more, filler, final) in enumerate(pushes):
        if index and index in breaks:
            segment = sealer.begin(name, segment.segment + 1, index)
        chunks.append(segment.push(payload, more=more, filler=filler, final=final))
    return response.assemble(sealer.round_id, sealer.key_id, name, chunks, capacity)


def seal_whole(records: Iterable[bytes], capacity: int, sealer: Sealer = SEALER) -> SealedResponse:
    """A response in one segment, filled as the bot fills it. Raises SealingError `response-full`."""
    response_id = secrets.token_bytes(ceremony.RESPONSE_ID)
    segment = sealer.begin(response_id, 0, 0)
    chunks = [segment.push(piece, more=more) for record in records for piece, more in response.pieces(record)]
    # By the module, so that a sabotage of it is felt here.
    chunks += sealing.fill(segment, capacity)
    return response.assemble(sealer.round_id, sealer.key_id, response_id, chunks, capacity)


def small(response_id: bytes | None = None) -> SealedResponse:
    """A response of 5 chunks in two segments: three records (one in two pieces) and a last chunk."""
    return seal([b"manifest", b"x" * 200, b"\x00\x01\x07"], 5, {2}, response_id=response_id)


def with_chunks(blob: bytes, places: Sequence[int]) -> bytes:
    """`blob` with its chunks taken from `places`, the count in its header made to fit, labels as they were."""
    chunks = [blob[64 + place * 256 : 64 + (place + 1) * 256] for place in places]
    return blob[:10] + len(chunks).to_bytes(2, "big") + blob[12:64] + b"".join(chunks)


def relabelled(blob: bytes) -> bytes:
    """`blob` with its chunk indices rewritten to run from 0, as a forger who knows the format would."""
    return b"".join(
        [blob[:64]]
        + [
            blob[at : at + 1] + place.to_bytes(2, "big") + blob[at + 3 : at + 256]
            for place, at in enumerate(range(64, len(blob), 256))
        ]
    )


def fields(blobs: Sequence[bytes], **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field may be made wrong
    """The fields of an honest manifest over `blobs`, as Python values, with `changed` ones."""
    consultation = {"title": {"en": "Roads"}}
    honest = {
        "format": "sauti-bundle", "version": 1, "round": ROUND, "key_id": KEY.key_id, "public_key": KEY.public_key,
        "rehearsal": True, "consultation": consultation,
        "consultation_hash": hashlib.sha256(canonical(consultation)).digest(), "count": len(blobs),
        "response_size": len(blobs[0]) if blobs else 320,
        "root": bundle.merkle_root(sorted(map(bundle.blob_hash, blobs))), "tombstones": (), "opened_week": "2026-W45",
        "week": "2026-W47",
        "control": bundle.Control(t=10, s=5), "snapshot": False, "server_key": bytes(SERVER.verify_key),
        "signature": bytes(64),
    }  # fmt: skip
    return honest | changed


def signed(said: dict[str, Any], by: SigningKey = SERVER) -> bytes:
    """The first line of a bundle with these fields, signed."""
    unsigned = bundle.Manifest(**said)
    return bundle.pack_manifest(bundle.Manifest(**(said | {"signature": by.sign(unsigned.signed).signature})))


def write_bundle(path: Path, blobs: Sequence[bytes], **changed: Any) -> Path:  # noqa: ANN401 - as fields
    """A bundle file of `blobs`, sorted and signed, with `changed` manifest fields."""
    ordered = sorted(blobs, key=bundle.blob_hash)
    path.write_bytes(b"".join([signed(fields(blobs, **changed)), *ordered]))
    return path


@st.composite
def responses(draw: st.DrawFn) -> tuple[list[bytes], int, frozenset[int]]:
    """Records of any size, a capacity they fit into, and segment breaks anywhere."""
    records = draw(st.lists(st.binary(max_size=300), max_size=8))
    used = sum(1 for record in records for _ in response.pieces(record))
    capacity = used + draw(st.integers(1, 6))
    return (
        records,
        capacity,
        draw(st.frozensets(st.integers(1, capacity - 1)) if capacity > 1 else st.just(frozenset())),
    )

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from flows.model import canonical
from privacy.bundles import Bundle, BundleRange, ranges, read_range, verify
from storage.envelope import bundle
from storage.envelope.errors import (
    BadManifest,
    BadSignature,
    BundleCut,
    BundleExtended,
    BundleRefused,
    EnvelopeError,
    NotABundle,
    NotAResponse,
    SecondResponse,
    Tombstoned,
    UnknownServer,
    Unsorted,
    WrongKey,
    WrongRoot,
    WrongRound,
)
from storage.envelope.response import SealedResponse
from storage.sealing import Sealer
from tests.sealing.support import (
    KEY,
    OTHER_ROUND,
    SERVER,
    fields,
    key_of_tests,
    seal,
    signed,
    small,
    write_bundle,
)

BLOBS = [small(bytes([number]) * 16) for number in range(7)]
ORDERED = sorted(BLOBS, key=bundle.blob_hash)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_the_root_is_the_one_of_the_rfc(leaves: list[bytes]) -> None:
    """Anybody with an RFC 6962 library computes the same root."""
    assert bundle.merkle_root(leaves) == tree_hash(leaves)


def test_an_honest_bundle_is_read_once_and_whole(tmp_path: Path) -> None:
    """Every response comes out once, in the order of hashes, and the manifest as it was packed."""
    path = write_bundle(tmp_path / "b", BLOBS)

    read = verify(path, bytes(SERVER.verify_key))

    assert read.manifest.count == 7
    assert [blob for part in ranges(read, 3) for blob in read_range(part)] == ORDERED
    assert bundle.pack_manifest(read.manifest) == path.read_bytes()[: read.start]


def test_an_empty_bundle_is_a_bundle(tmp_path: Path) -> None:
    """A round in which nobody answered can be closed and read like any other."""
    read = verify(write_bundle(tmp_path / "b", []))

    assert (read.manifest.count, ranges(read, 4)) == (0, ())


@given(st.integers(0, 500), st.integers(1, 20))
def test_ranges_share_the_work_evenly(count: int, parts: int) -> None:
    """Every response belongs to exactly one range, and no worker gets two more than another."""
    said = bundle.Manifest(**(fields([]) | {"count": count}))
    cut = ranges(Bundle(Path("b"), said, 1000), parts)

    assert sum(part.count for part in cut) == count
    assert len(cut) == min(parts, count)
    place = 1000
    for part in cut:
        assert part.offset == place
        place += part.count * part.size
    sizes = {part.count for part in cut}
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def refusal(path: Path, content: bytes, server: bytes | None = None) -> EnvelopeError:
    """The error with which a bundle of this content is refused."""
    path.write_bytes(content)
    with pytest.raises(EnvelopeError) as caught:
        verify(path, server)
    return caught.value


@pytest.mark.parametrize(
    ("blobs", "kind", "position"),
    [
        (ORDERED[:6], BundleCut, 6),
        ([*ORDERED[:6], ORDERED[6][:-1]], BundleCut, 6),
        ([*ORDERED, ORDERED[0]], BundleExtended, 7),
        ([ORDERED[1], ORDERED[0], *ORDERED[2:]], Unsorted, 1),
        ([*ORDERED[:6], ORDERED[5]], SecondResponse, 6),
        (sorted([*ORDERED[:6], small()], key=bundle.blob_hash), WrongRoot, None),
        ([bytes(len(ORDERED[0])), *ORDERED[1:]], NotAResponse, None),
    ],
    ids=["withheld", "cut", "extended", "order", "twice", "exchanged", "garbage"],
)
def test_a_changed_bundle_is_refused(
    tmp_path: Path, blobs: list[bytes], kind: type[EnvelopeError], position: int | None
) -> None:
    """No response can be withheld, added, exchanged, doubled or moved once the server has signed."""
    error = refusal(tmp_path / "b", signed(fields(BLOBS)) + b"".join(blobs))

    assert (type(error), error.position) == (kind, position)


def test_a_withdrawn_response_makes_the_bundle_wrong(tmp_path: Path) -> None:
    """A bundle that still holds what its giver has withdrawn is not read at all. Proves: W2."""
    error = refusal(tmp_path / "b", write_bundle(tmp_path / "a", BLOBS, tombstones=(bytes(16),)).read_bytes())

    assert type(error) is Tombstoned


@pytest.mark.parametrize(
    ("sealer", "kind"),
    [
        (Sealer(KEY.public_key, OTHER_ROUND), WrongRound),
        (Sealer(key_of_tests(b"another private key of tests....").public_key, BLOBS[0][12:28]), WrongKey),
    ],
)
def test_a_response_of_another_round_or_key_is_named(tmp_path: Path, sealer: Sealer, kind: type[EnvelopeError]) -> None:
    """A bundle cannot smuggle responses from one round into another's figures."""
    stranger: SealedResponse = seal([b"one"], 5, sealer=sealer)

    assert type(refusal(tmp_path / "b", write_bundle(tmp_path / "a", [stranger]).read_bytes())) is kind


def test_only_the_expected_server_is_believed(tmp_path: Path) -> None:
    """A bundle signed by somebody else is refused where the server is known, and a broken signature always."""
    other = SigningKey(b"another server key of the tests.")
    honest = signed(fields(BLOBS))
    forged = signed(fields(BLOBS, server_key=bytes(other.verify_key)), other)
    mixed = signed(fields(BLOBS), other)

    assert type(refusal(tmp_path / "b", forged, bytes(SERVER.verify_key))) is UnknownServer
    assert type(refusal(tmp_path / "b", mixed)) is BadSignature
    assert type(refusal(tmp_path / "b", honest.replace(b'"s":5', b'"s":0'))) is BadSignature


@pytest.mark.parametrize(
    "changed",
    [
        {"key_id": bytes(8)},
        {"consultation": {"title": "another"}},
        {"response_size": 400},
        {"tombstones": (b"b" * 16, b"a" * 16)},
        {"tombstones": (b"b" * 16, b"b" * 16)},
        {"week": "2026-47"},
        {"count": -1},
    ],
)
def test_a_manifest_that_contradicts_itself_cannot_be_made(changed: dict[str, Any]) -> None:
    """What the server packs is consistent, or it is not packed."""
    with pytest.raises(ValueError, match="1 validation error"):
        signed(fields(BLOBS, **changed))


def test_a_manifest_has_one_spelling() -> None:
    """The same values in another spelling or order are refused, so that what is signed is what stands there."""
    line = signed(fields(BLOBS))
    said = json.loads(line)

    for spelling in (
        json.dumps(said).encode() + b"\n",
        json.dumps(dict(reversed(said.items())), separators=(",", ":")).encode() + b"\n",
        line.replace(KEY.key_id.hex().encode(), KEY.key_id.hex().upper().encode()),
        canonical({**said, "extra": 1}) + b"\n",
        canonical({key: said[key] for key in said if key != "snapshot"}) + b"\n",
    ):
        with pytest.raises(BadManifest):
            bundle.read_manifest(spelling)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\n", b"[]\n", b"{}\n", b"\xff\n", b'{"format":"other"}\n', b'{"format":"sauti-bundle"}',
        b"[" * 200_000 + b"\n",
    ],
)  # fmt: skip
def test_another_file_is_not_a_bundle(line: bytes) -> None:
    """A share, a candidate or a picture given by mistake is named as such; so is what is nested without end."""
    with pytest.raises(NotABundle):
        bundle.read_manifest(line)


def test_a_file_that_shrinks_is_noticed_by_the_worker(tmp_path: Path) -> None:
    """A worker that finds less than it was promised stops instead of counting less."""
    path = write_bundle(tmp_path / "b", BLOBS)
    (whole,) = ranges(verify(path), 1)
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(BundleRefused):
        list(read_range(BundleRange(path, whole.offset, whole.count, whole.size)))

"""Reading a bundle: believed as a whole first, then handed out in ranges to the workers that open it.

`verify` reads the file once from end to end and holds no response for longer than its hash takes. What it cannot
see: a server that invents or withholds whole responses and signs the result. Only what the server once signed can no
longer be changed by anyone else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from privacy.keys import signed_by
from storage.envelope import bundle, response
from storage.envelope.bundle import Manifest
from storage.envelope.errors import (
    BadSignature,
    BundleCut,
    BundleExtended,
    SecondResponse,
    Tombstoned,
    UnknownServer,
    Unsorted,
    WrongKey,
    WrongRoot,
    WrongRound,
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was verified: what it says, and where its responses begin (bytes)."""

    path: Path
    manifest: Manifest
    start: int


@dataclass(frozen=True, slots=True)
class BundleRange:
    """Responses for one worker: `count` of `size` bytes each, from byte `offset`. Small enough to send anywhere."""

    path: Path
    offset: int
    count: int
    size: int


def verify(path: Path, server_key: bytes | None = None) -> Bundle:
    """The bundle at `path`, if it is exactly what the server signed.

    Args:
        path: the bundle file.
        server_key: the Ed25519 key that must have signed it. None believes the key in the manifest: then the
            signature proves only that nothing was changed since, and the key's fingerprint should be compared by hand.

    Raises:
        BundleRefused: the bundle as a whole is not to be believed.
        ResponseRefused: a response that does not belong into it, with its position.
    """
    with path.open("rb") as file:
        line = file.readline(bundle.MAX_LINE)
        manifest = bundle.read_manifest(line)
        if server_key is not None and manifest.server_key != server_key:
            raise UnknownServer
        if not signed_by(manifest.server_key, manifest.signed, manifest.signature):
            raise BadSignature
        _check_responses(file, manifest)
    return Bundle(path, manifest, len(line))


def ranges(read: Bundle, parts: int) -> tuple[BundleRange, ...]:
    """At most `parts` ranges that together hold every response once, sizes differing by one at most."""
    total, size = read.manifest.count, read.manifest.response_size
    cuts = [total * part // parts for part in range(parts + 1)]
    return tuple(
        BundleRange(read.path, read.start + first * size, last - first, size)
        for first, last in pairwise(cuts)
        if last > first
    )


def read_range(part: BundleRange) -> Iterator[bytes]:
    """The sealed responses of one range, one at a time. Raises BundleCut where the file has become shorter."""
    with part.path.open("rb") as file:
        file.seek(part.offset)
        yield from _blobs(file, part.count, part.size)


def ids(read: Bundle) -> tuple[bytes, ...]:
    """The id of each response of a bundle, in its order: it stands outside of what is sealed."""
    return tuple(response.read_header(blob).response_id for part in ranges(read, 1) for blob in read_range(part))


def _blobs(file: BinaryIO, count: int, size: int) -> Iterator[bytes]:
    for position in range(count):
        blob = file.read(size)
        if len(blob) < size:
            raise BundleCut(position)
        yield blob


def _check_responses(file: BinaryIO, manifest: Manifest) -> None:
    """One pass over the responses: place, round, key, id, then order and root of them all."""
    hashes: list[bytes] = []
    ids: set[bytes] = set()
    buried = frozenset(manifest.tombstones)
    for position, blob in enumerate(_blobs(file, manifest.count, manifest.response_size)):
        header = response.read_header(blob)
        if header.round_id != manifest.round:
            raise WrongRound(position)
        if header.key_id != manifest.key_id:
            raise WrongKey(position)
        if header.response_id in ids:
            raise SecondResponse(position)
        if header.response_id in buried:
            raise Tombstoned(position)
        ids.add(header.response_id)
        hashes.append(bundle.blob_hash(blob))
    if file.read(1):
        raise BundleExtended(manifest.count)
    _check_hashes(hashes, manifest)


def _check_hashes(hashes: Sequence[bytes], manifest: Manifest) -> None:
    for position in range(1, len(hashes)):
        if hashes[position - 1] >= hashes[position]:
            raise Unsorted(position)
    if bundle.merkle_root(hashes) != manifest.root:
        raise WrongRoot

"""Layout of a bundle: one line of canonical JSON, then the sealed responses in the order of their hashes.

Packed by the server, read by the desk. Nothing here signs, verifies or reads a file; `docs/formats/bundle.md` is the
specification.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator

from flows.model import Slug, canonical
from storage.envelope import response
from storage.envelope.ceremony import RESPONSE_ID, KeyId, PublicKey, RoundId
from storage.envelope.errors import BadManifest, NotABundle
from storage.envelope.fields import Base64, FormatFile, Hex

MAX_LINE = 16 * 1024 * 1024
"""Longest first line that is read: a consultation in every language takes a hundredth of it, a tombstone 35 bytes."""

Hash = Annotated[bytes, Hex(32)]
Threshold = Annotated[int, Field(ge=0, le=1_000)]
Week = Annotated[str, Field(pattern=r"^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$")]


class Control(FormatFile):
    """The disclosure thresholds frozen when the round opened."""

    t: Threshold
    s: Threshold


class Manifest(FormatFile):
    """What the server states about a bundle, as its first line says it."""

    format: Literal["sauti-bundle"]
    version: Literal[1]
    round: RoundId
    key_id: KeyId
    public_key: PublicKey
    rehearsal: bool
    consultation: dict[str, Any]
    consultation_hash: Hash
    count: Annotated[int, Field(ge=0)]
    response_size: Annotated[int, Field(ge=response.HEADER + response.CHUNK)]
    root: Hash
    tombstones: tuple[Annotated[bytes, Hex(RESPONSE_ID)], ...]
    opened_week: Week
    week: Week
    control: Control
    planned_tables: tuple[Annotated[tuple[Slug, ...], Field(min_length=1, max_length=2)], ...] = ()
    """Question ids of the tables that were planned when the round opened; not written where there are none."""
    snapshot: bool
    server_key: PublicKey
    signature: Annotated[bytes, Base64(64)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.key_id != response.key_id(self.public_key):
            raise ValueError("key_id")
        if self.consultation_hash != hashlib.sha256(canonical(self.consultation)).digest():
            raise ValueError("consultation_hash")
        if (self.response_size - response.HEADER) % response.CHUNK:
            raise ValueError("response_size")
        if list(self.tombstones) != sorted(set(self.tombstones)):
            raise ValueError("tombstones")
        return self

    @model_serializer(mode="wrap")
    def _one_spelling(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        said: dict[str, object] = handler(self)
        return {name: value for name, value in said.items() if value or name != "planned_tables"}

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers: the canonical JSON without it."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


def pack_manifest(manifest: Manifest) -> bytes:
    """The first line of a bundle, newline included."""
    return canonical(manifest.model_dump(mode="json")) + b"\n"


def name(line: bytes) -> bytes:
    """What a bundle is called in registers: SHA-256 of its first line, newline included."""
    return hashlib.sha256(line).digest()


def read_manifest(line: bytes) -> Manifest:
    """The manifest in a bundle's first line; its signature is not yet believed.

    Raises:
        NotABundle: not a line of JSON that says it is a bundle.
        BadManifest: fields are missing, wrong, contradict each other, or are not in canonical form.
    """
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise NotABundle from None
    if not line.endswith(b"\n") or not isinstance(said, dict) or said.get("format") != "sauti-bundle":
        raise NotABundle
    try:
        manifest = Manifest.model_validate_json(line)
    except ValidationError:
        raise BadManifest from None
    # One value, one spelling: what was signed is then exactly what stands in the file.
    if pack_manifest(manifest) != line:
        raise BadManifest
    return manifest


def blob_hash(blob: bytes) -> bytes:
    """SHA-256 of a sealed response: its place in the bundle and its leaf in the tree."""
    return hashlib.sha256(blob).digest()


def merkle_root(sorted_hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 section 2.1 over the blob hashes, 32 bytes."""
    if not sorted_hashes:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in sorted_hashes]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        # The odd one rises unchanged; level by level this is the RFC's split at the largest power of two.
        odd = level[-1:] if len(level) % 2 else []
        level = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]

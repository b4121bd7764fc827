"""The public files of a round's keys: what custodians hand to the server, and what it asks of them (O3).

`sauti-round-public` and `sauti-notification-public` travel from the custodians to the server, `sauti-challenge` back,
`sauti-drill-proof` to the server again. All of them may be read by anyone. Shares, which may not, are
`privacy.key_files`: the server does not even have the words to read one. `docs/formats/keys.md` is the specification.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, TypeAdapter, model_serializer, model_validator

from flows.model import canonical
from storage.envelope.fields import Base64, FormatFile, Hex
from storage.envelope.response import key_id

ROUND_ID = 16
RESPONSE_ID = 16
KEY_ID = 8
NONCE = 32
SEALED_NONCE = 48 + NONCE
"""A sealed box is 48 bytes longer than its content."""
MAX_SHARES = 16
"""Custodians that a round can have; more has never been asked for, and each costs a passphrase at a real table."""

KeyId = Annotated[bytes, Hex(KEY_ID)]
RoundId = Annotated[bytes, Hex(ROUND_ID)]
PublicKey = Annotated[bytes, Base64(32)]
Count = Annotated[int, Field(ge=1, le=MAX_SHARES)]
Custodians = tuple[PublicKey, ...]
"""Ed25519 keys of those who hold the shares, in the order of the shares' numbers."""


class Custody(FormatFile):
    """Who holds the shares of one key, and signs when they are gone."""

    key_id: KeyId
    shares: Count
    threshold: Count
    custodians: Custodians

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.threshold > self.shares:
            raise ValueError("threshold")
        if not len(self.custodians) == len(set(self.custodians)) == self.shares:
            raise ValueError("custodians")
        return self

    @property
    def needed(self) -> int:
        """How many shares must be gone so that those which are left open nothing: n - k + 1."""
        return self.shares - self.threshold + 1


class _PublicHalf(FormatFile):
    """A public key and the custody behind it."""

    format: str
    version: Literal[1, 2]
    """Version 1 names no custodian, so nobody can sign that its shares are gone."""
    key_id: KeyId
    public_key: PublicKey
    shares: Count
    threshold: Count
    custodians: Custodians = ()

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.key_id != key_id(self.public_key):
            raise ValueError("key_id")
        if self.threshold > self.shares:
            raise ValueError("threshold")
        if (self.version > 1) != bool(self.custodians):
            raise ValueError("custodians")
        if self.custodians:
            self.custody()
        return self

    def custody(self) -> Custody:
        """Who signs for its shares. Raises ValueError where it names nobody, or not everybody."""
        return Custody(
            key_id=self.key_id, shares=self.shares, threshold=self.threshold, custodians=self.custodians
        )  # fmt: skip

    @model_serializer(mode="wrap")
    def _one_spelling(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        said: dict[str, object] = handler(self)
        return {name: value for name, value in said.items() if value or name != "custodians"}


class PublicFile(_PublicHalf):
    """A round's public key and the custody behind it."""

    format: Literal["sauti-round-public"]


class NotificationFile(_PublicHalf):
    """The same of the key to which a round's contact box is sealed: another file, so that no key is taken for both."""

    format: Literal["sauti-notification-public"]

    @classmethod
    def of(cls, public: PublicFile) -> Self:
        """The file of a key pair that was made to be a notification key."""
        return cls(**public.model_dump() | {"format": "sauti-notification-public"})


_CUSTODY = TypeAdapter(tuple[Custody, ...])


def pack_custody(halves: Sequence[_PublicHalf]) -> bytes | None:
    """The custody of a round's keys, its own first, as it is stored; None where one of them names nobody."""
    if not all(half.custodians for half in halves):
        return None
    return canonical([half.custody().model_dump(mode="json") for half in halves])


def read_custody(stored: bytes) -> tuple[Custody, ...]:
    """What `pack_custody` made. Raises ValueError for anything else."""
    return _CUSTODY.validate_json(stored)


class ChallengeFile(FormatFile):
    """A nonce sealed to a round's key: whoever can open it holds enough shares."""

    format: Literal["sauti-challenge"]
    version: Literal[1]
    round: RoundId
    key_id: KeyId
    sealed: Annotated[bytes, Base64(SEALED_NONCE)]


class DrillProofFile(FormatFile):
    """The answer to a challenge; worth nothing for another round or another challenge."""

    format: Literal["sauti-drill-proof"]
    version: Literal[1]
    round: RoundId
    key_id: KeyId
    proof: Annotated[bytes, Hex(32)]


def drill_proof(nonce: bytes, round_id: bytes) -> bytes:
    """What a challenge's nonce proves for one round: BLAKE2b-256 keyed with the round id, 32 bytes."""
    return hashlib.blake2b(nonce, digest_size=32, key=round_id, person=b"sauti drill").digest()

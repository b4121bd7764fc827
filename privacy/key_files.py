"""A custodian's share as a file, and how hard its passphrase is stretched.

`docs/formats/keys.md` is the specification. The files that anyone may read are `storage.envelope.ceremony`.
"""

import struct
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from storage.envelope.ceremony import Count, KeyId, PublicKey
from storage.envelope.fields import Base64, FormatFile
from storage.envelope.response import key_id

SALT = 16
SHARE = 16
"""Shamir's scheme of PyCryptodome shares exactly 16 bytes."""
NONCE = 24
TAG = 16
PRIVATE_KEY = 32

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id: passes over the memory, and the memory in bytes."""

    passes: int
    memory: int

    def covers(self, other: "Cost") -> bool:
        """Whether this is at least as hard as `other` in both respects."""
        return self.passes >= other.passes and self.memory >= other.memory


# libsodium's own three levels, crypto_pwhash_argon2id.h
INTERACTIVE = Cost(2, 64 * _MIB)
MODERATE = Cost(3, 256 * _MIB)
SENSITIVE = Cost(4, 1024 * _MIB)


class ShareFile(FormatFile):
    """One custodian's share, locked with their passphrase, and the private key locked with the shares together."""

    format: Literal["sauti-share"]
    version: Literal[1]
    key_id: KeyId
    public_key: PublicKey
    shares: Count
    threshold: Count
    number: Count
    # Below INTERACTIVE a stolen file is soon guessed; above SENSITIVE a planted file would only exhaust the laptop.
    passes: Annotated[int, Field(ge=INTERACTIVE.passes, le=SENSITIVE.passes)]
    memory: Annotated[int, Field(ge=INTERACTIVE.memory, le=SENSITIVE.memory)]
    salt: Annotated[bytes, Base64(SALT)]
    nonce: Annotated[bytes, Base64(NONCE)]
    locked_share: Annotated[bytes, Base64(SHARE + TAG)]
    locked_key: Annotated[bytes, Base64(NONCE + TAG + PRIVATE_KEY)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.key_id != key_id(self.public_key):
            raise ValueError("key_id")
        if max(self.threshold, self.number) > self.shares:
            raise ValueError("shares")
        return self

    @property
    def cost(self) -> Cost:
        """How hard this share's passphrase was stretched."""
        return Cost(self.passes, self.memory)

    def __repr__(self) -> str:
        """Hides even the locked parts: what is printed ends up where it can be guessed at."""
        return "<ShareFile>"


_BOUND = struct.Struct(">32sBBBBQ16s")


def bound(public_key: bytes, custody: tuple[int, int, int], cost: Cost, salt: bytes) -> bytes:
    """What a locked share is bound to: every field around it, so that none can be changed and none exchanged.

    Args:
        public_key: of the round.
        custody: number of shares, threshold, number of this share.
        cost: of its passphrase.
        salt: of its passphrase.
    """
    return b"sauti-share" + _BOUND.pack(public_key, *custody, cost.passes, cost.memory, salt)

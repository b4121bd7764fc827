"""Keys of persons who sign: authors of candidates, those who vote on them, custodians. They open nothing.

Ed25519 by libsodium. A custodian's key stands in no file (`privacy.keys`). That of others stands in one which is
readable by its owner only and has no passphrase: whoever takes it can sign in its owner's name and read no answer,
and a release needs three of them.
"""

from typing import Annotated, Literal, Self, TypeVar

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from pydantic import model_validator

from privacy.certificate import Signed
from storage.envelope.fields import FormatFile, Hex

Some = TypeVar("Some", bound=Signed)


class SigningFile(FormatFile):
    """One person's signing key."""

    format: Literal["sauti-signing-key"]
    version: Literal[1]
    key: Annotated[bytes, Hex(32)]
    """Public; what others know this person by."""
    seed: Annotated[bytes, Hex(32)]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if bytes(SigningKey(self.seed).verify_key) != self.key:
            raise ValueError("key")
        return self

    def __repr__(self) -> str:
        """Hides the seed."""
        return f"<SigningFile {self.key.hex()}>"


def new_signing_key() -> SigningFile:
    """A fresh key."""
    return signing_key(bytes(SigningKey.generate()))


def signing_key(seed: bytes) -> SigningFile:
    """The key that a seed of 32 bytes makes."""
    made = SigningKey(seed)
    return SigningFile(format="sauti-signing-key", version=1, key=bytes(made.verify_key), seed=seed)


def sign(signer: SigningFile, unsigned: Some) -> Some:
    """The same, signed by `signer`, whose key it must already name."""
    return unsigned.with_signature(SigningKey(signer.seed).sign(unsigned.signed).signature)


def holds(signed: Signed) -> bool:
    """Whether the signature is that of the key it names."""
    try:
        VerifyKey(bytes.fromhex(signed.key)).verify(signed.signed, bytes.fromhex(signed.signature))
    except (BadSignatureError, ValueError):
        return False
    return True

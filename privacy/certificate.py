"""What is signed around a candidate: the desk's certificate over its audit, and the votes of those who release it.

Both name the candidate by the hash of its content, so a changed byte is another candidate. Nothing here signs or
verifies: `privacy.signing` does, over the bytes that `signed` gives.
"""

import hashlib
from typing import Annotated, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, StringConstraints, model_serializer

from flows.model import Frozen, canonical

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
Week = Annotated[str, StringConstraints(pattern=r"^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
UNSIGNED = "0" * 128
"""Stands where a signature will."""
FIRST_IN = "0" * 64
"""What a vote names that came before any other."""


class Signed(Frozen):
    """Something that one key has signed. Each kind signs under its own format, so that none passes for another."""

    key: Hash
    """Ed25519, public."""
    signature: Signature

    @property
    def signed(self) -> bytes:
        """The bytes under the signature: everything but the signature, which names its own format."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))

    def with_signature(self, signature: bytes) -> Self:
        """The same, signed."""
        return self.model_copy(update={"signature": signature.hex()})


class Certificate(Signed):
    """That the desk audited a candidate beside everything in the ledger, on true counts, and found nothing."""

    format: Literal["sauti-certificate"]
    version: Literal[1]
    author: Name
    candidate: Hash
    """Hash of the candidate's content."""
    ledger_head: Hash
    number: int = Field(ge=1)
    """Of the release that this becomes behind that head."""
    bundle_root: Hash
    tombstones: int = Field(ge=0)
    threshold: int
    threshold_sensitive: int
    s: int = Field(ge=0)
    people: int = Field(ge=0)
    """Responses counted, exactly: whoever invited people knows it, so the audit reckons with it. 0 where there are no
    figures."""
    since: tuple[Annotated[int, Field(ge=0)], ...] = ()
    """Of a round that was released before: these people by the release of the round in which they were first counted,
    this one last. Not written where there is no earlier one."""
    figures: int = Field(ge=0)
    targets: int = Field(ge=0)
    audited: str
    """Fingerprint of what was audited, as readers see it, and of the rules."""

    @model_serializer(mode="wrap")
    def _one_spelling(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        said: dict[str, object] = handler(self)
        return {name: value for name, value in said.items() if value or name != "since"}


class Vote(Signed):
    """One reviewer's word on one candidate."""

    format: Literal["sauti-vote"]
    version: Literal[2]
    """Votes of version 1 did not name each other: whoever kept their file could drop one and ask somebody else."""
    name: Name
    candidate: Hash
    certificate: Hash
    """Hash of the certificate: a second audit of the same tables needs votes of its own."""
    releases: bool
    """Whether it is for the release."""
    week: Week
    """ISO week in which it was cast: what dates a release stands under the signatures of those who let it out."""
    nonce: Hash
    """Random: without it, whoever sees the hash of a vote could try both words."""
    after: Hash
    """Seal of the vote that was in before: two votes count together only where one names the other."""

    @property
    def sealed(self) -> str:
        """What is shown of a vote until both are in."""
        return digest(self.model_dump(mode="json"))


class SealedVote(Signed):
    """That somebody has voted, and not how."""

    format: Literal["sauti-sealed-vote"]
    version: Literal[1]
    candidate: Hash
    vote: Hash


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()

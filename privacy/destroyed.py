"""What somebody signs who has destroyed what was hers to destroy: a custodian her share, a holder her bundle (D5).

Each is a sentence under a signature. It proves who said so, not that it is so: nothing can see into somebody's drawer.
Weeks, no days: what else happened on that day is nobody's business. `docs/formats/destruction.md` is the specification.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from privacy.certificate import UNSIGNED, Hash, Signed, Week
from privacy.signing import SigningFile, sign
from storage.envelope.ceremony import MAX_SHARES

KeyName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[int, Field(ge=1, le=MAX_SHARES)]

ShareSays = Literal[
    "My share of this key is destroyed, and every copy of it, and everything that I have opened with it."
]
BundleSays = Literal[
    "I have no copy of this bundle and nothing that was opened from it, and nobody has who had them from me."
]


class ShareDestroyed(Signed):
    """A custodian's word that her share of a key is gone; `key` is the one that died with it."""

    format: Literal["sauti-share-destroyed"]
    version: Literal[1]
    key_id: KeyName
    """Of the round's key, or of its notification key."""
    number: Number
    """Of the share."""
    week: Week
    says: ShareSays


class BundleDestroyed(Signed):
    """The word of whoever held a bundle that it is gone."""

    format: Literal["sauti-bundle-destroyed"]
    version: Literal[1]
    bundle: Hash
    """SHA-256 of its first line."""
    erased: bool
    """Whether this program overwrote a file; false where there was none left, or it never was whole."""
    week: Week
    says: BundleSays


def share_destroyed(key_id: bytes, number: int, week: str, signer: SigningFile) -> ShareDestroyed:
    """The signed statement about a share; `week` is the ISO week of today."""
    unsigned = ShareDestroyed(
        format="sauti-share-destroyed", version=1, key=signer.key.hex(), signature=UNSIGNED, key_id=key_id.hex(),
        number=number, week=week, says=get_args(ShareSays)[0],
    )  # fmt: skip
    return sign(signer, unsigned)


def bundle_destroyed(name: bytes, week: str, signer: SigningFile, *, erased: bool) -> BundleDestroyed:
    """The signed statement about a bundle that registers know by `name`."""
    unsigned = BundleDestroyed(
        format="sauti-bundle-destroyed", version=1, key=signer.key.hex(), signature=UNSIGNED, bundle=name.hex(),
        erased=erased, week=week, says=get_args(BundleSays)[0],
    )  # fmt: skip
    return sign(signer, unsigned)

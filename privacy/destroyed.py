"""What somebody signs who has destroyed what was hers to destroy: a custodian her share (D5).

It is a sentence under a signature. It proves who said so, not that it is so: nothing can see into somebody's drawer.
Weeks, no days: what else happened on that day is nobody's business. `docs/formats/destruction.md` is the specification.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from privacy.certificate import UNSIGNED, Signed, Week
from privacy.signing import SigningFile, sign
from storage.envelope.ceremony import MAX_SHARES

KeyName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Number = Annotated[int, Field(ge=1, le=MAX_SHARES)]

ShareSays = Literal[
    "My share of this key is destroyed, and every copy of it, and everything that I have opened with it."
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


def share_destroyed(key_id: bytes, number: int, week: str, signer: SigningFile) -> ShareDestroyed:
    """The signed statement about a share; `week` is the ISO week of today."""
    unsigned = ShareDestroyed(
        format="sauti-share-destroyed", version=1, key=signer.key.hex(), signature=UNSIGNED, key_id=key_id.hex(),
        number=number, week=week, says=get_args(ShareSays)[0],
    )  # fmt: skip
    return sign(signer, unsigned)

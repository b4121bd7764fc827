"""Refusals of a reader: one class for each way in which stored bytes can be wrong.

    EnvelopeError
    ├── ResponseRefused              position = index of the first chunk that shows it, or None for the whole response
    │   ├── NotAResponse   WrongFormat   WrongRound   WrongKey
    │   ├── Cut   Extended   Reordered   Duplicated
    │   ├── Altered        Malformed
    │   └── SecondResponse
    ├── BundleRefused                position = index of the first response that shows it, or None
    │   ├── NotABundle     BadManifest   BadSignature   UnknownServer
    │   ├── BundleCut      BundleExtended
    │   └── Unsorted       WrongRoot     Tombstoned
    ├── NotAContact                  position None: an entry of a contact box
    ├── NotABackup                   position None: a backup that was cut, changed, or is none
    └── NotAKeyFile                  position None; `where` names the field of the file

An error carries its code and a position, never bytes of a response: it will be printed and kept in logs.
"""

from typing import ClassVar


class EnvelopeError(Exception):
    """Bytes that are refused: `code` says why, `position` where, `remedy` what a person can do."""

    code: ClassVar[str] = "envelope"
    remedy: ClassVar[str] = "Fetch the file again from where it was made."

    def __init__(self, position: int | None = None) -> None:
        super().__init__(position)
        self.position = position

    def __str__(self) -> str:
        where = "" if self.position is None else f" at {self.position}"
        return f"{self.code}{where}: {self.remedy}"


class ResponseRefused(EnvelopeError):  # noqa: N818 - named for what was found, as its kin are
    """One response that does not open; the others of its bundle are not touched by it."""

    code = "response-refused"
    remedy = "Leave this response out, report it to the round's operator, and keep the bundle unchanged."


class NotAResponse(ResponseRefused):
    """Does not begin like a sealed response."""

    code = "not-a-response"


class WrongFormat(ResponseRefused):
    """A format or suite that this reader does not know."""

    code = "wrong-format"
    remedy = "Open it with a newer version of this program."


class WrongRound(ResponseRefused):
    """Belongs to another round."""

    code = "wrong-round"


class WrongKey(ResponseRefused):
    """Sealed to another key than the one that was unlocked."""

    code = "wrong-key"
    remedy = "Use the shares whose key id the round's public file names."


class Cut(ResponseRefused):
    """Chunks are missing, or nothing says that the response is complete."""

    code = "cut"


class Extended(ResponseRefused):
    """Something follows the chunk that ended the response."""

    code = "extended"


class Reordered(ResponseRefused):
    """All chunks are there, in another order than they were sealed in."""

    code = "reordered"


class Duplicated(ResponseRefused):
    """The same chunk index stands in the response twice."""

    code = "duplicated"


class Altered(ResponseRefused):
    """Authentication fails: these are not the bytes that were sealed for this place."""

    code = "altered"


class Malformed(ResponseRefused):
    """Sealed to the right key for this place, but not by a sealer that keeps this format."""

    code = "malformed"


class SecondResponse(ResponseRefused):
    """A response with this id was read before."""

    code = "second-response"


class BundleRefused(EnvelopeError):  # noqa: N818 - named for what was found, as its kin are
    """A bundle that is not what the round's server packed; nothing in it may be counted."""

    code = "bundle-refused"
    remedy = "Count nothing from it. Ask the operator for the bundle again, over another way."


class NotABundle(BundleRefused):
    """Does not begin with a bundle's manifest."""

    code = "not-a-bundle"


class BadManifest(BundleRefused):
    """The manifest contradicts itself or is not in canonical form."""

    code = "bad-manifest"


class BadSignature(BundleRefused):
    """The manifest is not the one that the server's key signed."""

    code = "bad-signature"


class UnknownServer(BundleRefused):
    """Signed by another server than the expected one."""

    code = "unknown-server"


class BundleCut(BundleRefused):
    """Fewer responses than the manifest counts."""

    code = "bundle-cut"


class BundleExtended(BundleRefused):
    """Bytes after the last response that the manifest counts."""

    code = "bundle-extended"


class Unsorted(BundleRefused):
    """Responses do not stand in the order of their hashes, so the order could tell something."""

    code = "unsorted"


class WrongRoot(BundleRefused):
    """The responses are not the ones whose hashes the manifest signs."""

    code = "wrong-root"


class Tombstoned(BundleRefused):
    """Holds a response that its giver has withdrawn."""

    code = "tombstoned"


class NotAContact(EnvelopeError):  # noqa: N818 - named for what was found, as its kin are
    """An entry of a contact box that does not open, or was not made for this box."""

    code = "not-a-contact"
    remedy = "Leave this entry out; nothing can be sent to it."


class NotABackup(EnvelopeError):  # noqa: N818 - named for what was found, as its kin are
    """No backup, or one that was cut, extended or changed; nothing of it was put back."""

    code = "not-a-backup"
    remedy = "Take another copy of this backup, or an earlier one."


class NotAKeyFile(EnvelopeError):  # noqa: N818 - named for what was found, as its kin are
    """A file of a round's key that does not have its declared form."""

    code = "not-a-key-file"
    remedy = "Check that this is the file you meant, and copy it again from its holder."

    def __init__(self, where: str = "file") -> None:
        super().__init__()
        self.args = (where,)
        self.where = where

    def __str__(self) -> str:
        return f"{self.code} ({self.where}): {self.remedy}"

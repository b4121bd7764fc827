"""Keys of the participant's side, each derived for one use and good for nothing else.

Two sources: the **intake secret** of the whole bot, and each round's **salt**. What must die with the round (who wrote
in it, where a draft lies, which response is whose) is derived from both; what must outlive a round's salt
(message ids still to be deleted, updates already seen, buttons on old cards) from the secret alone. Pure: the
secrets come in as arguments, and only the nonce of an encrypted row is drawn at random, inside libsodium's wrapper.
"""

import hmac
import struct
from dataclasses import dataclass

from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from nacl._sodium import ffi, lib
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.utils import random

from storage.errors import StorageRefused

KEY = 32
TAG = 16
_LENGTH = 4
_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_AUTHENTICATION = crypto_aead_xchacha20poly1305_ietf_ABYTES
_BUFFER = ffi.typeof("unsigned char[]")
_HASHED = {count: struct.Struct(f">{count}q") for count in (1, 2, 3)}


def _derive(secret: bytes, salt: bytes, label: str) -> bytes:
    """HKDF-SHA256 with a label of its own for each use (RFC 5869); 32 bytes."""
    key = HKDF(secret, KEY, salt, SHA256, context=f"sauti {label} 1".encode())
    if not isinstance(key, bytes):
        raise TypeError("one key was asked for")
    return key


def _hash(key: bytes, *numbers: int) -> bytes:
    return hmac.digest(key, _HASHED[len(numbers)].pack(*numbers), "sha256")


class Lock:
    """Encrypts rows with one key: XChaCha20-Poly1305, random nonce, padded so that a length says little.

    A closed row is nonce 24 ‖ ciphertext ‖ tag 16, as PyNaCl's `Aead` writes it. libsodium is called beneath PyNaCl's
    wrapper, which takes more time than it does (docs/adr/0011): the lengths that the wrapper would check are
    made or checked here, and everything handed over is `bytes`.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != crypto_aead_xchacha20poly1305_ietf_KEYBYTES:
            raise StorageRefused("bad-secret")
        self._key = bytes(key)

    def close(self, plain: bytes, context: bytes, *, size: int) -> bytes:
        """`plain` encrypted for `context`, padded to a multiple of `size` bytes."""
        padded = len(plain).to_bytes(_LENGTH, "big") + plain
        padded += bytes(-len(padded) % size)
        nonce, length = random(_NONCE), len(padded)
        sealed = ffi.new(_BUFFER, length + _AUTHENTICATION)
        failed = lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
            sealed, ffi.NULL, padded, length, context, len(context), ffi.NULL, nonce, self._key
        )
        if failed:
            raise StorageRefused("bad-secret")
        return nonce + bytes(ffi.buffer(sealed))

    def open(self, closed: bytes, context: bytes) -> bytes:
        """What `close` was given. Raises StorageRefused `bad-secret` for another key, context, or altered bytes."""
        nonce, sealed = closed[:_NONCE], closed[_NONCE:]
        length = len(sealed) - _AUTHENTICATION
        if length < _LENGTH:
            raise StorageRefused("bad-secret")
        plain = ffi.new(_BUFFER, length)
        failed = lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, ffi.NULL, ffi.NULL, sealed, len(sealed), context, len(context), nonce, self._key
        )
        if failed:
            raise StorageRefused("bad-secret")
        padded = bytes(ffi.buffer(plain))
        return padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")]

    def __repr__(self) -> str:
        return "<Lock>"


@dataclass(frozen=True, slots=True, repr=False)
class LinkKeys:
    """Where the row from one account to its responses lies, and how it is read: both need the user id."""

    row: bytes
    content: Lock


class RoundKeys:
    """What intake secret and one round's salt give together; nothing of it survives the salt."""

    __slots__ = ("_invitation", "_link_content", "_link_row", "_pseudonym", "_receipt", "drafts", "invitations")

    def __init__(self, intake_secret: bytes, salt: bytes) -> None:
        self._pseudonym = _derive(intake_secret, salt, "pseudonym")
        self._link_row = _derive(intake_secret, salt, "link row")
        self._link_content = _derive(intake_secret, salt, "link content")
        self._receipt = _derive(intake_secret, salt, "receipt")
        self._invitation = _derive(intake_secret, salt, "invitation")
        self.drafts = Lock(_derive(intake_secret, salt, "draft"))
        self.invitations = Lock(_derive(intake_secret, salt, "invitation content"))

    def pseudonyms(self, user_id: int) -> tuple[bytes, bytes]:
        """Keys of this account's drafts in this round, 32 bytes each: one that goes on, and one that is hidden."""
        return _hash(self._pseudonym, user_id), _hash(self._pseudonym, user_id, 1)

    def link(self, user_id: int) -> LinkKeys:
        """Key and lock of this account's link row in this round."""
        return LinkKeys(_hash(self._link_row, user_id), Lock(_hash(self._link_content, user_id)))

    def invitation(self, name: bytes) -> bytes:
        """Where an invitation lies of which only the hash of its code is known, 32 bytes."""
        return hmac.digest(self._invitation, name, "sha256")

    def receipt_seed(self, bot_id: int, user_id: int, update_id: int) -> bytes:
        """32 bytes that one *send* always gives again: a redelivered update after a crash can show its receipt."""
        return _hash(self._receipt, bot_id, user_id, update_id)

    def __repr__(self) -> str:
        return "<RoundKeys>"


class BotKeys:
    """What the intake secret gives alone."""

    __slots__ = ("_button", "_person", "_update", "sweep")

    def __init__(self, intake_secret: bytes) -> None:
        self._button = _derive(intake_secret, b"", "button")
        self._person = _derive(intake_secret, b"", "person")
        self._update = _derive(intake_secret, b"", "update")
        self.sweep = Lock(_derive(intake_secret, b"", "sweep"))

    def update_tag(self, bot_id: int, update_id: int) -> bytes:
        """Key of an update in the set of those already seen, 16 bytes."""
        return _hash(self._update, bot_id, update_id)[:TAG]

    def person(self, user_id: int) -> bytes:
        """Lock under which everything of this account happens one after the other; never stored."""
        return _hash(self._person, user_id)

    def button(self, user_id: int) -> bytes:
        """Key of the tokens on this account's buttons; works after the draft has gone, 32 bytes."""
        return _hash(self._button, user_id)

    def __repr__(self) -> str:
        return "<BotKeys>"


class ContactKeys:
    """What is noted beside one round's contact box; nothing of it survives the box."""

    __slots__ = ("_skip", "_told")

    def __init__(self, contact_key: bytes) -> None:
        self._skip = _derive(contact_key, b"", "skip")
        self._told = _derive(contact_key, b"", "told")

    def skip(self, chat_id: int) -> bytes:
        """Name of a chat on the skip list, 32 bytes."""
        return _hash(self._skip, chat_id)

    def told(self, number: int, chat_id: int) -> bytes:
        """Name of a chat among those that broadcast `number` has been to, 32 bytes."""
        return _hash(self._told, number, chat_id)

    def __repr__(self) -> str:
        return "<ContactKeys>"


def receipt_hash(receipt_key: bytes, digits: str) -> bytes:
    """What is stored of a receipt: HMAC-SHA256 of its 30 digits under the round's receipt key."""
    return hmac.digest(receipt_key, digits.encode(), "sha256")

"""Keys of the staff bot's own rows: who a linked account is, and what only its owner and this bot may know.

Two sources, neither of which stands in the database. What is kept of an **account** is derived from the staff bot's
token: whoever revokes the token has unlinked everybody. What waits for an account that is not linked yet is derived
from its **one-time code**, so that the command that makes the code needs no token, and a stolen database holds no code
and no second factor. None of this reaches anything of a participant. Pure but for the nonce.
"""

import hmac
import secrets
import struct
from typing import Final

from Crypto.Cipher import ChaCha20_Poly1305
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

KEY: Final = 32
_NONCE: Final = 24
_TAG: Final = 16
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 letters that are not mistaken for each other: each carries five bits."""
_LETTERS: Final = 16


class StaffKeys:
    """The keys of one staff bot."""

    def __init__(self, token: str) -> None:
        self._account = _derive(token, "account")
        self._body = _derive(token, "body")

    def account(self, user_id: int) -> bytes:
        """The row of an account: a keyed hash of its number."""
        return hmac.digest(self._account, struct.pack(">q", user_id), "sha256")

    def seal(self, account: bytes, body: bytes) -> bytes:
        """`body`, readable by this bot alone and in this row alone."""
        return _sealed(self._body, account, body)

    def open(self, account: bytes, sealed: bytes) -> bytes:
        """What `seal` took. Raises ValueError for anything else."""
        return _opened(self._body, account, sealed)

    def __repr__(self) -> str:
        return "<StaffKeys>"


def new_code() -> str:
    """A one-time code of 80 random bits in four groups."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, _LETTERS, 4))


def normal(code: str) -> str | None:
    """A code as it was typed or came with a link, without what people and phones add; None where it can be none."""
    letters = "".join(one for one in code.upper() if one not in " -\u2010\u2011\u2013")
    return letters if len(letters) == _LETTERS and set(letters) <= set(_ALPHABET) else None


def hashed(code: str) -> bytes:
    """What is stored of a normal code."""
    return _derive(code, "code")


def seal_under_code(code: str, body: bytes) -> bytes:
    """`body`, readable by whoever brings the code."""
    return _sealed(_derive(code, "offer"), hashed(code), body)


def open_under_code(code: str, sealed: bytes) -> bytes:
    """What `seal_under_code` took. Raises ValueError for anything else."""
    return _opened(_derive(code, "offer"), hashed(code), sealed)


def _derive(secret: str, label: str) -> bytes:
    """HKDF-SHA256 with a label of its own for each use (RFC 5869); 32 bytes. Both sources are random and long."""
    key = HKDF(secret.encode(), KEY, b"", SHA256, context=f"sauti staff {label} 1".encode())
    if not isinstance(key, bytes):
        raise TypeError("one key was asked for")
    return key


def _sealed(key: bytes, name: bytes, body: bytes) -> bytes:
    """XChaCha20-Poly1305 with a random nonce of 24 bytes, bound to the row by its name."""
    nonce = secrets.token_bytes(_NONCE)
    cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
    cipher.update(name)
    text, tag = cipher.encrypt_and_digest(body)
    return nonce + tag + text


def _opened(key: bytes, name: bytes, sealed: bytes) -> bytes:
    cipher = ChaCha20_Poly1305.new(key=key, nonce=sealed[:_NONCE])
    cipher.update(name)
    return cipher.decrypt_and_verify(sealed[_NONCE + _TAG :], sealed[_NONCE : _NONCE + _TAG])

"""What encrypts rows agrees with the library's public calls, and refuses whatever it did not write."""

import pytest
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt

from storage.errors import StorageRefused
from storage.intake_keys import Lock

KEY, CONTEXT, NONCE, TAG = bytes(range(32)), b"where it lies", 24, 16


@pytest.mark.parametrize("length", [0, 1, 507, 508, 509, 2_000])
def test_rows_are_those_of_the_public_calls(length: int) -> None:
    """A row that is closed here opens there, padded in steps; a row that is closed there opens here."""
    plain = b"\xff" * length
    closed = Lock(KEY).close(plain, CONTEXT, size=512)
    padded = crypto_aead_xchacha20poly1305_ietf_decrypt(closed[NONCE:], CONTEXT, closed[:NONCE], KEY)
    nonce = bytes(NONCE)
    theirs = nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(padded, CONTEXT, nonce, KEY)

    assert padded == (len(plain).to_bytes(4, "big") + plain).ljust(len(padded), b"\0")
    assert len(padded) % 512 == 0
    assert len(padded) < 4 + length + 512
    assert Lock(KEY).open(closed, CONTEXT) == Lock(KEY).open(theirs, CONTEXT) == plain


def test_no_two_rows_are_alike() -> None:
    """The same row closed twice has two nonces."""
    one, other = (Lock(KEY).close(b"said", CONTEXT, size=512) for _ in range(2))

    assert one[:NONCE] != other[:NONCE]
    assert one[NONCE:] != other[NONCE:]


PADDED = b"\0\0\0\4said".ljust(512, b"\0")
CLOSED = bytes(NONCE) + crypto_aead_xchacha20poly1305_ietf_encrypt(PADDED, CONTEXT, bytes(NONCE), KEY)


@pytest.mark.parametrize(
    ("key", "row", "context"),
    [
        (bytes(32), CLOSED, CONTEXT),
        (KEY, CLOSED, b"elsewhere"),
        (KEY, CLOSED, b""),
        (KEY, CLOSED[:-1], CONTEXT),
        (KEY, CLOSED + b"\0", CONTEXT),
        (KEY, CLOSED[:100] + bytes([CLOSED[100] ^ 1]) + CLOSED[101:], CONTEXT),
        (KEY, bytes([CLOSED[0] ^ 1]) + CLOSED[1:], CONTEXT),
        *[(KEY, CLOSED[:length], CONTEXT) for length in (0, 1, NONCE, NONCE + TAG - 1, NONCE + TAG, NONCE + TAG + 3)],
    ],
)
def test_what_was_not_written_here_is_refused(key: bytes, row: bytes, context: bytes) -> None:
    """Another key, another place, altered, cut or prolonged: refused, and nothing is read beyond its end."""
    with pytest.raises(StorageRefused, match="bad-secret"):
        Lock(key).open(row, context)


def test_what_was_written_elsewhere_with_the_same_key_opens() -> None:
    """The row of which the tests below spoil copies is whole."""
    assert Lock(KEY).open(CLOSED, CONTEXT) == b"said"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_one_length(length: int) -> None:
    """A key that is too short is never handed to a library that would read on behind it."""
    with pytest.raises(StorageRefused, match="bad-secret"):
        Lock(bytes(length))

"""The server's signature under a bundle: an Ed25519 key that signs manifests and nothing else.

It proves that a bundle is whole and as the server packed it, not that the server is honest. It can open nothing.
"""

from nacl.signing import SigningKey


def server_key(seed: bytes) -> bytes:
    """The public key (32 bytes) by which others check signatures made with `seed`."""
    return bytes(SigningKey(seed).verify_key)


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature of `message`, 64 bytes."""
    return SigningKey(seed).sign(message).signature

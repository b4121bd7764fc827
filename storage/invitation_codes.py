"""Codes of invitations: 80 random bits behind the code of their round, and what is known of one elsewhere. No SQL."""

import secrets
from hashlib import blake2b
from typing import Final

JOIN: Final = "-"
"""Between a round's code and the rest of an invitation's."""
_LETTERS: Final = 16
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 letters that are not mistaken for each other: each carries five bits."""


def new_code(round_code: str) -> str:
    """The code of an invitation to a round: that round's, and 80 random bits."""
    return f"{round_code}{JOIN}{''.join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))}"


def round_of(code: str) -> str:
    """The round's code within a code as somebody brought it."""
    return code.partition(JOIN)[0].upper()


def hashed(code: str) -> bytes:
    """What is known of a code outside the process that drew it, 32 bytes."""
    return blake2b(code.upper().encode(), digest_size=32, person=b"sauti invitation").digest()

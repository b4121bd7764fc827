"""The second factor: six digits from an app, each of which counts once (RFC 6238; F2)."""

import unicodedata
from datetime import datetime
from typing import Final

from pyotp import TOTP
from pyotp.utils import strings_equal

SECONDS: Final = 30
DIGITS: Final = 6
_DRIFT: Final = (0, -1, 1)
"""Steps by which a phone's clock may be off (RFC 6238, section 5.2)."""


def step(factor: str, typed: str, now: datetime) -> int | None:
    """The step of time that these digits belong to, or None for wrong ones; compared in constant time."""
    digits = plain(typed)
    if digits is None:
        return None
    code, present = TOTP(factor, digits=DIGITS, interval=SECONDS), int(now.timestamp()) // SECONDS
    return next(
        (present + off for off in _DRIFT if strings_equal(code.generate_otp(present + off), digits)), None
    )  # fmt: skip


def plain(typed: str) -> str | None:
    """Six digits as they were typed, in whichever script; None where it was something else."""
    digits = [unicodedata.digit(sign, None) for sign in typed if not sign.isspace()]
    return "".join(map(str, digits)) if len(digits) == DIGITS and None not in digits else None


def address(factor: str, name: str) -> str:
    """The `otpauth:` address that an app takes from a QR code; it names no project."""
    return TOTP(factor, digits=DIGITS, interval=SECONDS).provisioning_uri(name=name)

"""Receipts: thirty digits that withdraw a response and say nothing else (W1).

82 random bits in 25 digits are the secret, the last group of five checks them: the whole number is a multiple of
99,991, the largest prime below 100,000. So one wrong digit, or two digits exchanged wherever they stand, is always
noticed (`tests/storage/test_receipts.py` tries all of them). Digits of every script are understood on the way in. The
same number can be nine words (`storage.receipt_words`), which is why it stays below 2⁹⁹. Pure.
"""

import unicodedata

BITS = 82
"""Of the secret: as many as leave the whole number below 2⁹⁹, and enough that nobody guesses one."""
SECRET = 25
GROUP = 5
DIGITS = 30
MODULUS = 99_991


class ReceiptError(ValueError):
    """Typed words that are no receipt: `not-digits`, `not-words`, `wrong-length`, `wrong-check`. Never carries them."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def from_seed(seed: bytes) -> str:
    """The 30 digits for 32 unpredictable bytes; of 256 bits, 82 count."""
    secret = int.from_bytes(seed, "big") % 2**BITS
    return f"{secret:0{SECRET}}{-secret * 10**GROUP % MODULUS:0{GROUP}}"


def grouped(digits: str) -> str:
    """Thirty digits as a person copies them: `NNNNN-NNNNN-NNNNN-NNNNN-NNNNN-NNNNN`."""
    return "-".join(digits[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def normalise(typed: str) -> str:
    """The 30 ASCII digits that were meant, from any digit script, with spaces, dashes, dots and direction marks.

    Raises:
        ReceiptError: it cannot be a receipt; `wrong-check` where a digit was mistyped.
    """
    digits = [_digit(character) for character in typed if not _between(character)]
    if len(digits) != DIGITS:
        raise ReceiptError("wrong-length")
    return checked("".join(digits))


def checked(digits: str) -> str:
    """The digits themselves. Raises ReceiptError `wrong-check` where they belong to no receipt."""
    if int(digits) % MODULUS:
        raise ReceiptError("wrong-check")
    return digits


def _between(character: str) -> bool:
    return character in ".\t\r\n" or unicodedata.category(character) in {"Pd", "Zs", "Cf"}


def _digit(character: str) -> str:
    try:
        return str(unicodedata.decimal(character))
    except ValueError:
        raise ReceiptError("not-digits") from None

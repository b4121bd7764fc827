"""Receipts: enough digits, every slip noticed, every script read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.receipts import DIGITS, SECRET, ReceiptError, from_seed, grouped, normalise

SEEDS = st.binary(min_size=32, max_size=32)
SCRIPTS = {"arabic": 0x660, "persian": 0x6F0, "bengali": 0x9E6, "burmese": 0x1040, "fullwidth": 0xFF10}


def test_the_secret_part_has_more_than_eighty_bits() -> None:
    """25 free digits are 83 bits.

    Proves: W1
    """
    assert 10**SECRET > 2**80


@given(SEEDS)
def test_a_receipt_is_read_back_as_it_was_made(seed: bytes) -> None:
    """Whatever the seed, the grouped digits normalise to themselves."""
    digits = from_seed(seed)

    assert len(digits) == DIGITS
    assert normalise(grouped(digits)) == digits
    assert [len(group) for group in grouped(digits).split("-")] == [5] * 6


@given(SEEDS, st.sampled_from(sorted(SCRIPTS)), st.sampled_from(["-", " ", "\u200f ", "\u2013", ".", "\n", ""]))
def test_native_digits_and_any_separator_are_understood(seed: bytes, script: str, between: str) -> None:
    """A receipt typed in another digit script, with other dashes, blanks or direction marks, is the same receipt.

    Proves: P10
    """
    digits = from_seed(seed)
    typed = between.join(grouped(digits).split("-")).translate(
        {ord(str(value)): chr(SCRIPTS[script] + value) for value in range(10)}
    )

    assert normalise(f"  {typed}\n") == digits


@given(SEEDS)
def test_every_wrong_digit_and_every_exchange_is_noticed(seed: bytes) -> None:
    """All 270 single errors and all exchanges of two different digits are refused.

    Proves: W1
    """
    digits = from_seed(seed)
    slips = {digits[:at] + other + digits[at + 1 :] for at in range(DIGITS) for other in "0123456789"}
    for left in range(DIGITS):
        for right in range(left + 1, DIGITS):
            exchanged = list(digits)
            exchanged[left], exchanged[right] = exchanged[right], exchanged[left]
            slips.add("".join(exchanged))
    slips.discard(digits)

    for slip in slips:
        with pytest.raises(ReceiptError) as refused:
            normalise(slip)
        assert refused.value.code == "wrong-check"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "wrong-length"), ("1" * 31, "wrong-length"), ("help me please", "not-digits"), ("½" * 30, "not-digits")],
)
def test_other_words_are_refused_without_repeating_them(typed: str, code: str) -> None:
    """What is no receipt is refused by a code, and its words do not travel in the error."""
    with pytest.raises(ReceiptError) as refused:
        normalise(typed)

    assert refused.value.code == str(refused.value) == code

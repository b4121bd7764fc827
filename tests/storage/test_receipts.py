"""Receipts: enough digits, every slip noticed, every script read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.receipt_words import LISTS, WORDS, read, worded, words_of
from storage.receipts import BITS, DIGITS, ReceiptError, from_seed, grouped, normalise

SEEDS = st.binary(min_size=32, max_size=32)
SCRIPTS = {"arabic": 0x660, "persian": 0x6F0, "bengali": 0x9E6, "burmese": 0x1040, "fullwidth": 0xFF10}


def test_the_secret_part_has_more_than_eighty_bits() -> None:
    """82 of the seed's bits count, and each of them changes the receipt.

    Proves: W1
    """
    changed = {from_seed((1 << bit).to_bytes(32, "big")) for bit in range(256)}

    assert BITS == len(changed - {from_seed(bytes(32))}) >= 80


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


@given(SEEDS, st.sampled_from(sorted(LISTS)), st.sampled_from([" ", "\n", ", ", " \u200f"]))
def test_nine_words_are_the_same_receipt_in_every_language_that_has_a_list(
    seed: bytes, language: str, gap: str
) -> None:
    """Words are read back as the digits they stand for: also in capitals, without accents, with any gap.

    Proves: W1
    """
    digits = from_seed(seed)
    words = worded(digits, language)

    assert words is not None
    assert len(words) == WORDS
    assert read(gap.join(words)) == read(gap.join(words).upper()) == read(grouped(digits)) == digits
    assert read(gap.join(map(_without_accents, words))) == digits


def _without_accents(word: str) -> str:
    split = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in split if not unicodedata.combining(letter))


@given(SEEDS, st.sampled_from(sorted(LISTS)), st.integers(0, WORDS - 1), st.integers(1, 2047))
def test_every_wrong_word_and_every_exchange_is_noticed(seed: bytes, language: str, place: int, by: int) -> None:
    """One other word of the list, two words exchanged, or one that no list has: nothing of it is taken for a receipt.

    Proves: W1
    """
    words, listed = list(worded(from_seed(seed), language) or ()), words_of(language)
    slips = [[*words[:place], other, *words[place + 1 :]] for other in (listed[listed.index(words[place]) - by], "ж")]
    for second in range(WORDS):
        exchanged = list(words)
        exchanged[place], exchanged[second] = words[second], words[place]
        slips += [exchanged] if exchanged != words else []

    for slip in slips:
        with pytest.raises(ReceiptError) as refused:
            read(" ".join(slip))
        assert refused.value.code == "wrong-check"


def test_lists_are_as_the_arithmetic_needs_them() -> None:
    """Each has 2,048 words that stay apart without accents and capitals; no exchange can slip past the check."""
    for language in LISTS:
        assert len({_without_accents(word) for word in words_of(language)}) == 2048
        assert all(map(str.isalpha, words_of(language)))
    assert all((2048**apart - 1) % 99_991 for apart in range(1, WORDS))


def test_a_receipt_of_a_time_before_words_has_none() -> None:
    """A number above 2⁹⁹ stays a receipt in digits."""
    assert worded(f"{10**30 - 10**30 % 99_991}", "en") is None
    assert worded("0" * DIGITS, "am") is None

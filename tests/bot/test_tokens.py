"""Button tokens: opaque, unforgeable, one account's own."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.participant import keeping, results, tokens
from flows.earlier import MOST
from flows.events import PLACED, Action, Control, Pick
from locales.catalog import languages

KEYS = st.binary(min_size=32, max_size=32)
NONCES = st.binary(min_size=8, max_size=8)
PAGES = [Pick(results.FIRST + page) for page in range(200)]
"""A hundred languages of results, two pages each."""
RESERVED = [keeping.AGAIN, keeping.LATER, keeping.RIGHT, *keeping.WRONG, *PAGES]
"""Picks that are no option of a question."""
ACTIONS = st.sampled_from(Control) | st.integers(0, 1000).map(Pick) | st.sampled_from(RESERVED)


@given(KEYS, NONCES, ACTIONS)
def test_a_token_opens_to_what_it_was_made_from(key: bytes, nonce: bytes, action: Action) -> None:
    """Nonce and action come back, and the token fits Telegram's 64 bytes."""
    made = tokens.token(key, nonce, action)

    assert tokens.opened(key, made) == (nonce, action, None)
    assert len(made.encode()) == 24


def test_every_pick_has_a_code_that_means_nothing_else() -> None:
    """Picks beside those of questions come back from their codes, the last one too; one more is refused, not renamed.

    Proves: T3
    """
    for pick in (*RESERVED, Pick(tokens.PICKS - 1)):
        assert tokens.action_of(tokens.code_of(pick)) == pick
    with pytest.raises(ValueError, match="without a code"):
        tokens.code_of(Pick(tokens.PICKS))


@given(KEYS, KEYS, NONCES, ACTIONS, st.integers(0, 143))
def test_a_forged_token_or_one_of_another_account_is_refused(
    key: bytes, other: bytes, nonce: bytes, action: Action, bit: int
) -> None:
    """Any single bit changed, and any other key, opens nothing. Proves: T3."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    made = tokens.token(key, nonce, action)
    raw = bytearray(urlsafe_b64decode(made))
    raw[bit // 8] ^= 1 << bit % 8

    assert tokens.opened(key, urlsafe_b64encode(raw).decode()) is None
    assert key == other or tokens.opened(other, made) is None


@given(KEYS, st.text(max_size=80))
def test_any_text_is_survived(key: bytes, data: str) -> None:
    """What no token is opens to nothing and never raises. Proves: S2."""
    assert tokens.opened(key, data) is None


def test_tokens_of_one_action_have_nothing_in_common() -> None:
    """Whoever sees many *yes* and *no* buttons cannot tell which is which."""
    key = secrets.token_bytes(32)
    bodies = {
        control: {tokens.token(key, secrets.token_bytes(8), control)[11:14] for _ in range(300)}
        for control in (Control.YES, Control.NO)
    }

    assert all(len(seen) > 250 for seen in bodies.values())


@given(KEYS, NONCES, ACTIONS, st.integers(0, MOST - 1))
def test_skip_and_back_say_where_their_card_stood_and_nothing_else_does(
    key: bytes, nonce: bytes, action: Action, position: int
) -> None:
    """The position comes back with the action, in as many characters. Proves: P2."""
    (made,) = tokens.keyboard(key, nonce, (action,), position=position)

    assert tokens.opened(key, made) == (nonce, action, position if action in PLACED else None)
    assert len(made) == 24


MARKS = st.lists(st.text("abc_0", min_size=1, max_size=4), max_size=4).map(tuple)


@given(KEYS, NONCES, ACTIONS, MARKS, MARKS)
def test_a_token_names_the_marks_it_rests_on_and_tells_nothing_of_them(
    key: bytes, nonce: bytes, action: Action, marks: tokens.Marks, others: tokens.Marks
) -> None:
    """The name comes back, equal for equal marks alone; a button beside it that rests on none keeps the nonce.

    Proves: T3
    """
    made, bare = tokens.keyboard(key, nonce, (action, action), (marks, ()))

    assert tokens.opened(key, made) == (tokens.named(key, nonce, marks), action, None)
    assert tokens.opened(key, bare) == (nonce, action, None)
    assert (tokens.named(key, nonce, marks) == tokens.named(key, nonce, others)) == (marks == others)
    assert len(made) == len(bare) == 24


def test_every_kind_of_button_has_numbers_of_its_own() -> None:
    """Options, endings of receipts, pages of results, and *skip* and *back* of old cards never meet. Proves: P2, W4."""
    pages = range(results.FIRST, results.FIRST + 2 * len(languages()))
    picks = [*map(Pick, range(1_000)), keeping.AGAIN, keeping.LATER, keeping.RIGHT, *keeping.WRONG, *map(Pick, pages)]
    placed = [tokens.code_of(control, at) for control in sorted(PLACED) for at in (0, MOST - 1)]

    assert [tokens.action_of(tokens.code_of(pick)) for pick in picks] == picks
    assert max(map(tokens.code_of, picks)) < min(placed) < max(placed) < 65_536


def test_numbers_of_controls_never_move() -> None:
    """Tokens outlive a version of the bot, so a control keeps its number."""
    expected = (
        "NEXT BACK SKIP DECLINE PAUSE RESUME STOP STOP_CONFIRMED KEEP_GOING LANGUAGE YES NO DONE CLEAR SKIP_PART SEND "
        "RECEIPT_KEPT WITHDRAW"
    )

    assert " ".join(Control(number).name for number in range(1, 19)) == expected
    assert tokens.action_of(200) is None

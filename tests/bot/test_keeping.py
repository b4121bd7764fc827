"""After *send*: she is asked how her receipt ends, by tapping; nothing is stored, typed or demanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.participant import keeping, render, texts
from bot.participant.outcome import Outcome
from flows.checks.effort import MAX_BUTTON
from flows.events import Control
from locales.catalog import catalogue, catalogues
from storage.receipt_words import LISTS, read, worded
from storage.receipts import from_seed, grouped
from storage.rounds import RoundRow
from tests.bot.talk import Talk, conversation
from tests.storage.world import World

DIGITS = from_seed(b"s" * 32)
KEYS = st.binary(min_size=32, max_size=32)
LANGUAGES = tuple(words.language for words in catalogues(texts.DOMAIN))
KEY = bytes(32)


def question(language: str) -> render.Card:
    """The card that asks how it ends."""
    return keeping.answer(KEY, keeping.Kept(DIGITS, language), Control.RECEIPT_KEPT)


def endings(card: render.Card) -> dict[str, bool]:
    """What is offered as the ending, and whether it is right."""
    among = {keeping.RIGHT: True} | dict.fromkeys(keeping.WRONG, False)
    return {label: among[action] for row in card.rows for label, action in row if action in among}


async def test_whoever_taps_how_it_ends_has_kept_it(talk: Talk) -> None:
    """The receipt leaves the screen, four endings stand there, and the right one ends it with the offer to hide.

    Proves: W1
    """
    receipt = await talk.whole()
    await talk.press("written")

    assert receipt not in talk.card.text
    assert texts.KEEP_ASK.text in talk.card.text
    assert len(talk.card.labels) == 6
    await talk.press(receipt.split()[-1])
    assert texts.RECEIPT_KEPT.text in talk.card.text


async def test_a_wrong_ending_shows_the_receipt_once_more(talk: Talk, world: World, row: RoundRow) -> None:
    """Calmly, as often as she likes, and what was sent stays as it is.

    Proves: W1
    """
    receipt = await talk.whole()
    for _ in range(3):
        await talk.press("written")
        offered = talk.card.labels[:4]
        await talk.press(next(label for label in offered if label != receipt.split()[-1]))
        assert texts.KEEP_ONCE_MORE.text in talk.card.text
        assert talk.card.text.endswith(receipt)

    assert len(world.blobs(row)) == 1


async def test_nothing_waits_for_her(talk: Talk) -> None:
    """*Later* and *show it again* stand beside the question, and hiding works from there.

    Proves: W1, P3
    """
    receipt = await talk.whole()
    await talk.press("written")
    await talk.press("Show it again")
    assert talk.card.text.endswith(receipt)
    await talk.press("written")
    await talk.press("Later")
    assert texts.RECEIPT_KEPT.text in talk.card.text
    await talk.press("Hide")
    assert talk.standing == {}


async def test_it_goes_on_after_a_restart_and_beside_a_new_conversation(
    talk: Talk, world: World, row: RoundRow
) -> None:
    """The receipt travels in the buttons alone, so another process knows it, whatever she has begun meanwhile."""
    receipt = await talk.whole()
    standing = max(talk.standing)
    talk.conversation = conversation(world)
    await talk.type(f"/start {row.code}")
    await talk.take(talk.pressing(talk.standing[standing].data("written"), standing))

    assert receipt.split()[-1] in talk.standing[standing].labels


async def test_who_has_cards_read_out_hears_each_as_a_new_message(talk: Talk) -> None:
    """In screen-reader mode the receipt and its question are new messages, and the one before goes. Proves: P4."""
    await talk.begin()
    await talk.consent()
    await talk.type("/reader")
    await talk.answer_all("peace")
    before = max(talk.standing)
    await talk.press("Send")
    receipt = max(talk.standing)
    await talk.press("written")

    assert before < receipt < max(talk.standing)
    assert {before, receipt} <= {*talk.deleted}
    assert talk.said[-1].edit is None


async def test_nine_words_in_any_language_withdraw_from_any_chat(talk: Talk, world: World, row: RoundRow) -> None:
    """The English receipt, told in Chinese from another account without gaps, deletes the response. Proves: W1, W2."""
    words = worded(read(await talk.whole()), "zh")
    other = Talk(world, conversation(world), user=99)
    outcome = await other.type("".join(words or ()))

    assert texts.WITHDRAWN_BY_NUMBER.text in other.card.text
    assert other.last in outcome.delete
    assert world.blobs(row) == []


async def test_a_slip_in_the_words_is_said(talk: Talk, world: World, row: RoundRow) -> None:
    """One word too many letters: nothing is deleted but the message."""
    receipt = (await talk.whole()).split()
    outcome = await talk.type("/withdraw " + " ".join([*receipt[:3], receipt[3] + "x", *receipt[4:]]))

    assert texts.MISTYPED.text in talk.card.text
    assert talk.last in outcome.delete
    assert len(world.blobs(row)) == 1


async def test_nine_words_can_be_an_answer(talk: Talk, world: World, row: RoundRow) -> None:
    """In the middle of a conversation they are what she says; only after the command they are a receipt."""
    receipt = await talk.whole()
    await talk.begin(row.code)
    await talk.consent()
    await talk.press("north")
    await talk.type(receipt)
    assert len(world.blobs(row)) == 1
    await talk.press("Send")
    assert len(world.blobs(row)) == 2
    await talk.type(f"/withdraw {receipt}")
    assert len(world.blobs(row)) == 1


async def test_a_part_that_is_typed_all_the_same_goes_at_once(talk: Talk) -> None:
    """Whoever types the last group instead of tapping it finds it removed; so does everybody else. Proves: W1."""
    receipt = read(await talk.whole())
    outcomes: list[Outcome] = [await talk.type(receipt[-5:]), await talk.type("٠١٢٣٤")]

    assert [talk.last in outcomes[-1].delete, len(outcomes[0].delete)] == [True, 1]


@given(KEYS, KEYS, st.integers(0, 2**82 - 1), st.sampled_from(LANGUAGES), st.booleans(), st.booleans())
def test_only_this_account_can_read_what_a_button_carries(
    key: bytes,
    other: bytes,
    secret: int,
    language: str,
    rehearsal: bool,
    reader: bool,
) -> None:
    """All of it comes back under the key it was made with, within Telegram's 64 bytes, and under no other key."""
    kept = keeping.Kept(from_seed(secret.to_bytes(32, "big")), language, rehearsal, reader)
    card = keeping.receipt_card(kept)
    (data,) = keeping.keyboard(key, kept, card)

    assert keeping.opened(key, data) == (kept, Control.RECEIPT_KEPT)
    assert len(data) <= 64
    assert key == other or keeping.opened(other, data) is None
    assert keeping.opened(key, data[:-2] + "AA") is None or data.endswith("AA")
    assert repr(kept) == "<Kept>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_offers_one_right_ending_among_four(language: str) -> None:
    """Different ones, words or digits like the receipt's own, on labels that are not cut. Proves: W1."""
    offered = endings(question(language))
    words = worded(DIGITS, language)

    assert sorted(offered.values()) == [False, False, False, True]
    assert next(label for label, right in offered.items() if right) == (words[-1] if words else DIGITS[-5:])
    assert all(label.isdecimal() is (words is None) for label in offered)
    assert all(len(label) <= MAX_BUTTON for row in question(language).rows for label, _ in row)


def test_the_right_ending_stands_anywhere() -> None:
    """Its place is drawn from the receipt, so that nobody learns to tap the first."""
    places = set()
    for number in range(64):
        kept = keeping.Kept(from_seed(bytes([number]) * 32), "en")
        places.add([*endings(keeping.answer(KEY, kept, Control.RECEIPT_KEPT)).values()].index(True))

    assert places == {0, 1, 2, 3}


def test_words_come_where_there_is_a_list_and_digits_elsewhere() -> None:
    """In its own language each receipt is shown in one form only. Proves: W1."""
    for language in LANGUAGES:
        last = keeping.receipt_card(keeping.Kept(DIGITS, language)).text.splitlines()[-1].strip("\u200e")
        expected = " ".join(worded(DIGITS, language) or ()) if language in LISTS else grouped(DIGITS)
        assert last == expected
        assert catalogue(language, texts.DOMAIN).text(*texts.KEEP_ASK) in question(language).text

"""Breakages of the receipt's way to the person: words, the question how it ends, what is typed."""

import pytest

from bot.participant import keeping, plans
from bot.participant.render import Card
from flows.events import Action
from storage import receipt_words, receipts
from tests.sabotage.registry import sabotage

STORED = "tests/storage/test_receipts.py::"
KEEPING = "tests/bot/test_keeping.py::"


@sabotage("W1", caught_by=STORED + "test_the_secret_part_has_more_than_eighty_bits")
def sixty_bits_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts can be guessed."""
    monkeypatch.setattr(receipts, "BITS", 60)


@sabotage("W1", caught_by=STORED + "test_every_wrong_word_and_every_exchange_is_noticed")
def words_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any nine words are a receipt."""
    monkeypatch.setattr(receipt_words, "checked", lambda digits: digits)


@sabotage("W1", caught_by=KEEPING + "test_a_wrong_ending_shows_the_receipt_once_more")
def any_ending_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong tap is praised like a right one."""
    answer = keeping.answer

    def praising(key: bytes, kept: keeping.Kept, action: Action) -> Card:
        return answer(key, kept, keeping.RIGHT if action in keeping.WRONG else action)

    monkeypatch.setattr(keeping, "answer", praising)


@sabotage("W1", caught_by=KEEPING + "test_whoever_taps_how_it_ends_has_kept_it")
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """*I have written it down* is believed."""
    answer = keeping.answer
    monkeypatch.setattr(keeping, "answer", lambda key, kept, _action: answer(key, kept, keeping.LATER))


@sabotage("W1", caught_by=KEEPING + "test_words_come_where_there_is_a_list_and_digits_elsewhere")
def everybody_gets_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language has words."""
    monkeypatch.setattr(keeping, "worded", lambda _digits, _language: None)


@sabotage("W1", caught_by=KEEPING + "test_a_part_that_is_typed_all_the_same_goes_at_once")
def parts_stay_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last group stays where it was typed."""
    monkeypatch.setattr(plans, "_part", lambda _event: False)


@sabotage("P4", caught_by=KEEPING + "test_who_has_cards_read_out_hears_each_as_a_new_message")
def receipts_are_not_read_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt is an edit, which a screen reader passes over."""
    monkeypatch.setattr(keeping.Kept, "reader", property(lambda _kept: False, lambda _kept, _value: None))

"""What is read once is read before the first update."""

import gc

import pytest

from bot.participant import app
from bot.participant.warming import warm
from flows import phrases
from flows.wordlists import LANGUAGES, wordlist
from locales import catalog
from sauti import servers
from storage import receipt_words
from storage.receipts import ReceiptError


def test_nobody_waits_for_a_list_that_somebody_else_needs_first() -> None:
    """After warming, words of distress, receipts and directions are looked up and nothing is read any more."""
    for cached in (phrases._alarms, wordlist, receipt_words._places, receipt_words.words_of, catalog._locale):
        cached.cache_clear()
    warm(("en", "ar"))
    read = {cached: cached.cache_info().misses for cached in (wordlist, receipt_words._places, catalog._locale)}
    phrases.distressed("I want to die")
    with pytest.raises(ReceiptError):
        receipt_words.read("one two three four five six seven eight nine")

    assert read == {wordlist: len(LANGUAGES), receipt_words._places: len(receipt_words.LISTS), catalog._locale: 2}
    assert {cached: cached.cache_info().misses for cached in read} == read
    assert catalog.direction("ar") == "rtl"
    assert catalog._locale.cache_info().misses == 2


def test_nothing_looks_for_garbage_while_the_bot_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the bot loads is not walked through again and again, and once it is ready garbage goes as it should."""
    started: list[bool] = []
    monkeypatch.setattr(app, "serve", lambda _webhook: started.append(gc.isenabled()))
    try:
        servers.bot()
        before = gc.get_freeze_count()
        app._ready("http://127.0.0.1", {})
        ready, kept = gc.isenabled(), gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.enable()

    assert (started, ready) == ([False], True)
    assert kept > before
    assert '"ready": true' in capsys.readouterr().out

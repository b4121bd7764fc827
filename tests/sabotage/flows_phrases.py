"""Breakages of the words of distress and danger: lists that are not asked, and a shadow that hides."""

import pytest

from flows import phrases
from flows.shadow import Shadow
from flows.wordlists import Patterns
from tests.sabotage.registry import sabotage

PHRASES = "tests/flows/test_phrases.py::"


@sabotage("P6", caught_by=PHRASES + "test_words_of_distress_and_danger_are_found")
def danger_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only despair is recognised: somebody at whose door they stand is shown nothing."""
    phrases._alarms.cache_clear()
    monkeypatch.setattr(phrases, "KINDS", ("distress",))


@sabotage("P6", caught_by=PHRASES + "test_words_of_distress_and_danger_are_found")
def one_language_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only English is listened to."""
    phrases._alarms.cache_clear()
    monkeypatch.setattr(phrases, "LANGUAGES", ("en",))


@sabotage("P6", caught_by=PHRASES + "test_how_it_is_typed_does_not_matter")
def words_are_taken_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is folded: a capital, an accent or an invisible sign hides a cry for help."""

    def plain(text: str) -> Shadow:
        words = f" {' '.join(text.split())} "
        return Shadow(words, tuple(range(len(words))))

    monkeypatch.setattr(phrases, "shadow", plain)


@sabotage("P6", caught_by=PHRASES + "test_calm_sentences_with_the_same_words_are_left_alone")
def everything_is_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is shown at every answer, so that nobody looks at it any more."""
    monkeypatch.setattr(Patterns, "holds", lambda _patterns, _seen: True)

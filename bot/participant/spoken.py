"""In which languages the bot speaks to somebody of whom it knows none: those of the rounds there are.

It is the same for every account, whatever the account did before (P12), and short enough to be read, which twelve
languages under each other are not.
"""

from collections.abc import Iterable
from typing import Protocol

from flows.model import Consultation
from locales.catalog import SOURCE, languages


class Asked(Protocol):
    """What is needed of a round."""

    @property
    def consultation(self) -> Consultation:
        """What is asked, and in which languages."""


class Spoken:
    """The languages of the rounds that this process has heard of, in the order in which their authors named them."""

    def __init__(self, rounds: Iterable[Asked] = ()) -> None:
        self._languages: tuple[str, ...] = ()
        self.learn(rounds)

    def learn(self, rounds: Iterable[Asked]) -> None:
        """Adds languages. None is forgotten before the bot starts again: a receipt outlives its round's closing."""
        named = dict.fromkeys(language for one in rounds for language in one.consultation.languages)
        if new := [language for language in named if language not in self._languages]:
            self._languages += tuple(language for language in new if language in languages())

    @property
    def languages(self) -> tuple[str, ...]:
        """At least one: the source language where there has been no round yet."""
        return self._languages or (SOURCE,)

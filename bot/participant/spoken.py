"""In which languages the bot speaks to somebody of whom it knows none: those of the rounds there are.

It is the same for every account, whatever anybody did before: only the clock renews it, never an update (P12). And it
is short enough to be read, which twelve languages under each other are not.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from bot.participant.texts import DOMAIN
from flows.model import Consultation
from locales.catalog import SOURCE, languages


class Asked(Protocol):
    """What is needed of a round."""

    @property
    def consultation(self) -> Consultation:
        """What is asked, and in which languages."""


class Spoken:
    """The languages of rounds, in the order in which their authors named them."""

    def __init__(self, rounds: Callable[[], Iterable[Asked]] = tuple) -> None:
        """`rounds` gives those that have been opened, also if they are closed by now: a receipt outlives its round."""
        self._rounds = rounds
        self._languages: tuple[str, ...] = ()
        self.renew()

    def renew(self) -> None:
        """Looks again which rounds there are. Raises StorageUnavailable."""
        named = dict.fromkeys(language for one in self._rounds() for language in one.consultation.languages)
        self._languages = tuple(language for language in named if language in languages(DOMAIN))

    @property
    def languages(self) -> tuple[str, ...]:
        """At least one: the source language where there has been no round yet."""
        return self._languages or (SOURCE,)

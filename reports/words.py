"""What this room needs of a language, so that assembling a document opens no file: a catalogue of `locales` has it."""

from datetime import date
from typing import Protocol


class Words(Protocol):
    """One language: its texts, and how it writes numbers, shares and days."""

    @property
    def language(self) -> str:
        """Its tag."""

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""

    def text(self, context: str, message: str, **values: object) -> str:
        """The translation of `message`, its values put in."""

    def plural(self, context: str, one: str, many: str, count: int, **values: object) -> str:
        """The form that goes with `count`."""

    def number(self, value: float) -> str:
        """A number in the language's digits."""

    def percent(self, share: float) -> str:
        """A share between 0 and 1 as whole percent."""

    def date(self, day: date) -> str:
        """A day, written out."""

    def name_of(self, language: str) -> str:
        """What this language calls another."""

"""The line over the chat that answers a press: one line, for a moment, where no card need change."""

from functools import lru_cache

from bot.participant import texts
from bot.participant.render import say, units
from locales.catalog import catalogue

TOAST_UNITS = 200
"""Telegram's bound for the line over the chat that answers a press."""


def fits(text: str) -> bool:
    """Whether Telegram shows all of it over the chat."""
    return units(text) <= TOAST_UNITS


@lru_cache(maxsize=64)
def line(message: texts.Message, languages: tuple[str, ...]) -> str:
    """One line for the answer to a press outside a conversation, in as many of the languages as fit."""
    said = ""
    for words in (catalogue(language, texts.DOMAIN) for language in languages):
        longer = f"{said}\n{say(words, message)}" if said else say(words, message)
        if not fits(longer):
            break
        said = longer
    return said

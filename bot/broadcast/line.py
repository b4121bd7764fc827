"""The one line of a broadcast: that there is something to read, in her language, and nothing of what or why (Q6)."""

from functools import lru_cache
from typing import Protocol

from bot.participant import texts, tokens
from bot.participant.outcome import Outcome
from bot.participant.render import Card, page, say
from bot.participant.results import FIRST, Told, name_of
from bot.participant.speaker import shown
from bot.participant.wiping import SENT_ONLY
from flows.events import Pick
from locales.catalog import catalogue
from privacy.consent import Contactable


class Buttons(Protocol):
    """Where keys of buttons come from (`storage.intake.Intake`)."""

    def button_key(self, user_id: int) -> bytes:
        """Key of this account's button tokens."""


class Line:
    """What is sent to each, as the body of one `sendMessage`: silent, not to be forwarded, with a button to read on."""

    def __init__(self, told: Told, buttons: Buttons) -> None:
        self._told, self._buttons = told, buttons
        self._card = lru_cache(maxsize=64)(self._made)

    def __call__(self, one: Contactable) -> bytes:
        """The body for one person. In a private chat, the chat's number is hers (Bot API, Chat.id)."""
        card = self._card(one.language)
        actions = [action for row in card.rows for _, action in row]
        given = tokens.keyboard(self._buttons.button_key(one.chat_id), name_of(self._told.id), actions)
        said = Outcome(one.chat_id, one.chat_id, card=card, tokens=given)
        return b"{%b%b}" % (shown(said, card), SENT_ONLY)

    def _made(self, language: str) -> Card:
        words = catalogue(language, texts.DOMAIN)
        # Where the round's existence is no secret, the command alone leads to its results; else its code does.
        command = "/results" if self._told.conditions.existence_public else f"/results {self._told.code}"
        note = ((say(words, texts.REHEARSAL), "italic"),) if self._told.rehearsal else ()
        place = self._told.consultation.languages.index(language)
        button = (say(words, texts.READ), Pick(FIRST + 2 * place))
        return page(words, ((say(words, texts.NEWS, command=command), None), *note), ((button,),))

"""What is to be heard below a card, as a value; sending it is another matter (`bot.participant.recordings`)."""

from dataclasses import dataclass

from bot.participant import texts, tokens
from bot.participant.render import say
from flows.events import Control
from locales.catalog import catalogue
from storage.values import Draft


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording that is to stand below a card."""

    round_id: bytes
    digest: bytes
    nonce: bytes
    """Of the card."""
    label: str
    token: str
    """Its one button: *hide*."""


def below(draft: Draft, digest: bytes, key: bytes) -> Heard:
    """A recording below the card of a draft, in words of its language; `key` is that of the account's buttons."""
    nonce = draft.card.nonce if draft.card else bytes(tokens.NONCE)
    words = catalogue(draft.session.language or "en", texts.DOMAIN)
    label = say(words, texts.CONTROLS[Control.HIDE])
    return Heard(draft.round_id, digest, nonce, label, tokens.token(key, nonce, Control.HIDE))

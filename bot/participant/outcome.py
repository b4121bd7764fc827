"""What is to be done in a chat once a turn is on the disk, as a value: nothing is said that was not kept."""

from dataclasses import dataclass
from datetime import timedelta

from bot.participant.heard import Heard
from bot.participant.render import Card
from storage.values import OUTSIDE, Draft

Keyboard = tuple[tuple[tuple[str, str], ...], ...]
"""(label, callback data), row by row."""


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What is to be done in the chat, after the commit. `repr` is silent."""

    chat_id: int
    user_id: int
    card: Card | None = None
    tokens: tuple[str, ...] = ()
    """Callback data of the card's buttons, in reading order."""
    edit: int | None = None
    """The message that becomes the card; None sends a new one."""
    remember: bytes | None = None
    """Round in whose draft the card's message id is to be remembered."""
    known: bool = False
    """`edit` is remembered there already; a new message, sent because that one is gone, is not."""
    callback_id: str | None = None
    toast: str | None = None
    delete: tuple[int, ...] = ()
    leave: bool = False
    wipe: bool = False
    """The chat is emptied, `delete` first; nothing else is shown (P3)."""
    once: bool = False
    """Not sent again where nobody knows whether it arrived: a second one would be worse than none."""
    unasked: bool = False
    """Nobody waits for it: a message that is no longer there is not sent anew."""
    stays: timedelta = OUTSIDE
    """How long a new message outside a conversation stands in the chat."""
    heard: Heard | None = None
    """What is to be heard below the card."""
    first: bool = False
    """Goes before the cards of others when Telegram takes no more: she has stopped, or looks for help (T4)."""
    passing: bool = False
    """A newer card of the same chat makes this one pointless. A receipt, or a line said once, is never passing."""
    draft: Draft | None = None
    """What the card shows, where it shows a conversation."""

    @property
    def keyboard(self) -> Keyboard:
        """The card's buttons as they go out."""
        data = iter(self.tokens)
        rows = self.card.rows if self.card else ()
        return tuple(tuple((label, next(data)) for label, _ in row) for row in rows)

    def __repr__(self) -> str:
        return "<Outcome>"

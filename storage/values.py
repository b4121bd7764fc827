"""What the participant bot and storage hand each other: one conversation before and after a turn.

Everything that holds a part of what somebody said, or a receipt, is silent in `repr`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from flows.records import Answered
from flows.screens import Begin
from flows.session import Session

READING_TIME: Final = timedelta(minutes=30)
"""How long the last card, which may show a receipt, stays on screen unless somebody removes it earlier."""
OUTSIDE: Final = timedelta(hours=24)
"""How long what was said outside a conversation stands in the chat, on both sides and for everybody the same."""
LAST_LINE: Final = timedelta(minutes=1)
"""How long the line stands that says what hiding could not remove."""


class _Quiet:
    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class Card(_Quiet):
    """The card on screen; `nonce` (8 bytes) names it in button tokens, the message id is known once it was sent."""

    message_id: int | None
    nonce: bytes
    sent: int = 0
    """The hour in which it was sent, in seconds since 1970, UTC; 0 where nobody knows."""


@dataclass(frozen=True, slots=True, repr=False)
class Playing(_Quiet):
    """The recording below the card; its message id is known once it stands there."""

    message_id: int | None
    asked: int
    """When she asked for it: seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True, repr=False)
class Draft(_Quiet):
    """One open conversation; `messages` are ids of both sides, to be swept at its end."""

    round_id: bytes
    session: Session
    card: Card | None
    messages: tuple[int, ...]


class Fate(StrEnum):
    """What becomes of the draft."""

    KEEP = "keep"
    """It goes on; a new one begins in the round that was named."""
    SEND = "send"
    """It becomes a response."""
    ERASE = "erase"
    """It and everything else this account has not sent is destroyed, in whatever round."""
    NONE = "none"
    """Nothing is touched."""


@dataclass(frozen=True, slots=True, repr=False)
class Verdict(_Quiet):
    """What the engine made of an update."""

    fate: Fate
    session: Session | None = None
    card_nonce: bytes | None = None
    begin: Begin | None = None
    """Consent: the manifest is sealed before anything else."""
    seal: tuple[Answered, ...] = ()
    anew: bool = False
    """A new conversation begins although a hidden one is there: the hidden one waits on for its code."""
    invitation: bytes | None = None
    """Where one begins: the code that she came with, hashed; without it only a rehearsal is entered."""
    hide: bool = False
    """Every message of this chat goes, and what is kept of other conversations of this account is hidden, too."""
    telling: bool = False
    """What came in says something of the person: outside a conversation it goes at once, not after a day."""
    remind_at: int | None = None
    """When she is to be reminded unless she says a word before: seconds since 1970, UTC, a multiple of ten minutes.
    Without it, whatever was planned is taken off."""
    unwanted: bool = False
    """Nothing may be sent to her unasked any more: she stops, takes something back, or has blocked the bot (W5)."""
    play: bytes | None = None
    """SHA-256 of the recording she asks for, to stand below the card unless one stands there."""
    withdraw_chat: bool = False
    """Destroy all responses of this account, in the named round or in all that are not closed."""
    withdraw_receipt: str | None = None
    """Destroy the response of this receipt (30 digits, normalised), in whatever round."""


Decide = Callable[[Draft | None], Verdict]


@dataclass(frozen=True, slots=True, repr=False)
class Turned(_Quiet):
    """What a turn did, durably."""

    repeated: bool
    """This update was seen before: `decide` was not called, nothing changed."""
    verdict: Verdict | None
    draft: Draft | None
    """As it is now; None also where the round is not open, whatever the verdict wanted."""
    receipt: str | None
    """30 digits, after SEND; also when the very update that sent is given again."""
    withdrawn: int
    sweep: tuple[int, ...]
    """Message ids to delete now, after SEND and ERASE, and of a recording whose card has gone. They are in the sweep
    box too; the card on screen is only there, due half an hour later, so that a receipt can be read."""
    play: bytes | None = None
    """SHA-256 of the recording that is to be sent now."""


@dataclass(frozen=True, slots=True, repr=False)
class SweepItem(_Quiet):
    """Messages of one chat to delete, at most 100; `id` names the row for `swept`.

    Without messages it says that the chat is to be wiped: everything that the sweep box holds of it goes (P3).
    """

    id: bytes
    chat_id: int
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Expired(_Quiet):
    """A conversation that ended by itself; its card, if it has one, should become a neutral line."""

    chat_id: int
    card_message_id: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Resting(_Quiet):
    """A conversation in which nothing has happened for its time (P6, P7)."""

    chat_id: int
    round_id: bytes

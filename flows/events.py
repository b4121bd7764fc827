"""What can happen to a conversation: the only things the engine ever hears of the outside."""

from dataclasses import dataclass
from enum import IntEnum


class Control(IntEnum):
    """Buttons that mean the same on every card. The numbers travel inside button tokens: never renumber."""

    NEXT = 1
    BACK = 2
    SKIP = 3
    DECLINE = 4
    PAUSE = 5
    RESUME = 6
    STOP = 7
    STOP_CONFIRMED = 8
    KEEP_GOING = 9
    LANGUAGE = 10
    YES = 11
    NO = 12
    DONE = 13
    CLEAR = 14
    SKIP_PART = 15
    SEND = 16
    RECEIPT_KEPT = 17
    WITHDRAW = 18
    SUPPORT = 19
    HIDE = 20
    ADULT = 21
    UNDER_AGE = 22
    ANSWER = 23
    DO_IT = 24
    READER = 25
    REMIND = 26
    LISTEN = 27
    KEEP_ANSWER = 28
    RESULTS = 29


ALWAYS = frozenset({Control.STOP, Control.PAUSE, Control.LANGUAGE, Control.SUPPORT, Control.HIDE})
"""Controls that work from any card, however old, and mean the same on each (P2)."""

PLACED = frozenset({Control.SKIP, Control.BACK})
"""Controls that work from any card, too, and mean the place where it stood. All others are their card's alone."""


@dataclass(frozen=True, slots=True, repr=False)
class Pick:
    """The option at `index` of what the screen offers: a language, a choice, a band, a point of a scale.

    `repr` is silent about which: it may be an answer.
    """

    index: int

    def __repr__(self) -> str:
        return "<Pick>"


Action = Control | Pick


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the current card, or a control that always works."""

    action: Action


@dataclass(frozen=True, slots=True, repr=False)
class Typed:
    """Words typed into the chat. `repr` is silent about them."""

    text: str

    def __repr__(self) -> str:
        return "<Typed>"


@dataclass(frozen=True, slots=True, repr=False)
class Worded:
    """A whole message that is a command word in some language (P2). `repr` is silent: it may have been an answer.

    `word` is the interface's own spelling of the command, never what she typed.
    """

    control: Control
    word: str

    def __repr__(self) -> str:
        return "<Worded>"


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo, voice message, contact or anything else that is not words (P5)."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A button of a card that is no longer on screen, or one the bot never made."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """*Skip* or *back* of a card that is no longer on screen, with the position where it stood (`flows.earlier`)."""

    control: Control
    position: int


@dataclass(frozen=True, slots=True)
class Restarted:
    """`/start` in a conversation that goes on: show the current card again."""


@dataclass(frozen=True, slots=True)
class Returned:
    """`/start` with the code of the very round, in a conversation that was hidden (P12)."""


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody has done anything for so long that the card must not stay as it is (P6, P7)."""


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """The time has come for the one reminder that she may have asked for (P7)."""


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was blocked: the same as stop and delete (T1)."""


Event = Pressed | Typed | Worded | Attached | Stale | Earlier | Restarted | Returned | Idle | ReminderDue | Left

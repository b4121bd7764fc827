"""What the engine wants shown and done, as values: screens, buttons and effects.

A screen says *what* stands on the card; the mouths (Telegram, terminal, preview) say it in words. Texts of the
consultation are referred to by position, interface words by the names in `Label` and `Notice`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from flows.answers import Answer
from flows.events import Action
from flows.model import Purpose
from flows.session import Session


class ScreenKind(StrEnum):
    """Which card is on screen."""

    LANGUAGE = "language"
    SAFE = "safe"
    AGE = "age"
    ABOUT = "about"
    CHECK = "check"
    CONSENT = "consent"
    CONTENT_NOTE = "content_note"
    QUESTION = "question"
    NOTE = "note"
    REVIEW = "review"
    PAUSED = "paused"
    STOPPING = "stopping"
    SUPPORT = "support"
    COMMAND = "command"
    HIDDEN = "hidden"
    SENT = "sent"
    STOPPED = "stopped"
    REFUSED = "refused"
    UNSAFE = "unsafe"
    UNDER_AGE = "under_age"
    MISUNDERSTOOD = "misunderstood"


class Notice(StrEnum):
    """One calm line that says why the card is still the same."""

    PICK_A_BUTTON = "pick_a_button"
    WORDS_ONLY = "words_only"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_POSSIBLE = "not_possible"
    NO_MORE_CHANGES = "no_more_changes"
    OLD_CARD = "old_card"
    ONCE_MORE = "once_more"


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it does, and whose word stands on it.

    For `Pick` the mouth takes the word from what is offered (language, choice, band, scale point, stance) at
    `offered[index]`; for a `Control` from the interface texts.
    """

    action: Action
    ticked: bool = field(default=False, repr=False)
    """A mark in front: chosen in this multiple question, or a setting that is on."""
    rank: int | None = field(default=None, repr=False)
    """Place in the ranking so far, from 1."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One card."""

    kind: ScreenKind
    language: str | None
    place: int = 0
    """Introduction screen, question of the check, purpose or item position, as in the session."""
    offered: tuple[str, ...] = ()
    """Codes behind `Pick(index)`: language tags, regions, choice ids, band ids, scale points, stances."""
    rows: tuple[tuple[Button, ...], ...] = ()
    notice: Notice | None = None
    progress: tuple[int, int] | None = None
    """(questions passed, questions in all), for questions only (P8)."""
    region: str | None = None
    """On the support card: whose entries to show besides those of everywhere."""


@dataclass(frozen=True, slots=True)
class Show:
    """Put this screen on the card."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Begin:
    """Consent is given: start the sealed response with a manifest."""

    purposes: frozenset[Purpose]
    language: str


@dataclass(frozen=True, slots=True)
class Seal:
    """Seal this answer to the item at `position`."""

    position: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Send:
    """Finish the response, put it into the mailbag, erase the draft, give a receipt."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Destroy the draft and everything sealed in it."""


@dataclass(frozen=True, slots=True)
class Hide:
    """Take every message of both sides out of the chat (P3). A `Show` after it is the one line that may stay."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Send one silent line that says nothing of what this is about. The card stays as it is."""


@dataclass(frozen=True, slots=True)
class Play:
    """Send the recording of the card on screen, by its name in the consultation, unless it stands there already."""

    name: str


Effect = Show | Begin | Seal | Send | Erase | Hide | Remind | Play


@dataclass(frozen=True, slots=True)
class Step:
    """What a step answers: the session after it and what is to be done, in order."""

    session: Session
    effects: tuple[Effect, ...] = field(default=())

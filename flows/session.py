"""Where one participant stands: the least that lets her go on.

A session holds no answer and no path. It keeps the choice in progress and the coded choices that later rules
refer to, because the engine cannot decide without them; everything said is sealed and gone. It is stored only
inside the encrypted draft.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import orjson

from flows.changing import Changing
from flows.events import Control
from flows.model import Purpose


class State(StrEnum):
    """Where in the journey a conversation is. Every state answers every event (see docs/states.md)."""

    LANGUAGE = "language"
    SAFE = "safe"
    AGE = "age"
    ABOUT = "about"
    CHECK = "check"
    CONSENT = "consent"
    CONTENT_NOTE = "content_note"
    ASKING = "asking"
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


ENDED = frozenset(
    {State.SENT, State.STOPPED, State.REFUSED, State.UNSAFE, State.UNDER_AGE, State.MISUNDERSTOOD}
)  # fmt: skip
"""States after which nothing of the conversation is kept."""

AT_SENDING: Final = frozenset({Purpose.RESULTS})
"""What she allowed that matters again when she sends: the sealed manifest cannot be read back by then."""

VERSION: Final = 2
"""Of the written form. 1 was that of conversations without hiding, age gate and check, and did not say so."""


_STATES: Final = {one.value: one for one in State}
_CONTROLS: Final = {one.value: one for one in Control}
_PURPOSES: Final = {one.value: one for one in Purpose}
"""Looked up, an enum's member takes a fifth of the time of calling the enum, and a session has up to nine."""

_FLAGS: Final = 4
_FIRST = frozenset(State)
"""How version 1 began: with the state."""


class SessionError(ValueError):
    """Bytes that are not a session of this version. Carries a code, never content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class Session(Changing):
    """One conversation between two steps; `repr` shows the state only."""

    state: State
    language: str | None = None
    place: int = 0
    """Screen of the introduction, question of the check, purpose of the consent, or item position."""
    chosen: tuple[str, ...] = ()
    """Choice in progress of a multiple or ranking question."""
    kept: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """(item position, codes) of answers that later rules refer to; never words."""
    purposes: frozenset[Purpose] = field(default_factory=frozenset)
    """Those allowed so far; once a response has begun, AT_SENDING's alone."""
    spent: int = 0
    """Sealed chunks used so far, the manifest included."""
    back_to: State | None = None
    """State that *keep going*, *resume* or a chosen language returns to."""
    veiled: State | None = None
    """State of the place that was hidden, until whoever came back has said that she is safe."""
    furthest: int = 0
    """The first item that has not been passed: what lies before it is answered and may be kept."""
    missed: bool = False
    """Whether the introduction was not understood once."""
    reader: bool = False
    """Screen-reader mode: new messages instead of edits."""
    remind: bool = False
    """Whether she wants to be reminded once."""
    reminded: bool = False
    """Whether she has been: a conversation has one reminder, however often she comes back."""
    region: int | None = None
    """On the support card: the region she looks at."""
    asked: Control | None = None
    """On the card *answer or command?*: the command."""
    word: str = ""
    """There, too: the command in the interface's spelling, never in hers."""

    def __repr__(self) -> str:
        return f"<Session {self.state}>"

    def to_bytes(self) -> bytes:
        """Compact JSON, for the encrypted draft."""
        return orjson.dumps(
            [
                VERSION, self.state, self.language, self.place, self.chosen, self.kept, sorted(self.purposes),
                self.spent, self.back_to, self.veiled, self.furthest,
                [int(flag) for flag in (self.missed, self.reader, self.remind, self.reminded)], self.region,
                self.asked, self.word,
            ]
        )  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The session that `to_bytes` wrote, also one of version 1.

        Raises:
            SessionError: `other-version`.
        """
        version, *values = orjson.loads(data)
        if version in _FIRST:
            # Everything before her place was answered; nothing of the rest was known yet.
            passed = values[1] if values[5] else 0
            version, values = VERSION, [version, *values, None, passed, [0, 0, 0], None, None, ""]
        if version != VERSION:
            raise SessionError("other-version")
        (
            state, language, place, chosen, kept, purposes, spent, back_to,
            veiled, furthest, flags, region, asked, word,
        ) = values  # fmt: skip
        # Sessions are there that were written before there were reminders.
        missed, reader, remind, reminded = flags if len(flags) == _FLAGS else (*flags, 0)
        return cls(
            _STATES[state], language, place, tuple(chosen),
            tuple([(position, tuple(codes)) for position, codes in kept]) if kept else (),
            frozenset([_PURPOSES[one] for one in purposes]), spent,
            _STATES[back_to] if back_to else None, _STATES[veiled] if veiled else None, furthest,
            missed == 1, reader == 1, remind == 1, reminded == 1, region, _CONTROLS[asked] if asked else None, word,
        )  # fmt: skip


def consented(session: Session) -> bool:
    """Whether consent was given, so that something sealed may be lost by erasing (K2)."""
    return session.spent >= 1

"""Where one participant stands: the least that lets her go on.

A session holds no answer and no path. It keeps the choice in progress and the coded choices that later rules
refer to, because the engine cannot decide without them; everything said is sealed and gone. It is stored only
inside the encrypted draft.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from flows.model import Purpose


class State(StrEnum):
    """Where in the journey a conversation is. Every state answers every event (see docs/states.md)."""

    LANGUAGE = "language"
    ABOUT = "about"
    CONSENT = "consent"
    CONTENT_NOTE = "content_note"
    ASKING = "asking"
    REVIEW = "review"
    PAUSED = "paused"
    STOPPING = "stopping"
    SENT = "sent"
    STOPPED = "stopped"
    REFUSED = "refused"


ENDED = frozenset({State.SENT, State.STOPPED, State.REFUSED})
"""States after which nothing of the conversation is kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """One conversation between two steps; `repr` shows the state only."""

    state: State
    language: str | None = None
    place: int = 0
    """Screen of the introduction, purpose of the consent, or item position, as the state says."""
    chosen: tuple[str, ...] = ()
    """Choice in progress of a multiple or ranking question."""
    kept: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """(item position, codes) of answers that later rules refer to; never words."""
    purposes: frozenset[Purpose] = field(default_factory=frozenset)
    spent: int = 0
    """Sealed chunks used so far, the manifest included."""
    back_to: State | None = None
    """State that *keep going*, *resume* or a chosen language returns to."""

    def __repr__(self) -> str:
        return f"<Session {self.state}>"

    def to_bytes(self) -> bytes:
        """Compact JSON, for the encrypted draft."""
        return json.dumps(
            [
                self.state, self.language, self.place, self.chosen, self.kept,
                sorted(self.purposes), self.spent, self.back_to,
            ],
            separators=(",", ":"),
        ).encode()  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The session that `to_bytes` wrote."""
        state, language, place, chosen, kept, purposes, spent, back_to = json.loads(data)
        return cls(
            State(state), language, place, tuple(chosen), tuple((position, tuple(codes)) for position, codes in kept),
            frozenset(map(Purpose, purposes)), spent, State(back_to) if back_to else None,
        )  # fmt: skip

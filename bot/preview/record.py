"""What happened in a preview, as values: what somebody did, and what the bot made of it.

From these the terminal and the transcripts are written. They live as long as the preview, and hold what somebody who
tries a consultation out has typed; a `repr` shows none of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.participant.outcome import Outcome
from bot.participant.render import Card
from bot.simulator.chats import Chat
from bot.simulator.errors import Json


class Deed(StrEnum):
    """What a person can do in a chat."""

    TYPED = "types"
    TAPPED = "taps"
    SENT = "sends"
    """Anything but words."""
    BLOCKED = "blocks the bot"


@dataclass(frozen=True, slots=True, repr=False)
class Did:
    """One thing that she did; `words` are hers, or a button's."""

    deed: Deed
    words: str = ""

    def __repr__(self) -> str:
        return f"<Did {self.deed}>"


@dataclass(frozen=True, slots=True, repr=False)
class Happened:
    """What she did, and what came of it."""

    did: Did
    said: Outcome
    card: Card | None = None
    """What the bot's newest message says since then; None where it has not changed."""
    own: bool = False
    """Whether her own message was taken out of the chat."""

    def __repr__(self) -> str:
        return f"<Happened {self.did.deed}>"


def did(update: Json, chat: Chat) -> Did:
    """What an update tells of the person whose chat it comes from; the label of a button also where it has gone."""
    if "callback_query" in update:
        query = update["callback_query"]
        return Did(Deed.TAPPED, next(_labels(chat, query["message"]["message_id"], query["data"]), ""))
    if "message" in update:
        message = update["message"]
        return Did(Deed.TYPED, message["text"]) if "text" in message else Did(Deed.SENT)
    return Did(Deed.BLOCKED)


def _labels(chat: Chat, message_id: int, data: str) -> Iterator[str]:
    message = chat.messages[message_id]
    for board in (message.keyboard or [], *reversed(message.past)):
        for button in (button for row in board for button in row):
            if button.get("callback_data") == data:
                yield button["text"]

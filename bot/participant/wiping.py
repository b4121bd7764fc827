"""Taking messages out of a chat, and a whole chat empty (P3).

Telegram lets a bot delete what either side wrote in the last 48 hours, a hundred messages a call, and refuses a whole
call for the sake of one message that is older. So a refused hundred is halved until the old ones are alone; what the
bot itself has written of those becomes a neutral line without buttons, and what she has written only she can remove.
That is why a wiped chat says at last, to everybody the same and for a minute, how the rest is removed by hand.

What is to go stands in the sweep box until Telegram has confirmed that it has gone, and that a chat is to be wiped
stands there too: a process that dies on the way leaves its work to the next.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from typing import Any, Final, Protocol

from aiogram.methods import DeleteMessages, TelegramMethod

from bot.participant import texts
from bot.participant.calls import Calls, EditCard, SendCard, Way
from bot.participant.render import Card, line
from bot.participant.session import Reason, TelegramError
from bot.participant.spoken import Spoken
from storage.values import LAST_LINE, SweepItem

BATCH: Final = 100
"""Message ids that one `deleteMessages` takes."""
SENT_ONLY: Final = b',"protect_content":true,"disable_notification":true'
"""What holds for a new message and is kept by its edits: it cannot be forwarded, and makes no sound."""


class Box(Protocol):
    """The sweep box (`storage.intake.Intake`)."""

    async def of_chat(self, chat_id: int) -> tuple[SweepItem, ...]:
        """Everything it holds of a chat."""

    async def swept(self, ids: Sequence[bytes]) -> None:
        """Forgets rows."""

    async def line_sent(self, *, chat_id: int, message_id: int, later: timedelta) -> None:
        """Remembers a message to delete."""


class Cleared(Enum):
    """What became of messages that were to go."""

    GONE = "gone"
    """All that Telegram allows was done."""
    REFUSED = "refused"
    """Telegram will not, and asking again does not help; she may have blocked the bot."""
    LATER = "later"
    """The line is down."""


class Wiper:
    """Takes messages away."""

    def __init__(self, calls: Calls, box: Box, spoken: Spoken) -> None:
        self._calls, self._box, self._spoken = calls, box, spoken

    async def clear(self, chat_id: int, message_ids: Sequence[int]) -> Cleared:
        """Deletes messages, and makes neutral what cannot be deleted."""
        outcomes = {Cleared.GONE}
        for start in range(0, len(message_ids), BATCH):
            outcomes.add(await self._clear(chat_id, list(message_ids[start : start + BATCH])))
        return max(outcomes, key=list(Cleared).index)

    async def _clear(self, chat_id: int, ids: list[int]) -> Cleared:
        result = await self._try(DeleteMessages(chat_id=chat_id, message_ids=ids))
        if result is not None:
            return result
        if len(ids) == 1:
            return await self._neutral(chat_id, ids[0])
        half = len(ids) // 2
        both = [await self._clear(chat_id, ids[:half]), await self._clear(chat_id, ids[half:])]
        return max(both, key=list(Cleared).index)

    async def _neutral(self, chat_id: int, message_id: int) -> Cleared:
        shown = b'{"chat_id":%d,"message_id":%d,%b}'
        edit = EditCard(body=shown % (chat_id, message_id, _body(line(texts.NEUTRAL, self._spoken.languages))))
        # What cannot be edited either is hers: only she can remove it.
        return await self._try(edit) or Cleared.GONE

    async def _try(self, method: TelegramMethod[Any]) -> Cleared | None:
        """What became of it; None where Telegram keeps a message for being too old, or hers."""
        try:
            await self._calls.persistently(method, Way(first=True))
        except TelegramError as error:
            match error.reason:
                case Reason.UNCHANGED | Reason.GONE:
                    return Cleared.GONE
                case Reason.STUCK:
                    return None
                case Reason.FLOOD | Reason.UNREACHABLE:
                    return Cleared.LATER
                case _:
                    return Cleared.REFUSED
        return Cleared.GONE

    async def wipe(self, chat_id: int, known: Sequence[int] = ()) -> bool:
        """Empties a chat and says how to remove what is left; whether it need not be tried again.

        Args:
            chat_id: the chat.
            known: messages that go at once, before anybody has looked for the others in the sweep box.
        """
        await self.clear(chat_id, known)
        items = await self._box.of_chat(chat_id)
        messages = sorted({message for item in items for message in item.message_ids})
        cleared = await self.clear(chat_id, messages)
        if cleared is Cleared.LATER:
            return False
        await self._last_line(chat_id)
        done = items if cleared is Cleared.GONE else [item for item in items if not item.message_ids]
        await self._box.swept([item.id for item in done])
        return True

    async def _last_line(self, chat_id: int) -> None:
        body = b'{"chat_id":%d,%b%b}' % (chat_id, _body(line(texts.WIPED, self._spoken.languages)), SENT_ONLY)
        sent = await self._calls.quietly(SendCard(body=body), Way(first=True))
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if isinstance(message_id, int):
            await self._box.line_sent(chat_id=chat_id, message_id=message_id, later=LAST_LINE)


def _body(card: Card) -> bytes:
    """A card without buttons, as members of a JSON object."""
    return card.form[-1]

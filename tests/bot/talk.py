"""One person's chat with the conversation, without Telegram: raw updates in, what stands in the chat out."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.participant.conversation import Conversation
from bot.participant.incoming import parse
from bot.participant.outcome import Keyboard, Outcome
from tests.storage.world import World

Json = dict[str, Any]
UPDATES = itertools.count(5_000)
"""Numbers of updates: all people write to one bot."""


@dataclass
class Standing:
    """One message of the bot, as it stands now."""

    text: str
    keyboard: Keyboard

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for row in self.keyboard for label, _ in row)

    def data(self, label: str) -> str:
        """What is behind the button whose label holds `label`."""
        return next(data for row in self.keyboard for shown, data in row if label in shown)


@dataclass
class Talk:
    """A chat in which nothing gets lost. `said` is every outcome, in order."""

    world: World
    conversation: Conversation
    user: int = 77
    messages: Iterator[int] = field(default_factory=lambda: itertools.count(100))
    standing: dict[int, Standing] = field(default_factory=dict)
    said: list[Outcome] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    last: int = 0

    @property
    def card(self) -> Standing:
        """The newest message of the bot."""
        return self.standing[max(self.standing)]

    async def take(self, update: Json) -> Outcome:
        """One update, and what comes of it in the chat."""
        incoming = parse(update)
        assert incoming is not None
        outcome = await self.conversation.handle(incoming)
        self.said.append(outcome)
        await self.show(outcome)
        return outcome

    async def show(self, outcome: Outcome) -> None:
        """What comes of an outcome in the chat."""
        intake, gone = self.world.intake, set(outcome.delete)
        if outcome.card is not None:
            message = next(self.messages) if outcome.edit is None else outcome.edit
            self.standing[message] = Standing(outcome.card.text, outcome.keyboard)
            if outcome.remember is not None:
                before = await intake.card_sent(user_id=self.user, round_id=outcome.remember, message_id=message)
                gone |= set() if before is None else {before}
            elif outcome.edit is None:
                await intake.line_sent(chat_id=self.user, message_id=message, later=outcome.stays)
        if outcome.wipe:
            items = await intake.of_chat(self.user)
            gone |= {one for item in items for one in item.message_ids}
            await intake.swept([item.id for item in items])
        for one in gone:
            self.deleted.append(one)
            self.standing.pop(one, None)

    async def rest(self) -> None:
        """Half an hour passes in which she does nothing, and the clock looks in."""
        self.world.clock.pass_(minutes=30)
        for one in await self.world.intake.resting():
            outcome = await self.conversation.rest(one)
            if outcome is not None and one.chat_id == self.user:
                self.said.append(outcome)
                await self.show(outcome)

    async def type(self, text: str) -> Outcome:
        """She types."""
        self.last = next(self.messages)
        return await self.take(self.message(text=text))

    def message(self, **content: object) -> Json:
        """A message of hers, as an update."""
        return {
            "update_id": next(UPDATES),
            "message": {
                "message_id": self.last,
                "from": {"id": self.user},
                "chat": {"id": self.user, "type": "private"},
            }
            | content,
        }

    async def attach(self) -> Outcome:
        """She sends a photo."""
        self.last = next(self.messages)
        return await self.take(self.message(photo=[{"file_id": "x"}], caption="here"))

    def pressing(self, data: str, message: int | None = None) -> Json:
        """A press of the button with `data`, as an update."""
        at = max(self.standing) if message is None else message
        return {
            "update_id": next(UPDATES),
            "callback_query": {
                "id": "1",
                "from": {"id": self.user},
                "message": {"message_id": at, "chat": {"id": self.user, "type": "private"}},
                "data": data,
            },
        }

    async def press(self, label: str) -> Outcome:
        """She taps a button of the newest card."""
        return await self.take(self.pressing(self.card.data(label)))

    async def block(self) -> Outcome:
        """She blocks the bot."""
        change = {"chat": {"id": self.user, "type": "private"}, "from": {"id": self.user}}
        status = {"new_chat_member": {"status": "kicked"}}
        return await self.take({"update_id": next(UPDATES), "my_chat_member": change | status})

    async def begin(self, code: str = "") -> None:
        """She opens the bot by its link, chooses English, and is safe and of age."""
        await self.type(f"/start {code}".strip())
        for label in ("English", "Yes", "18 or over"):
            await self.press(label)

    async def read(self) -> None:
        """She reads on, and has understood."""
        for label in ("Continue", "Yes", "No"):
            await self.press(label)

    async def consent(self, purposes: int = 1) -> None:
        """She reads on, has understood, and agrees to the first `purposes`."""
        await self.read()
        for place in range(5):
            await self.press("Yes" if place < purposes else "No")

    async def answer_all(self, words: str) -> None:
        """She answers both questions of the small consultation."""
        await self.press("north")
        await self.type(words)

    async def send(self) -> str:
        """She sends; her receipt, as it is shown."""
        await self.press("Send")
        return self.card.text.splitlines()[-1].strip("\u200e")

    async def whole(self, words: str = "peace") -> str:
        """A whole conversation; its receipt."""
        await self.begin()
        await self.consent()
        await self.answer_all(words)
        return await self.send()


def conversation(world: World) -> Conversation:
    """The conversation over a world."""
    return Conversation(world.intake, world.rounds, world.clock)

"""What time does to conversations and to messages that must go."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.participant import texts
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from bot.participant.sweeper import GROUPS, Sweeper
from storage.values import Expired, Resting, SweepItem
from tests.bot.line import line, refused
from tests.bot.test_speaker import Cards, Naps


@dataclass
class House:
    """Storage's side of it."""

    expired: tuple[Expired, ...] = ()
    due: list[SweepItem] = field(default_factory=list)
    rested: dict[Resting, Outcome | None] = field(default_factory=dict)

    async def housekeeping(self) -> tuple[Expired, ...]:
        return self.expired

    async def resting(self) -> tuple[Resting, ...]:
        return tuple(self.rested)

    async def rest(self, one: Resting) -> Outcome | None:
        return self.rested.pop(one)

    async def sweep_due(self, limit: int) -> tuple[SweepItem, ...]:
        return tuple(self.due[:limit])

    async def swept(self, ids: Sequence[bytes]) -> None:
        self.due = [item for item in self.due if item.id not in ids]


async def test_expired_cards_become_neutral_and_messages_go() -> None:
    """A conversation that ended by itself leaves a harmless line without buttons. Proves: P9."""
    house = House((Expired(7, 55), Expired(8, None)), [SweepItem(bytes([n]), n, (1, 2)) for n in range(GROUPS + 5)])
    async with line() as (telegram, bot):
        await Sweeper(house, house, Speaker(bot, Cards(), Naps()), Naps()).once()

    (name, edit), *deletions = telegram.calls
    assert (name, edit["chat_id"], edit["message_id"]) == ("editMessageText", 7, 55)
    assert texts.HARMLESS.text in edit["text"]
    assert edit["reply_markup"] == {"inline_keyboard": []}
    assert len(deletions) == GROUPS + 5
    assert house.due == []


async def test_what_telegram_would_not_delete_stays_due() -> None:
    """A deletion that failed is tried again next time and does not stop the others. Proves: P4, S1."""
    house = House((), [SweepItem(bytes([n]), n, (1,)) for n in (1, 2, 3)])
    async with line() as (telegram, bot):
        telegram.script["deleteMessages"].append(refused(400, "Bad Request: something else"))
        await Sweeper(house, house, Speaker(bot, Cards(), Naps()), Naps()).once()

    assert [item.chat_id for item in house.due] == [1]


async def test_what_is_already_gone_counts_as_deleted() -> None:
    """A message that no longer exists needs no second try."""
    house = House((), [SweepItem(b"1", 1, (1,))])
    async with line() as (telegram, bot):
        telegram.script["deleteMessages"].append(refused(400, "Bad Request: message to delete not found"))
        await Sweeper(house, house, Speaker(bot, Cards(), Naps()), Naps()).once()

    assert house.due == []

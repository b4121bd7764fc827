"""Cards of one chat that several processes show: the newest stands last (S4)."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.participant.among import Among, Order
from bot.participant.incoming import parse
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from storage.errors import StorageUnavailable
from storage.values import Draft
from tests.bot.line import Answer, Json, line, ok
from tests.bot.talk import Talk


class Locks:
    """What the database does between processes, here between speakers."""

    def __init__(self) -> None:
        self._locks: dict[bytes, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, lock: bytes) -> AsyncIterator[None]:
        async with self._locks[lock]:
            yield


async def took(talk: Talk, label: str) -> Outcome:
    """What is to be said after a press, by whichever process took it."""
    incoming = parse(talk.pressing(talk.card.data(label)))
    assert incoming is not None
    return await talk.conversation.handle(incoming)


async def at_the_end(talk: Talk, order: Order, dice: random.Random) -> tuple[object, object]:
    """(what stands on the card, what should), after two processes have shown the cards of one person at random."""
    await talk.begin()
    stands = list[object]()

    async def slow(params: Json) -> Answer:
        await asyncio.sleep(dice.choice((0.0, 0.1)))
        stands.append(params["text"])
        return ok()

    async with line() as (telegram, bot):
        telegram.script["editMessageText"].extend([slow] * 100)
        speakers = [Speaker(bot, talk.world.intake, order=order) for _ in range(2)]
        said = None
        async with asyncio.TaskGroup() as group:
            for _ in range(12):
                said = await took(talk, "Go on" if "Go on" in talk.card.labels else "Pause")
                assert said.card is not None
                group.create_task(dice.choice(speakers).say(said))
                await talk.show(said)
    assert said is not None
    assert said.card is not None
    return stands[-1], said.card.text


@pytest.mark.parametrize("seed", range(4))
async def test_the_newest_card_stands_last(talk: Talk, seed: int) -> None:
    """Whichever process shows it and however late the line is, what stays on screen is where she is. Proves: S4."""
    stands, should = await at_the_end(talk, Among(talk.world.intake, Locks()), random.Random(seed))

    assert stands == should


async def test_a_slow_card_does_not_come_last(talk: Talk) -> None:
    """The line keeps one process's card for a while; the next card, another's, waits for it. Proves: S4."""
    await talk.begin()
    stands, under_way = list[object](), asyncio.Event()

    async def slow(params: Json) -> Answer:
        under_way.set()
        await asyncio.sleep(0.2)
        stands.append(params["text"])
        return ok()

    async def quick(params: Json) -> Answer:
        stands.append(params["text"])
        return ok()

    async with line() as (telegram, bot):
        telegram.script["editMessageText"].extend((slow, quick))
        order = Among(talk.world.intake, Locks())
        speakers = [Speaker(bot, talk.world.intake, order=order) for _ in range(2)]
        before = await took(talk, "Pause")
        first = asyncio.ensure_future(speakers[0].say(before))
        await under_way.wait()
        now = await took(talk, "Support")
        await asyncio.gather(first, speakers[1].say(now))

    assert stands == [one.card.text for one in (before, now) if one.card is not None]


async def test_a_card_of_before_is_not_shown(talk: Talk) -> None:
    """A card that comes to its turn after the conversation went on is left out. Proves: S4."""
    await talk.begin()
    before, now = await took(talk, "Pause"), await took(talk, "Support")
    async with line() as (telegram, bot):
        order = Among(talk.world.intake, Locks())
        await Speaker(bot, talk.world.intake, order=order).say(now)
        await Speaker(bot, talk.world.intake, order=order).say(before)

    assert now.card is not None
    assert [params["text"] for name, params in telegram.calls if name == "editMessageText"] == [now.card.text]


async def test_a_card_of_a_conversation_that_has_ended_is_not_shown(talk: Talk) -> None:
    """Nothing is written over a receipt, or over the last line. Proves: S4."""
    await talk.begin()
    before = await took(talk, "Pause")
    await talk.type("/stop")
    async with line() as (telegram, bot):
        await Speaker(bot, talk.world.intake, order=Among(talk.world.intake, Locks())).say(before)

    assert "editMessageText" not in telegram.names()


async def test_while_storage_is_away_cards_go_out(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody knows whether a card is still the newest, it is shown. Proves: S1."""

    async def away(**_who: object) -> Draft | None:
        raise StorageUnavailable

    await talk.begin()
    said = await took(talk, "Pause")
    monkeypatch.setattr(talk.world.intake, "standing", away)
    async with line() as (telegram, bot):
        await Speaker(bot, talk.world.intake, order=Among(talk.world.intake, Locks())).say(said)

    assert "editMessageText" in telegram.names()

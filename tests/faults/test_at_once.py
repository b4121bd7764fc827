"""One person, twenty updates at the same moment (T3)."""

import asyncio
from collections.abc import Awaitable, Iterable

import pytest

from bot.participant import texts
from bot.simulator.driver import Screen
from bot.simulator.errors import ControlError, Json
from flows.answers import Chosen, Ranked, Said, Skipped, Stance, Voted
from flows.events import Control
from tests.faults.asked import MORE, ORDER, VOTE, WAYS, WORD
from tests.faults.crowd import PATIENCE, crowd
from tests.faults.people import Participant
from tests.faults.referee import settle
from tests.faults.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults"), pytest.mark.timeout(900)]
AT_ONCE = 20
SLOWLY: Json = {"kind": "delay", "methods": ["editMessageText"], "seconds": 0.05}
"""Cards change so slowly that a whole burst is on its way before the first tap shows."""


async def in_order(one: Participant, acts: Iterable[Awaitable[Json]]) -> list[int]:
    """Does all at once and waits until all came as often as they will.

    Returns the places of `acts` in the order in which Telegram numbered their updates.
    """
    numbers = [answer["update_id"] for answer in await asyncio.gather(*acts)]
    await one.stage.quiet()
    return sorted(range(len(numbers)), key=numbers.__getitem__)


async def press(one: Participant, label: str) -> Json:
    """Taps a button, also one that has just changed under her finger."""
    try:
        return await one.person.press(label)
    except ControlError:
        return await one.person.press(label, past=1)


async def impatient(one: Participant) -> None:
    """A whole conversation in bursts; what she must be understood to have said is noted with `give`."""
    person = one.person
    await in_order(one, [person.start(one.stage.row.code) for _ in range(AT_ONCE)])
    for part in (votes, says, thinks_again, ticks, ranks):
        await part(one)
    await one.live(until=lambda card: one.label(Control.SEND) in card.labels)
    sends = await asyncio.gather(*(press(one, one.label(Control.SEND)) for _ in range(AT_ONCE)))
    one.send_updates += [each["update_id"] for each in sends]
    await one.live()


async def votes(one: Participant) -> None:
    """The same button twenty times."""
    await one.live(until=one.at(VOTE))
    await in_order(one, [press(one, one.word(texts.AGREE)) for _ in range(AT_ONCE)])
    one.give(VOTE, Voted(Stance.AGREE))


async def says(one: Participant) -> None:
    """Twenty texts: Telegram's order decides."""
    await one.live(until=one.at(WORD))
    words = [f"{one.tag} {number}" for number in range(AT_ONCE)]
    first, *_ = await in_order(one, map(one.person.say, words))
    one.give(WORD, Said(words[first]))


async def thinks_again(one: Participant) -> None:
    """*Back* in words, which comes twice and leads back once; then another answer to that question."""
    await one.live(until=one.at(WAYS))
    await in_order(one, [one.person.say(one.word(texts.WORDS[Control.BACK]))])
    await one.person.wait(lambda screen: screen.card is not None and one.at(WORD)(screen.card))
    words = f"{one.tag} again"
    await in_order(one, [one.person.say(words)])
    one.give(WORD, Said(words))


async def ticks(one: Participant) -> None:
    """One box tapped twenty times, as if nothing had happened; then ten texts and ten times *skip*, mixed."""
    await one.live(until=one.at(WAYS))
    alpha = one.choice(WAYS, "wa")
    await in_order(one, [press(one, alpha) for _ in range(AT_ONCE)])
    one.give(WAYS, Chosen(("wa",)))
    await one.person.wait(lambda screen: is_ticked(screen, alpha))
    await one.live(until=one.at(MORE))
    words, skip = [f"{one.tag} more {number}" for number in range(AT_ONCE // 2)], one.label(Control.SKIP)
    first, *_ = await in_order(one, [*map(one.person.say, words), *(press(one, skip) for _ in words)])
    one.give(MORE, Said(words[first]) if first < len(words) else Skipped())


def is_ticked(screen: Screen, label: str) -> bool:
    """Whether the card shows this box ticked."""
    return screen.card is not None and any(each != label and each.endswith(label) for each in screen.card.labels)


async def ranks(one: Participant) -> None:
    """Three choices at once, which is as many as she may rank: they are ranked in Telegram's order.

    The third, which would answer the question, counts once she sees the other two: she taps it again.
    """
    await one.live(until=one.at(ORDER))
    codes = ("rc", "ra", "rd")
    order = await in_order(one, [press(one, one.choice(ORDER, code)) for code in codes])
    one.give(ORDER, Ranked(tuple(codes[place] for place in order)))


async def test_twenty_updates_of_one_person_at_once(stage: Stage) -> None:
    """Buttons and texts come twenty at a time, some of them twice: each question has one answer, in Telegram's order.

    Proves: T3
    """
    await stage.server().start()
    await twenty_at_once(stage)


@pytest.mark.postgres
async def test_two_bots_take_twenty_updates_of_one_person_at_once(pair: Stage) -> None:
    """The same with two bots that take turns: neither overtakes the other.

    Proves: S4, T3
    """
    await twenty_at_once(pair)


async def twenty_at_once(stage: Stage) -> None:
    """Two impatient people, one after the other; each update comes twice."""
    async with crowd(stage, 20, steadily=True) as people:
        everybody = [await people.someone() for _ in range(2)]
        await stage.driver.faults(
            {**SLOWLY, "bot": stage.bot}, {"kind": "duplicate", "bot": stage.bot, "probability": 1.0}
        )
        try:
            async with asyncio.timeout(PATIENCE):
                for one in everybody:
                    await impatient(one)
        finally:
            await stage.driver.faults()
        figures = await settle(stage, everybody)

    assert figures.responses == len(everybody)

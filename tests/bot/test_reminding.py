"""The one reminder, seen from the chat: asked for, by day, once, and gone when she comes back."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog

from bot.participant import texts
from bot.participant.outcome import Outcome
from bot.participant.reminding import Reminding
from bot.participant.speaker import Speaker
from flows.events import Control
from storage.reminders import Reminder
from storage.rounds import Record, RoundRow, RoundState
from storage.tables import drafts, due
from tests.bot.line import line, refused
from tests.bot.talk import Talk, conversation
from tests.bot.test_speaker import Cards, Naps
from tests.rounds.test_reminders import _night
from tests.storage.world import World

REMIND = texts.CONTROLS[Control.REMIND].text
REMINDER = texts.REMINDER.text
MINUTES = 1_440


@pytest.fixture
def row(world: World) -> RoundRow:
    """A round in Nairobi, three hours ahead of UTC, where it is two in the afternoon and a day is kept."""
    world.clock.now = datetime(2026, 11, 21, 11, tzinfo=UTC)
    return world.open_round(record=Record(b'{"time_zone":"Africa/Nairobi"}', draft_minutes=MINUTES))


async def asks(talk: Talk, row: RoundRow) -> None:
    """She has agreed, pauses, and asks to be reminded."""
    await talk.begin(row.code)
    await talk.consent()
    await talk.type("/pause")
    await talk.press(REMIND)


async def looks(talk: Talk, *others: Talk) -> list[str]:
    """Cards go neutral, and every process looks for what is due before any acts; what they send into the chat."""
    for one in await talk.world.intake.resting():
        rested = await talk.conversation.rest(one)
        if rested is not None:
            await talk.show(rested)
    seen = [(one, await one.world.intake.reminders()) for one in (talk, *others)]
    said = [await one.conversation.remind(each) for one, found in seen for each in found]
    sent = [outcome for outcome in said if outcome is not None]
    for outcome in sent:
        talk.said.append(outcome)
        await talk.show(outcome)
    return [outcome.card.text for outcome in sent if outcome.card is not None]


async def test_one_line_comes_two_hours_before_the_end(talk: Talk, row: RoundRow) -> None:
    """It is a new message that says nothing of what this is about, takes the card's place, and goes when she is back.

    Proves: P7, P8, Q6
    """
    await asks(talk, row)
    assert texts.REMINDING.text in talk.card.text
    await talk.press("Go on")
    question, began = talk.card.text, max(talk.standing)
    await talk.rest()
    talk.world.clock.pass_(hours=21, minutes=29)
    assert await looks(talk) == []
    talk.world.clock.pass_(minutes=1)
    assert await looks(talk) == [REMINDER]
    at = max(talk.standing)
    assert (talk.card.text, talk.card.keyboard, set(talk.standing)) == (REMINDER, (), {at})
    assert at > began
    await talk.type(f"/start {row.code}")
    for label in ("English", "Yes"):
        await talk.press(label)

    assert at in talk.deleted
    assert talk.card.text == question
    await talk.type("/pause")
    assert REMIND not in "".join(talk.card.labels)
    assert texts.REMINDING.text not in talk.card.text


async def test_nobody_is_reminded_twice(talk: Talk, row: RoundRow) -> None:
    """However often she comes back and however long the conversation goes on, there is one reminder in it.

    Proves: P7
    """
    await asks(talk, row)
    sent = []
    for _ in range(4):
        talk.world.clock.pass_(hours=23)
        sent += await looks(talk)
        await talk.type(f"/start {row.code}")

    assert sent == [REMINDER]
    assert talk.world.rows(due) == []


@pytest.mark.parametrize("by", ["never asked", "took it back", "hid", "hid at rest", "stopped", "blocked", "sent"])
async def test_nobody_is_reminded_unasked(talk: Talk, row: RoundRow, by: str) -> None:
    """Whoever did not ask, took it back, hid the chat or has nothing to come back to hears nothing.

    Proves: P7, P12
    """
    await asks(talk, row)
    if by in {"never asked", "took it back"}:
        await talk.press(REMIND)
    if by == "sent":
        await talk.press("Go on")
        await talk.answer_all("peace")
        await talk.send()
    if by == "hid at rest":
        await talk.rest()
    ways = {"hid": talk.type("/hide"), "hid at rest": talk.type("/hide"), "stopped": talk.type("/stop")}
    if by in ways:
        await ways.pop(by)
    elif by == "blocked":
        await talk.block()
    for unused in ways.values():
        unused.close()
    assert talk.world.rows(due) == []
    sent = []
    for _ in range(25):
        talk.world.clock.pass_(hours=1)
        sent += await looks(talk)

    assert sent == []


async def test_every_word_of_hers_puts_it_off(talk: Talk, row: RoundRow) -> None:
    """Whoever is here needs no reminder: the time is counted from her last word. Proves: P7, P11."""
    await asks(talk, row)
    talk.world.clock.pass_(minutes=25)
    await talk.press("Go on")
    talk.world.clock.pass_(hours=21, minutes=40)
    assert await looks(talk) == []
    talk.world.clock.pass_(minutes=30)

    assert await looks(talk) == [REMINDER]


@pytest.mark.parametrize(
    ("night", "said", "expected"),
    [
        ("13:00 14:00", "2026-11-21 14:30", ["14:00"]),  # due at half past twelve, looked for at five past one
        ("20:00 08:00", "2026-11-21 20:10", []),  # due at ten past six; when it is day again, the draft is over
    ],
)
async def test_a_late_one_waits_for_the_day(world: World, night: str, said: str, expected: list[str]) -> None:
    """What no process was there to send in time is sent when one is and it is day, as long as there is a draft.

    Proves: P7, S1
    """
    nairobi, (begin, end) = ZoneInfo("Africa/Nairobi"), night.split()
    world.clock.now = datetime.fromisoformat(said).replace(tzinfo=nairobi).astimezone(UTC)
    hours = f'{{"time_zone":"Africa/Nairobi","quiet_hours":{{"from":"{begin}","to":"{end}"}}}}'
    row = world.open_round(record=Record(hours.encode(), draft_minutes=MINUTES))
    talk = Talk(world, conversation(world))
    await asks(talk, row)
    ((_, _, slot),) = world.rows(due)
    assert isinstance(slot, int)
    world.clock.now = datetime.fromtimestamp(slot, UTC) + timedelta(minutes=35)
    while not _night(int(world.clock.now.timestamp()), row.conditions):
        world.clock.pass_(minutes=5)
    sent = []
    for _ in range(20 * 6):
        if await looks(talk):
            sent.append(world.clock.now.astimezone(nairobi).strftime("%H:%M"))
        world.clock.pass_(minutes=5)
        await world.keep_house()

    assert sent == expected


async def test_two_that_both_lead_remind_once(talk: Talk, row: RoundRow, url: str) -> None:
    """Two processes that have both seen what is due send one message between them.

    Proves: P7, S4
    """
    await asks(talk, row)
    talk.world.clock.pass_(hours=22)
    with World.make(url, talk.world.secrets._folder, talk.world.clock) as second:
        other = replace(talk, world=second, conversation=conversation(second))
        assert await looks(talk, other) == [REMINDER]
        assert await looks(other, talk) == []


async def test_whoever_comes_back_first_is_not_reminded(talk: Talk, row: RoundRow) -> None:
    """A word between looking and acting wins. Proves: P7, P11."""
    await asks(talk, row)
    talk.world.clock.pass_(hours=22)
    (one,) = await talk.world.intake.reminders()
    assert await talk.conversation.remind(one) is None  # her card is still up: it goes neutral first
    await talk.rest()
    (one,) = await talk.world.intake.reminders()
    await talk.type(f"/start {row.code}")

    assert await talk.conversation.remind(one) is None


async def test_a_new_conversation_is_not_disturbed_by_an_old_one(talk: Talk, row: RoundRow) -> None:
    """Somebody else begins anew on the same phone: nothing comes into her chat because of what rests beside it.

    Proves: P7, P12
    """
    await asks(talk, row)
    await talk.rest()
    talk.world.clock.pass_(hours=21, minutes=20)
    await talk.type("/start")
    talk.world.clock.pass_(minutes=20)

    assert len(await talk.world.intake.reminders()) == 1
    assert await looks(talk) == []


async def test_a_paused_round_reminds_nobody(talk: Talk, row: RoundRow) -> None:
    """While the round rests there is nothing to come back to; when it goes on, so does what was due. Proves: P7."""
    await asks(talk, row)
    talk.world.clock.pass_(hours=22)
    talk.world.move(row, RoundState.PAUSED)
    assert await looks(talk) == []
    talk.world.move(row, RoundState.OPEN)

    assert await looks(talk) == [REMINDER]


async def test_it_is_said_in_her_language(talk: Talk, row: RoundRow) -> None:
    """Whoever chose another language of the round is reminded in it. Proves: P7."""
    await talk.begin(row.code)
    await talk.consent()
    await talk.type("/language")
    await talk.press("العربية")
    await talk.type("/pause")
    await talk.press(talk.card.labels[1])
    talk.world.clock.pass_(hours=22)
    (said,) = await looks(talk)

    assert said.lstrip("\u200f").startswith("مرحبًا")


async def test_the_chat_is_only_in_the_draft(talk: Talk, row: RoundRow) -> None:
    """What is due names a pseudonym and a coarse time; with the draft goes all of it.

    Proves: D2
    """
    await asks(talk, row)
    ((job, subject, slot),) = talk.world.rows(due)
    assert job == "reminder"
    assert subject in [key for key, *_ in talk.world.rows(drafts)]
    assert isinstance(slot, int)
    assert slot % 600 == 0
    talk.world.clock.pass_(hours=25)
    await talk.world.keep_house()

    assert talk.world.rows(due) == talk.world.rows(drafts) == []


@pytest.fixture(autouse=True)
def unheard() -> Iterator[None]:
    """What is logged is nobody's business here."""
    with structlog.testing.capture_logs():
        yield


class _House:
    """As many reminders as there are, and a line for each."""

    def __init__(self, count: int) -> None:
        self.due = [Reminder(number, None) for number in range(1, count + 1)]  # type: ignore[arg-type] # nobody looks inside

    async def reminders(self) -> tuple[Reminder, ...]:
        return tuple(self.due)

    async def remind(self, one: Reminder) -> Outcome | None:
        from bot.participant.render import line as said

        self.due.remove(one)
        return Outcome(one.chat_id, one.chat_id, card=said(texts.REMINDER, ("en",)), once=True, remember=b"r")


async def test_a_message_nobody_can_be_sure_of_is_not_sent_again() -> None:
    """It goes out silent and protected; where Telegram does not answer it may have arrived, and no second one follows.

    Proves: P7, T6, T4
    """
    house = _House(3)
    async with line() as (telegram, bot):
        telegram.script["sendMessage"] += [
            refused(502, "Bad Gateway"),
            refused(429, "Too Many Requests", retry_after=1),
        ]
        await Reminding(house, house, Speaker(bot, Cards(), Naps()), Naps()).once(lambda: True)

    sent = [params for name, params in telegram.calls if name == "sendMessage"]
    assert [params["chat_id"] for params in sent] == [1, 2, 2, 3]
    assert all(params["disable_notification"] and params["protect_content"] for params in sent)


async def test_while_the_line_is_down_nothing_is_used_up() -> None:
    """Where Telegram cannot be reached, or this process leads no more, what is due stays due. Proves: P7, S1."""
    house = _House(2)
    async with line() as (telegram, bot):
        mouth = Speaker(bot, Cards(), Naps())
        telegram.script["getMe"] += [refused(502, "Bad Gateway")] * 4
        await Reminding(house, house, mouth, Naps()).once(lambda: True)
        assert len(house.due) == 2
        await Reminding(house, house, mouth, Naps()).once(lambda: False)
        assert len(house.due) == 2
        await Reminding(house, house, mouth, Naps()).once(lambda: True)
    await asyncio.sleep(0)

    assert house.due == []


async def test_reminders_that_nobody_looked_for_in_time_are_told_without_their_number(
    talk: Talk, row: RoundRow
) -> None:
    """After an outage the log says by how much they are late, and not how many they are. Proves: S1, D6."""
    await asks(talk, row)
    talk.world.clock.pass_(hours=22, minutes=50)
    found = await talk.world.intake.reminders()
    house = _House(2)
    house.due = [replace(one, late=found[0].late) for one in house.due]
    async with line() as (_telegram, bot):
        with structlog.testing.capture_logs() as lines:
            await Reminding(house, house, Speaker(bot, Cards(), Naps()), Naps()).once(lambda: True)

    assert found[0].late == 3_000
    assert [(one["event"], one["code"], one["seconds"], len(one)) for one in lines] == [("late", "reminder", 3_000, 4)]

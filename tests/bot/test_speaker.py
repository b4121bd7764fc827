"""Replies reach the chat however badly the line behaves."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.participant.outcome import Outcome
from bot.participant.pace import CALM, RATE, Pace
from bot.participant.render import Card, Range
from bot.participant.speaker import Speaker
from bot.simulator.limits import OVERALL_BURST, OVERALL_RATE, Bucket
from flows.events import Control
from storage.errors import StorageRefused
from storage.values import SweepItem
from tests.bot.line import Answer, Json, Line, line, ok, refused

CARD = Card("Hello", (Range("bold", 0, 5),), ((("Yes", Control.YES), ('N"o', Control.NO)), (("Stop", Control.STOP),)))
TOKENS = ("x" * 24, "y" * 24, "z" * 24)


@dataclass
class Names:
    """What Telegram calls recordings."""

    known: dict[bytes, str] = field(default_factory=dict)

    def get(self, digest: bytes) -> str | None:
        return self.known.get(digest)

    async def keep(self, digest: bytes, file_id: str) -> None:
        self.known[digest] = file_id

    async def forget(self, digest: bytes, file_id: str) -> None:
        assert self.known[digest] == file_id
        del self.known[digest]


@dataclass
class Cards:
    """Remembers what it is told."""

    told: list[int] = field(default_factory=list)
    lines: list[tuple[int, timedelta]] = field(default_factory=list)
    before: int | None = None
    """The card that stood there before."""
    box: list[SweepItem] = field(default_factory=list)
    sounds: dict[bytes, bytes] = field(default_factory=dict)
    names: "Names" = field(default_factory=Names)
    wanted: tuple[bytes, ...] = (b"card",)
    stays: bytes = b"card"
    """The card below which a voice may stand once it is there."""
    heard: list[int | None] = field(default_factory=list)

    async def card_sent(self, *, user_id: int, round_id: bytes, message_id: int) -> int | None:
        assert user_id
        assert round_id
        self.told.append(message_id)
        return self.before

    async def line_sent(self, *, chat_id: int, message_id: int, later: timedelta) -> None:
        assert chat_id
        self.lines.append((message_id, later))

    @property
    def uploads(self) -> "Names":
        return self.names

    async def recording(self, round_id: bytes, digest: bytes) -> bytes:
        assert round_id
        if digest not in self.sounds:
            raise StorageRefused("no-such-recording")
        return self.sounds[digest]

    async def recording_wanted(self, *, user_id: int, round_id: bytes, nonce: bytes) -> bool:
        assert user_id
        assert round_id
        return nonce in self.wanted

    async def recording_sent(self, *, user_id: int, round_id: bytes, nonce: bytes, message_id: int | None) -> bool:
        assert user_id
        assert round_id
        self.heard.append(message_id)
        return nonce == self.stays

    async def of_chat(self, chat_id: int) -> tuple[SweepItem, ...]:
        return tuple(item for item in self.box if item.chat_id == chat_id)

    async def swept(self, ids: Sequence[bytes]) -> None:
        self.box = [item for item in self.box if item.id not in ids]


@dataclass
class Naps:
    """Time that does not pass, but is counted."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@asynccontextmanager
async def speaking() -> AsyncIterator[tuple[Line, Speaker, Cards, Naps]]:
    """A speaker on a scripted line."""
    async with line() as (telegram, bot):
        cards, naps = Cards(), Naps()
        yield telegram, Speaker(bot, cards, naps), cards, naps


def outcome(**changes: object) -> Outcome:
    """A card for chat 1."""
    return Outcome(**({"chat_id": 1, "user_id": 1, "card": CARD, "tokens": TOKENS} | changes))  # type: ignore[arg-type]  # tests name fields


async def test_a_new_card_is_protected_silent_and_without_preview_or_markup() -> None:
    """Every message the bot sends can be neither forwarded nor heard, and holds no markup. Proves: T6."""
    async with speaking() as (telegram, say, cards, _):
        await say.say(outcome(remember=b"r"))

    (name, sent), *_ = telegram.calls
    assert name == "sendMessage"
    assert sent["protect_content"] is True
    assert sent["disable_notification"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert "parse_mode" not in sent
    assert sent["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "x" * 24}, {"text": 'N"o', "callback_data": "y" * 24}],
        [{"text": "Stop", "callback_data": "z" * 24}],
    ]
    assert cards.told == [1001]


async def test_toast_card_and_deletion_go_out_together() -> None:
    """None of the three waits for another: one round trip for a tap."""
    together = asyncio.Barrier(3)

    async def meet(_params: Json) -> Answer:
        async with asyncio.timeout(5):
            await together.wait()
        return ok()

    async with speaking() as (telegram, say, _, _):
        for name in ("answerCallbackQuery", "editMessageText", "deleteMessages"):
            telegram.script[name].append(meet)
        await say.say(outcome(edit=5, callback_id="c", toast="noted", delete=(7, 8)))

    assert sorted(telegram.names()) == ["answerCallbackQuery", "deleteMessages", "editMessageText"]


async def test_an_unchanged_card_is_fine_and_a_lost_one_is_sent_anew() -> None:
    """Telegram's *not modified* is success; *not found* and *can't be edited* make a new message. Proves: S1."""
    async with speaking() as (telegram, say, cards, _):
        telegram.script["editMessageText"] += [
            refused(400, "Bad Request: message is not modified"),
            refused(400, "Bad Request: message to edit not found"),
            refused(400, "Bad Request: message can't be edited"),
        ]
        for _ in range(3):
            await say.say(outcome(edit=5, remember=b"r"))

    assert telegram.names() == ["editMessageText"] * 2 + ["sendMessage"] + ["editMessageText", "sendMessage"]
    assert cards.told == [5, 1001, 1002]


async def test_flood_is_waited_for_and_trouble_tried_again() -> None:
    """`retry_after` is obeyed, 5xx is tried again with longer pauses, and then let go. Proves: T4, S1."""
    async with speaking() as (telegram, say, _, naps):
        telegram.script["editMessageText"] += [
            refused(429, "Too Many Requests", retry_after=7),
            refused(502, "Bad Gateway"),
            (200, b"{broken"),
            ok(),
        ]
        await say.say(outcome(edit=5))
        telegram.script["editMessageText"] += [refused(502, "Bad Gateway")] * 9
        await say.say(outcome(edit=5))

    assert [nap for nap in naps.taken if nap in {7.0, 0.25, 0.5, 1.0}] == [7.0, 0.25, 0.5, 0.25, 0.5, 1.0]
    assert telegram.names() == ["editMessageText"] * 8


async def test_a_crowd_that_is_too_fast_is_answered_to_the_last() -> None:
    """Ninety people tap within one moment, and Telegram takes thirty a second: each gets her card. Proves: T4, S1."""
    pail = Bucket(OVERALL_RATE, OVERALL_BURST)

    async def limited(_params: Json) -> Answer:
        now = asyncio.get_running_loop().time()
        wait = pail.wait(now)
        if wait > 0:
            return refused(429, "Too Many Requests", retry_after=math.ceil(wait))
        pail.add(now)
        return ok()

    async with line() as (telegram, bot):
        say = Speaker(bot, Cards())
        telegram.script["editMessageText"].extend([limited] * 1_000)
        await asyncio.gather(*(say.say(outcome(chat_id=chat, edit=5)) for chat in range(1, 91)))
        taken = 1_000 - len(telegram.script["editMessageText"])

    assert telegram.names() == ["editMessageText"] * taken
    assert taken < 90 + 60 + 20, "those who were refused did not come again all at once"


async def test_who_stops_or_needs_help_waits_for_nobody() -> None:
    """While cards go out at a pace, an outcome that goes first is said before those that wait. Proves: T4."""
    async with line() as (telegram, bot):
        say = Speaker(bot, Cards())
        telegram.script["editMessageText"].append(refused(429, "Too Many Requests", retry_after=1))
        await say.say(outcome(edit=5, chat_id=99))
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 21):
                group.create_task(say.say(outcome(edit=5, chat_id=chat)))
            await asyncio.sleep(0.05)
            await say.say(outcome(edit=5, chat_id=77, first=True))

    order = [params["chat_id"] for _, params in telegram.calls]
    assert len(order) == 23
    assert order.index(77) < order.index(20)


async def test_refused_once_cards_go_one_behind_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a refusal on, cards keep order and distance; stopping, hiding and help wait for nobody. Proves: T4."""
    clock, naps = [1_000.0], Naps()
    monkeypatch.setattr("bot.participant.pace._now", lambda: clock[0])
    pace = Pace(naps)
    await pace.turn(first=False)
    pace.refused(3)
    for first in (False, False, True, False):
        await pace.turn(first=first)
    clock[0] += 3 + CALM
    await pace.turn(first=False)

    assert naps.taken == pytest.approx([1 / RATE, 3 / RATE])


async def test_a_blocked_chat_is_left_alone() -> None:
    """Whoever blocked the bot hears nothing more of this turn, and nothing breaks. Proves: T1."""
    async with speaking() as (telegram, say, cards, _):
        telegram.script["editMessageText"].append(refused(403, "Forbidden: bot was blocked by the user"))
        await say.say(outcome(edit=5, callback_id="c", delete=(7,)))

    assert "sendMessage" not in telegram.names()
    assert cards.told == []


async def test_a_group_is_left_without_a_word() -> None:
    """Only `leaveChat` goes out. Proves: T1."""
    async with speaking() as (telegram, say, _, _):
        await say.say(Outcome(-5, 0, leave=True))

    assert telegram.calls == [("leaveChat", {"chat_id": -5})]


async def _say_three(say: Speaker, telegram: Line, *, passing: bool) -> list[str]:
    """Three cards, the second of which waits behind the first while the third comes; the texts that went out."""
    gate = asyncio.Event()

    async def held(_params: Json) -> Answer:
        await gate.wait()
        return ok()

    telegram.script["editMessageText"].append(held)
    async with asyncio.TaskGroup() as group:
        for text in ("first", "second", "third"):
            group.create_task(say.say(outcome(edit=5, card=Card(text), tokens=(), passing=passing)))
            await asyncio.sleep(0.05)
        gate.set()
    return [params["text"] for _, params in telegram.calls]


async def test_edits_coalesce_to_the_latest_card() -> None:
    """A card that a newer one overtakes while it waits is left out; order is kept. Proves: T4."""
    async with speaking() as (telegram, say, _, _):
        assert await _say_three(say, telegram, passing=True) == ["first", "third"]


async def test_a_receipt_is_never_left_out() -> None:
    """What is said only once is said, whatever comes after it. Proves: S1."""
    async with speaking() as (telegram, say, _, _):
        assert await _say_three(say, telegram, passing=False) == ["first", "second", "third"]


async def test_new_messages_of_one_chat_are_a_second_apart() -> None:
    """The second new message waits, an edit and another chat do not. Proves: T4."""
    async with speaking() as (_, say, _, naps):
        await say.say(outcome())
        await say.say(outcome(chat_id=2))
        await say.say(outcome(edit=5))
        assert naps.taken == []
        await say.say(outcome())

    assert len(naps.taken) == 1
    assert 0.5 < naps.taken[0] <= 1.0


async def test_many_messages_are_deleted_a_hundred_at_a_time() -> None:
    """Telegram takes a hundred ids a call; the answer says whether all went. Proves: P4."""
    async with speaking() as (telegram, say, _, _):
        assert await say.clear(1, tuple(range(1, 251)))
        telegram.script["deleteMessages"] += [ok(), refused(403, "Forbidden: bot was blocked by the user")]
        assert not await say.clear(1, tuple(range(1, 151)))

    assert [len(params["message_ids"]) for _, params in telegram.calls] == [100, 100, 50, 100, 50]

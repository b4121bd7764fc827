"""A preview shows what the bot shows: the same dialogue with both, the bot with its storage, the preview without."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from bot.participant import texts
from bot.participant.conversation import Conversation
from bot.participant.render import line, say
from bot.participant.spoken import Spoken
from bot.preview.memory import CODE
from bot.preview.phone import Preview
from bot.preview.record import Happened
from bot.simulator import driver
from bot.simulator import world as simulated
from bot.simulator.chats import Person
from bot.simulator.driver import NothingHappenedError, Screen
from flows.events import Control
from flows.prompts import Taken, nothing, taken
from locales.catalog import catalogue
from storage.rounds import RoundRow
from tests.bot.talk import Standing, Talk
from tests.bot.test_chat import Stage, bot
from tests.storage.asked import CONSULTATION
from tests.storage.world import World
from tests.support.examples import aloud

Shown = list[tuple[str, tuple[str, ...]]]
"""What stands in a chat: each message of the bot, with the labels of its buttons."""


def unmarked(text: str) -> str:
    """A text without marks of direction at its ends, which a server may trim."""
    return text.strip().strip("\u200e\u200f")


@dataclass
class Beside:
    """One person in a preview."""

    preview: Preview
    person: Person
    happened: list[Happened]

    @classmethod
    def of(cls, asked: Taken) -> "Beside":
        """Somebody who has not written yet."""
        happened: list[Happened] = []

        def keep(_person: int, one: Happened) -> None:
            happened.append(one)

        preview = Preview(asked, simulated.World(time.time, history=True), keep)
        return cls(preview, preview.person(), happened)

    @property
    def shown(self) -> Shown:
        """What stands in the chat, the oldest message first."""
        return [
            (unmarked(message.content.get("text", "")), labels(message.keyboard or []))
            for message in reversed(list(self.preview.chat(self.person).visible()))
            if message.from_bot and message.kind == "text"
        ]

    @property
    def voices(self) -> int:
        """How many recordings stand in the chat."""
        return sum(one.kind == "voice" for one in self.preview.chat(self.person).visible())

    @property
    def own(self) -> int:
        """How many of her own messages stand in the chat."""
        return sum(not one.from_bot for one in self.preview.chat(self.person).visible())

    async def do(self, doing: str) -> None:
        """One thing that she does: `say …`, `tap …`, `photo`, `block`, `unblock`."""
        verb, _, words = doing.partition(" ")
        hands = self.preview.hands(self.person)
        match verb:
            case "say":
                hands.say(words)
            case "tap":
                hands.press(None, label=words, index=None, past=None)
            case "photo":
                hands.send("photo", {})
            case _:
                hands.block()
        await self.preview.answer()


def labels(keyboard: list[list[Any]]) -> tuple[str, ...]:
    """The labels of a keyboard, row by row."""
    return tuple(button["text"] for row in keyboard for button in row)


@dataclass
class Bot:
    """One person with the bot's conversation over a database."""

    talk: Talk

    @property
    def shown(self) -> Shown:
        """What stands in the chat, the oldest message first."""
        standing = sorted(self.talk.standing.items())
        return [(unmarked(message.text), message.labels) for _, message in standing]

    async def do(self, doing: str) -> None:
        """The same things."""
        verb, _, words = doing.partition(" ")
        match verb:
            case "say":
                await self.talk.type(words)
            case "tap":
                await self.talk.press(words)
            case "photo":
                await self.talk.attach()
            case _:
                await self.talk.block()
        if self.talk.said[-1].wipe:  # what the speaker says after emptying a chat; the talk has no speaker
            message = next(self.talk.messages)
            self.talk.standing[message] = Standing(line(texts.WIPED, ("en", "ar")).text, ())
            await self.talk.world.intake.line_sent(chat_id=self.talk.user, message_id=message)


WORDS = ("hello", "stop", "hide", "pause", "support", "language", "skip", "back", "/help", "/reader", "/start", "رجوع",
         f"/start {CODE}", "/results", "/withdraw", "12345 67890", "x" * 300)  # fmt: skip
FINAL = {say(catalogue(one, texts.DOMAIN), texts.CONTROLS[Control.SEND]) for one in ("en", "ar")}
"""*Send*: after it stand a receipt and endings, which are drawn by lot."""


def next_doing(draw: random.Random, shown: Shown) -> str:
    """Mostly a button of the newest card; now and then words, or a picture."""
    possible = [label for label in shown[-1][1] if label not in FINAL] if shown else []
    if possible and draw.random() < 0.8:
        return f"tap {draw.choice(possible)}"
    return draw.choice((*(f"say {one}" for one in WORDS), "photo"))


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_somebody_does_the_preview_shows_what_the_bot_shows(seed: int, world: World) -> None:
    """Sixty taps, words and pictures at random: the same messages and buttons stand in both chats. Proves: F8."""
    row = world.open_round(CONSULTATION)
    speaking = Conversation(world.intake, world.rounds, world.clock, Spoken(world.rounds.all))
    ours, theirs = Beside.of(taken(CONSULTATION, nothing)), Bot(Talk(world, speaking))
    draw = random.Random(seed)
    doings = ["say /start", *([] if seed % 3 else ["tap English", "tap Yes", "tap 18 or over", *CONSENTING])]

    for number in range(60):
        doing = doings[number] if number < len(doings) else next_doing(draw, ours.shown)
        await ours.do(doing)
        await theirs.do(doing.replace(CODE, row.code))
        assert ours.shown == theirs.shown, (number, doing)
        assert (ours.happened[-1].said.toast or "") == (theirs.talk.said[-1].toast or ""), (number, doing)
        if not doing.startswith("tap"):
            assert ours.happened[-1].own == (theirs.talk.last in theirs.talk.said[-1].delete), (number, doing)


CONSENTING = ("tap Continue", "tap Yes", "tap No", "tap Yes", "tap No", "tap No", "tap No", "tap No")
WHOLE = (
    "say /start", "tap English", "tap Yes", "tap 18 or over", *CONSENTING, "photo", "tap north", "tap ◂ Back",
    "tap south", "say peace", "tap ◂ Back", "tap Language", "tap العربية",
)  # fmt: skip


@pytest.mark.slow
async def test_one_dialogue_with_the_real_bot_and_with_the_preview(stage: Stage, row: RoundRow) -> None:
    """The bot as a process, over HTTP, on a database, and the preview: the same, message by message. Proves: F8."""
    ours = Beside.of(taken(CONSULTATION, nothing))
    async with bot(stage):
        amina = await stage.person()
        for doing in WHOLE:
            await ours.do(doing)
            verb, _, words = doing.partition(" ")
            if verb == "say":
                await amina.say(words)
            elif verb == "tap":
                await amina.press(words)
            else:
                await amina.send("photo")
            await settled(amina, ours)
    assert row.id


async def settled(amina: driver.Person, ours: Beside) -> None:
    """Waits until the bot's chat shows what the preview shows; the difference where it never does."""
    with suppress(NothingHappenedError):
        await amina.wait(lambda screen: standing(screen) == (ours.shown, ours.own))
    assert standing(await amina.chat()) == (ours.shown, ours.own)


def standing(screen: Screen) -> tuple[Shown, int]:
    """What stands in a chat of the simulator, and how many of her own messages."""
    visible = [message for message in screen.messages if not message.deleted]
    shown = [(unmarked(one.text), labels(one.raw["keyboard"])) for one in visible if one.from_bot]
    return shown, sum(not one.from_bot for one in visible)


async def test_a_recording_is_heard_once_and_goes_with_its_card() -> None:
    """*Listen* sends the recording of the card, a second press sends no second one, and the next card takes it away."""
    ours = Beside.of(aloud())
    for doing in ("say /start", "tap English", "tap Yes"):
        await ours.do(doing)

    heard = []
    for doing in ("tap Listen", "tap Listen", "tap 18 or over"):
        await ours.do(doing)
        heard.append(ours.voices)

    assert heard == [1, 1, 0]
    assert len(ours.preview.world.files) == 1

"""Hiding and resting as real processes do them, seen by a person of the simulator; the bot's clock is a file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.participant import texts
from bot.simulator.driver import Person, Screen
from tests.bot.test_chat import Stage, bot, card, stage, tap

__all__ = ["stage"]
pytestmark = pytest.mark.slow

HOUR = 3_600
PATIENT = 30.0
BY_THE_CLOCK = """
import os, pathlib
from datetime import timedelta
from bot.participant import app, sweeper
real, file = app.now, pathlib.Path(os.environ["CLOCK"])
app.now = lambda: real() + timedelta(seconds=float(file.read_text()))
sweeper.EVERY = 0.2
app.serve(None)
"""
"""The bot with a clock that the test sets, and a sweeper that looks at it often."""


class Clock:
    """How far the bot's clock is ahead."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.set(0)

    def set(self, seconds: float) -> None:
        """Moves it."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.file)


@asynccontextmanager
async def timed(stage: Stage, clock: Clock) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot that goes by the clock."""
    async with bot(stage, BY_THE_CLOCK, CLOCK=str(clock.file)) as process:
        yield process


async def asked(stage: Stage, person: Person) -> str:
    """A stranger's word, and a conversation as far as the second question; that question."""
    await person.say("/help")
    await card(person, "/stop")
    await person.start(stage.row.code)
    await card(person, "Please choose a language")
    for label, then in (("English", texts.SAFE.text), ("Yes", texts.AGE.text), ("18 or over", "Who asks and why"),
                        ("Continue", texts.CHECKS[0].text), ("Yes", texts.CHECKS[1].text),
                        ("No", "May we count?"), ("Yes", "May we paraphrase?")):  # fmt: skip
        await tap(person, label, then)
    for purpose in ("quote", "other_processes", "results"):
        await tap(person, "No", f"May we {purpose}?")
    await tap(person, "No", "Where?")
    return await tap(person, "north", "What should change?")


def nothing_left(seen: Screen) -> bool:
    """Whether only the last line stands."""
    return [texts.WIPED.text in one.text and not one.labels for one in seen.visible] == [True]


async def test_a_hidden_chat_is_empty(stage: Stage, tmp_path: Path) -> None:
    """Both sides' messages go, also those outside the conversation; a minute later the last line has gone, too.

    Proves: P3
    """
    clock = Clock(tmp_path)
    async with timed(stage, clock):
        amina = await stage.person()
        question = await asked(stage, amina)
        await amina.press("Hide")
        seen = await amina.wait(nothing_left, PATIENT)
        async with asyncio.timeout(PATIENT):
            while len(await stage.world.intake.of_chat(amina.id)) != 1:  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.05)
        clock.set(61)
        await amina.wait(lambda screen: not screen.visible, PATIENT)
        await amina.start(stage.row.code)
        await card(amina, "Please choose a language")
        await tap(amina, "English", texts.SAFE.text)
        again = await tap(amina, "Yes", "What should change?")

    assert all(message.deleted for message in seen.messages[:-1])
    assert seen.messages[-1].raw["protected"]
    assert again == question


async def test_hiding_outlives_the_process(stage: Stage, tmp_path: Path) -> None:
    """Killed after the commit and before Telegram deleted anything: the next process empties the chat.

    Proves: P3, S1
    """
    clock = Clock(tmp_path)
    amina = await stage.person()
    async with timed(stage, clock) as process:
        await asked(stage, amina)
        await stage.driver.faults({"kind": "server_error", "methods": ["deleteMessages"], "probability": 1.0})
        await amina.press("Hide")
        async with asyncio.timeout(PATIENT):
            while not await stage.driver.calls("deleteMessages"):  # noqa: ASYNC110 - journalled, not announced
                await asyncio.sleep(0.05)
        process.kill()
        await process.wait()
    await stage.driver.faults()
    clock.set(61)
    async with timed(stage, clock):
        await amina.wait(nothing_left, PATIENT)


async def test_what_is_too_old_to_be_deleted_says_nothing(stage: Stage, tmp_path: Path) -> None:
    """After 48 hours Telegram deletes nothing: the card becomes a neutral line without buttons, and young ones go.

    Proves: P3
    """
    clock = Clock(tmp_path)
    async with timed(stage, clock):
        amina = await stage.person()
        await asked(stage, amina)
        await stage.driver.advance(49 * HOUR)
        await amina.say("/hide")
        seen = await amina.wait(lambda screen: any(texts.WIPED.text in one.text for one in screen.visible), PATIENT)

    bots = [one for one in seen.visible if one.from_bot]
    assert len(bots) >= 2
    assert all(not one.labels for one in bots)
    assert all(texts.NEUTRAL.text in one.text or texts.WIPED.text in one.text for one in bots)
    assert [one.text for one in seen.visible if not one.from_bot] == ["/help"]


async def test_half_an_hour_of_silence_makes_the_card_neutral(stage: Stage, tmp_path: Path) -> None:
    """The same message loses its words and buttons; a stranger's chat sees nothing happen.

    Proves: P7
    """
    clock = Clock(tmp_path)
    async with timed(stage, clock):
        amina, other = await stage.person(), await stage.person("Beatriz")
        await asked(stage, amina)
        await other.say("hello")
        before = await other.wait(texts.NEUTRAL.text)
        clock.set(1_790)
        await asyncio.sleep(1.0)
        still = await amina.card()
        clock.set(1_830)
        seen = await amina.wait(texts.NEUTRAL.text, PATIENT)
        after = await other.chat()

    assert still is not None
    assert "What should change?" in still.text
    assert seen.card is not None
    assert (seen.card.id, seen.card.labels) == (still.id, ())
    assert after.revision == before.revision

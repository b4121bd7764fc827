"""The whole bot as a process, over HTTP, against the simulator: what a person sees."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.participant import texts
from bot.simulator.driver import Driver, Person
from bot.simulator.server import Simulator, running
from flows.answers import Chosen, Said
from storage.rounds import RoundRow
from tests.storage.world import BOT, World

pytestmark = pytest.mark.slow

TOKEN = f"{BOT}:" + "x" * 30
WEBHOOK_SECRET = "s3cret"  # noqa: S105 - opens nothing
PLAIN = "from bot.participant.app import serve; serve(None)"
STARTS_WITHIN = 60.0
ENDS_WITHIN = 10.0


@dataclass
class Stage:
    """A simulator, a world beside it, and the environment of a bot that speaks to both."""

    simulator: Simulator
    driver: Driver
    world: World
    row: RoundRow
    environment: dict[str, str]

    async def person(self, name: str = "Amina") -> Person:
        """Somebody new in the bot's chat."""
        return await self.driver.person(name, bot=BOT)


@pytest.fixture
async def stage(world: World, row: RoundRow, url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Everything but the bot."""
    async with running(rate_limits=False) as simulator, Driver(simulator.url) as driver:
        await driver.bot(TOKEN)
        environment = {
            "PATH": os.environ["PATH"],
            "SAUTI_DATABASE_URL": url,
            "SAUTI_BOT_TOKEN": TOKEN,
            "SAUTI_BOT_API_URL": simulator.url,
            "SAUTI_SECRETS_DIR": str(tmp_path / "secrets"),
        }
        yield Stage(simulator, driver, world, row, environment)


@asynccontextmanager
async def bot(stage: Stage, program: str = PLAIN, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot's process once it is ready; ended by SIGTERM, in time and with 0, unless it has ended before."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program,
        env=stage.environment | more, cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), STARTS_WITHIN))
        assert ready["ready"] is True
        yield process
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), ENDS_WITHIN) == 0
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def tap(person: Person, label: str, then: str | Callable[..., bool]) -> str:
    """Presses, waits for what should come, and gives the card's text."""
    await person.press(label)
    return await card(person, then)


async def card(person: Person, then: str | Callable[..., bool]) -> str:
    """Waits for a card and gives its text."""
    screen = await person.wait(then)
    assert screen.card is not None
    return screen.card.text


async def to_consent(person: Person) -> None:
    """From the first card to the first question of consent."""
    await card(person, "Please choose a language")
    await tap(person, "English", texts.SAFE.text)
    await tap(person, "Yes", texts.AGE.text)
    await tap(person, "18 or over", "Who asks and why")
    await tap(person, "Continue", texts.CHECKS[0].text)
    await tap(person, "Yes", texts.CHECKS[1].text)
    await tap(person, "No", "May we count?")


async def whole(person: Person, words: str) -> str:
    """One whole conversation in the example of two questions; the receipt card."""
    await person.start()
    await to_consent(person)
    for purpose in ("paraphrase", "quote", "other_processes", "results"):
        await tap(person, "Yes", f"May we {purpose}?")
    await tap(person, "No", "Where?")
    await tap(person, "north", "What should change?")
    await person.say(words)
    await card(person, texts.REVIEW.text)
    return await tap(person, "Send", texts.SENT.text)


async def test_a_whole_conversation_by_polling_as_a_person_sees_it(stage: Stage) -> None:
    """From the link to the receipt: one card, nothing typed left, sealed and opened. Proves: P4, P5, T6."""
    async with bot(stage):
        amina = await stage.person()
        receipt = await whole(amina, "canary words")
        screen = await amina.wait(lambda seen: len(seen.visible) == 1)
        calls = await stage.driver.calls()

    assert len([message for message in screen.visible if message.from_bot]) == 1
    assert len(receipt.splitlines()[-1].split()) == 9
    assert all(message.raw["protected"] and message.raw["silent"] for message in screen.messages if message.from_bot)
    assert not any("canary" in json.dumps(call["params"]) for call in calls)
    assert not {"getChat", "getFile", "getUserProfilePhotos"} & {call["method"] for call in calls}
    assert stage.world.opened(stage.row) == [(False, (0, Chosen(("north",))), (1, Said("canary words")))]


async def test_the_same_by_webhook(stage: Stage) -> None:
    """Behind a secret, stored before it is answered, and a stranger's request does nothing. Proves: T5."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "SAUTI_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "SAUTI_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        "SAUTI_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    async with bot(stage, **settings):
        await whole(await stage.person(), "by hook")

    assert len(stage.world.opened(stage.row)) == 1


async def test_killed_and_started_again_it_asks_the_current_question(stage: Stage) -> None:
    """What was confirmed stays, what was not is taken again, and she goes on where she was. Proves: S1, T3."""
    amina = await stage.person()
    async with bot(stage) as process:
        await amina.start()
        await to_consent(amina)
        process.kill()
        await process.wait()
    await amina.press("Yes")
    async with bot(stage):
        await card(amina, "May we paraphrase?")


async def test_trouble_on_the_line_loses_and_doubles_nothing(stage: Stage) -> None:
    """Lost replies, 5xx, floods, duplicates and reordering: one response, as it was said. Proves: S1, T3."""
    rules = [
        {"kind": "server_error", "probability": 0.1},
        {"kind": "lost_reply", "probability": 0.1},
        {"kind": "malformed", "probability": 0.05},
        {"kind": "duplicate", "probability": 0.3},
        {"kind": "reorder", "probability": 0.3},
    ]
    async with bot(stage):
        await stage.driver.faults(*rules, seed=7)
        amina = await stage.person()
        await whole(amina, "through trouble")
        await stage.driver.faults()

    assert stage.world.opened(stage.row) == [(False, (0, Chosen(("north",))), (1, Said("through trouble")))]


async def test_a_group_is_left_and_a_picture_removed(stage: Stage) -> None:
    """Nothing is downloaded, groups are left without a word. Proves: T1, P5."""
    async with bot(stage):
        amina = await stage.person()
        await amina.start()
        await card(amina, "Please choose a language")
        await amina.send("photo", caption="canary")
        await amina.wait(lambda seen: all(message.deleted for message in seen.messages if message.kind == "photo"))
        await stage.driver.call("POST", f"/sim/bots/{BOT}/groups", {"person": amina.id})
        async with asyncio.timeout(10):
            while not await stage.driver.calls("leaveChat"):  # noqa: ASYNC110 - calls are journalled, not announced
                await asyncio.sleep(0.05)
        assert not await stage.driver.calls("getFile")


async def test_a_rehearsal_does_not_run_in_front_of_telegram(stage: Stage) -> None:
    """With an open rehearsal and a public Bot API address the bot says so and does not start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", "bot",
        env=stage.environment | {"SAUTI_BOT_API_URL": "https://api.telegram.example"},
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), STARTS_WITHIN)

    assert process.returncode == 2
    assert out == b""
    assert b"rehearsal" in err
    assert b"Traceback" not in err


async def test_a_wrong_token_is_said_without_a_traceback(stage: Stage) -> None:
    """401 from Telegram ends the bot with one sentence that does not hold the token. Proves: S2, D6."""
    await stage.driver.call("POST", f"/sim/bots/{BOT}/revoke", {})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", "bot", env=stage.environment,
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, err = await asyncio.wait_for(process.communicate(), STARTS_WITHIN)

    assert process.returncode == 2
    assert b"Traceback" not in err
    assert b"xxxxxxxx" not in err

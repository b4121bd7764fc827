"""The staff bot as it runs: a process of its own, over real HTTP, beside a simulated Telegram."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pyotp
import pytest

from bot.simulator.driver import Driver, Person, Screen
from bot.simulator.server import running
from bot.staff.settings import StaffBotSettings
from rounds.settings import SettingsError
from storage import staff_offers
from storage.results import Results
from storage.rounds import RoundRow, RoundState
from tests.architecture.house import ROOT
from tests.staff.clock import today
from tests.storage.world import World

TOKEN = "7000000009:" + "s" * 30
PATIENCE = 30.0


def environment(world: World, url: str) -> dict[str, str]:
    """Only what the staff bot needs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    return kept | {
        "SAUTI_DATABASE_URL": world.url, "SAUTI_BOT_API_URL": url, "SAUTI_STAFF_BOT_TOKEN": TOKEN,
        "SAUTI_BOT_NAME": "quiet_bot",
    }  # fmt: skip


async def begun(settings: dict[str, str]) -> asyncio.subprocess.Process:
    """The process, ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sauti", "staff-bot", env=settings, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 60)
    assert json.loads(line)["ready"] is True
    return process


@asynccontextmanager
async def telegram() -> AsyncIterator[tuple[str, Driver]]:
    """A simulated Telegram with the staff bot's token in it."""
    async with running() as simulator, Driver(simulator.url) as driver:
        await driver.bot(TOKEN, username="office_bot")
        yield simulator.url, driver


async def linked(world: World, driver: Driver, name: str = "north-1", role: str = "operator") -> tuple[Person, str]:
    """Somebody whose account is linked, and the second factor."""
    offer = staff_offers.offer(world.engine, name, role, today(), 60)
    person = await driver.person("Amina Khalil", username="amina_of_the_hill")
    await person.say(offer.code)
    await person.wait(name, PATIENCE)
    return person, offer.factor


def with_papers(screen: Screen) -> bool:
    """Whether a document was sent, and the one card stands below it."""
    cards = [one.id for one in screen.visible if one.labels]
    papers = [one.id for one in screen.visible if one.kind == "document"]
    return len(cards) == 1 and bool(papers) and cards > papers


def bare(texts: Sequence[str]) -> str:
    """What stands in a chat, without the marks that keep directions apart."""
    return "\n".join(texts).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.slow
async def test_a_round_is_run_from_a_phone(world: World, row: RoundRow) -> None:  # noqa: PLR0915 - one walk, step by step
    """Linked, looked, rested and started with codes, papers taken, hidden; a stranger sees nothing; 0 after SIGTERM.

    Proves: F1, F3, T1
    """
    name = row.id.hex()[:4]
    world.rounds.set_results(row, Results(summary={"en": "Wells first.", "ar": "الآبار أولا"}))
    async with telegram() as (url, driver):
        process = await begun(environment(world, url))
        try:
            person, factor = await linked(world, driver)
            stranger = await driver.person("Baraka")
            for typed in ("/start", "/rounds", "AAAA-BBBB-CCCC-DDDD"):
                await stranger.say(typed)

            await person.press(name)
            await person.wait("Count", PATIENCE)
            await person.press("Rest")
            await person.wait("six digits", PATIENCE)
            code = pyotp.TOTP(factor).now()
            await person.say(code)
            rested = await person.wait("Done", PATIENCE)
            rested = await person.wait(lambda screen: code not in bare([one.text for one in screen.visible]), PATIENCE)
            at_rest = world.rounds.get(row.id).state

            await person.press(name)
            await person.wait("Document", PATIENCE)
            await person.press("Document")
            await person.wait(with_papers, PATIENCE)
            await person.press("Hide")
            empty = await person.wait(lambda screen: not screen.visible, PATIENCE)

            unmoved = await stranger.chat()
            calls = await driver.calls()
            process.send_signal(signal.SIGTERM)
            ended = await asyncio.wait_for(process.wait(), 10)
            log = await process.stderr.read() if process.stderr else b""
        finally:
            if process.returncode is None:
                process.kill()

    assert at_rest is RoundState.PAUSED
    assert len([one for one in rested.visible if one.from_bot]) == 1
    assert empty.messages
    assert [one.from_bot for one in unmoved.messages] == [False] * 3
    assert ended == 0
    spoken = {call["method"].lower() for call in calls}
    assert spoken & {"getchat", "getfile", "getuserprofilephotos", "setmycommands"} == set()
    asked = [call["params"]["allowed_updates"] for call in calls if call["method"].lower() == "getupdates"]
    assert {tuple(json.loads(one) if isinstance(one, str) else one) for one in asked} == {
        ("message", "callback_query", "my_chat_member")
    }
    for word in (b"Amina", b"amina_of_the_hill", str(person.id).encode(), code.encode(), TOKEN.encode(), b"north-1"):
        assert word not in log
    assert {json.loads(line)["event"] for line in log.splitlines()} <= {"ready", "stopping"}


@pytest.mark.slow
async def test_a_lost_phone_is_shut_out_and_wiped(world: World, row: RoundRow) -> None:
    """Unlinked at the command line, the chat empties by itself, a press does nothing, and nobody is remembered."""
    async with telegram() as (url, driver):
        process = await begun(environment(world, url))
        try:
            person, _ = await linked(world, driver)
            before = await person.chat()
            staff_offers.unlink(world.engine, "north-1")
            empty = await person.wait(lambda screen: not screen.visible, PATIENCE)
            while staff_offers.everybody(world.engine, today()):  # noqa: ASYNC110 - another process writes there
                await asyncio.sleep(0.05)
            await person.say("/rounds")
            await linked(world, driver, "north-2")
            after = await person.chat()
        finally:
            process.kill()
            await process.wait()

    assert before.visible
    assert empty.messages
    assert [one.text for one in after.visible] == ["/rounds"], "whoever was linked after this was answered, she was not"
    assert world.rounds.get(row.id).state is RoundState.OPEN


@pytest.mark.slow
async def test_a_killed_process_goes_on_where_it_was(world: World, row: RoundRow) -> None:
    """After kill -9 the next process knows the account and draws one card anew; no note comes twice.

    Proves: S1
    """
    async with telegram() as (url, driver):
        first = await begun(environment(world, url))
        try:
            person, _ = await linked(world, driver)
        finally:
            first.kill()
            await first.wait()
        second = await begun(environment(world, url))
        try:
            await person.press("Language")
            screen = await person.wait("Your list", PATIENCE)
            screen = await person.wait(
                lambda one: len([each for each in one.visible if each.labels]) == 1, PATIENCE
            )  # fmt: skip
        finally:
            second.kill()
            await second.wait()

    notes = [one for one in screen.messages if "Daily note" in one.text]
    assert len(notes) <= 1
    assert row.id.hex()[:4] in bare([one.text for one in screen.visible])


WRONG = [("SAUTI_STAFF_BOT_TOKEN", "none"), ("SAUTI_STAF_BOT_TOKEN", "1:x"), ("SAUTI_BOT_NAME", "a b")]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_settings_that_cannot_be_used_are_named(
    world: World, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """A token that is none, a misspelt name, and a user name that is none are refused by their names."""
    for known, usual in environment(world, "http://127.0.0.1:9").items():
        monkeypatch.setenv(known, usual)
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name) as refused:
        StaffBotSettings.read()
    assert value not in str(refused.value).split()

"""What may be asked of a running bot: whether it is well, and numbers that betray nobody."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import insert

from bot.health import SILENCE, Pulse, Vitals, answering, application
from bot.participant.numbers import Numbers
from storage.database import writing
from storage.rounds import RoundRow, RoundState
from storage.tables import participation
from storage.times import DAY
from tests.bot.talk import Talk
from tests.storage.world import CLOCK, World

NUMBERS = {
    "sauti_storage_up", "sauti_telegram_up", "sauti_leads", "sauti_disk_free_gib", "sauti_rounds",
    "sauti_sent_yesterday", "sauti_late_seconds",
}  # fmt: skip
"""Every number there is. Whoever adds one here has to say why it does not move when somebody answers."""


class Seconds:
    """Real time that passes when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def watched(world: World, pulse: Pulse | None = None) -> AsyncIterator[str]:
    """The address of a bot that is watched."""
    vitals = Vitals(lambda: world.writer.do(lambda _connection: None), pulse)
    numbers = Numbers(world.rounds, Path("/"), lambda: True, world.clock)
    async with answering(application(vitals, numbers.told), "127.0.0.1:0") as told:
        yield told["health"]


async def asked(address: str) -> tuple[int, str]:
    """Status and body."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


async def test_a_bot_that_is_well_says_so(world: World) -> None:
    """Storage keeps and Telegram answers: 200, and nothing ails."""
    async with watched(world, Pulse()) as address:
        assert await asked(f"{address}/healthz") == (200, '{"ok": true, "ails": []}')


async def test_a_bot_that_hears_nothing_is_ill_until_it_does(world: World) -> None:
    """Two silent minutes are an illness to a bot that polls, and one word heals it."""
    seconds = Seconds()
    pulse = Pulse(seconds)
    async with watched(world, pulse) as address:
        seconds.now = SILENCE + 1
        ill = await asked(f"{address}/healthz")
        pulse.beat()
        well, _ = await asked(f"{address}/healthz")

    assert ill == (503, '{"ok": false, "ails": ["telegram"]}')
    assert well == 200


async def test_silence_says_nothing_behind_a_webhook(world: World) -> None:
    """Where Telegram calls, nobody can tell a quiet night from a cut line."""
    async with watched(world, None) as address:
        assert (await asked(f"{address}/healthz"))[0] == 200


async def test_a_bot_whose_writer_has_ended_is_ill(world: World) -> None:
    """Storage that takes nothing makes the bot ill, and its numbers are told without those of the database."""
    async with watched(world, Pulse()) as address:
        world.writer.close()
        status, said = await asked(f"{address}/healthz")
        _, numbers = await asked(f"{address}/metrics")

    assert (status, said) == (503, '{"ok": false, "ails": ["storage"]}')
    assert "sauti_storage_up 0.0" in numbers
    assert "sauti_rounds{" not in numbers


async def test_a_writer_that_is_stuck_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that nobody gives back is an illness after some seconds, and asking does not wait for ever."""
    monkeypatch.setattr("bot.health.PATIENCE", 0.05)
    async with watched(world, Pulse()) as address:
        with writing(world.engine):
            ill, _ = await asked(f"{address}/healthz")
        monkeypatch.setattr("bot.health.PATIENCE", 20.0)
        well, _ = await asked(f"{address}/healthz")

    assert (ill, well) == (503, 200)


async def test_every_number_is_on_the_list(world: World, row: RoundRow) -> None:
    """No number is told that the list above does not have: none of updates, drafts, sends or processor time.

    Proves: D6
    """
    async with watched(world, Pulse()) as address:
        status, said = await asked(f"{address}/metrics")

    assert status == 200
    assert set(re.findall(r"^# TYPE (\S+) gauge$", said, re.MULTILINE)) == NUMBERS
    assert len(re.findall(r"^# TYPE", said, re.MULTILINE)) == len(NUMBERS)
    assert f'sauti_rounds{{state="{RoundState.OPEN}"}} 1.0' in said
    assert f'sauti_sent_yesterday{{round="{row.id.hex()[:8]}"}} 0.0' in said


async def test_no_number_moves_when_somebody_answers(world: World, talk: Talk, row: RoundRow) -> None:
    """Before, in the middle of and after a conversation the numbers are the same bytes.

    Proves: D6, F3
    """
    async with watched(world, Pulse()) as address:
        before = await asked(f"{address}/metrics")
        await talk.begin(row.code)
        await talk.consent()
        during = await asked(f"{address}/metrics")
        await talk.answer_all("what should change")
        await talk.send()
        after = await asked(f"{address}/metrics")

    assert before == during == after


async def test_participation_is_told_late_and_in_tens(world: World, row: RoundRow) -> None:
    """What was noted two days ago is told; what was noted today is not.

    Proves: F3
    """
    with writing(world.engine) as connection:
        connection.execute(insert(participation).values(round=row.id, day=int(CLOCK.timestamp()) // DAY, tens=20))
    async with watched(world, Pulse()) as address:
        _, today = await asked(f"{address}/metrics")
        world.clock.now += timedelta(days=2)
        _, later = await asked(f"{address}/metrics")

    assert f'sauti_sent_yesterday{{round="{row.id.hex()[:8]}"}} 0.0' in today
    assert f'sauti_sent_yesterday{{round="{row.id.hex()[:8]}"}} 20.0' in later


async def test_nothing_else_is_served(world: World) -> None:
    """Every other address is 404, and nothing can be sent."""
    async with watched(world, Pulse()) as address, aiohttp.ClientSession() as session:
        assert (await asked(f"{address}/"))[0] == 404
        async with session.post(f"{address}/healthz") as answer:
            assert answer.status == 405


async def test_a_bot_that_keeps_its_numbers_tells_whether_it_is_well(world: World) -> None:
    """Where there are no numbers, there is no address for them; where nothing is set, nothing is served."""
    vitals = Vitals(lambda: world.writer.do(lambda _connection: None), None)
    async with answering(application(vitals), "127.0.0.1:0") as told:
        well, _ = await asked(f"{told['health']}/healthz")
        none, _ = await asked(f"{told['health']}/metrics")
    async with answering(application(vitals), None) as silent:
        assert silent == {}

    assert (well, none) == (200, 404)

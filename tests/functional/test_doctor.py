"""`sauti doctor` as an operator runs it: beside a Bot API, without one, and with nothing set at all."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from typer.testing import Result

from bot.simulator.server import running
from rounds.health import Check, Grade
from rounds.settings import RoundSettings
from sauti import examining
from sauti.examining import Examined, of_telegram
from tests.functional.conftest import Desk

TOKEN = "424242:a-token-that-only-the-simulator-takes"  # noqa: S105 - the simulator's
NOW = datetime(2026, 11, 27, tzinfo=UTC)


def grades(told: Result) -> dict[str, str]:
    """Grade by name."""
    return {one["name"]: one["grade"] for one in json.loads(told.stdout)["checks"]}


async def doctor(desk: Desk, **settings: str | None) -> Result:
    """The command, while this process goes on serving what it asks."""
    return await asyncio.to_thread(desk.run, "doctor", "--format", "json", **settings)


async def test_a_server_that_is_well(desk: Desk) -> None:
    """Beside a Bot API that knows the token, a server with an open round has nothing bad about it; exit 0."""
    async with running() as simulator:
        told = await doctor(desk, bot_api_url=simulator.url, bot_token=TOKEN)

    found = grades(told)
    assert told.exit_code == 0
    assert set(found.values()) <= {"good", "look"}
    assert [found[name] for name in ("settings", "telegram", "clock", "webhook", "database", "rounds")] == ["good"] * 6


async def test_a_line_that_is_down(desk: Desk) -> None:
    """Where nobody answers, that is bad and exit 1; the rest is still looked at, and no token is told."""
    told = await doctor(desk)

    assert told.exit_code == 1
    assert grades(told)["telegram"] == "bad"
    assert grades(told)["database"] == "good"
    assert "a-token-that" not in told.output


async def test_a_webhook_that_somebody_else_set(desk: Desk) -> None:
    """A bot that polls has no webhook: if Telegram names one, somebody else may hold the token.

    Proves: T5
    """
    async with running() as simulator, aiohttp.ClientSession() as session:
        await session.post(f"{simulator.url}/bot{TOKEN}/setWebhook", json={"url": "http://127.0.0.1:1/theirs"})
        told = await doctor(desk, bot_api_url=simulator.url, bot_token=TOKEN)

    assert grades(told)["webhook"] == "bad"
    assert "theirs" not in told.output


def test_settings_that_cannot_be_used(desk: Desk) -> None:
    """A misspelt setting is the finding, by its name and with the one that may have been meant."""
    told = desk.run("doctor", databse_url="sqlite:////tmp/x")

    assert told.exit_code == 1
    assert "SAUTI_DATABSE_URL; did you mean SAUTI_DATABASE_URL?" in told.stdout


def test_a_machine_without_a_server(desk: Desk) -> None:
    """On a desk, where nothing is set, the machine and its letters are looked at, and nothing is bad."""
    told = desk.run("doctor", **dict.fromkeys(name.removeprefix("SAUTI_").lower() for name in desk.environment))

    assert told.exit_code == 0
    assert "! settings" in told.stdout
    assert "catalogues: 12 languages" in told.stdout


def test_words_for_a_person(desk: Desk) -> None:
    """Each finding is a line with a sign, and what is not good has what to do below it."""
    lines = desk.run("doctor").stdout.splitlines()

    assert all(line[:2] in {"✓ ", "! ", "✗ ", "  "} for line in lines)
    assert all(after.startswith("    ") for line, after in pairwise(lines) if line[0] in "!✗")


ANSWERS: list[tuple[Any, str, Grade]] = [
    ((401, {}, NOW), "telegram", Grade.BAD),
    ((404, {}, NOW), "telegram", Grade.BAD),
    ((502, {}, NOW), "telegram", Grade.BAD),
    ((0, {}, None), "telegram", Grade.BAD),
    ((200, {}, NOW + timedelta(seconds=20)), "clock", Grade.GOOD),
    ((200, {}, NOW - timedelta(seconds=90)), "clock", Grade.LOOK),
    ((200, {}, NOW + timedelta(hours=1)), "clock", Grade.BAD),
    ((200, {}, None), "telegram", Grade.GOOD),
]


@pytest.mark.parametrize(("answer", "name", "grade"), ANSWERS)
def test_what_telegram_says(monkeypatch: pytest.MonkeyPatch, answer: Any, name: str, grade: Grade) -> None:  # noqa: ANN401 - a triple
    """A refused token, a broken line and a clock that is wrong are told apart."""
    monkeypatch.setattr(examining, "_asked", lambda _address: answer)

    assert {one.name: one.grade for one in checks(None)}[name] is grade


@pytest.mark.parametrize(
    ("stands", "wanted", "grade"),
    [
        ("", None, Grade.GOOD),
        ("https://a.example/x", "https://a.example/x", Grade.GOOD),
        ("", "https://a.example/x", Grade.LOOK),
        ("https://b.example/x", "https://a.example/x", Grade.BAD),
        ("https://b.example/x", None, Grade.BAD),
    ],
)
def test_whose_webhook_it_is(
    monkeypatch: pytest.MonkeyPatch, stands: str, wanted: str | None, grade: Grade
) -> None:  # fmt: skip
    """The webhook that Telegram names is the one that is set here, or somebody should know.

    Proves: T5
    """
    monkeypatch.setattr(examining, "_asked", lambda _address: (200, {"url": stands}, NOW))

    found = {one.name: one for one in checks(wanted)}

    assert found["webhook"].grade is grade
    assert "example" not in found["webhook"].finding + found["webhook"].remedy


def checks(webhook: str | None) -> list[Check]:
    """What is found about Telegram."""
    settings = Examined(
        database_url="sqlite:////x",
        secrets_dir="/x",
        bot_token=TOKEN,
        webhook_url=webhook,
        bot_api_url="http://127.0.0.1:9",
    )
    return list(of_telegram(settings, NOW))


def test_a_doctor_needs_no_more_than_the_settings_of_a_round() -> None:
    """What it reads beyond them may be missing."""
    more = Examined.model_fields.keys() - RoundSettings.model_fields.keys()

    assert all(not Examined.model_fields[name].is_required() for name in more)

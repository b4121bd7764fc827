"""Limits and faults: each can be switched on, strikes what it names, and leaves the world as it says."""

import time

import aiohttp
import pytest

from bot.simulator.driver import Driver
from bot.simulator.errors import RECORDED, ControlError, Json, recorded
from bot.simulator.limits import CHAT_BURST, OVERALL_BURST, Limits
from tests.simulator.conftest import Raw


def test_chat_limit_and_its_wait() -> None:
    """A short burst passes, then one a second; the wait asked for is long enough and no longer than a second more."""
    limits, now = Limits(enabled=True), 1_000_000.0
    admitted = [limits.admit(1, 7, "sendmessage", now) for _ in range(CHAT_BURST + 1)]
    assert admitted == [0] * CHAT_BURST + [1]
    assert limits.admit(1, 8, "sendmessage", now) == 0
    assert limits.admit(1, 7, "editmessagetext", now) == 0
    assert limits.admit(1, 7, "sendmessage", now + 1) == 0
    assert limits.admit(1, 7, "sendmessage", now + 1) == 1


def test_overall_limit() -> None:
    """Thirty a second to different people, edits counted, each bot for itself; other calls are free."""
    limits, now = Limits(enabled=True), 1_000_000.0
    admitted = [limits.admit(1, chat, "editmessagetext", now) for chat in range(OVERALL_BURST + 1)]
    assert admitted.count(0) == OVERALL_BURST
    assert limits.admit(2, 1, "sendmessage", now) == 0
    assert limits.admit(1, 1, "answercallbackquery", now) == 0
    over = [
        limits.admit(1, 1000 + second * 30 + n, "sendmessage", now + second) for second in (1, 2) for n in range(30)
    ]
    assert over == [0] * 60


async def test_flood_is_answered_with_retry_after(driver: Driver, raw: Raw) -> None:
    """Too many messages to one chat are refused with 429 and seconds to wait; waiting them helps; a switch ends it."""
    amina = await driver.person()
    await amina.start()
    await driver.call("PUT", "/sim/limits", {"enabled": True})
    answers = [await raw("sendMessage", chat_id=amina.id, text="x") for _ in range(CHAT_BURST + 1)]

    assert [answer["ok"] for answer in answers] == [True] * CHAT_BURST + [False]
    assert answers[-1]["error_code"] == 429
    assert answers[-1]["parameters"] == {"retry_after": 1}
    assert answers[-1]["description"] == "Too Many Requests: retry after 1"
    await driver.advance(1)
    assert (await raw("sendMessage", chat_id=amina.id, text="x"))["ok"]
    await driver.call("PUT", "/sim/limits", {"enabled": False})
    assert all([(await raw("sendMessage", chat_id=amina.id, text="x"))["ok"] for _ in range(10)])


async def test_server_error_does_nothing(driver: Driver, raw: Raw) -> None:
    """A 502 page strikes as often as said, only the methods named, and the call has no effect."""
    amina = await driver.person()
    await amina.start()
    await driver.faults({"kind": "server_error", "methods": ["sendMessage"], "times": 1})
    async with raw.session.post(f"{raw.url}/sendMessage", json={"chat_id": amina.id, "text": "x"}) as answer:
        assert answer.status == 502
        assert answer.content_type == "text/html"
    assert await amina.card() is None
    assert (await raw("sendMessage", chat_id=amina.id, text="y"))["ok"]
    assert (await driver.call("GET", "/sim/faults"))["rules"] == []


@pytest.mark.parametrize(("kind", "effect"), [("lost_reply", True), ("lost_call", False)])
async def test_lost(driver: Driver, raw: Raw, kind: str, *, effect: bool) -> None:
    """A lost reply drops the connection after the call took effect, a lost call before."""
    amina = await driver.person()
    await amina.start()
    await driver.faults({"kind": kind, "methods": ["sendMessage"], "times": 1})
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=amina.id, text="x")
    assert (await amina.card() is not None) is effect


async def test_malformed_reply(driver: Driver, raw: Raw) -> None:
    """A malformed reply is a 200 that is not JSON; the call took effect."""
    amina = await driver.person()
    await amina.start()
    await driver.faults({"kind": "malformed"})
    async with raw.session.post(f"{raw.url}/sendMessage", json={"chat_id": amina.id, "text": "x"}) as answer:
        assert answer.status == 200
        with pytest.raises(ValueError, match="Expecting value"):
            await answer.json()
    assert await amina.card() is not None


async def test_delay(driver: Driver, raw: Raw) -> None:
    """A delay makes the bot wait at least so long."""
    await driver.faults({"kind": "delay", "seconds": 0.15, "methods": ["getMe"]})
    before = time.monotonic()
    await raw("getMe")
    assert time.monotonic() - before >= 0.15


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_recorded_errors(driver: Driver, raw: Raw, name: str) -> None:
    """Each recorded error is answered exactly as it was recorded, parameters included."""
    await driver.faults({"kind": "error", "error": name})
    assert await raw("getMe") == RECORDED[name] == recorded(name).body()


async def test_own_error_body(driver: Driver, raw: Raw) -> None:
    """An error a test brings itself is answered as brought."""
    body = {"error_code": 418, "description": "Teapot", "parameters": {"retry_after": 9}}
    await driver.faults({"kind": "error", "error": body, "methods": ["getMe"]})
    assert await raw("getMe") == {"ok": False, **body}


async def test_duplicates_and_reordering(driver: Driver, raw: Raw) -> None:
    """With both faults on, every update comes at least twice, some batch is out of order, and none is lost."""
    amina = await driver.person()
    said = [(await amina.say(f"word {number}"))["update_id"] for number in range(20)]
    await driver.faults({"kind": "duplicate"}, {"kind": "reorder"}, seed=7)
    seen = list[int]()
    offset = 0
    while batch := (await raw("getUpdates", offset=offset, limit=7))["result"]:
        seen += [update["update_id"] for update in batch]
        offset = max(offset, *(update["update_id"] + 1 for update in batch))
    assert set(seen) == set(said)
    assert all(seen.count(number) >= 2 for number in said)
    assert seen != sorted(seen)


async def test_probability_repeats_with_its_seed(driver: Driver, raw: Raw) -> None:
    """Chance is repeatable: the same seed strikes the same calls."""

    async def run(seed: int) -> list[bool]:
        await driver.faults({"kind": "error", "probability": 0.5}, seed=seed)
        return [(await raw("getMe"))["ok"] for _ in range(30)]

    first, again, other = await run(1), await run(1), await run(2)
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "earthquake"},
        {"kind": "delay", "seconds": 1000},
        {"kind": "delay", "secs": 1},
        {"kind": "error", "error": "unheard of"},
        {"kind": "error", "error": {"description": "no code"}},
        {"kind": "malformed", "probability": 0},
        {"kind": "malformed", "times": 0},
    ],
)
async def test_wrong_rules_are_refused(driver: Driver, rule: Json) -> None:
    """A fault rule that is not understood is refused; silence would look like a bot that survives everything."""
    with pytest.raises(ControlError) as refusal:
        await driver.faults(rule)
    assert refusal.value.code == "bad_fault"


async def test_lost_poll_reply_is_redelivered(driver: Driver, bot: Json, raw: Raw) -> None:
    """Updates whose delivery was lost on the way are delivered again, and confirmed once."""
    amina = await driver.person()
    await amina.say("hello")
    await driver.faults({"kind": "lost_reply", "methods": ["getUpdates"], "times": 1})
    with pytest.raises(aiohttp.ClientError):
        await raw("getUpdates")
    (update,) = (await raw("getUpdates"))["result"]
    await raw("getUpdates", offset=update["update_id"] + 1)
    (row,) = await driver.updates(bot["id"])
    assert row["deliveries"] == 2
    assert row["confirmed"] is not None

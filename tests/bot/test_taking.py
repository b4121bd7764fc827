"""Updates by polling and by webhook: stored before they are confirmed, each person's in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import aiohttp
import pytest
from aiogram import Bot

from bot.participant.conversation import Conversation
from bot.participant.gateway import Gateway
from bot.participant.incoming import Incoming
from bot.participant.outcome import Outcome
from bot.participant.polling import WANTED, poll
from bot.participant.session import Reason, TelegramError
from bot.participant.speaker import Speaker
from bot.participant.webhook import HEADER, LARGEST, application, listening
from storage.errors import StorageRefused, StorageUnavailable
from tests.bot.line import Answer, Json, Line, line, ok, refused
from tests.bot.test_speaker import Cards

SECRET = "s3cret-Word_1"  # noqa: S105 - opens nothing


@dataclass
class Taker:
    """A conversation that notes what it is given, and fails when it is told to."""

    taken: list[Incoming] = field(default_factory=list)
    stored: set[int] = field(default_factory=set)
    trouble: list[Exception] = field(default_factory=list)
    before: Callable[[Incoming], Awaitable[None]] | None = None

    async def handle(self, incoming: Incoming) -> Outcome:
        self.taken.append(incoming)
        if self.before is not None:
            await self.before(incoming)
        if self.trouble:
            raise self.trouble.pop(0)
        self.stored.add(incoming.update_id)
        return Outcome(incoming.chat_id, incoming.user_id, callback_id=incoming.callback_id)


async def _no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


def gateway(bot: Bot, taker: Taker) -> Gateway:
    """The door in front of a taker."""
    return Gateway(bot, cast("Conversation", taker), Speaker(bot, Cards(), _no_sleep))


def update(number: int, user: int = 7, text: str = "hi") -> Json:
    """A text message."""
    chat = {"id": user, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": number, "from": {"id": user, "username": "canary"}, "chat": chat, "text": text},
    }


@asynccontextmanager
async def polled(taker: Taker, batches: list[Answer]) -> AsyncIterator[Line]:
    """Polls the scripted batches, then empty ones, until everything scripted was asked for."""
    async with line() as (telegram, bot):
        telegram.script["getUpdates"] += batches
        stop = asyncio.Event()

        async def ended(_params: Json) -> Answer:
            stop.set()
            return ok([])

        telegram.script["getUpdates"].append(ended)
        await asyncio.wait_for(poll(bot, gateway(bot, taker), stop, _no_sleep), 20)
        yield telegram


def offsets(telegram: Line) -> list[int | None]:
    """The offsets that were asked for."""
    return [params.get("offset") for name, params in telegram.calls if name == "getUpdates"]


async def test_a_batch_is_confirmed_only_after_it_is_stored() -> None:
    """The offset moves on behind the last stored update, and asks for three kinds of updates only. Proves: T3, T1."""
    taker = Taker()

    async def nothing_confirmed_yet(_incoming: Incoming) -> None:
        await asyncio.sleep(0.02)

    taker.before = nothing_confirmed_yet
    async with polled(taker, [ok([update(10), update(11, user=8)]), ok([update(12)])]) as telegram:
        assert offsets(telegram) == [None, 12, 13, 13]
        assert telegram.calls[0][1]["allowed_updates"] == WANTED == ["message", "callback_query", "my_chat_member"]
    assert taker.stored == {10, 11, 12}


async def test_what_could_not_be_stored_is_not_confirmed_and_comes_again() -> None:
    """A full disk costs time and no update: the same offset is asked for until it is stored. Proves: T3, S1."""
    taker = Taker(trouble=[StorageUnavailable()])
    async with polled(taker, [ok([update(10)]), ok([update(10)])]) as telegram:
        assert offsets(telegram) == [None, None, 11, 11]
    assert taker.stored == {10}


async def test_while_many_write_the_next_are_asked_for_early_and_nothing_unfinished_is_confirmed() -> None:
    """With half a batch done the rest comes again, is known, and is not handled twice. Proves: T3."""
    gate, taker, seen = asyncio.Event(), Taker(), list[object]()

    async def second_half_waits(incoming: Incoming) -> None:
        if 50 <= incoming.update_id < 100:
            await gate.wait()

    async def early(params: Json) -> Answer:
        seen.append((params["offset"], len(taker.stored)))
        return ok([update(number, user=number) for number in range(50, 150)])

    async def again(params: Json) -> Answer:
        seen.append((params["offset"], len(taker.stored)))
        asyncio.get_running_loop().call_later(0.05, gate.set)
        return ok([update(number, user=number) for number in range(50, 150)])

    taker.before = second_half_waits
    first = ok([update(number, user=number) for number in range(100)])
    async with line() as (telegram, bot):
        telegram.script["getUpdates"] += [first, early, again]
        stop = asyncio.Event()

        async def ended(_params: Json) -> Answer:
            stop.set()
            return ok([])

        telegram.script["getUpdates"].append(ended)
        await asyncio.wait_for(poll(bot, gateway(bot, taker), stop, _no_sleep), 20)

    assert seen == [(50, 50), (50, 100)]
    assert offsets(telegram)[3:] == [150, 150]
    assert sorted(one.update_id for one in taker.taken) == list(range(150))


async def test_nothing_of_a_batch_is_confirmed_behind_what_was_not_stored() -> None:
    """A full disk in the middle of a busy hour: all that was not confirmed comes again. Proves: T3."""
    asked_early, taker, failures = asyncio.Event(), Taker(), [StorageUnavailable()]

    async def waits_and_fails(incoming: Incoming) -> None:
        if incoming.update_id >= 50:
            await asked_early.wait()
        if incoming.update_id == 60 and failures:
            raise failures.pop()

    async def early(_params: Json) -> Answer:
        asked_early.set()
        return ok([update(number, user=number) for number in range(50, 120)])

    taker.before = waits_and_fails
    first, again = (ok([update(number, user=number) for number in range(*part)]) for part in ((0, 100), (50, 120)))
    async with line() as (telegram, bot):
        telegram.script["getUpdates"] += [first, early, again]
        stop = asyncio.Event()

        async def ended(_params: Json) -> Answer:
            stop.set()
            return ok([])

        telegram.script["getUpdates"].append(ended)
        await asyncio.wait_for(poll(bot, gateway(bot, taker), stop, _no_sleep), 20)

    assert offsets(telegram) == [None, 50, 50, 120, 120]
    assert taker.stored == set(range(120))


async def test_one_garbage_update_does_not_take_the_others_with_it() -> None:
    """Every shape of nonsense is confirmed and dropped; its neighbours are stored. Proves: T3, S2."""
    garbage: list[object] = [{"update_id": 10}, {"update_id": 11, "message": 5}, None, 7, {"update_id": "x"}]
    taker = Taker()
    async with polled(taker, [ok([*garbage, update(12)])]) as telegram:
        assert offsets(telegram)[-1] == 13
    assert taker.stored == {12}


async def test_an_update_that_breaks_us_is_let_go() -> None:
    """A fault of ours, or an impossible verdict, costs one update and not the round. Proves: T3, S1."""
    taker = Taker(trouble=[KeyError("canary"), StorageRefused("response-full")])
    async with polled(taker, [ok([update(10), update(11), update(12)])]) as telegram:
        assert offsets(telegram)[-1] == 13
    assert taker.stored == {12}


async def test_trouble_of_telegram_is_waited_out() -> None:
    """5xx, broken replies, floods, conflicts and batches without a number are asked again. Proves: S1."""
    taker = Taker()
    trouble = [
        refused(502, "Bad Gateway"),
        (200, b"{broken"),
        refused(429, "Too Many Requests", retry_after=3),
        refused(409, "Conflict"),
        ok([{"nothing": 1}]),
        ok("no list"),
    ]
    async with polled(taker, [*trouble, ok([update(10)])]) as telegram:
        assert offsets(telegram) == [None] * 7 + [11, 11]
    assert taker.stored == {10}


async def test_a_token_that_is_not_valid_ends_it() -> None:
    """Asking for ever with a wrong token helps nobody; whoever started it is told which setting to look at."""
    with pytest.raises(TelegramError) as refusal:
        async with polled(Taker(), [refused(401, "Unauthorized")]):
            pass

    assert refusal.value.reason is Reason.TOKEN
    assert "SAUTI_BOT_TOKEN" in str(refusal.value)


async def test_updates_of_one_person_never_overlap_and_keep_their_order() -> None:
    """Twenty at once from one person are taken one after the other, while another person is not kept waiting.

    Proves: T3.
    """
    taker, inside, most, order = Taker(), set(), [0], []

    async def slow(incoming: Incoming) -> None:
        key = (incoming.user_id, incoming.update_id)
        inside.add(key)
        most[0] = max(most[0], sum(user == 7 for user, _ in inside))
        await asyncio.sleep(0.01 if incoming.user_id == 7 else 0)
        inside.discard(key)
        order.append(incoming.update_id)

    taker.before = slow
    async with polled(taker, [ok([*(update(number) for number in range(20)), update(20, user=8)])]):
        assert most == [1]
    assert [number for number in order if number != 20] == list(range(20))
    assert order.index(20) < 5


@asynccontextmanager
async def hooked(taker: Taker) -> AsyncIterator[str]:
    """The webhook server on a free port."""
    async with line() as (_, bot), listening(application(gateway(bot, taker), SECRET, "/hook"), "127.0.0.1", 0) as url:
        yield f"{url}/hook"


async def post(url: str, body: bytes | Json, secret: str | None = SECRET) -> int:
    """Delivers one update; the status."""
    headers = {} if secret is None else {HEADER: secret}
    async with aiohttp.ClientSession() as client:
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with client.post(url, headers=headers, **data) as answer:
            return answer.status


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "s\u00e9cret", "\u00ff"])
async def test_a_wrong_webhook_secret_is_refused(secret: str | None) -> None:
    """Missing, shorter, longer, or with letters that text comparison would raise on. Proves: T5."""
    taker = Taker()
    async with hooked(taker) as url:
        assert await post(url, update(1), secret) == 401

    assert taker.taken == []


async def test_the_webhook_stores_first_and_then_answers() -> None:
    """200 means stored; what was not stored is 503 and comes again; garbage is dropped. Proves: T3, S1, S2."""
    taker = Taker(trouble=[StorageUnavailable()])
    async with hooked(taker) as url:
        assert await post(url, update(1)) == 503
        assert taker.stored == set()
        assert await post(url, update(1)) == 200
        assert taker.stored == {1}
        for garbage in (b"", b"{", b"[" * 50_000, b"null", b'{"update_id": 3, "message": []}', b"\xff\xfe"):
            assert await post(url, garbage) == 200
        taker.trouble.append(RuntimeError("canary"))
        assert await post(url, update(4)) == 200
        assert await post(url, b" " * (LARGEST + 1)) == 413


async def test_a_slow_reply_does_not_hold_up_the_next_update() -> None:
    """Stored and tried for a moment is enough to confirm; what is still to be said goes on by itself. Proves: T4."""
    gate = asyncio.Event()

    async def hangs(_params: Json) -> Answer:
        await gate.wait()
        return ok()

    async with line() as (telegram, bot):
        telegram.script["answerCallbackQuery"].append(hangs)
        door = gateway(bot, Taker())
        press = {"id": "1", "from": {"id": 7}, "data": "x"}
        press["message"] = {"message_id": 5, "chat": {"id": 7, "type": "private"}}
        async with asyncio.timeout(5):
            await door.handle({"update_id": 1, "callback_query": press})
        gate.set()
        await door.drain(2.0)

    assert telegram.names() == ["answerCallbackQuery"]


async def test_stopping_does_not_wait_for_the_long_poll() -> None:
    """Asked to stop while Telegram holds the call, it stops at once. Proves: S1."""
    async with line() as (telegram, bot):
        stop, gate = asyncio.Event(), asyncio.Event()

        async def holds(_params: Json) -> Answer:
            stop.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(gate.wait(), 20)
            return ok([])

        telegram.script["getUpdates"].append(holds)
        async with asyncio.timeout(5):
            await poll(bot, gateway(bot, Taker()), stop)
        gate.set()

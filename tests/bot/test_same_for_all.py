"""Nothing that the bot does tells whether this account took part (P12): whole calls are compared, not only words."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.participant import keeping, render, texts, tokens
from bot.participant.conversation import Conversation
from bot.participant.gateway import Gateway
from bot.participant.speaker import Speaker
from flows.events import Action, Control, Pick
from locales.catalog import catalogue
from storage.rounds import RoundRow
from tests.bot.line import Json, Line, line
from tests.bot.talk import UPDATES, conversation
from tests.bot.test_results import SUMMARY, published
from tests.bot.test_speaker import Naps
from tests.storage.world import World

NONCE = bytes(range(8))


@dataclass
class Account:
    """Somebody's account: what she does goes in as updates, what the bot does is seen as calls."""

    world: World
    row: RoundRow
    gateway: Gateway
    line: Line
    user: int
    messages: Any = field(default_factory=lambda: itertools.count(1))

    async def take(self, **content: object) -> None:
        """One update, and all that comes of it."""
        await self.gateway.handle({"update_id": next(UPDATES)} | content)
        await self.gateway.drain(5)

    async def type(self, text: str, **content: object) -> None:
        """She types."""
        words = {"text": text} if text else content
        await self.take(message={"message_id": next(self.messages), **self._where(), **words})

    def _where(self) -> Json:
        return {"from": {"id": self.user}, "chat": {"id": self.user, "type": "private"}}

    async def press(self, label: str) -> None:
        """She taps a button of the newest card that has it."""
        shown = [params for name, params in self.line.calls if name in {"sendMessage", "editMessageText"}]
        buttons = [one for params in shown for row in params["reply_markup"]["inline_keyboard"] for one in row]
        data = next(one["callback_data"] for one in reversed(buttons) if label in one["text"])
        await self.tap(data, self.line.sent)

    async def old(self, action: Action) -> None:
        """She taps a button of a card that has long been replaced."""
        await self.tap(tokens.token(self.world.intake.button_key(self.user), NONCE, action), 3)

    async def tap(self, data: str, message: int) -> None:
        """A press, as Telegram tells it."""
        place = {"message_id": message, "chat": {"id": self.user, "type": "private"}}
        await self.take(callback_query={"id": "9", "from": {"id": self.user}, "message": place, "data": data})

    async def begin(self) -> None:
        """Language, safe, of age."""
        await self.type(f"/start {self.row.code}")
        for label in ("English", "Yes", "18 or over"):
            await self.press(label)

    async def asked(self) -> None:
        """As far as the first question."""
        await self.begin()
        for label in ("Continue", "Yes", "No", "Yes", *("No",) * 4):
            await self.press(label)

    async def sent(self) -> None:
        """As far as the receipt."""
        await self.asked()
        await self.press("north")
        await self.type("peace")
        await self.press("Send")


async def _withdrawn(one: Account) -> None:
    await one.sent()
    await one.type("/withdraw")
    await one.press("Delete my answers")


async def _kept(one: Account) -> None:
    await one.sent()
    await one.press("written")
    await one.press("Later")


async def _hidden(one: Account) -> None:
    await one.asked()
    await one.press("north")
    await one.press("Hide")


async def _idle(one: Account) -> None:
    await one.asked()
    await _rests_by_itself(one)


async def _rests_by_itself(one: Account) -> None:
    one.world.clock.pass_(minutes=31)
    for each in await one.world.intake.resting():
        await one.world.intake.rest(each, lambda draft: _rests(one, draft))


def _rests(one: Account, draft: Any) -> Any:  # noqa: ANN401 - storage's own values
    decide = one.gateway._conversation._decide_rest
    from bot.participant.conversation import _Seen

    return decide(NONCE, one.world.clock(), _Seen(), draft)


async def _expired(one: Account) -> None:
    await one.asked()
    one.world.clock.pass_(hours=25)
    await one.world.keep_house()


async def _under_age(one: Account) -> None:
    await one.type(f"/start {one.row.code}")
    for label in ("English", "Yes", "Under 18"):
        await one.press(label)


async def _unsafe(one: Account) -> None:
    await one.type(f"/start {one.row.code}")
    for label in ("English", "No"):
        await one.press(label)


async def _stopped(one: Account) -> None:
    await one.asked()
    await one.type("/stop")


async def _hidden_twice(one: Account) -> None:
    await _hidden(one)
    await one.type("/start")
    await one.type("/hide")


async def _wants_reminder(one: Account) -> None:
    await one.asked()
    await one.type("/pause")
    await one.press(texts.CONTROLS[Control.REMIND].text)


async def _idle_with_reminder(one: Account) -> None:
    await _wants_reminder(one)
    await _rests_by_itself(one)


async def _reminded(one: Account) -> None:
    await _idle_with_reminder(one)
    one.world.clock.pass_(hours=22)
    (due,) = await one.world.intake.reminders()
    said = await one.gateway._conversation.remind(due)
    assert said is not None
    await one.gateway._speaker.say(said)


async def _read_out(one: Account) -> None:
    await one.begin()
    await one.type("/reader")
    await one.type("/hide")


async def _blocked(one: Account) -> None:
    await one.asked()
    change = {"chat": {"id": one.user, "type": "private"}, "from": {"id": one.user}}
    await one.take(my_chat_member=change | {"new_chat_member": {"status": "kicked"}})


PASTS: dict[str, Callable[[Account], Awaitable[None]]] = {
    "sent": Account.sent,
    "receipt kept": _kept,
    "withdrawn": _withdrawn,
    "hidden": _hidden,
    "idle": _idle,
    "expired": _expired,
    "under age": _under_age,
    "not safe": _unsafe,
    "stopped": _stopped,
    "hidden, begun anew, hidden": _hidden_twice,
    "idle, waiting for her reminder": _idle_with_reminder,
    "reminded": _reminded,
    "read out": _read_out,
    "blocked the bot": _blocked,
}

TYPED = (
    "hello", "1", "/start nowhere", "/help", "/support", "/results", "/results AAAAAAAA", "results", "/language",
    "/pause", "/reader", "/stop", "stop", "arrêt", "00000-00000-00000-00000-00000-00000", "/withdraw", "/nonsense",
    "i want to die", "12345", "abandon " * 9, "/withdraw " + "abandon " * 8 + "above",
)  # fmt: skip
PRESSED = (
    Control.STOP, Control.STOP_CONFIRMED, Control.PAUSE, Control.LANGUAGE, Control.SUPPORT, Control.SEND, Control.YES,
    Control.RESUME, Control.RECEIPT_KEPT, Control.WITHDRAW, Control.READER, Control.RESULTS, Pick(0),
)  # fmt: skip


@asynccontextmanager
async def account(
    world: World, row: RoundRow, user: int, shared: Conversation | None = None
) -> AsyncIterator[Account]:  # fmt: skip
    """An account with a Telegram of its own; all of them speak with one bot."""
    async with line() as (telegram, bot):
        gateway = Gateway(bot, shared or conversation(world), Speaker(bot, world.intake, Naps()))
        yield Account(world, row, gateway, telegram, user)


async def _everything(one: Account, *, erasing: bool) -> list[tuple[str, Json]]:
    """All that anybody could try, and every call that comes of it, with numbers and tokens made alike."""
    one.messages, one.line.calls, one.line.sent = itertools.count(5_000), [], 7_000
    for text in (*TYPED, f"/results {one.row.code}"):
        if erasing or text not in {"/stop", "stop", "arrêt"}:
            await one.type(text)
        if erasing and text == "/withdraw":
            await one.press(texts.CONTROLS[Control.WITHDRAW].text)
    await one.press("English")
    assert any(SUMMARY["en"] in params.get("text", "") for _, params in one.line.calls)
    await one.type("", photo=[{"file_id": "x"}])
    for action in PRESSED:
        if erasing or action not in {Control.STOP, Control.STOP_CONFIRMED, Control.WITHDRAW}:
            await one.old(action)
    await one.tap("A" * 24, 3)
    # The question itself offers endings drawn under the account's own key, so it is left out.
    kept = keeping.Kept("0" * 30, "en")
    for action in (keeping.AGAIN, keeping.RIGHT, *keeping.WRONG, keeping.LATER):
        card = render.page(catalogue("en", texts.DOMAIN), (), ((("", action),),))
        await one.tap(keeping.keyboard(one.world.intake.button_key(one.user), kept, card)[0], 3)
    await one.type("/hide")
    await one.old(Control.HIDE)
    await one.type(f"/start {one.row.code}")
    await one.press("English")
    return [(name, _alike(one, params)) for name, params in one.line.calls]


def _alike(one: Account, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Tokens, the account's number and lists of messages look alike; everything else must be."""
    if isinstance(value, dict):
        hidden = {"callback_data": "token", "message_ids": "some"}
        return {name: hidden.get(name) or _alike(one, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_alike(one, each) for each in value]
    return "her" if value == one.user else value


@pytest.mark.parametrize("erasing", [True, False])
@pytest.mark.parametrize("past", PASTS)
async def test_whoever_took_part_and_a_stranger_see_the_same(
    world: World, row: RoundRow, past: str, *, erasing: bool
) -> None:
    """Whatever somebody tries, the calls that come of it are those for an account that never wrote before.

    Proves: P12, P9, W4
    """
    published(world, row)
    one = conversation(world)
    async with account(world, row, 901, one) as known, account(world, row, 902, one) as stranger:
        await PASTS[past](known)
        seen = await _everything(known, erasing=erasing)
        expected = await _everything(stranger, erasing=erasing)

    assert [name for name, _ in seen] == [name for name, _ in expected]
    assert seen == expected
    assert any(texts.SAFE.text in params.get("text", "") for _, params in seen[-2:])


async def test_after_hiding_only_the_code_leads_back(world: World, row: RoundRow) -> None:
    """`/start` begins like new beside what is hidden; the code leads back to the very question, after *safe now*.

    Proves: P7, P12, P8
    """
    async with account(world, row, 901) as one:
        await _hidden(one)
        await one.type("/start")
        await one.press("English")
        await one.press("Yes")
        assert texts.AGE.text in one.line.calls[-2][1].get("text", "") + one.line.calls[-1][1].get("text", "")
        await one.type("/hide")
        await one.type(f"/start {row.code}")
        await one.press("English")
        await one.press("Yes")
        await one.type("peace")
        await one.press("Send")

    assert len(world.opened(row)) == 1

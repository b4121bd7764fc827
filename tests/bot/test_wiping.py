"""Messages leave the chat as far as Telegram lets them, and the rest turns neutral."""

from dataclasses import dataclass, field

import pytest

from bot.participant import render, texts
from bot.participant.outcome import Outcome
from bot.participant.speaker import Speaker
from storage.values import LAST_LINE, SweepItem
from tests.bot.line import Answer, Json, Line, line, ok, refused
from tests.bot.test_speaker import Cards, Naps, speaking

TOO_OLD = refused(400, "Bad Request: message can't be deleted for everyone")
HERS = refused(400, "Bad Request: message can't be edited")


@dataclass
class Chat:
    """What Telegram keeps: a call with one message that is too old deletes nothing."""

    old: frozenset[int]
    hers: frozenset[int] = frozenset()
    deleted: set[int] = field(default_factory=set)
    edited: dict[int, str] = field(default_factory=dict)

    async def delete(self, params: Json) -> Answer:
        if self.old & set(params["message_ids"]):
            return TOO_OLD
        self.deleted |= set(params["message_ids"])
        return ok()

    async def edit(self, params: Json) -> Answer:
        if params["message_id"] in self.hers:
            return HERS
        assert params["reply_markup"] == {"inline_keyboard": []}
        self.edited[params["message_id"]] = params["text"]
        return ok()

    def serve(self, telegram: Line) -> None:
        telegram.script["deleteMessages"] += [self.delete] * 400
        telegram.script["editMessageText"] += [self.edit] * 400


async def test_one_message_that_is_too_old_does_not_keep_the_others() -> None:
    """All that can be deleted is; the bot's own old message becomes neutral, hers stays, and nothing is left to try.

    Proves: P3
    """
    chat = Chat(frozenset({3, 77, 140}), hers=frozenset({77}))
    async with speaking() as (telegram, say, _, _):
        chat.serve(telegram)
        assert await say.clear(1, tuple(range(1, 151)))

    assert chat.deleted == set(range(1, 151)) - chat.old
    assert set(chat.edited) == {3, 140}
    assert all(texts.HARMLESS.text in text for text in chat.edited.values())
    assert len(telegram.calls) < 60


async def test_a_hidden_chat_is_empty_but_for_a_line_that_goes_in_a_minute() -> None:
    """What is known goes first, then all that the box holds, due or not; then one line says what remains.

    Proves: P3, T6
    """
    async with speaking() as (telegram, say, cards, _):
        cards.box = [
            SweepItem(b"a", 1, (5, 6)),
            SweepItem(b"b", 1, ()),
            SweepItem(b"c", 2, (9,)),
            SweepItem(b"d", 1, (4,)),
        ]
        await say.say(Outcome(1, 1, wipe=True, delete=(7,), callback_id="c"))

    calls = [(name, params.get("message_ids")) for name, params in telegram.calls if name != "answerCallbackQuery"]
    assert calls == [("deleteMessages", [7]), ("deleteMessages", [4, 5, 6]), ("sendMessage", None)]
    last = telegram.calls[-1][1]
    assert texts.WIPED.text in last["text"]
    assert last["reply_markup"] == {"inline_keyboard": []}
    assert last["protect_content"] is last["disable_notification"] is True
    assert last["link_preview_options"] == {"is_disabled": True}
    assert cards.lines == [(1001, LAST_LINE)]
    assert [item.id for item in cards.box] == [b"c"]


async def test_an_interrupted_hiding_is_not_forgotten() -> None:
    """While the line is down, every row stays in the box, and nobody is told that the chat is empty.

    Proves: P3, S1
    """
    async with line() as (telegram, bot):
        telegram.script["deleteMessages"] += [refused(502, "Bad Gateway")] * 99
        cards = Cards(box=[SweepItem(b"a", 1, (5,)), SweepItem(b"b", 1, ())])
        assert not await Speaker(bot, cards, Naps()).wipe(1)

    assert "sendMessage" not in telegram.names()
    assert len(cards.box) == 2


async def test_a_chat_whose_owner_blocked_the_bot_is_not_tried_for_ever() -> None:
    """A refusal that asking again does not cure ends the wiping; the messages keep their rows.

    Proves: P3
    """
    async with line() as (telegram, bot):
        telegram.script["deleteMessages"] += [refused(403, "Forbidden: bot was blocked by the user")] * 9
        telegram.script["sendMessage"] += [refused(403, "Forbidden: bot was blocked by the user")] * 9
        cards = Cards(box=[SweepItem(b"a", 1, (5,)), SweepItem(b"b", 1, ())])
        assert await Speaker(bot, cards, Naps()).wipe(1)

    assert [item.id for item in cards.box] == [b"a"]
    assert cards.lines == []


async def test_a_replaced_card_goes_after_the_new_one_stands() -> None:
    """There is always one card on screen, for eyes and for screen readers.

    Proves: P4
    """
    async with speaking() as (telegram, say, cards, _):
        cards.before = 5
        await say.say(Outcome(1, 1, card=texts_card(), remember=b"r"))

    assert [(name, params.get("message_ids")) for name, params in telegram.calls] == [
        ("sendMessage", None), ("deleteMessages", [5]),
    ]  # fmt: skip


async def test_every_line_is_remembered() -> None:
    """A message outside a conversation stands in the sweep box as soon as it stands in the chat.

    Proves: P3
    """
    async with speaking() as (_, say, cards, _):
        await say.say(Outcome(1, 1, card=texts_card()))

    assert [message for message, _ in cards.lines] == [1001]
    assert cards.told == []


@pytest.mark.parametrize("words", ["message to edit not found", "message can't be edited"])
async def test_nobody_is_written_to_unasked(words: str) -> None:
    """A neutral line that has lost its message is not sent anew: no message comes that nobody waits for.

    Proves: T4, P7
    """
    async with speaking() as (telegram, say, _, _):
        telegram.script["editMessageText"].append(refused(400, f"Bad Request: {words}"))
        await say.say(Outcome(1, 1, card=texts_card(), edit=5, unasked=True))

    assert telegram.names() == ["editMessageText"]


def texts_card() -> render.Card:
    """A line without buttons."""
    return render.line(texts.HARMLESS, ("en",))

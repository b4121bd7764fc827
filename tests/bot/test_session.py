"""The bot's own HTTP session: plain values in, one family of errors out."""

from typing import cast

import pytest
from aiogram import Bot
from aiogram.methods import EditMessageText, GetMe

from bot.participant.session import Reason, Session, TelegramError
from tests.bot.line import TOKEN, Answer, line, ok, refused

CASES = [
    (refused(400, "Bad Request: message is not modified: specified new message content"), Reason.UNCHANGED),
    (refused(400, "Bad Request: message to edit not found"), Reason.GONE),
    (refused(400, "Bad Request: message can't be edited"), Reason.STUCK),
    (refused(400, "Bad Request: message can't be deleted for everyone"), Reason.STUCK),
    (refused(400, "Bad Request: chat not found"), Reason.BLOCKED),
    (refused(400, "Bad Request: canary"), Reason.REFUSED),
    (refused(401, "Unauthorized"), Reason.TOKEN),
    (refused(403, "Forbidden: bot was blocked by the user"), Reason.BLOCKED),
    (refused(404, "Not Found"), Reason.TOKEN),
    (refused(409, "Conflict: terminated by other getUpdates request"), Reason.CONFLICT),
    (refused(429, "Too Many Requests: retry after 7", retry_after=7), Reason.FLOOD),
    (refused(502, "Bad Gateway"), Reason.UNREACHABLE),
    ((502, b"<html>canary</html>"), Reason.UNREACHABLE),
    ((200, b"{broken"), Reason.UNREACHABLE),
    ((200, b"[" * 100_000), Reason.UNREACHABLE),
    ((200, ["not", "an", "object"]), Reason.UNREACHABLE),
    ((200, {"ok": True}), Reason.UNREACHABLE),
]


@pytest.mark.parametrize(("answer", "reason"), CASES)
async def test_every_refusal_becomes_one_reason_without_words(answer: Answer, reason: Reason) -> None:
    """Whatever Telegram answers, the error carries a reason and a number, never its text. Proves: S1, D6."""
    async with line() as (telegram, bot):
        telegram.script["getMe"].append(answer)
        with pytest.raises(TelegramError) as refusal:
            await bot(GetMe())

    assert refusal.value.reason is reason
    assert "canary" not in repr(refusal.value)
    assert refusal.value.retry_after == (7.0 if reason is Reason.FLOOD else 0.0)


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    """No connection is the same as no answer. Proves: S1."""
    session = Session("http://127.0.0.1:9")
    with pytest.raises(TelegramError) as refusal:
        await Bot(TOKEN, session=session)(GetMe())
    await session.close()

    assert refusal.value.reason is Reason.UNREACHABLE
    assert TOKEN not in repr(refusal.value)
    assert refusal.value.__cause__ is None


async def test_only_what_was_set_is_sent() -> None:
    """No parse mode and no default of the library goes out beside what was asked. Proves: T6."""
    async with line() as (telegram, bot):
        telegram.script["editMessageText"].append(ok({"message_id": 5}))
        result = cast("object", await bot(EditMessageText(chat_id=1, message_id=5, text="a")))

    assert result == {"message_id": 5}
    assert telegram.calls == [("editMessageText", {"chat_id": 1, "message_id": 5, "text": "a"})]


def test_nothing_is_ever_downloaded() -> None:
    """The library's way to fetch a file is closed. Proves: P5."""
    with pytest.raises(TelegramError):
        Session("http://127.0.0.1:9").stream_content("http://127.0.0.1:9/file")

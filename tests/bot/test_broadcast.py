"""One neutral line to many: at Telegram's pace, never twice, and nothing in it that tells what it is about."""

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.broadcast.line import Line
from bot.broadcast.sending import LANES, RATE, Broadcaster, Interrupted, Tally
from bot.broadcast.window import Window
from bot.participant.session import Reason, TelegramError
from flows.checks.wording import NOTIFICATION, revealing
from flows.model import Purpose
from flows.records import Manifest, consent_hash, encode_manifest
from locales.catalog import languages
from privacy.consent import Consents, Contactable
from storage.broadcasts import Let
from storage.rounds import RoundRow
from tests.bot.line import Answer, Json, ok, refused
from tests.bot.line import Line as Telegram
from tests.bot.line import line as telegram_line
from tests.bot.talk import Talk, conversation
from tests.bot.test_results import SUMMARY, published
from tests.storage.asked import CONSULTATION
from tests.storage.world import World


def person(chat: int, language: str = "en") -> Contactable:
    """Somebody who may be written to."""
    allowed = Manifest(
        CONSULTATION.fingerprint, consent_hash(CONSULTATION, language), frozenset({Purpose.RESULTS}), language,
        rehearsal=False, repeat=False,
    )  # fmt: skip
    consents = Consents(CONSULTATION, process=CONSULTATION.process, rehearsal=False)
    return consents.contactable(chat, encode_manifest(allowed, CONSULTATION))


@dataclass
class Notes:
    """Notes in memory, with the rule of claims."""

    claimed: list[int] = field(default_factory=list)
    listed: set[int] = field(default_factory=set)
    sweeps: list[tuple[int, int, timedelta]] = field(default_factory=list)
    released: list[int] = field(default_factory=list)

    async def claim(self, chat_id: int) -> Let:
        if chat_id in self.listed:
            return Let.LISTED
        if chat_id in self.claimed:
            return Let.DONE
        self.claimed.append(chat_id)
        return Let.GO

    async def release(self, chat_id: int) -> None:
        self.released.append(chat_id)

    async def sent(self, chat_id: int, message_id: int, stays: timedelta) -> None:
        self.sweeps.append((chat_id, message_id, stays))

    async def unwanted(self, chat_id: int) -> None:
        self.listed.add(chat_id)


def body(one: Contactable) -> bytes:
    """A message."""
    return b'{"chat_id":%d,"text":"x"}' % one.chat_id


def chats(it: Telegram, method: str = "sendMessage") -> list[int]:
    """Whom Telegram was asked to write to, in order."""
    return [params["chat_id"] for name, params in it.calls if name == method]


async def send(people: range, *script: Answer, notes: Notes | None = None) -> tuple[Telegram, Notes, Tally]:
    """One broadcast over a scripted line."""
    notes = notes or Notes()
    async with telegram_line() as (it, bot):
        it.script["sendMessage"].extend(script)
        tally = await Broadcaster(bot, notes, body, asyncio.Event(), Window(RATE)).send(
            [person(chat) for chat in people], lambda _done, _of: None
        )
    return it, notes, tally


async def test_everybody_gets_one_message_that_goes_after_a_day() -> None:
    """Each chat is claimed, written to once, and its message noted to be deleted after 24 hours.

    Proves: W5, T4
    """
    it, notes, tally = await send(range(1, 21))

    assert sorted(chats(it)) == sorted(notes.claimed) == list(range(1, 21))
    assert sorted(chat for chat, _, _ in notes.sweeps) == list(range(1, 21))
    assert {stays for _, _, stays in notes.sweeps} == {timedelta(hours=24)}
    assert (tally.sent, tally.done) == (20, 20)


async def test_no_more_than_thirty_in_any_second() -> None:
    """Seventy messages to a server that answers at once: no second has more than its share, and they are not slow.

    Proves: T4
    """
    times: list[float] = []

    async def noting(_params: Json) -> Answer:
        times.append(asyncio.get_running_loop().time())
        return ok({"message_id": len(times)})

    await send(range(70), *[noting] * 70)  # type: ignore[arg-type]  # the line takes answers and those who make them
    most = max(sum(begin <= one < begin + 1 for one in times) for begin in times)

    assert len(times) == 70
    assert most <= RATE
    assert times[-1] - times[0] < 10


async def test_too_fast_is_waited_for_by_everybody() -> None:
    """After `retry_after: 1` nobody is written to for a second; then the same person gets her one message.

    Proves: T4
    """
    times: list[float] = []

    def answering(answer: Answer) -> Any:  # noqa: ANN401 - a scripted answer
        async def noting(_params: Json) -> Answer:
            times.append(asyncio.get_running_loop().time())
            return answer

        return noting

    too_fast = answering(refused(429, "Too Many Requests", retry_after=1))
    it, notes, tally = await send(range(1, 9), *[answering(ok({"message_id": 1}))] * 4, too_fast,
                                  *[answering(ok({"message_id": 1}))] * 4)  # fmt: skip
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]

    assert tally.sent == 8
    assert notes.released == []
    assert sum(Counter(chats(it)).values()) == 9
    # Those who were on their way already are not held back; after them comes a second of silence.
    assert max(gaps) > 0.85
    assert gaps.index(max(gaps)) <= 4 + LANES


async def test_what_the_line_lost_is_not_sent_again() -> None:
    """Where no answer came, the message may stand in the chat: it is not sent again, and the line is asked first.

    Proves: T4, S1
    """
    it, notes, tally = await send(range(1, 11), (502, b"<html>"), ok({"message_id": 5}))

    assert Counter(chats(it)) == dict.fromkeys(range(1, 11), 1)
    assert (tally.sent, tally.uncertain) == (9, 1)
    assert "getMe" in it.names()
    assert notes.released == []


async def test_whoever_blocked_the_bot_is_listed() -> None:
    """A chat that answers *blocked* goes to the skip list; one that is on it already is not written to.

    Proves: W5, T1
    """
    notes = Notes(listed={3})
    it, notes, tally = await send(range(1, 4), refused(403, "Forbidden: bot was blocked by the user"), notes=notes)

    assert (len(chats(it)), tally.unwanted, tally.sent) == (2, 2, 1)
    assert 3 not in chats(it)
    assert notes.listed == {3, chats(it)[0]}


async def test_a_worthless_token_ends_it_and_takes_nobody() -> None:
    """With a token that Telegram does not know, whoever was claimed is given back, and the command says so."""
    notes = Notes()
    with pytest.raises(TelegramError) as told:
        await send(range(1, 30), *[refused(401, "Unauthorized")] * 30, notes=notes)

    assert told.value.reason is Reason.TOKEN
    assert len(notes.claimed) <= LANES
    assert notes.released


async def test_it_stops_at_the_next_good_place() -> None:
    """Told to end while Telegram makes it wait, it ends at once, and whoever was surely not written to is given back.

    Proves: S1
    """
    notes, stop = Notes(), asyncio.Event()
    async with telegram_line() as (it, bot):
        it.script["sendMessage"].extend([refused(429, "Too Many Requests", retry_after=300)] * LANES)
        run = asyncio.ensure_future(
            Broadcaster(bot, notes, body, stop, Window(RATE)).send(
                [person(chat) for chat in range(9)], lambda _done, _of: None
            )
        )
        await asyncio.sleep(0.5)
        stop.set()
        with pytest.raises(Interrupted):
            await asyncio.wait_for(run, 5)

    assert notes.claimed
    assert notes.released == notes.claimed


async def test_the_line_tells_nothing_and_leads_to_the_results(world: World, row: RoundRow) -> None:
    """Silent, not to be forwarded, the same for all of a language; the button opens what was published.

    Proves: W5, T6
    """
    published(world, row)
    made = Line(replace(world.rounds.get(row.id), rehearsal=False), world.intake)
    import json

    sent = json.loads(made(person(77)))
    other = json.loads(made(person(78)))
    talk = Talk(world, conversation(world), 77)
    await talk.take(talk.pressing(sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"], 100))

    assert (sent["disable_notification"], sent["protect_content"], sent["entities"]) == (True, True, [])
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["text"] == other["text"]
    assert sent["reply_markup"] != other["reply_markup"]
    assert SUMMARY["en"] in talk.standing[100].text


@pytest.mark.parametrize("language", languages())
def test_a_locked_phone_shows_nothing_that_reveals(language: str) -> None:
    """In no language the line holds a word on what it is about, in its first sixty characters or behind them.

    Proves: Q6, W5
    """
    from bot.participant import texts
    from locales.catalog import catalogue

    words = catalogue(language, texts.DOMAIN)
    text = words.text(*texts.NEWS, command="/results ABCDEFGH")

    assert "/results ABCDEFGH" in text
    assert revealing(text, language) is None
    assert revealing(words.text(*texts.READ), language) is None
    assert NOTIFICATION == 60


@pytest.mark.parametrize(("public", "command"), [(True, "/results"), (False, "/results {code}")])
def test_the_command_leads_there_too(world: World, row: RoundRow, *, public: bool, command: str) -> None:
    """Where the round may be known, the bare command is named; else the one with its code. Proves: W4, W5."""
    from tests.bot.test_results import published as publish

    publish(world, row)
    import json

    told = world.rounds.get(row.id)
    told = replace(told, deployment=b'{"existence_public":true}' if public else None)
    text = json.loads(Line(told, world.intake)(person(77)))["text"]

    assert f"{command.format(code=row.code)}." in text.replace("\u2068", "").replace("\u2069", "")

"""What time does to a chat, seen from the chat: a clock that the test moves, and everything else real."""

from pathlib import Path

import pytest

from bot.participant import texts
from flows.screens import ScreenKind
from storage.rounds import RoundRow
from storage.tables import chunks, drafts
from tests.bot.talk import Talk, conversation
from tests.storage.world import World

NEUTRAL = texts.NEUTRAL.text


async def test_a_card_left_alone_becomes_a_neutral_line(talk: Talk, row: RoundRow) -> None:
    """After half an hour the same message says nothing and has no buttons; the code leads back to the same question.

    Proves: P7, P8
    """
    await talk.begin(row.code)
    await talk.consent()
    await talk.press("north")
    question, at, sealed = talk.card.text, max(talk.standing), len(talk.world.rows(chunks))
    await talk.rest()

    assert talk.card.text == NEUTRAL
    assert talk.card.keyboard == ()
    assert max(talk.standing) == at
    assert len(talk.world.rows(chunks)) == sealed
    await talk.type("peace")
    assert NEUTRAL in talk.card.text
    await talk.type(f"/start {row.code}")
    await talk.press("English")
    await talk.press("Yes")
    assert talk.card.text == question
    await talk.type("peace")
    await talk.send()
    assert len(talk.world.opened(row)) == 1


async def test_thirty_minutes_begin_with_the_last_word(talk: Talk, row: RoundRow) -> None:
    """Whoever writes slowly, with a word every twenty-nine minutes, is never interrupted.

    Proves: P7, P11
    """
    await talk.begin(row.code)
    await talk.consent()
    for label in ("north", "Back", "north", "Back", "south"):
        talk.world.clock.pass_(minutes=29)
        assert await talk.world.intake.resting() == ()
        await talk.press(label)

    assert "What should change?" in talk.card.text


async def test_before_consent_half_an_hour_leaves_nothing(talk: Talk, row: RoundRow) -> None:
    """A conversation without consent is destroyed within thirty minutes, and its card says nothing any more.

    Proves: K2, P7
    """
    await talk.begin(row.code)
    await talk.rest()
    for expired in await talk.world.keep_house():
        assert expired.card_message_id == max(talk.standing)

    assert talk.world.rows(drafts) == []


async def test_support_does_not_stay_on_screen(talk: Talk, row: RoundRow) -> None:
    """Five minutes after it was shown, and at the next tap, the card with places to turn to is gone; the place is kept.

    Proves: P6
    """
    await talk.begin(row.code)
    await talk.consent()
    question = talk.card.text
    await talk.press("Support")
    shown = talk.card.text
    talk.world.clock.pass_(minutes=5)
    (due,) = await talk.world.intake.resting()
    outcome = await talk.conversation.rest(due)
    assert outcome is not None
    await talk.show(outcome)

    assert shown.startswith(texts.TITLES[ScreenKind.SUPPORT].text)
    assert talk.card.text.startswith(texts.PAUSED.text)
    await talk.press("Go on")
    assert talk.card.text == question
    await talk.press("Support")
    await talk.press(talk.card.labels[0])
    assert texts.TITLES[ScreenKind.SUPPORT].text not in talk.card.text
    talk.world.clock.pass_(minutes=25)
    assert await talk.world.intake.resting() == ()


async def test_whoever_comes_back_first_is_not_disturbed(talk: Talk, row: RoundRow) -> None:
    """Between looking and acting she taps: nothing neutral comes over her card.

    Proves: P7, P11
    """
    await talk.begin(row.code)
    await talk.consent()
    talk.world.clock.pass_(minutes=30)
    (due,) = await talk.world.intake.resting()
    await talk.press("north")

    assert await talk.conversation.rest(due) is None


@pytest.mark.parametrize("before", ["language", "safe", "about", "question", "review", "sent", "stopped"])
async def test_hiding_empties_the_chat_from_every_card(talk: Talk, row: RoundRow, before: str) -> None:
    """Whatever she has written and whatever the bot has, nothing stays: `/start CODE`, lines, card and receipt alike.

    Proves: P3, P2
    """
    await talk.type("hello")
    await talk.type("/help")
    await talk.type(f"/start {row.code}")
    steps = {"language": 0, "safe": 1, "about": 3, "question": 11, "review": 13, "sent": 14, "stopped": 12}[before]
    for label in ("English", "Yes", "18 or over", "Continue", "Yes", "No", *("Yes",) * 5, "north", "", "Send")[:steps]:
        await (talk.press(label) if label else talk.type("peace"))
    if before == "stopped":
        await talk.type("/stop")
    hers = set(range(100, talk.last + 1))
    await talk.type("/hide")

    assert talk.standing == {}
    assert hers | {talk.last} <= set(talk.deleted)
    assert await talk.world.intake.of_chat(talk.user) == ()


@pytest.mark.parametrize("past", ["sent", "expired", "never wrote"])
async def test_hiding_works_for_everybody_at_any_time(talk: Talk, row: RoundRow, past: str) -> None:
    """Also after sending, after the conversation has expired, and for strangers: the chat is emptied, and no more said.

    Proves: P3, P12
    """
    if past == "sent":
        await talk.whole()
    elif past == "expired":
        await talk.begin(row.code)
        await talk.consent()
        talk.world.clock.pass_(hours=25)
        await talk.world.keep_house()
    outcome = await talk.type("hide")

    assert outcome.wipe
    assert outcome.card is None
    assert talk.standing == {}


async def test_an_old_card_is_replaced_before_it_cannot_be_deleted(talk: Talk, row: RoundRow) -> None:
    """Forty hours after it was sent a card makes way for a new message with the next tap, and goes.

    Proves: P3
    """
    await talk.begin(row.code)
    await talk.consent()
    first = max(talk.standing)
    for label in ("north", "Back", "south"):
        talk.world.clock.pass_(hours=13)
        await talk.press(label)
        assert max(talk.standing) == first
    talk.world.clock.pass_(hours=1)
    await talk.press("Back")
    young = max(talk.standing)
    await talk.press("south")

    assert first in talk.deleted
    assert young != first
    assert max(talk.standing) == young


async def test_a_screen_reader_gets_new_messages(talk: Talk, row: RoundRow) -> None:
    """Each step is a new message below, read out by itself, and the one before goes; a notice stands on the card.

    Proves: P4
    """
    await talk.begin(row.code)
    await talk.consent()
    await talk.type("/reader")
    seen = []
    for label in ("north", "Back", "south"):
        await talk.press(label)
        seen.append(max(talk.standing))
        assert len(talk.standing) == 1
    outcome = await talk.attach()

    assert seen == sorted(set(seen))
    assert outcome.edit is None
    assert outcome.card is not None
    assert len(talk.standing) == 1
    await talk.type("/reader")
    assert (await talk.press("Back")).edit == max(talk.standing)


async def test_a_stopped_conversation_leaves_no_question_behind(talk: Talk, row: RoundRow) -> None:
    """A typed stop writes over the card itself: nothing of the conversation stands beside the last line.

    Proves: P2, P4
    """
    await talk.begin(row.code)
    await talk.consent()
    at = max(talk.standing)
    await talk.type("/stop")

    assert set(talk.standing) == {at}
    assert talk.card.text == texts.STOPPED.text


async def test_after_a_restart_the_clock_goes_on(talk: Talk, row: RoundRow, url: str, tmp_path: Path) -> None:
    """What rests is in the database: a process that starts later puts the card to rest all the same.

    Proves: P7, S1
    """
    await talk.begin(row.code)
    await talk.consent()
    with World.make(url, tmp_path / "secrets", talk.world.clock) as other:
        talk.world, talk.conversation = other, conversation(other)
        await talk.rest()

    assert talk.card.text == NEUTRAL

"""What is heard: silent, without a word, uploaded once, below its card only, and gone with it."""

import hashlib

import aiohttp
import pytest

from bot.participant import texts
from bot.participant.heard import Heard
from bot.simulator.driver import Person, Screen
from bot.simulator.world import Upload
from locales.catalog import catalogues
from storage.rounds import RoundState
from tests.bot.line import refused
from tests.bot.talk import Talk, conversation
from tests.bot.test_chat import PLAIN, Stage, bot, card, stage, tap
from tests.bot.test_speaker import outcome, speaking
from tests.storage.world import World
from tests.support.examples import TONES, aloud

__all__ = ["stage"]
SOUND = (TONES / "tone-00.ogg").read_bytes()
DIGEST = hashlib.sha256(SOUND).digest()
HEARD = Heard(b"round", DIGEST, b"card", "Hide", "t" * 24)
NO_FILE = refused(400, "Bad Request: wrong remote file identifier specified: Wrong string length")


async def test_a_recording_goes_up_once_and_is_called_by_its_name_from_then_on() -> None:
    """Silent, protected, without caption, under a file name that tells nothing, with *hide*. Proves: P3, T6."""
    async with speaking() as (telegram, say, cards, _):
        cards.sounds[DIGEST] = SOUND
        await say.say(outcome(card=None, heard=HEARD))
        await say.say(outcome(card=None, heard=HEARD))

    (_, first), (_, second) = telegram.calls
    file = first.pop("voice")
    assert isinstance(file, Upload)
    assert (file.content, file.name) == (SOUND, "voice.ogg")
    assert second.pop("voice") == "FILE1001"
    assert first.pop("duration") == 1
    assert (
        first
        == second
        == {
            "chat_id": 1,
            "protect_content": True,
            "disable_notification": True,
            "reply_markup": {"inline_keyboard": [[{"text": "Hide", "callback_data": "t" * 24}]]},
        }
    )
    assert cards.heard == [1001, 1002]


async def test_a_name_that_telegram_refuses_is_replaced_by_a_new_upload() -> None:
    """A file that Telegram no longer knows is given to it again. Proves: S1."""
    async with speaking() as (telegram, say, cards, _):
        cards.sounds[DIGEST] = SOUND
        cards.names.known[DIGEST] = "OLD"
        telegram.script["sendVoice"].append(NO_FILE)
        await say.say(outcome(card=None, heard=HEARD))

    assert telegram.calls[0][1]["voice"] == "OLD"
    assert isinstance(telegram.calls[1][1]["voice"], Upload)
    assert cards.names.known == {DIGEST: "FILE1001"}


async def test_whoever_takes_no_voice_messages_costs_no_upload() -> None:
    """The name stays good for all others, and she can press again."""
    async with speaking() as (telegram, say, cards, _):
        cards.names.known[DIGEST] = "OLD"
        telegram.script["sendVoice"].append(refused(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"))
        await say.say(outcome(card=None, heard=HEARD))

    assert telegram.names() == ["sendVoice"]
    assert (cards.names.known, cards.heard) == ({DIGEST: "OLD"}, [None])


async def test_a_recording_that_may_have_been_sent_is_not_sent_again() -> None:
    """Where no answer comes, nobody knows the number of the first one, so there is no second. Proves: P3."""
    async with speaking() as (telegram, say, cards, _):
        cards.names.known[DIGEST] = "OLD"
        telegram.script["sendVoice"].append((200, b"half of an ans"))
        await say.say(outcome(card=None, heard=HEARD))

    assert telegram.names() == ["sendVoice"]
    assert cards.heard == [None]


async def test_a_recording_that_comes_too_late_is_taken_away() -> None:
    """She moved on while it was on its way: it goes at once, or is not sent at all. Proves: P3, P12."""
    async with speaking() as (telegram, say, cards, _):
        cards.names.known[DIGEST], cards.stays = "OLD", b"another"
        await say.say(outcome(card=None, heard=HEARD))
        cards.wanted = ()
        await say.say(outcome(card=None, heard=HEARD))

    assert [(name, params.get("message_ids")) for name, params in telegram.calls] == [
        ("sendVoice", None),
        ("deleteMessages", [1001]),
    ]


async def test_a_recording_that_is_gone_is_told_to_the_log_only() -> None:
    """Without its sound there is nothing to send, and the card stands as it stood."""
    async with speaking() as (telegram, say, cards, _):
        await say.say(outcome(card=None, heard=HEARD))

    assert (telegram.calls, cards.heard) == ([], [None])


@pytest.fixture
def heard(world: World) -> Talk:
    """One person, in a round whose every card can be heard in English."""
    asked, sounds = aloud()
    world.open_round(asked, sounds=sounds)
    return Talk(world, conversation(world))


async def test_listening_is_offered_after_safe_now_only(heard: Talk) -> None:
    """Neither on the card that asks whether it is safe, nor by an old button after hiding. Proves: P1, P12."""
    await heard.type("/start")
    await heard.press("English")
    assert "Listen" not in heard.card.labels
    await heard.press("Support")
    assert "Listen" not in heard.card.labels
    await heard.press("Go on")
    await heard.press("Yes")
    assert "Listen" in heard.card.labels

    at, old = max(heard.standing), heard.card.data("Listen")
    await heard.press("Hide")
    stranger = await heard.take(heard.pressing(old, at))
    assert stranger.heard is None


@pytest.mark.parametrize("reader", [False, True], ids=["ordinary", "screen-reader"])
async def test_one_recording_stands_below_its_card(heard: Talk, reader: bool) -> None:
    """A press sends one, a second press none, and the card is not sent again; the next card takes it away.

    Proves: P3, P4.
    """
    await heard.begin()
    if reader:
        await heard.press("Pause")
        await heard.press("For screen readers")
        await heard.press("Go on")
    first, second = await heard.press("Listen"), await heard.press("Listen")
    assert first.heard is not None
    assert (first.card, second.heard) == (None, None)
    row = heard.world.rounds.all()[0]
    assert first.heard.digest in aloud()[1]
    assert await heard.world.intake.recording(row.id, first.heard.digest)

    assert await heard.world.intake.recording_sent(
        user_id=heard.user, round_id=row.id, nonce=first.heard.nonce, message_id=900
    )
    assert 900 in (await heard.press("Continue")).delete
    assert (await heard.press("Listen")).heard is not None


async def test_a_stray_recording_goes_by_its_own_button(heard: Talk) -> None:
    """Sent, but never remembered, as a process died: *hide* on it takes itself away as well. Proves: P3."""
    await heard.begin()
    await heard.press("Listen")
    voice = heard.said[-1].heard
    assert voice is not None

    gone = await heard.take(heard.pressing(voice.token, 900))
    assert gone.wipe
    assert 900 in heard.deleted


async def test_an_idle_card_takes_its_recording_along(heard: Talk) -> None:
    """What becomes one neutral line has nothing below it that speaks. Proves: P3, P7."""
    await heard.begin()
    await heard.read()
    await heard.press("Yes")
    for _ in range(4):
        await heard.press("No")
    await heard.press("Listen")
    voice = heard.said[-1].heard
    assert voice is not None
    row = heard.world.rounds.all()[0]
    await heard.world.intake.recording_sent(user_id=heard.user, round_id=row.id, nonce=voice.nonce, message_id=900)
    await heard.rest()

    assert heard.card.text == texts.NEUTRAL.text
    assert 900 in heard.deleted


def test_what_remains_is_named() -> None:
    """The last line of a wiped chat names the memory of the phone, in every language there is. Proves: P3."""
    assert "Clear Cache" in texts.WIPED.text
    said = [words.text(*texts.WIPED) for words in catalogues(texts.DOMAIN)]
    assert len(said) == 12
    assert len(set(said)) == 12


def voiced(screen: Screen) -> bool:
    """Whether something can be heard."""
    return bool(screen.voices)


def unvoiced(screen: Screen) -> bool:
    """Whether nothing can be heard."""
    return not screen.voices


DYING = f"""
import os
from storage.intake import Intake
async def dies(*_self, **_sent): os._exit(9)
Intake.recording_sent = dies
{PLAIN}"""
"""A bot that is killed in the instant between sending a recording and remembering it."""


async def to_her_age(stage: Stage) -> Person:
    """Somebody is asked for her age, and can listen."""
    person = await stage.person()
    await person.start()
    await card(person, "Please choose a language")
    await tap(person, "English", texts.SAFE.text)
    await tap(person, "Yes", texts.AGE.text)
    return person


async def listens(stage: Stage, person: Person, sounds: dict[bytes, bytes]) -> int:
    """She listens: a silent bubble without words that plays one of the recordings; its message."""
    await person.press("Listen")
    (voice,) = (await person.wait(voiced)).voices
    assert (voice.text, voice.keyboard) == ("", (("Hide",),))
    assert voice.raw["silent"]
    assert voice.raw["protected"]
    url = f"{stage.simulator.url}/voice/{voice.raw['voice']['file']}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert hashlib.sha256(await answer.read()).digest() in sounds
        assert answer.content_type == "audio/ogg"
    return voice.id


def tidy(screen: Screen) -> bool:
    """Whether the last line is all that can be read or heard."""
    return len(screen.visible) == 1 and screen.visible[0].text.startswith(texts.WIPED.text)


async def test_a_person_listens_moves_on_and_hides(stage: Stage) -> None:
    """With real processes: what is heard goes with its card and by hiding, and goes up once for two people.

    The bot is killed before it has remembered the first: its own button is *hide* still, for somebody who has hidden
    the rest by then. Proves: P3, P4, S1.
    """
    stage.world.move(stage.row, RoundState.PAUSED)
    asked, sounds = aloud()
    stage.world.open_round(asked, sounds=sounds)
    async with bot(stage, DYING) as killed:
        first = await to_her_age(stage)
        stray = await listens(stage, first, sounds)
        assert await killed.wait() == 9
    async with bot(stage):
        await first.say("hide")
        await first.wait(lambda seen: any(one.text.startswith(texts.WIPED.text) for one in seen.visible))
        await first.press("Hide", message=stray)
        await first.wait(tidy)

        second = await to_her_age(stage)
        await listens(stage, second, sounds)
        await tap(second, "18 or over", "Who asks and why")
        await second.wait(unvoiced)
        await second.press("Listen")
        await second.wait(voiced)
        await second.say("hide")
        await second.wait(tidy)
        sent = await stage.driver.calls("sendVoice")

    assert [bool(call["files"]) for call in sent] == [True, False, True]

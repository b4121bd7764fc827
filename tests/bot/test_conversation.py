"""Conversations on a real intake, without Telegram."""

from pathlib import Path

import pytest

from bot.participant import texts
from bot.participant.app import LiveRounds
from bot.participant.outcome import Outcome
from flows.answers import Chosen, Said
from flows.events import Control
from flows.screens import Notice
from locales.catalog import Catalogue, catalogues
from storage import tables
from storage.receipt_words import read
from storage.rounds import RoundRow
from tests.bot.talk import Talk, conversation
from tests.storage.world import World

HARMLESS = texts.HARMLESS.text


def answers(words: str) -> tuple[object, ...]:
    """The two answers of a first conversation, as they are opened."""
    return False, (0, Chosen(("north",))), (1, Said(words))


def looks(outcomes: list[Outcome]) -> list[tuple[object, ...]]:
    """What outcomes look like in a chat: everything but the tokens behind buttons."""
    return [
        (
            outcome.card.text if outcome.card else None,
            outcome.card.ranges if outcome.card else None,
            tuple(tuple(label for label, _ in row) for row in outcome.keyboard),
            outcome.edit,
            outcome.toast,
            outcome.delete,
        )
        for outcome in outcomes
    ]


async def test_a_whole_conversation_is_sealed_and_leaves_no_word_in_the_chat(talk: Talk, row: RoundRow) -> None:
    """What she typed is deleted right after sealing and never shown again. Proves: P4."""
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    outcome = await talk.type("kalamu canary")
    receipt = await talk.send()

    assert talk.last in outcome.delete
    assert not any("canary" in (said.card.text if said.card else "") + (said.toast or "") for said in talk.said)
    assert len(receipt.split()) == 9
    assert talk.world.opened(row) == [answers("kalamu canary")]


async def test_the_card_is_edited_and_not_repeated(talk: Talk) -> None:
    """One message is the card from the first language button to the receipt. Proves: P4."""
    await talk.whole()

    assert len(talk.standing) == 1


async def test_a_repeated_update_draws_the_card_again_and_changes_nothing(talk: Talk, row: RoundRow) -> None:
    """The same update twice is one answer; the second time she only sees where she is. Proves: T3."""
    await talk.begin()
    await talk.consent()
    press = talk.pressing(talk.card.data("north"))
    first = await talk.take(press)
    again = await talk.take(press)
    await talk.type("peace")
    await talk.send()

    assert first.card == again.card
    assert talk.world.opened(row) == [answers("peace")]


async def test_an_answer_on_an_old_card_is_not_an_answer(talk: Talk, row: RoundRow) -> None:
    """A choice counts only while its own card is on screen. Proves: T3, K2."""
    await talk.begin()
    await talk.consent()
    old = talk.card.data("south")
    await talk.press("north")
    outcome = await talk.take(talk.pressing(old))
    await talk.press("Back")
    again = await talk.take(talk.pressing(old))
    await talk.press("north")
    await talk.type("peace")
    await talk.send()

    assert outcome.toast == again.toast == texts.NOTICES[Notice.OLD_CARD].text
    assert talk.world.opened(row) == [(False, (0, Chosen(("north",))), (0, Chosen(("north",))), (1, Said("peace")))]


async def test_a_card_that_hides_the_real_one_goes_when_it_is_pressed(talk: Talk) -> None:
    """A card whose sending was never answered stands below the real one: a press takes it away. Proves: P2, S1."""
    await talk.begin()
    real = max(talk.standing)
    stray = next(talk.messages)
    talk.standing[stray] = talk.standing[real]
    await talk.read()

    assert stray in talk.deleted
    assert max(talk.standing) == real
    assert texts.CONTROLS[Control.YES].text in talk.card.labels


async def test_old_consent_buttons_and_typed_words_are_not_consent(talk: Talk) -> None:
    """Only the visible yes of the purpose being asked is consent: words and old buttons are not. Proves: K2."""
    await talk.begin()
    await talk.press("Continue")
    shown, yes = talk.card.text, talk.card.data("Yes")
    await talk.type("yes")
    await talk.type("I agree to everything")

    assert shown in talk.card.text

    await talk.press("Yes")
    second = talk.card.text
    await talk.take(talk.pressing(yes))

    assert second in talk.card.text


async def test_no_to_the_first_purpose_ends_it_and_keeps_nothing(talk: Talk, row: RoundRow) -> None:
    """Whoever does not want to be counted is let go, and no trace stays. Proves: K2."""
    await talk.begin()
    await talk.read()
    await talk.press("No")

    assert texts.REFUSED.text in talk.card.text
    assert talk.world.blobs(row) == []
    await talk.type("hello")
    assert HARMLESS in talk.card.text


async def test_a_stop_button_of_an_old_card_stops_after_a_restart(
    talk: Talk, url: str, tmp_path: Path, row: RoundRow
) -> None:
    """Stop works from any card, also one of an earlier process. Proves: P2."""
    await talk.begin()
    await talk.consent()
    old = talk.card.data("Stop")
    await talk.press("north")
    with World.make(url, tmp_path / "secrets", talk.world.clock) as other:
        talk.conversation, talk.world = conversation(other), other
        await talk.take(talk.pressing(old))
        assert texts.STOPPING.text in talk.card.text
        await talk.press("Yes")
        assert texts.STOPPED.text in talk.card.text
        assert other.blobs(row) == []


@pytest.mark.parametrize("language", [words.language for words in catalogues(texts.DOMAIN)])
async def test_a_stop_word_stops_in_every_language(talk: Talk, language: str) -> None:
    """Typed as the whole message, also inside a text question, the word ends everything. Proves: P2."""
    word = next(words for words in catalogues(texts.DOMAIN) if words.language == language).text(*texts.STOP_WORD)
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    await talk.type(f"  {word.upper()}! ")

    assert texts.STOPPED.text in talk.card.text


@pytest.mark.parametrize("control", [control for control in texts.WORDS if control is not Control.STOP_CONFIRMED])
@pytest.mark.parametrize("words", list(catalogues(texts.DOMAIN)), ids=lambda words: str(words.language))
async def test_a_command_works_as_a_word_in_every_language(talk: Talk, words: Catalogue, control: Control) -> None:
    """Typed as the whole message, *hide* hides at once; any other word asks whether it was the answer. Proves: P2."""
    word = words.text(*texts.WORDS[control])
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    outcome = await talk.type(f" {word.upper()}. ")

    assert outcome.wipe is (control is Control.HIDE)
    assert control is Control.HIDE or talk.card.text.startswith(texts.COMMAND.text)
    assert control is Control.HIDE or word not in talk.card.text


async def test_a_stop_word_inside_a_sentence_is_an_answer(talk: Talk, row: RoundRow) -> None:
    """`stop the shelling` is something to say, not a command. Proves: P2."""
    await talk.whole("stop the shelling")

    assert talk.world.opened(row) == [answers("stop the shelling")]


async def test_former_participant_and_stranger_see_the_same(world: World, row: RoundRow) -> None:
    """Nothing that is said outside a conversation depends on whether this account took part. Proves: P12, P9."""
    former, stranger = Talk(world, conversation(world), user=1), Talk(world, conversation(world), user=2)
    await former.whole()
    before = len(former.said)
    stranger.messages, stranger.standing = former.messages, {}

    async def after(talk: Talk) -> list[tuple[object, ...]]:
        talk.messages, talk.standing, seen = iter(range(900, 999)), {}, len(talk.said)
        for text in ("hello", "/start nowhere", "/help", "/stop", "/withdraw"):
            await talk.type(text)
        await talk.press("Delete my answers")
        await talk.type("/withdraw")
        await talk.type(f"/start {row.code}")
        await talk.attach()
        return looks(talk.said[seen:])

    assert before
    assert await after(former) == await after(stranger)
    assert world.blobs(row) == []


async def test_strangers_and_unknown_codes_get_one_harmless_line(talk: Talk, world: World) -> None:
    """Outside a round there is one answer, in every language and about nothing. Proves: P9."""
    world.open_round(rehearsal=False)
    for text in ("hello", "/start", "/start NOSUCH", "/start ' OR 1=1", "/language", "what is this?"):
        await talk.type(text)

    cards = {said.card.text for said in talk.said if said.card is not None}
    assert len(cards) == 1
    assert HARMLESS in cards.pop()


async def test_a_rehearsal_opened_later_is_not_there_for_real_people(world: World) -> None:
    """A bot on Telegram offers live rounds only, whatever is opened while it runs."""
    rehearsal, live = world.open_round(), world.open_round(rehearsal=False)

    assert world.rounds.open_codes() == {rehearsal.code: rehearsal.id, live.code: live.id}
    assert LiveRounds(world.rounds).open_codes() == {live.code: live.id}


async def test_a_receipt_in_native_digits_withdraws_from_any_chat(talk: Talk, world: World, row: RoundRow) -> None:
    """Thirty digits, typed in Arabic digits from another account, delete the response. Proves: P10."""
    receipt = await talk.whole()
    other = Talk(world, conversation(world), user=99)
    outcome = await other.type(read(receipt).translate({ord("0") + digit: 0x660 + digit for digit in range(10)}))

    assert texts.WITHDRAWN_BY_NUMBER.text in other.card.text
    assert other.last in outcome.delete
    assert world.blobs(row) == []


async def test_withdrawing_takes_a_running_conversation_with_it(talk: Talk, world: World, row: RoundRow) -> None:
    """`/withdraw` and its button delete what was sent and what was not, and take the open card away. Proves: W2."""
    await talk.whole()
    await talk.type(f"/start {row.code}")
    begun = max(talk.standing)
    await talk.type("/withdraw")
    outcome = await talk.press(texts.CONTROLS[Control.WITHDRAW].text)

    assert begun in outcome.delete
    assert outcome.edit not in outcome.delete
    assert texts.WITHDRAWN.text in talk.card.text
    assert world.blobs(row) == []
    assert world.rows(tables.drafts) == []


async def test_a_mistyped_receipt_is_said_and_deleted(talk: Talk, world: World, row: RoundRow) -> None:
    """One wrong digit is noticed; nothing is deleted but the message."""
    receipt = read(await talk.whole())
    wrong = receipt[:-1] + str((int(receipt[-1]) + 1) % 10)
    outcome = await talk.type(wrong)

    assert texts.MISTYPED.text in talk.card.text
    assert talk.last in outcome.delete
    assert len(world.blobs(row)) == 1


async def test_pictures_are_removed_and_answered_with_one_calm_line(talk: Talk) -> None:
    """What is not words is deleted and never kept; the card stays and says so. Proves: P5."""
    await talk.begin()
    await talk.consent()
    question = talk.card.text
    outcome = await talk.attach()

    assert talk.last in outcome.delete
    assert texts.NOTICES[Notice.WORDS_ONLY].text in talk.card.text
    assert question in talk.card.text


async def test_blocking_the_bot_deletes_everything(talk: Talk, row: RoundRow) -> None:
    """Blocked is the same as stop and delete, without a word. Proves: T1."""
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    outcome = await talk.block()
    await talk.type("hello")

    assert outcome.card is None
    assert HARMLESS in talk.card.text
    assert talk.world.blobs(row) == []


async def test_a_second_tap_on_send_leaves_the_receipt_standing(talk: Talk) -> None:
    """The receipt is shown once, so nothing may write over it: not a hurried second tap. Proves: P11."""
    await talk.begin()
    await talk.consent()
    await talk.answer_all("peace")
    press = talk.pressing(talk.card.data("Send"))
    again = talk.pressing(talk.card.data("Send"))
    await talk.take(press)
    receipt = talk.card.text
    outcome = await talk.take(again)

    assert talk.card.text == receipt
    assert outcome.toast is not None
    assert not outcome.passing
    assert not talk.said[-2].passing


async def test_a_lost_receipt_comes_again_with_the_same_update(talk: Talk) -> None:
    """Killed between storing and saying: the update comes again, and so does the receipt. Proves: S1."""
    await talk.begin()
    await talk.consent()
    await talk.answer_all("peace")
    press = talk.pressing(talk.card.data("Send"))
    await talk.take(press)
    first = talk.card.text.splitlines()[-1]
    talk.conversation = conversation(talk.world)
    await talk.take(press)

    assert talk.card.text.splitlines()[-1] == first


async def test_a_receipt_that_was_written_down_makes_way_for_an_offer_to_empty_the_chat(talk: Talk) -> None:
    """The receipt leaves the screen, and one tap hides everything. Proves: P3."""
    receipt = await talk.whole()
    at = max(talk.standing)
    await talk.press("written")
    await talk.press(receipt.split()[-1])

    assert max(talk.standing) == at
    assert receipt not in talk.card.text
    assert texts.RECEIPT_KEPT.text in talk.card.text
    await talk.press("Hide")
    assert talk.said[-1].wipe
    assert talk.standing == {}


async def test_groups_are_left(talk: Talk) -> None:
    """The bot speaks with one person at a time, and leaves everything else. Proves: T1."""
    update = talk.message(text="/start")
    update["message"]["chat"] = {"id": -5, "type": "supergroup"}
    outcome = await talk.take(update)

    assert outcome.leave
    assert outcome.card is None


async def test_a_button_of_somebody_else_does_nothing(talk: Talk, world: World) -> None:
    """A token works for the account it was made for, and an invented one for nobody. Proves: T3."""
    await talk.begin()
    await talk.consent()
    other = Talk(world, conversation(world), user=99)
    await other.begin()
    await other.consent()
    card = other.card.text
    for data in (talk.card.data("north"), "A" * 24, "", "é", "north"):
        await other.take(other.pressing(data))

    assert other.card.text == card


async def test_the_language_can_change_at_any_step_and_nothing_is_lost(talk: Talk, row: RoundRow) -> None:
    """Changing the language comes back to the same question, in the other language. Proves: P10."""
    await talk.begin()
    await talk.consent()
    await talk.press("north")
    await talk.press("Language")
    await talk.press("العربية")

    assert "What should change? ع" in talk.card.text
    await talk.type("سلام")
    await talk.press("إرسال")
    assert talk.world.opened(row) == [answers("سلام")]


async def test_start_again_brings_the_card_back_below(talk: Talk) -> None:
    """Whoever lost sight of the card gets it again as a new message, and the old one goes. Proves: P8."""
    await talk.begin()
    await talk.consent()
    question, old = talk.card.text, max(talk.standing)
    await talk.type("/start")

    assert talk.card.text == question
    assert old in talk.deleted
    assert len(talk.standing) == 1


async def test_every_card_of_a_rehearsal_says_so(talk: Talk) -> None:
    """Nobody can mistake an invented round for a real one, from the first card to the receipt."""
    await talk.whole()

    assert all(texts.REHEARSAL.text in said.card.text for said in talk.said if said.card is not None)

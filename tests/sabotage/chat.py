"""Breakages of what happens to a chat: hiding, resting, reading aloud, being met like a stranger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from aiogram.methods import DeleteMessages

from bot.participant import conversation, profile, render, texts, verdicts
from bot.participant.calls import Overtaken
from bot.participant.outcome import Outcome
from bot.participant.pace import Pace
from bot.participant.speaker import Speaker
from bot.participant.wiping import Cleared, Wiper
from storage import drafts, playing, sweep, turns
from storage.drafts import StoredDraft
from storage.finding import Finder
from storage.intake import Intake
from storage.values import Draft, SweepItem
from tests.sabotage.registry import sabotage

RESTING = "tests/bot/test_resting.py::"
WIPING = "tests/bot/test_wiping.py::"
STORED = "tests/storage/test_resting.py::"
SAME = "tests/bot/test_same_for_all.py::"
KNOWN = 901
"""The account there that took part."""


@sabotage("P3", caught_by=STORED + "test_hiding_leaves_no_message_out_and_keeps_what_was_sealed")
def lines_outside_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said outside a conversation never reaches the sweep box."""

    async def forgetful(_intake: Intake, **_line: object) -> None:
        return

    monkeypatch.setattr(Intake, "line_sent", forgetful)


@sabotage("P3", caught_by=STORED + "test_a_chat_that_was_not_wiped_is_named_after_a_minute")
def hiding_dies_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the database says that a chat is being wiped."""
    monkeypatch.setattr(sweep, "wiping", lambda *_given, **_more: [])


@sabotage("P3", caught_by=WIPING + "test_one_message_that_is_too_old_does_not_keep_the_others")
def one_old_message_keeps_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused call is taken for the end of it."""

    async def once(wiper: Wiper, chat_id: int, ids: list[int]) -> Cleared:
        await wiper._try(DeleteMessages(chat_id=chat_id, message_ids=ids))
        return Cleared.GONE

    monkeypatch.setattr(Wiper, "_clear", once)


@sabotage("P3", caught_by=WIPING + "test_an_interrupted_hiding_is_not_forgotten")
def rows_go_before_telegram_has_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble on the line counts as done."""

    async def hopeful(wiper: Wiper, chat_id: int, message_ids: Sequence[int]) -> Cleared:
        await wiper._try(DeleteMessages(chat_id=chat_id, message_ids=list(message_ids)))
        return Cleared.GONE

    monkeypatch.setattr(Wiper, "clear", hopeful)


@sabotage("P3", caught_by=RESTING + "test_an_old_card_is_replaced_before_it_cannot_be_deleted")
def cards_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message stays the card for ever."""
    monkeypatch.setattr(conversation, "OLD", timedelta(days=400).total_seconds())


@sabotage("P3", caught_by=STORED + "test_looks_into_the_box_are_shared")
def everybody_looks_for_herself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred people who hide make a hundred looks at once."""

    async def alone(finder: Finder, chat_id: int) -> tuple[SweepItem, ...]:
        return tuple(finder._look(frozenset({chat_id}))[chat_id])

    monkeypatch.setattr(Finder, "find", alone)


@sabotage("P4", caught_by=RESTING + "test_a_screen_reader_gets_new_messages")
def screen_readers_get_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mode is stored and nothing else."""
    honest = conversation.Conversation._at_card

    def seeing(self: conversation.Conversation, *given: object) -> Outcome:
        said, meant, draft, *rest = given
        assert isinstance(draft, Draft)
        blind = replace(draft, session=replace(draft.session, reader=False))
        return honest(self, said, meant, blind, *rest)  # type: ignore[arg-type]  # the function's own arguments

    monkeypatch.setattr(conversation.Conversation, "_at_card", seeing)


@sabotage("P6", caught_by=RESTING + "test_support_does_not_stay_on_screen")
def support_stays_for_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of places to turn to rests no sooner than any other card."""
    monkeypatch.setattr(drafts, "SUPPORT_RESTS", drafts.RESTS)


@sabotage("P7", caught_by=RESTING + "test_a_card_left_alone_becomes_a_neutral_line")
def cards_stay_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens before the draft ends."""
    monkeypatch.setattr(StoredDraft, "rests_at", property(lambda draft: draft.expires))


@sabotage("P7", caught_by=STORED + "test_resting_is_no_word_from_her")
def resting_keeps_a_draft_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock's own turn counts as a word from her."""
    always = property(lambda _turn: True, lambda _turn, _value: None)
    monkeypatch.setattr(turns.Turn, "_asked", always, raising=False)


@sabotage("P7", caught_by=SAME + "test_whoever_took_part_and_a_stranger_see_the_same[idle-False]")
def a_hidden_card_comes_back_without_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes to a conversation at rest finds it open."""
    for module in (conversation, verdicts):
        monkeypatch.setattr(module, "hidden", lambda _draft: False)


@sabotage("P12", caught_by=SAME + "test_whoever_took_part_and_a_stranger_see_the_same")
def former_participants_are_told_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line outside a conversation is in one language, where a hidden one knows it."""
    honest = conversation.Conversation._with

    def telling(
        self: conversation.Conversation, said: Outcome, card: render.Card, nonce: bytes | None = None
    ) -> Outcome:
        known = card == render.line(texts.HARMLESS, self._spoken.languages) and said.user_id == KNOWN
        return honest(self, said, render.line(texts.HARMLESS, ("es",)) if known else card, nonce)

    monkeypatch.setattr(conversation.Conversation, "_with", telling)


@sabotage("P12", caught_by=STORED + "test_what_is_hidden_does_not_show_in_stopping")
def stopping_tells_of_hidden_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erasing takes a hidden conversation's messages along at once."""
    monkeypatch.setattr(StoredDraft, "hidden", property(lambda _draft: False))


@sabotage("T4", caught_by=WIPING + "test_nobody_is_written_to_unasked")
def neutral_lines_come_as_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that has lost its message is sent anew."""
    honest = Speaker._show

    async def eager(speaker: Speaker, said: Outcome, overtaken: Overtaken) -> None:
        await honest(speaker, replace(said, unasked=False), overtaken)

    monkeypatch.setattr(Speaker, "_show", eager)


@sabotage("Q6", caught_by="tests/bot/test_first_words.py::test_the_profile_gives_nothing_away")
def the_name_says_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot is called by its subject."""
    loud = texts.Message("profile", "Voices of survivors")
    monkeypatch.setattr(profile, "LIMITS", {loud: 64})


@sabotage("Q6", caught_by="tests/bot/test_first_words.py::test_the_first_words_of_every_card_give_nothing_away")
def a_card_begins_with_its_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """The neutral line is not."""
    monkeypatch.setattr(texts, "HARMLESS", texts.Message("line", "Your testimony is kept."))


@sabotage("Q6", caught_by="tests/bot/test_profile.py::test_the_profile_is_set_once_in_every_language_and_commands_go")
def the_name_is_set_at_every_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what is set already."""

    async def unseen(*_given: object) -> object:
        return None

    monkeypatch.setattr(profile, "_read", unseen)


@sabotage("T4", caught_by="tests/bot/test_speaker.py::test_a_crowd_that_is_too_fast_is_answered_to_the_last")
def a_crowd_comes_again_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was refused waits for herself alone."""
    monkeypatch.setattr(Pace, "refused", lambda _pace, _seconds: None)


@sabotage("T4", caught_by="tests/bot/test_speaker.py::test_who_stops_or_needs_help_waits_for_nobody")
def everybody_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping and help wait behind all other cards."""
    turn = Pace.turn

    async def equal(pace: Pace, *, first: bool) -> None:  # noqa: ARG001 - that it does not matter is the breakage
        await turn(pace, first=False)

    monkeypatch.setattr(Pace, "turn", equal)


HEARD = "tests/bot/test_recordings.py::"
KEPT = "tests/storage/test_recordings.py::"


@sabotage("P3", caught_by=KEPT + "test_a_recording_goes_when_she_moves_on")
def recordings_outlive_their_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording stands on below the next card."""
    real = playing.after
    monkeypatch.setattr(playing, "after", lambda *given: (real(*given)[0], ()))


@sabotage("P3", caught_by=KEPT + "test_a_second_press_sends_no_second_recording")
def every_press_sends_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second press sends a second recording, and the first is forgotten."""
    monkeypatch.setattr(playing, "_lost", lambda *_given: True)


@sabotage("P3", caught_by=HEARD + "test_a_recording_goes_up_once_and_is_called_by_its_name_from_then_on")
def recordings_tell_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of a recording has a name that says what it is."""
    monkeypatch.setattr("bot.participant.recordings.FILE", "consultation.ogg")


@sabotage("P12", caught_by=HEARD + "test_a_recording_that_comes_too_late_is_taken_away")
def recordings_come_uncalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording is sent although its conversation is hidden by now, and stays."""

    async def always(*_self: object, **_place: object) -> bool:
        return True

    monkeypatch.setattr("bot.participant.steadfast.Steadfast.recording_wanted", always)


@sabotage("P3", caught_by=HEARD + "test_what_remains_is_named")
def the_phones_memory_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tidied chat does not say what the phone may still hold."""
    monkeypatch.setattr(texts, "WIPED", texts.NEUTRAL)

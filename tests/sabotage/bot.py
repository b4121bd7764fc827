"""Breakages of the participant's mouth: each lets something out, in or past that must not."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest

from bot.participant import calls, conversation, gateway, incoming, plans, polling, render, speaker, texts, verdicts
from bot.participant.incoming import Incoming
from bot.participant.lanes import Lanes
from bot.participant.outcome import Outcome
from bot.participant.plans import Plan
from bot.participant.wiping import SENT_ONLY
from flows import card
from flows.events import Action, Attached, Control, Event, Pick, Pressed, Restarted, Typed
from flows.model import Item
from flows.session import Session
from storage.errors import StorageUnavailable
from storage.values import Turned
from tests.sabotage.registry import sabotage

TALK = "tests/bot/test_conversation.py::"
TAKING = "tests/bot/test_taking.py::"
SPEAKER = "tests/bot/test_speaker.py::"
HAND = "tests/bot/test_card_in_hand.py::"
PARSER = "tests/bot/test_incoming.py::"


@sabotage("T1", caught_by=PARSER + "test_of_every_field_of_the_bot_api_only_the_allow_list_survives")
def groups_are_spoken_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group is taken for a private chat."""
    monkeypatch.setattr(incoming, "_chat", lambda holder: (holder.get("chat", {}).get("id"), True))


@sabotage("T1", caught_by=TAKING + "test_a_batch_is_confirmed_only_after_it_is_stored")
def everything_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot asks for inline queries too."""
    monkeypatch.setattr(polling, "WANTED", [*polling.WANTED, "inline_query"])


@sabotage("T2", caught_by=PARSER + "test_beside_every_single_field_of_a_message_only_the_allow_list_survives")
def captions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words under a picture pass the parser."""
    honest = incoming._message

    def reading(update_id: int, message: Mapping[str, Any]) -> Incoming | None:
        if isinstance(message.get("caption"), str):
            message = {**message, "text": message["caption"]}
        return honest(update_id, message)

    monkeypatch.setattr(incoming, "_message", reading)


@sabotage("T2", caught_by=PARSER + "test_of_every_field_of_the_bot_api_only_the_allow_list_survives")
def names_pass_as_callback_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """A username travels on in a field that is allowed."""
    honest = incoming._press

    def naming(update_id: int, query: Mapping[str, Any]) -> Incoming | None:
        return honest(update_id, {**query, "id": query.get("from", {}).get("username")})

    monkeypatch.setattr(incoming, "_press", naming)


@sabotage("T3", caught_by=TAKING + "test_what_could_not_be_stored_is_not_confirmed_and_comes_again")
def storage_trouble_is_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that could not be stored is confirmed as if it had been."""
    honest = gateway.Gateway._turn

    async def hopeful(self: gateway.Gateway, given: Incoming) -> Outcome | None:
        try:
            return await honest(self, given)
        except StorageUnavailable:
            return None

    monkeypatch.setattr(gateway.Gateway, "_turn", hopeful)


@sabotage(
    "T3", caught_by=TAKING + "test_while_many_write_the_next_are_asked_for_early_and_nothing_unfinished_is_confirmed"
)
def asking_early_confirms_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offset moves behind the newest update, whatever is still under way."""

    def hasty(self: polling._Hand) -> None:
        self.offset = max(self._tasks, default=0) + 1

    monkeypatch.setattr(polling._Hand, "_move", hasty)


@sabotage("T3", caught_by=TAKING + "test_updates_of_one_person_never_overlap_and_keep_their_order")
def everybody_has_a_lane_for_each_update(monkeypatch: pytest.MonkeyPatch) -> None:
    """Updates of one person run side by side."""
    honest = Lanes.turn
    lanes = iter(range(1 << 30))
    monkeypatch.setattr(Lanes, "turn", lambda self, _number: honest(self, next(lanes)))


@sabotage("T3", caught_by=TALK + "test_an_answer_on_an_old_card_is_not_an_answer")
def old_cards_still_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice counts whatever card it stands on."""
    monkeypatch.setattr(conversation, "event", lambda meant, *_where: meant.event)


def rests_on_nothing(monkeypatch: pytest.MonkeyPatch, blind: Callable[[Action, tuple[str, ...]], bool]) -> None:
    """Buttons for which `blind` holds count whatever marks stand on their card."""
    honest = card._rests_on

    def careless(
        session: Session, action: Action, codes: tuple[str, ...], item: Item | None
    ) -> tuple[str, ...]:  # fmt: skip
        marks = honest(session, action, codes, item)
        return () if blind(action, marks) else marks

    monkeypatch.setattr(card, "_rests_on", careless)


@sabotage("T3", caught_by=HAND + "test_done_takes_what_stood_on_its_own_card")
def done_ignores_the_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Done* seals the ticks that count, whatever she saw when she pressed it."""
    rests_on_nothing(monkeypatch, lambda action, _marks: action is Control.DONE)


@sabotage("S1", caught_by=HAND + "test_what_the_card_in_her_hand_shows_is_what_her_press_does")
def an_order_is_filled_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last pick of a ranking seals what came before it, whatever she saw."""
    rests_on_nothing(monkeypatch, lambda action, marks: isinstance(action, Pick) and marks != card.MARKED)


@sabotage("P11", caught_by=HAND + "test_quick_taps_all_count_and_two_on_one_box_tick_it")
def taps_turn_ticks_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second tap on a box takes back the first, though she has not seen it."""
    rests_on_nothing(monkeypatch, lambda _action, marks: marks == card.MARKED)


@sabotage("T3", caught_by="tests/bot/test_tokens.py::test_a_forged_token_or_one_of_another_account_is_refused")
def any_tag_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tag of a token is not looked at."""
    monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: True)


@sabotage("T4", caught_by=SPEAKER + "test_new_messages_of_one_chat_are_a_second_apart")
def new_messages_follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between two new messages."""
    monkeypatch.setattr(speaker, "NEW_MESSAGES", 0.0)


@sabotage("T4", caught_by=SPEAKER + "test_flood_is_waited_for_and_trouble_tried_again")
def retry_after_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot knocks again at its own pace."""
    monkeypatch.setattr(calls, "LONGEST_WAIT", 0.0)


@sabotage("T5", caught_by=TAKING + "test_a_wrong_webhook_secret_is_refused")
def a_secret_of_any_letters_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The webhook's secret is compared by its beginning."""
    monkeypatch.setattr(hmac, "compare_digest", lambda given, expected: expected.startswith(given[:1]))


@sabotage("T6", caught_by=SPEAKER + "test_a_new_card_is_protected_silent_and_without_preview_or_markup")
def messages_can_be_forwarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards go out without protection."""
    monkeypatch.setattr(speaker, "SENT_ONLY", SENT_ONLY.replace(b"true", b"false", 1))


@sabotage("T6", caught_by="tests/bot/test_session.py::test_only_what_was_set_is_sent")
def everything_is_sent_as_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call says that its text is HTML."""
    honest = orjson.dumps
    monkeypatch.setattr(orjson, "dumps", lambda value: honest({**value, "parse_mode": "HTML"}))


@sabotage("P2", caught_by=TALK + "test_a_stop_button_of_an_old_card_stops_after_a_restart")
def old_stop_buttons_are_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop belongs to its card like every other button."""
    monkeypatch.setattr(verdicts, "FROM_ANY_CARD", frozenset())


@sabotage("P2", caught_by=TALK + "test_a_stop_word_stops_in_every_language")
def stop_words_are_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No typed word is a command."""
    monkeypatch.setattr(plans, "_words", dict)


@sabotage("P4", caught_by=TALK + "test_a_whole_conversation_is_sealed_and_leaves_no_word_in_the_chat")
def typed_words_stay_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is deleted but at the end."""
    monkeypatch.setattr(conversation, "going", lambda _incoming, _meant, turned, **_live: turned.sweep)


@sabotage("P4", caught_by=TALK + "test_the_card_is_edited_and_not_repeated")
def every_card_is_a_new_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards pile up in the chat."""
    honest = conversation.Conversation._with

    def piling(
        self: conversation.Conversation,
        said: Outcome,
        card: render.Card,
        *rest: Any,  # noqa: ANN401 - handed on
    ) -> Outcome:
        return replace(honest(self, said, card, *rest), edit=None)

    monkeypatch.setattr(conversation.Conversation, "_with", piling)


@sabotage("P5", caught_by=TALK + "test_pictures_are_removed_and_answered_with_one_calm_line")
def pictures_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attachment is taken for an empty text and no calm line is said."""
    monkeypatch.setattr(plans, "Attached", lambda: Typed(""))


@sabotage("P5", caught_by=PARSER + "test_forwarded_words_are_not_hers")
def forwards_are_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's words count as hers."""
    monkeypatch.setattr(incoming, "_FORWARD_MARKS", ())


@sabotage("P9", caught_by=TALK + "test_strangers_and_unknown_codes_get_one_harmless_line")
def unknown_codes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who tries codes hears that this one is wrong."""
    honest = plans._typed

    def telling(text: str) -> Plan:
        meant = honest(text)
        return replace(meant, line=texts.MISTYPED) if meant.code else meant

    monkeypatch.setattr(plans, "_typed", telling)


@sabotage("P10", caught_by="tests/bot/test_render.py::test_every_arabic_paragraph_reads_from_the_right")
def right_to_left_is_left_to_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line says in which direction it reads."""
    monkeypatch.setattr(render, "_RLM", "")


@sabotage("P12", caught_by=TALK + "test_former_participant_and_stranger_see_the_same")
def withdrawing_says_whether_there_was_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a withdrawal depends on what was found."""
    honest = conversation.Conversation._said

    def telling(
        self: conversation.Conversation,
        said: Outcome,
        given: Incoming,
        meant: Plan,
        turned: Turned,
        seen: conversation._Seen,
    ) -> Outcome:
        if turned.withdrawn:
            meant = replace(meant, line=texts.STOPPED)
        return honest(self, said, given, meant, turned, seen)

    monkeypatch.setattr(conversation.Conversation, "_said", telling)


@sabotage("K2", caught_by=TALK + "test_old_consent_buttons_and_typed_words_are_not_consent")
def yes_means_yes_on_any_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A yes of an earlier purpose agrees to the next one."""

    def trusting(meant: Plan, *_where: object) -> Event:
        return meant.event if isinstance(meant.event, Pressed | Typed | Attached) else Restarted()

    monkeypatch.setattr(conversation, "event", trusting)


@sabotage("D6", caught_by=PARSER + "test_an_update_is_silent_about_itself")
def updates_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """`repr` of an update shows what it holds."""
    monkeypatch.setattr(Incoming, "__repr__", lambda self: f"<Incoming {self.kind} {self.text}>")


@sabotage("S2", caught_by=PARSER + "test_lone_surrogates_become_something_that_can_be_stored")
def half_characters_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text that UTF-8 cannot hold reaches storage."""
    monkeypatch.setattr(incoming, "_well_formed", lambda text: text)


@sabotage("S1", caught_by=SPEAKER + "test_a_receipt_is_never_left_out")
def receipts_are_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said only once can be overtaken."""
    monkeypatch.setattr(speaker, "never", lambda: True)


@sabotage("P2", caught_by="tests/bot/test_commands.py::test_a_command_with_a_stroke_is_never_taken_for_an_answer")
def strokes_are_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command with a stroke is a word like any other."""
    monkeypatch.setattr(plans, "_stroked", lambda worded: worded)

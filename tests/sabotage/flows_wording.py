"""Breakages of the linter's rules on what is asked, how, of whom, and who could read it."""

import re

import pytest

from flows import linter
from flows.checks import effort, groups, heavy, texts, wording
from flows.model import QuestionBase
from tests.sabotage.flows_authoring import without
from tests.sabotage.registry import sabotage

LINTER = "tests/flows/test_linter.py::"
WORDS = "tests/flows/test_linter_words.py::"
BOTH_SIDES = LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass"


@sabotage("Q2", caught_by=WORDS + "test_open_questions_that_ask_for_stories_or_people_are_refused")
def stories_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open questions may ask what happened."""
    monkeypatch.delitem(wording._ASKS, "story")


@sabotage("Q2", caught_by=BOTH_SIDES)
def a_negation_excuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """`No names, please` is taken for a question about names, so that authors leave the plea out."""
    monkeypatch.setattr(wording, "_QUESTION", ("",))


@sabotage("Q4", caught_by=BOTH_SIDES)
def heavy_questions_come_unannounced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heavy question needs no content note before it."""
    without(monkeypatch, "heavy-unannounced")


@sabotage("Q4", caught_by=BOTH_SIDES)
def heavy_questions_stand_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heavy question may be the first or the last."""
    monkeypatch.setattr(heavy, "LIGHTER", 0)


@sabotage("Q4", caught_by=BOTH_SIDES)
def nothing_leads_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line to breathe and no neutral question follows on what is heavy."""
    without(monkeypatch, "heavy-without-end")


@sabotage("Q5", caught_by=BOTH_SIDES)
def consultations_are_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither questions nor minutes are counted."""
    monkeypatch.setattr(effort, "MAX_QUESTIONS", 1000)
    monkeypatch.setattr(effort, "MAX_MINUTES", 1000)


@sabotage("Q5", caught_by=WORDS + "test_words_are_counted_also_where_none_are_parted")
def scripts_without_spaces_count_as_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole screen of Chinese or Burmese passes for one word."""
    for name in ("_SOLID", "_HAN", "_SYLLABLE"):
        monkeypatch.setattr(effort, name, re.compile("(?!)"))


@sabotage("Q6", caught_by=WORDS + "test_no_promise_no_claim_and_nothing_revealing_in_any_language")
def anonymity_may_be_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consultation may call itself anonymous."""
    without(monkeypatch, "claim")


@sabotage("Q6", caught_by=BOTH_SIDES)
def a_locked_phone_may_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what stands in a notification."""
    monkeypatch.setattr(wording, "NOTIFICATION", 0)


@sabotage("Q7", caught_by=BOTH_SIDES)
def direction_can_be_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invisible characters that turn a text round are let through."""
    monkeypatch.setattr(texts, "_HIDDEN", frozenset())


@sabotage("Q7", caught_by=BOTH_SIDES)
def a_language_may_be_half_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text may be missing in a language that is offered."""
    without(monkeypatch, "language-missing")


@sabotage("Q7", caught_by=BOTH_SIDES)
def translations_may_lose_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation may leave out what is to be filled in."""
    without(monkeypatch, "placeholder")


@sabotage("Q8", caught_by=BOTH_SIDES)
def any_number_of_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven variables may split tables."""
    monkeypatch.setattr(groups, "MAX_VARIABLES", 7)


@sabotage("Q8", caught_by=BOTH_SIDES)
def children_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An age band may reach below 18."""
    monkeypatch.setattr(groups, "ADULT", 0)


@sabotage("Q8", caught_by=WORDS + "test_children_and_structure_yield_to_no_reason")
def a_reason_is_enough_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule yields to a recorded reason, also the one on children."""
    monkeypatch.setattr(linter, "RULES", tuple(rule._replace(yields=True) for rule in linter.RULES))


@sabotage("Q9", caught_by=BOTH_SIDES)
def own_experience_may_be_asked_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions on own experience need no reason, although Telegram can read the answers."""
    monkeypatch.setattr(QuestionBase, "exposed", property(lambda _item: False))


@sabotage("Q9", caught_by=WORDS + "test_a_recorded_reason_turns_a_refusal_into_a_warning")
def an_empty_reason_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blank line in the deployment record sets the rule aside, and nobody sees it."""
    silent = tuple(rule for rule in linter.RULES if not rule.yields)
    real = linter._ask
    monkeypatch.setattr(
        linter, "_ask", lambda rules, made, at, why, bring: real(silent if "Q9" in why else rules, made, at, why, bring)
    )

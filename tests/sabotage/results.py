"""Breakages of being told: who may read what came of a round, and whether it is whole."""

import pytest

from bot.participant import results
from bot.participant.conversation import Conversation, Round
from bot.participant.plans import Plan
from bot.participant.results import Asking, Told
from locales.catalog import Catalogue
from storage.results import Results
from storage.values import Turned
from tests.sabotage.registry import sabotage

TOLD = "tests/bot/test_results.py::"
SAME = "tests/bot/test_same_for_all.py::"


@sabotage("W4", caught_by=TOLD + "test_strangers_are_told_only_of_rounds_that_are_public")
def strangers_are_told_of_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a round's existence may be public is not looked at."""
    honest = results._found

    def careless(published: list[Told], asking: Asking, own: bytes | None) -> Told | None:
        return honest(published, asking, own) or next(iter(published), None)

    monkeypatch.setattr(results, "_found", careless)


@sabotage("W4", caught_by=TOLD + "test_the_code_leads_to_the_summary_in_every_language")
def nothing_yet_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A summary without entries stands alone."""
    monkeypatch.setattr(results, "_happened", lambda _results, _words: ())


@sabotage("W4", caught_by=TOLD + "test_what_happened_is_told_with_its_day")
def days_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened is told without saying when."""

    def undated(told: Results, words: Catalogue) -> results.Parts:
        return tuple((one.text[words.language], None) for one in told.happened)

    monkeypatch.setattr(results, "_happened", undated)


@sabotage("P12", caught_by=SAME + "test_whoever_took_part_and_a_stranger_see_the_same[hidden-False]")
def a_hidden_conversation_needs_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a hidden conversation in a round is told what came of it, without its code."""
    honest = Conversation._published

    async def knowing(bot: Conversation, meant: Plan, named: Round | None, turned: Turned) -> results.Reply | None:
        if meant.results is None or turned.draft is None:
            return await honest(bot, meant, named, turned)
        return results.reply(bot._rounds.all(), meant.results, turned.draft.round_id, None)

    monkeypatch.setattr(Conversation, "_published", knowing)

"""Breakages of the linter's promises: references that do not hold, and answers that are demanded."""

from collections.abc import Iterator

import pytest

from flows import functions, grammar, linter, odk, rules
from flows.checks.walk import Flaw
from flows.model import Consultation
from flows.xlsform import spans
from tests.sabotage.registry import sabotage

LINTER = "tests/flows/test_linter.py::"


def without(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Silences one rule of the linter."""

    def silent(*_looked_at: object) -> Iterator[Flaw]:
        yield from ()

    every = tuple(rule._replace(check=silent) if rule.code == code else rule for rule in linter.RULES)
    monkeypatch.setattr(linter, "RULES", every)
    monkeypatch.setattr(linter, "FIRST", every[: len(linter.FIRST)])


@sabotage("Q1", caught_by=LINTER + "test_a_reference_that_cannot_be_kept_is_refused_with_its_reason")
def words_can_be_referred_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules may look at free text and at later questions, so a session would have to keep words."""

    def everything(consultation: Consultation, _before: int) -> tuple[str, ...]:
        return tuple(item.id for item in consultation.items)

    monkeypatch.setattr(rules, "referable", everything)


@sabotage("Q1", caught_by="tests/flows/test_expressions.py::test_what_is_not_allowed_is_refused_with_its_place")
def any_function_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The allow-list lets a function pass that nobody allowed."""
    more = dict.fromkeys(("now", "document"), functions.FUNCTIONS["true"])
    monkeypatch.setattr(grammar, "FUNCTIONS", {**functions.FUNCTIONS, **more})


@sabotage("Q1", caught_by="tests/flows/test_expressions.py::test_expressions_mean_what_they_mean_in_odk")
def empty_counts_as_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unanswered question is taken for the number 0, and rules ask what they should not."""
    real = odk.number

    def zero(value: odk.Value) -> float:
        return 0.0 if value == "" else real(value)

    monkeypatch.setattr(odk, "number", zero)


@sabotage("Q1", caught_by=LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass")
def unreachable_questions_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that can never be asked is let through."""
    without(monkeypatch, "unreachable")


@sabotage("Q1", caught_by=LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass")
def empty_cards_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that leaves nothing to pick is let through: the path does not go on."""
    without(monkeypatch, "no-way-on")


@sabotage(
    "Q1", caught_by="tests/flows/test_expressions.py::test_deep_and_long_expressions_are_refused_before_they_are_read"
)
def nesting_is_unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Expressions of any depth are read."""
    monkeypatch.setattr(grammar, "MAX_NESTING", 10_000)
    monkeypatch.setattr(grammar, "MAX_WORDS", 10_000)
    monkeypatch.setattr(grammar, "MAX_LENGTH", 100_000)


@sabotage("Q3", caught_by=LINTER + "test_a_required_question_is_refused_with_a_reason")
def answers_can_be_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    """`required: true` is let through."""
    without(monkeypatch, "required")


@sabotage("Q3", caught_by=LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass")
def gaps_between_bands_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands with a gap are let through: a person in the gap could not answer."""
    without(monkeypatch, "bands")


@sabotage("Q7", caught_by=LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass")
def half_of_it_can_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language may have a recording of one card and none of the next."""
    without(monkeypatch, "audio-missing")


@sabotage("Q7", caught_by="tests/flows/test_audio.py::test_a_consultation_is_heard_whole_and_its_files_are_looked_into")
def files_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a sound file is there and can be played."""
    without(monkeypatch, "audio-file")


@sabotage(
    "Q7", caught_by="tests/flows/test_audio.py::test_whatever_is_not_a_plain_recording_is_refused_with_its_reason"
)
def titles_may_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording may carry the name of whoever speaks."""
    monkeypatch.setattr("flows.ogg._tags", lambda _words: None)


@sabotage("P1", caught_by="tests/flows/test_audio.py::test_nothing_can_be_heard_before_safe_now_is_answered")
def support_speaks_before_safe_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listening is offered before anybody has said that she is alone."""
    monkeypatch.setattr("flows.prompts.VEIL", frozenset())


@sabotage("O4, Q7", caught_by="tests/rounds/test_service.py::test_a_round_opens_with_the_recordings_it_was_made_with")
def nobody_listens_before_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round opens without a look at the recordings it has taken along."""
    without(monkeypatch, "audio-file")


@sabotage("O4", caught_by="tests/flows/test_audio.py::test_a_round_takes_recordings_by_what_they_hold")
def recordings_keep_their_files_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is frozen with names of files, behind which another voice may be put."""
    monkeypatch.setattr("flows.prompts._renamed", lambda consultation, _names: consultation)


@sabotage("Q1", caught_by="tests/flows/test_spans.py::test_a_comparison_means_what_it_means_in_odk_or_is_told")
def a_band_counts_by_where_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule over a number goes by the lower end of the band, and asks people whom it did not mean."""

    def lower(self: spans.Span, sign: str, number: float) -> bool:
        return spans._MEANS[sign](self.low, number)

    monkeypatch.setattr(spans.Span, "side", lower)

"""Breakages of what rules mean: ODK's semantics, what calculations are, and that nothing is kept of them."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from flows import expressions, functions, odk, rules
from flows.expressions import Expression
from flows.odk import Value
from tests.sabotage.flows_authoring import LINTER, without
from tests.sabotage.registry import sabotage

VECTORS = "tests/xpath/test_vectors.py::test_every_expression_means_what_it_means_in_enketo"
CALCULATIONS = "tests/flows/test_calculations.py::"


def instead(monkeypatch: pytest.MonkeyPatch, name: str, do: Callable[..., Value]) -> None:
    """Another meaning for a function."""
    monkeypatch.setitem(functions.FUNCTIONS, name, functions.FUNCTIONS[name]._replace(do=do))


@sabotage("Q1", caught_by=VECTORS)
def a_choice_is_found_within_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """`selected` is content with a part of a code."""
    instead(monkeypatch, "selected", lambda given, code: odk.text(code).strip() in odk.text(given))


@sabotage("Q1", caught_by=VECTORS)
def what_is_no_number_is_left_out_of_the_greatest(monkeypatch: pytest.MonkeyPatch) -> None:
    """`max` passes over unanswered questions."""
    instead(
        monkeypatch,
        "max",
        lambda *given: max((one for one in map(odk.number, given) if not math.isnan(one)), default=math.nan),
    )


@sabotage("Q1", caught_by=VECTORS)
def places_are_counted_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`selected-at` counts as people do."""
    instead(monkeypatch, "selected-at", lambda given, place: functions.selected_at(given, odk.number(place) - 1))


@sabotage("Q1", caught_by=VECTORS)
def halves_go_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """`round` takes -2.5 to -2."""
    instead(monkeypatch, "round", lambda value, places=0.0: -odk.rounded(-odk.number(value) - 1e-9, odk.number(places)))


@sabotage("Q1", caught_by=VECTORS)
def the_word_false_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text counts as what it says, and not as a text."""
    real = odk.truth
    monkeypatch.setattr(odk, "truth", lambda value: value != "false" and real(value))


@sabotage("Q1", caught_by=VECTORS)
def numbers_are_compared_as_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """`5` and `5.0` differ."""
    monkeypatch.setitem(odk.BINARY, "=", lambda left, right: odk.text(left) == odk.text(right))


@sabotage("Q1", caught_by=CALCULATIONS + "test_a_value_is_text_for_whoever_refers_to_it")
def no_number_is_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calculation without a value is the word NaN, which is something."""
    monkeypatch.setattr(odk, "stored", odk.text)


@sabotage("Q1", caught_by=CALCULATIONS + "test_a_rule_looks_at_a_calculation_of_a_calculation")
def a_calculation_keeps_its_value_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calculation has a value while its own condition does not hold."""
    real = expressions.calculation

    def unconditional(value: Expression, _condition: Expression | None) -> Expression:
        return real(value, None)

    monkeypatch.setattr(rules, "calculation", unconditional)


@sabotage("Q1", caught_by=CALCULATIONS + "test_a_draft_keeps_the_codes_and_never_what_was_worked_out")
def what_a_calculation_looks_at_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session forgets the answers behind a calculation, and its rules ask the wrong people."""
    real = expressions.calculation

    def blind(value: Expression, condition: Expression | None) -> Expression:
        return replace(real(value, condition), references=frozenset())

    monkeypatch.setattr(rules, "calculation", blind)


@sabotage("R1", caught_by="tests/privacy/test_raw.py::test_a_name_between_two_questions_parts_them_from_nobody")
def tables_are_linked_by_what_rules_spell_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk does not see that a question was for those in one cell of another, because a name lies between."""
    what_a_calculation_looks_at_is_not_kept(monkeypatch)


@sabotage("Q1", caught_by=CALCULATIONS + "test_clearing_goes_through_calculations_until_nothing_changes")
def nothing_is_cleared_behind_a_calculation(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said stays, though the calculation that asked for it is empty now."""
    real = rules.Rules.relevant

    def lingering(asking: rules.Rules, position: int, values: rules.Values) -> bool:
        return real(asking, position, values) or bool(asking.consultation.calculations and position in values)

    monkeypatch.setattr(rules.Rules, "relevant", lingering)


@sabotage("Q1", caught_by=CALCULATIONS + "test_a_calculation_in_a_group_is_empty_while_the_group_is_not_asked")
def groups_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calculation has a value in a group that is not asked."""
    monkeypatch.setattr(
        "flows.xlsform.calculations.together", lambda conditions: conditions[-1] if conditions else None
    )


@sabotage("Q1", caught_by=LINTER + "test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass")
def words_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule may do with an answer what nobody can do with it."""
    without(monkeypatch, "type")


@sabotage("Q1", caught_by=CALCULATIONS + "test_a_number_in_quotes_is_a_code_only_where_codes_are")
def every_calculation_hands_on_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a calculation says by itself is compared with the code of a choice, and never equals it."""
    monkeypatch.setattr("flows.xlsform.importing.carries_codes", lambda _text, _coded: True)

import json

import pytest
from hypothesis import given, settings

from flows.checks.effort import width
from flows.findings import Severity
from flows.linter import FIRST, RULES, lint
from flows.loader import findings
from flows.model import Consultation
from tests.flows.faults import CASES, Case, Edit, item, sound, untouched
from tests.flows.strategies import consultations


def found(edit: Edit) -> list[tuple[str, str]]:
    """(code, path) of all findings after an edit of the sound consultation."""
    tree = sound()
    edit(tree)
    return [(finding.code, finding.path) for finding in lint(Consultation.model_validate(tree))]


def test_a_sound_consultation_has_no_findings() -> None:
    """The rules find nothing where nothing is wrong. Proves: Q1, Q3."""
    assert found(untouched) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.path}")
def test_each_rule_finds_its_bad_form_and_lets_a_good_one_pass(case: Case) -> None:
    """Every rule of the table, tried from both sides of its border. Proves: Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9."""
    assert (case.code, case.path) in found(case.bad)
    assert case.code not in {code for code, _ in found(case.good)}


def test_every_rule_is_tried() -> None:
    """No rule stands in the table untested, and each says why it is there."""
    assert {rule.code for rule in RULES} == {case.code for case in CASES}
    assert all(rule.check.__doc__ for rule in RULES)
    assert RULES[: len(FIRST)] == FIRST


def test_a_required_question_is_refused_with_a_reason() -> None:
    """Nobody can be made to answer: the author reads why, and what to do. Proves: Q3."""
    tree = sound()
    item(tree, "pick")["required"] = True

    refusal = next(one for one in findings(json.dumps(tree).encode(), "x") if one.code == "required")

    assert refusal.severity is Severity.ERROR
    assert "harms" in refusal.message
    assert "Remove" in refusal.remedy


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("${order} = 'a'", "not asked before"),
        ("${far} = 1", "not asked before"),
        ("${said} = 'x'", "words are sealed"),
        ("${read} = 'x'", "is a note"),
        ("${pcik} = 'x'", "'pick'"),
        ("selectd(${pick}, 'a')", "'selected'"),
    ],
)
def test_a_reference_that_cannot_be_kept_is_refused_with_its_reason(rule: str, reason: str) -> None:
    """Later questions, the question itself, words notes cannot be looked at; the author reads why. Proves: Q1."""
    tree = sound()
    item(tree, "far")["relevant"] = rule

    refusal = next(one for one in findings(json.dumps(tree).encode(), "x") if one.code == "expression")

    assert reason in refusal.message + refusal.remedy


@settings(max_examples=80)
@given(consultations())
def test_random_sound_consultations_have_no_errors(consultation: Consultation) -> None:
    """What the property tests of the engine walk through is what the loader would take."""
    assert [one for one in lint(consultation) if one.severity is Severity.ERROR] == []


def test_marks_do_not_count_as_visible_characters() -> None:
    """Arabic vowels and Burmese signs sit on letters and need no room of their own."""
    assert width("حِمايَة") == 5
    assert width("cafe\u0301") == 4

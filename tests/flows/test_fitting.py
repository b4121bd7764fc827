"""Types: what a rule works with fits what it does there, and each misfit says what to write instead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.linter import lint
from flows.loader import judged
from flows.model import Consultation
from tests.flows.faults import item, sound
from tests.flows.forms import HEADER, asked
from tests.flows.test_expressions import FRAGMENTS, WHOLE

CALCULATIONS = [
    {"id": "yes", "calculate": "selected(${many}, 'a')"},
    {"id": "much", "calculate": "count-selected(${many})"},
    {"id": "mixed", "calculate": "if(${pick} = 'a', 1, 'none')"},
]


def misfits(rule: str) -> list[str]:
    """What is said about the types of a rule, and how to mend it."""
    tree = sound()
    tree["calculations"] = CALCULATIONS
    item(tree, "view")["relevant"] = rule
    found = lint(Consultation.model_validate(tree))
    assert "expression" not in {one.code for one in found}
    return [f"{one.message} {one.remedy}" for one in found if one.code == "type"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("${pick} > 1", "no numbers: a, b, c."),
        ("${pick} + 1 = 2", "${pick} = 'a'"),
        ("${pick} = 1", "no numbers"),
        ("1 != ${age}", "no numbers: young, older"),
        ("${far} > 'two'", "'two' is no number"),
        ("round(${far}, 'x') = 1", "'x' is no number"),
        ("selected-at(${many}, 'first') = 'a'", "'first' is no number"),
        ("max(${far}, ${pick}) > 1", "no numbers"),
        ("'yes'", "always counts as yes"),
        ("${far} = 1 or 'yes'", "always counts as yes"),
        ("not('a')", "always counts as yes"),
        ("if('a', true(), false())", "always counts as yes"),
        ("checklist(1, -1, 'a', ${far} = 1)", "always counts as yes"),
        ("weighted-checklist(1, -1, ${far} = 1, 'x')", "'x' is no number"),
        ("${yes}", "${yes} = 'true'"),
        ("${yes} and ${far} = 1", "${yes} = 'true'"),
        ("${yes} = true()", "${yes} = 'true'"),
        ("${yes} + 1 = 2", "if(…, 1, 0)"),
        ("(${much})", "${much} = 1"),
        ("selected(5, 'a')", "looks at an answer"),
        ("count-selected(${far} = 1) > 0", "looks at an answer"),
    ],
)
def test_a_misfit_is_told_with_what_to_write_instead(rule: str, said: str) -> None:
    """A word that is counted, a text that is a yes, an answer where there is none. Proves: Q1."""
    (found,) = misfits(rule)

    assert said in found


@pytest.mark.parametrize(
    "rule",
    [
        "${far} > 1",
        "${far} > '2'",
        "${far} = 3",
        "${pick} = 'a'",
        "${yes} = 'true'",
        "${much} > 1",
        "${mixed} = 'none'",
        "${mixed} + 1 = 2",
        "selected(${many}, 'a') + selected(${many}, 'b') >= 1",
        "selected('a b', 'a')",
        "not(${pick})",
        "jr:choice-name(${pick}, '${pick}') = 't'",
        "if(${far} > 1, 2, 3) > 1",
        "-${far} < 0",
        "substr(${pick}, 0, 1) = 'a'",
    ],
)
def test_what_fits_is_left_in_peace(rule: str) -> None:
    """Nothing is said of what means something, however it is written. Proves: Q1."""
    assert misfits(rule) == []


@settings(max_examples=200)
@given(WHOLE | st.lists(FRAGMENTS, min_size=1, max_size=8).map("".join), WHOLE)
def test_whatever_stands_in_a_rule_is_told_and_never_raises(calculate: str, rule: str) -> None:
    """The linter looks through any expression, as a rule and as a calculation. Proves: Q1."""
    tree = sound()
    tree["calculations"] = [{"id": "colour", "calculate": calculate or "1"}, {"id": "signs", "calculate": rule}]
    item(tree, "view")["relevant"] = rule
    item(tree, "far")["constraint"] = calculate
    try:
        consultation = Consultation.model_validate(tree)
    except ValidationError:
        return  # nothing but spaces, or too long

    assert all(one.message and one.remedy for one in lint(consultation))


def test_a_misfit_in_a_form_names_its_cell() -> None:
    """A facilitator reads row and column, and no exception."""
    made = asked(
        ["select_one yes_no", "a", "Shall we?", None],
        ["text", "t", "What?", "${a} > 1"],
        header=[*HEADER, "relevant"],
    )
    (found,) = [one for one in judged(made.tree, made.findings) if one.code == "type"]

    assert str(found).startswith("form.xlsx survey!D3: error: Answers to 'a' are no numbers")

"""Ours beside Enketo's evaluator, as it answered in a browser: the same, or a difference named with its reason."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from flows import odk
from flows.expressions import ExpressionError, parse
from flows.functions import FUNCTIONS
from flows.odk import Value
from tests.xpath.cases import ANSWERS, CURRENT, EXPRESSIONS
from tests.xpath.differences import DIFFERENCES
from tests.xpath.make_vectors import INTEGRITY, PACKAGE, VERSION

WHOLE: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_bytes())
VECTORS: list[dict[str, Any]] = WHOLE["vectors"]


def ours(expression: str) -> Value | None:
    """What we give; nothing where the expression is refused."""
    try:
        return parse(expression, ANSWERS).evaluate(ANSWERS, CURRENT)
    except ExpressionError:
        return None


def same(expression: str, theirs: dict[str, Any]) -> bool:
    """Whether ours is theirs as a number, as a text, and as yes or no."""
    value = ours(expression)
    if value is None or theirs["text"] is None:
        return value is None and theirs["text"] is None
    number, their_number = odk.number(value), float(theirs["number"])
    return (
        (number == their_number or (math.isnan(number) and math.isnan(their_number)))
        and odk.text(value) == theirs["text"]
        and odk.truth(value) == theirs["truth"]
    )


def test_the_vectors_are_what_was_asked_for() -> None:
    """At least 300, from the package and the cases that are named, with every function that both know."""
    assert (WHOLE["package"], WHOLE["version"], WHOLE["integrity"]) == (PACKAGE, VERSION, INTEGRITY)
    assert [one["ask"] for one in VECTORS] == list(EXPRESSIONS)
    assert len(VECTORS) >= 300
    asked = " ".join(EXPRESSIONS)
    assert {name for name in FUNCTIONS if f"{name}(" not in asked} == {"jr:choice-name"}


def test_every_expression_means_what_it_means_in_enketo() -> None:
    """All vectors but the listed differences, as numbers, texts, and yes or no. Proves: Q1."""
    others = [one["ask"] for one in VECTORS if not same(one["ask"], one) and one["ask"] not in DIFFERENCES]

    assert others == []


@pytest.mark.parametrize("expression", sorted(DIFFERENCES))
def test_a_difference_is_still_one_and_ours_is_what_the_list_says(expression: str) -> None:
    """No difference is listed that is none; each has what we give instead, and why. Proves: Q1."""
    wanted, reason = DIFFERENCES[expression]
    (theirs,) = [one for one in VECTORS if one["ask"] == expression]
    value = ours(expression)

    assert not same(expression, theirs)
    assert type(value) is type(wanted)
    assert value == wanted or (value != value and wanted != wanted)  # noqa: PLR0124 - NaN
    assert reason.endswith(".")

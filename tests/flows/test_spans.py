"""Rules that compare a number of which only a band is kept: the same as in ODK, or told."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import odk
from flows.loader import shaped
from flows.rules import rules_of
from flows.xlsform.naming import Spelling
from flows.xlsform.spans import Span, spans_of
from tests.flows.forms import form, told

SIGNS = ("<", "<=", ">", ">=", "=", "!=")
HEADER = ["type", "name", "label::English (en)", "relevant", "bands"]


@st.composite
def bands(draw: st.DrawFn) -> tuple[Span, ...]:
    """Bands without a gap, some of them one number wide, the last open or not."""
    lows = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=5)))
    made = spans_of(tuple(lows))
    last = made[-1]._replace(high=made[-1].low + draw(st.integers(0, 9))) if draw(st.booleans()) else made[-1]
    return (*made[:-1], last)


@given(bands(), st.sampled_from(SIGNS), st.integers(0, 45), st.booleans())
def test_a_comparison_means_what_it_means_in_odk_or_is_told(
    spans: tuple[Span, ...],
    sign: str,
    number: int,
    turned: bool,
) -> None:
    """For every number that can be given, and for none, the rule by bands gives what the rule by numbers gives.

    Proves: Q1
    """
    text = f"{number} {sign} ${{n}}" if turned else f"${{n}} {sign} {number}"
    spelling = Spelling({"n": "n"}, bands={"n": spans})
    every = [(value, span) for span in spans for value in range(span.low, int(min(span.high, span.low + 60)) + 1)]

    def by_number(value: str) -> bool:
        sides = (float(number), value) if turned else (value, float(number))
        return bool(odk.BINARY[sign](*sides))

    halved = {span for span in spans if len({by_number(str(value)) for value, one in every if one == span}) > 1}
    if halved:
        assert {one.span for one in spelling.cuts(text)} <= halved
        assert spelling.cuts(text)
        return

    assert spelling.cuts(text) == []
    rule = _rule(spelling.rule(text), spans)
    assert rule("") == by_number("")
    assert all(rule(span.code) == by_number(str(value)) for value, span in every)


def _rule(text: str, spans: tuple[Span, ...]) -> Any:  # noqa: ANN401 - a function of a code
    """What the rule says once a band is known; evaluated by the engine's own rules."""
    from flows.expressions import parse

    expression = parse(text, ("n",))
    assert {one.code for one in expression.mentions} <= {"", *(span.code for span in spans)}
    return lambda code: expression.holds({"n": code})


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("${age} >= 25", "(${age} = 'from_25' or ${age} = 'from_35' or ${age} = 'from_50' or ${age} = 'from_65')"),
        ("18<=${age}", "(${age} != '')"),
        ("${age} < 18", "false()"),
        ("${age} > 64.5 and ${many} = 0", "(${age} = 'from_65') and (${many} = 'from_0')"),
        ("not(${many} != 0)", "not((${many} != 'from_0'))"),
        ("if(${age} > 64, 1, 0) = 1", "if((${age} = 'from_65'), 1, 0) = 1"),
    ],
)
def test_rules_of_real_forms_become_rules_about_bands(rule: str, wanted: str) -> None:
    """Ages and counts are compared with numbers in every form there is; where bands end, that can be said."""
    made = form(
        [HEADER, ["integer", "age", "How old?"], ["integer", "many", "How many?"], ["text", "t", "What?", rule]]
    )
    consultation = shaped(made.tree).consultation

    assert consultation.items[2].relevant == wanted
    assert not [one for one in told(made) if one[0] == "error"]
    rules_of(consultation)  # raises where a rule cannot be read


@pytest.mark.parametrize("rule", ["${age} > 21", "${age} = 30", "40 >= ${age}", "${age} != 19"])
def test_a_rule_that_cuts_a_band_is_told_with_the_numbers_that_would_do(rule: str) -> None:
    """Nobody knows whether somebody in a band is older than a number inside it: told at the rule's cell.

    Proves: Q1
    """
    made = form([HEADER, ["integer", "age", "How old?"], ["text", "t", "What?", rule]])

    assert ("error", "survey!D3", "band-cut") in told(made)
    (finding,) = (one for one in made.findings if one.code == "band-cut")
    assert "18, 25, 35, 50, 65" in finding.remedy


def test_bands_of_the_forms_own_count() -> None:
    """A list that the column `bands` names says where a rule may cut."""
    made = form(
        [
            HEADER,
            ["integer", "age", "How old?", None, "ages"],
            ["text", "t", "What?", "${age} > 20"],
            ["text", "u", "What?", "${age} + 1 > 20"],
        ],
        [
            ["list_name", "name", "label::English (en)", "low", "high"],
            ["ages", "Young", "18 to 20", 18, 20],
            ["ages", "Older", "21 or over", 21, None],
        ],
    )

    assert shaped(made.tree).consultation.items[1].relevant == "(${age} = 'older')"
    assert shaped(made.tree).consultation.items[2].relevant == "${age} + 1 > 20"
    assert not math.isfinite(spans_of((1, 2))[1].high)

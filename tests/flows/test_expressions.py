import itertools
import math
import re
import time

import pytest
from elementpath import XPath1Parser
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows import odk, patterns
from flows.expressions import Beyond, ExpressionError, parse
from flows.functions import FUNCTIONS, NOT_HERE
from flows.grammar import MAX_LENGTH, MAX_NESTING
from flows.odk import Value

NAMES = ("colour", "signs", "age", "empty", "div", "not")
VALUES = {"colour": "red", "signs": "rumours leave", "age": "5", "div": "3", "not": "x"}
NAN, INF = math.nan, math.inf

MEANINGS: tuple[tuple[str, Value], ...] = (
    # what was answered, and what was not
    ("${colour}", "red"),
    ("${empty}", ""),
    ("${empty} = ''", True),
    ("${empty} != ''", False),
    ("${empty} = 'red'", False),
    ("${empty} != 'red'", True),
    ("${colour} = 'red'", True),
    ('${colour} = "red"', True),
    ("${colour} != 'red'", False),
    ("'red' = ${colour}", True),
    ("${div} div ${div}", 1.0),
    ("${not}", "x"),
    # nothing given is no number, and no number compares with nothing
    ("${empty} < 5", False),
    ("${empty} >= 0", False),
    ("${empty} = 0", False),
    ("${empty} != 0", True),
    ("${empty} + 1", NAN),
    ("number('')", NAN),
    ("number('abc')", NAN),
    ("number(' 12 ')", 12.0),
    ("number('-1.5')", -1.5),
    ("number('٣')", NAN),
    ("number(true())", 1.0),
    # selected
    ("selected(${signs}, 'rumours')", True),
    ("selected(${signs}, 'rumour')", False),
    ("selected(${signs}, 'leave')", True),
    ("selected(${empty}, 'leave')", False),
    ("selected(${empty}, '')", True),
    ("selected(., '4')", True),
    ("count-selected(${signs})", 2.0),
    ("count-selected(${empty})", 0.0),
    ("count-selected(${signs}) > 1", True),
    # yes and no
    ("true()", True),
    ("false()", False),
    ("not(true())", False),
    ("not(${empty})", True),
    ("not(${colour})", False),
    ("true() and ${empty}", False),
    ("false() or ${colour}", True),
    ("true() or false() and false()", True),
    ("(true() or false()) and false()", False),
    ("true() = 'anything'", True),
    ("false() = ''", True),
    ("0 = false()", True),
    # numbers
    ("1 + 2 * 3", 7.0),
    ("(1 + 2) * 3", 9.0),
    ("7 - 2 - 1", 4.0),
    ("-3 + 5", 2.0),
    ("2 - -3", 5.0),
    ("${age} - 1", 4.0),
    ("${age}-1", 4.0),
    ("${age} >= 5", True),
    ("${age} < '10'", True),
    ("'5' = 5.0", True),
    ("'5.0' = '5'", False),
    ("7 div 2", 3.5),
    ("1 div 0", INF),
    ("-1 div 0", -INF),
    ("0 div 0", NAN),
    ("7 mod 3", 1.0),
    ("-7 mod 3", -1.0),
    ("7 mod 0", NAN),
    ("1.5e3", 1500.0),
    ("int(2.9)", 2.0),
    ("int(-2.9)", -2.0),
    ("int('x')", NAN),
    ("int(1 div 0)", INF),
    ("round(2.5)", 3.0),
    ("round(-2.5)", -3.0),
    ("round(2.345, 2)", 2.35),
    ("round(1200, -3)", 1000.0),
    ("round('')", NAN),
    # words
    ("string-length(${colour})", 3.0),
    ("string-length(${empty})", 0.0),
    ("string-length(.)", 1.0),
    ("string-length(12)", 2.0),
    ("string-length(1.5)", 3.0),
    ("'it''s'", "it's"),
    ("'${colour}'", "${colour}"),
    ("regex(${colour}, '[a-z]{3}')", True),
    ("regex(${colour}, '[a-z]{2}')", False),
    ("regex(${colour}, 're')", False),
    ("regex(${empty}, 'a?')", True),
    ("regex('AB-12', '[A-Z]{2}-[0-9]+')", True),
    ("regex('fr', 'en|fr')", True),
    # one of two
    ("if(${colour} = 'red', 'warm', 'cold')", "warm"),
    ("if(${empty}, 'some', 'none')", "none"),
    ("coalesce(${empty}, 'other')", "other"),
    ("coalesce(${colour}, 'other')", "red"),
    ("coalesce('', '')", ""),
    # the answer being given
    (". > 3", True),
    (". = '4'", True),
    (". >= 3 and . <= 4", True),
)


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_expressions_mean_what_they_mean_in_odk(text: str, meaning: Value) -> None:
    """Every operator and function gives what ODK and XPath 1.0 say, for empty values too. Proves: Q1."""
    value = parse(text, NAMES).evaluate(VALUES, "4")

    assert type(value) is type(meaning)
    assert value == meaning or (value != value and meaning != meaning)  # noqa: PLR0124 - NaN


REFUSED = (
    ("", "syntax", 0),
    ("${colour} === 'red'", "syntax", 11),
    ("${colour} = ", "syntax", 12),
    ("(true()", "syntax", 7),
    ("true())", "syntax", 6),
    ("1 2", "syntax", 2),
    ("1 < 2 < 3", "syntax", 6),
    ("'open", "syntax", 0),
    ("/data/age", "syntax", 0),
    ("//age", "syntax", 0),
    ("../age", "syntax", 0),
    ("@age", "syntax", 0),
    ("${age}[1]", "syntax", 6),
    ("a:b", "syntax", 0),
    ("$age", "syntax", 0),
    ("${age", "syntax", 0),
    ("*", "syntax", 0),
    ("age > 5", "unknown-name", 0),
    ("not", "unknown-name", 0),
    ("${nobody} = 1", "unknown-name", 0),
    ("1 + ${Age}", "unknown-name", 4),
    ("selectd(${signs}, 'a')", "unknown-function", 0),
    ("1 + now()", "unknown-function", 4),
    ("document('file:///etc/passwd')", "unknown-function", 0),
    ("pulldata('a', 'b', 'c', 'd')", "unknown-function", 0),
    ("selected(${signs})", "syntax", 17),
    ("round(1, 2, 3)", "syntax", 10),
    ("regex(., ${colour})", "pattern-not-fixed", 9),
    ("regex(., '(a+)+')", "pattern-repeats-a-group", 14),
    ("regex(., '.*.*.*')", "pattern-too-slow", 13),
    ("regex(., '(?=a)')", "pattern-not-understood", 10),
    ("regex(., '(a)\\1')", "pattern-not-understood", 13),
    ("regex(., '[b-a]')", "pattern-not-understood", 10),
)


@pytest.mark.parametrize(("text", "code", "position"), REFUSED)
def test_what_is_not_allowed_is_refused_with_its_place(text: str, code: str, position: int) -> None:
    """Unknown functions and names, paths, broken syntax and wild patterns never get past reading. Proves: Q1."""
    with pytest.raises(ExpressionError) as refusal:
        parse(text, NAMES)

    assert refusal.value.code == code
    if code != "syntax":
        assert refusal.value.position == position
    else:
        assert abs(refusal.value.position - position) <= 2
    assert refusal.value.message
    assert refusal.value.remedy


def test_a_misspelt_name_or_function_is_met_with_a_suggestion() -> None:
    """The author is told what she probably meant."""
    for text, meant in (("${color} = 'red'", "colour"), ("selectd(${signs}, 'a')", "selected")):
        with pytest.raises(ExpressionError) as refusal:
            parse(text, NAMES)
        assert meant in refusal.value.remedy


def test_bare_names_are_attributes_of_a_choice_and_only_where_allowed() -> None:
    """A choice filter may look at the choice's attributes; elsewhere a bare name is a mistake."""
    rule = parse("region = ${colour} or name = 'x'", NAMES, ("region", "name"))

    assert rule.holds(VALUES, attributes={"region": "red", "name": "a"})
    assert rule.holds(VALUES, attributes={"region": "blue", "name": "x"})
    assert not rule.holds(VALUES, attributes={"region": "blue", "name": "a"})
    assert rule.attributes == {"region", "name"}


def test_an_expression_knows_what_it_looks_at() -> None:
    """References, fixed codes and the look at the current answer are known without evaluating."""
    rule = parse("${colour} = 'red' and selected(${signs}, 'leave') or . = '4'", NAMES)

    assert rule.references == {"colour", "signs"}
    assert [(mention.name, mention.code) for mention in rule.mentions] == [
        ("colour", "red"),
        ("signs", "leave"),
        (".", "4"),
    ]
    assert rule.looks_at_current
    assert not parse("${colour}", NAMES).looks_at_current


FRAGMENTS = st.sampled_from(
    ("${colour}", "${age}", "${", "}", "'a'", '"b"', "1", "2.5", ".", "..", "/", "(", ")", ",", "[", "]", "and", "or",
     "not(", "selected(", "regex(", "if(", "coalesce(", "=", "!=", "<", ">=", "+", "-", "*", "div", "mod", "|", "::",
     "@", "$", " ", "true()", "count(", "name", "é", "\n", "1e999", "Q{", "#", "?", "'(a+)+'")
)  # fmt: skip
GIVEN = st.text(max_size=30) | st.sampled_from(("", "red", "1", "-1", "NaN", "1e5", "٣"))


def _called(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A call of any function with as many arguments as it takes."""

    def call(name: str) -> st.SearchStrategy[str]:
        line = FUNCTIONS[name]
        most = line.least + 3 if line.most is None else line.most
        return st.lists(inner, min_size=line.least, max_size=most).map(lambda given: f"{name}({', '.join(given)})")

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(call)


PARTS = ("${colour}", "${age}", "${signs}", "${empty}", ".", "''", "'a'", "'5'", "'a b'", "'${colour}'", "0", "2.5")
WHOLE = st.recursive(
    st.sampled_from((*PARTS, "1e308")),
    lambda inner: (
        _called(inner)
        | st.tuples(inner, st.sampled_from((*odk.BINARY, "and", "or", "|")), inner).map(" ".join)
        | inner.map("-{}".format)
        | inner.map("({})".format)
    ),
    max_leaves=12,
)
"""Expressions that mostly can be read."""


@settings(max_examples=400)
@given(WHOLE, GIVEN, GIVEN)
def test_whatever_can_be_read_can_be_asked(text: str, one: str, other: str) -> None:
    """Every function and operator gives a value of its kind for arguments of every kind. Proves: Q1."""
    labels = {"colour": {"red": "Red"}}
    try:
        expression = parse(text, NAMES, (), Beyond({}, labels))
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - patterns that are not fixed, for example
        return

    value = expression.evaluate({"colour": one, "age": other, "signs": f"{one} {other}"}, other)

    assert isinstance(value, bool | float | str)
    assert isinstance(odk.stored(value), str)
    assert expression.holds({"colour": one}, value) in {True, False}


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("count('a')", "not-a-question", 6),
        ("sum(${age} + 1)", "not-a-question", 11),
        ("jr:choice-name(${age}, '${age}')", "no-choices", 23),
        ("jr:choice-name(${colour}, ${colour})", "no-choices", 26),
        ("jr-choice-name(${colour}, '${colour}')", "unknown-function", 0),
        ("count(${age} | ${colour})", "syntax", 0),
    ],
)
def test_what_looks_at_questions_takes_nothing_else(text: str, code: str, position: int) -> None:
    """Counting takes questions, names of choices take a question with choices in quotes. Proves: Q1."""
    with pytest.raises(ExpressionError) as refusal:
        parse(text, NAMES, (), Beyond({}, {"colour": {"red": "Red"}}))

    assert refusal.value.code == code
    assert code == "syntax" or refusal.value.position == position


def test_a_choice_has_a_name() -> None:
    """What is not among the choices has none."""
    beyond = Beyond({}, {"colour": {"red": "Red"}})

    assert parse("jr:choice-name(${colour}, '${colour}')", NAMES, (), beyond).evaluate(VALUES) == "Red"
    assert parse("jr:choice-name('blue', ' ${ colour } ')", NAMES, (), beyond).evaluate(VALUES) == ""


def test_what_cannot_be_asked_again_is_refused_with_what_to_do() -> None:
    """A function of ODK's that looks at time, chance or device is told apart from a misspelt one. Proves: Q1."""
    for name in NOT_HERE:
        with pytest.raises(ExpressionError) as refusal:
            parse(f"{name}()", ())
        assert refusal.value.remedy == NOT_HERE[name]
        assert name not in FUNCTIONS


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=30).map("".join) | st.text(max_size=60), GIVEN, GIVEN)
@example("-" * 119 + "1", "", "")
@example("9" * MAX_LENGTH, "", "")
@example("(" * MAX_NESTING + "1" + ")" * MAX_NESTING, "", "")
def test_no_expression_raises_anything_but_its_error_and_asking_never_does(text: str, one: str, other: str) -> None:
    """Hostile expressions are refused or evaluated; answers of any kind give a value. Proves: Q1."""
    try:
        expression = parse(text, NAMES)
    except ExpressionError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - most of these are refused
        return

    value = expression.evaluate({"colour": one, "age": other}, one)

    assert isinstance(value, bool | float | str)
    assert odk.truth(value) in {True, False}
    assert isinstance(odk.text(value), str)


@pytest.mark.parametrize("text", ["(" * 400 + "1" + ")" * 400, "1+" * 240 + "1", "not(" * 100 + "1" + ")" * 100])
def test_deep_and_long_expressions_are_refused_before_they_are_read(text: str) -> None:
    """Length, words and nesting are bounded, so that reading never runs deep."""
    with pytest.raises(ExpressionError) as refusal:
        parse(text, ())

    assert refusal.value.code in {"too-long", "too-deep"}


def test_elementpath_s_own_language_is_left_alone() -> None:
    """Our functions are registered on our parser only."""
    assert "selected" not in XPath1Parser.symbol_table
    assert "position" in XPath1Parser.symbol_table
    assert XPath1Parser().parse("1 + 1").evaluate() == 2


@pytest.mark.parametrize(
    "pattern", [".*[0-9]{1,90}x", "a?a?a?a?a?a?.*z", "(a|b)(a|b)(a|b).*x", ".{0,99}.{0,900}!", "[^x]*x{1,99}"]
)
def test_the_worst_allowed_patterns_end_quickly(pattern: str) -> None:
    """What the bound on ways lets through is over before anybody notices."""
    compiled = patterns.bounded(pattern)

    begun = time.process_time()
    for text in ("a" * 1000, "1" * 1000, "ab" * 500):
        patterns.matches(compiled, text)

    assert time.process_time() - begun < 1.0


@given(st.text(alphabet="ab[]()*+?{},0123456789|\\.^-wd", max_size=20), st.text(alphabet="ab01-", max_size=12))
def test_an_allowed_pattern_means_what_python_says(pattern: str, text: str) -> None:
    """Bounding patterns does not change what they match."""
    try:
        compiled = patterns.bounded(pattern)
    except patterns.PatternError as error:
        assert 0 <= error.position <= max(len(pattern), patterns.MAX_PATTERN)  # noqa: PT017 - most are refused
        return

    assert patterns.matches(compiled, text) == (re.fullmatch(pattern, text) is not None)


@given(st.floats() | st.integers(-5, 5).map(float), st.floats() | st.integers(-5, 5).map(float))
def test_arithmetic_is_total(left: float, right: float) -> None:
    """No pair of numbers, infinite ones and NaN included, makes an operator or a rounding raise."""
    for operate in odk.BINARY.values():
        assert isinstance(operate(left, right), bool | float)
    for function in (odk.divide, odk.modulo, odk.rounded):
        assert isinstance(function(left, right), float)
    assert isinstance(odk.whole(left), float)


SIMPLE = ("1", "2", "0", "-1", "3.5")


@pytest.mark.parametrize(("left", "right"), list(itertools.product(SIMPLE, SIMPLE)))
def test_operators_agree_with_elementpath_on_plain_numbers(left: str, right: str) -> None:
    """On literals, where both have a meaning, ours and the library's XPath 1.0 give the same."""
    for symbol in ("+", "-", "*", "=", "!=", "<", "<=", ">", ">=", "div"):
        if symbol == "div" and float(right) == 0:
            continue
        text = f"{left} {symbol} {right}"
        assert parse(text, ()).evaluate({}) == pytest.approx(
            float(str(XPath1Parser().parse(f"number({text})").evaluate()))
        )

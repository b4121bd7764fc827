"""What functions do where Enketo's evaluator was not asked: at their borders, and with plain values."""

import math

import pytest

from flows import functions, odk
from flows.odk import Value


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("selected-at", ("a b", 1.0), "b"),
        ("selected-at", ("a b", math.nan), ""),
        ("selected-at", ("a b", math.inf), ""),
        ("count-selected", ("a  b",), 2.0),
        ("min", ("2", 1.0), 1.0),
        ("max", ("2", 1.0), 2.0),
        ("max", ("", 1.0), math.nan),
        ("sum", ("2",), 2.0),
        ("sum", ("",), math.nan),
        ("count", ("",), 1.0),
        ("count-non-empty", ("a",), 1.0),
        ("count-non-empty", ("",), 0.0),
        ("abs", ("-2",), 2.0),
        ("pow", (2.0, 3.0), 8.0),
        ("pow", (1.0, math.inf), math.nan),
        ("pow", (-8.0, 0.5), math.nan),
        ("pow", (0.0, -1.0), math.inf),
        ("pow", (10.0, 400.0), math.inf),
        ("pow", (-10.0, 401.0), -math.inf),
        ("string-length", ("🌱a",), 3.0),
        ("concat", ("a", 1.0, True), "a1true"),
        ("contains", ("abc", "b"), True),
        ("starts-with", ("abc", "ab"), True),
        ("ends-with", ("abc", "bc"), True),
        ("substr", ("hello", 1.0, 3.0), "el"),
        ("substr", ("hello", -2.0), "lo"),
        ("substr", ("hello", math.nan), "hello"),
        ("substring-before", ("a-b", "-"), "a"),
        ("substring-before", ("ab", "-"), ""),
        ("substring-after", ("a-b", "-"), "b"),
        ("substring-after", ("ab", ""), "ab"),
        ("translate", ("--aba", "ab-a", "xyz"), "zzxyx"),
        ("normalize-space", ("  a   b ",), "a b"),
        ("boolean", ("a",), True),
        ("boolean-from-string", ("1",), True),
        ("checklist", (1.0, 2.0, True, False, True), True),
        ("checklist", (-1.0, 1.0, True, True), False),
        ("weighted-checklist", (3.0, -1.0, True, 2.0, True, "x"), False),
        ("weighted-checklist", (3.0, -1.0, True, 2.0, True), False),
        ("string", (2.0,), "2"),
        ("not", ("",), True),
        ("int", ("-2.9",), -2.0),
        ("number", ("x",), math.nan),
        ("true", (), True),
        ("false", (), False),
    ],
)
def test_a_function_gives_what_odk_s_gives(name: str, given: tuple[Value, ...], wanted: Value) -> None:
    """One example of each, and its borders. Proves: Q1."""
    line = functions.FUNCTIONS[name]
    assert line.do is not None
    value = line.do(*given)

    assert type(value) is type(wanted) is line.gives
    assert value == wanted or (value != value and wanted != wanted)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize(
    ("value", "places", "wanted"),
    [
        (2.5, 0.0, 3.0),
        (-2.5, 0.0, -3.0),
        (1250.0, -2.0, 1300.0),
        (2.345, 2.0, 2.35),
        (1e300, 20.0, 1e300),
        (5.0, math.nan, math.nan),
        (math.inf, 1.0, math.inf),
    ],
)
def test_halves_are_rounded_away_from_zero(value: float, places: float, wanted: float) -> None:
    """As in ODK, below zero and beyond the point too. Proves: Q1."""
    found = odk.rounded(value, places)

    assert found == pytest.approx(wanted) or (math.isnan(found) and math.isnan(wanted))


def test_every_function_is_told_in_plain_words_with_an_example() -> None:
    """The page that facilitators read is made of these."""
    for name, line in functions.FUNCTIONS.items():
        assert f"{name}(" in line.example
        assert line.meaning.endswith(".")
        assert line.most is None or line.least <= line.most

"""What values mean in an ODK form: text, number, yes or no, and nothing given.

XPath 1.0 conversions, with an unanswered question as empty text (as JavaRosa and Enketo do it): empty is no number,
a comparison with no number is false. Every function here is total: whatever an answer is, a rule gives a value and
never an error in front of a person. Source: https://docs.getodk.org/form-operators-functions/.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal

Value = bool | float | str

_NUMBER = re.compile(r"\s*(-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))\s*", re.ASCII)
_MAX_PLACES, _HALF = 20, 0.5


def number(value: Value) -> float:
    """XPath `number()`: NaN for anything that is none."""
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value)
        return float(found[1]) if found else math.nan
    return float(value)


def is_none(value: Value) -> bool:
    """Whether a value is no number."""
    return math.isnan(number(value))


def text(value: Value) -> str:
    """XPath `string()`: whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return value


def truth(value: Value) -> bool:
    """XPath `boolean()`: empty text, zero and NaN are false."""
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """XPath `=`: as yes or no if one side is, else as numbers if one side is, else as text."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


def differs(left: Value, right: Value) -> bool:
    """XPath `!=`; nothing equals NaN, not even NaN."""
    return not equal(left, right)


def divide(left: float, right: float) -> float:
    """XPath `div`: never an error."""
    if right:
        return left / right
    if math.isnan(left) or not left or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def modulo(left: float, right: float) -> float:
    """XPath `mod`: the sign of the left side, NaN where there is no remainder."""
    return math.fmod(left, right) if right and math.isfinite(left) and not math.isnan(right) else math.nan


def whole(value: float) -> float:
    """ODK `int()`: towards zero; what is infinite stays so."""
    return float(math.trunc(value)) if math.isfinite(value) else value


def rounded(value: float, places: float = 0.0) -> float:
    """ODK `round()`: halves away from zero, to `places` decimals; below 0, to tens, hundreds and so on."""
    if not math.isfinite(value):
        return value
    places = whole(places)
    if math.isnan(places):
        return math.nan
    places = min(max(places, -_MAX_PLACES), _MAX_PLACES)
    factor: float = 10.0 ** abs(places)
    scaled = value * factor if places > 0 else value / factor
    if not math.isfinite(scaled):
        return value
    size = math.floor(abs(scaled))
    nearest: float = math.copysign(size + (abs(scaled) - size >= _HALF), scaled)
    return float(nearest / factor if places > 0 else nearest * factor)


def selected(given: Value, code: Value) -> bool:
    """ODK `selected()`: whether `code` is among the codes given, which are parted by single spaces."""
    return text(code).strip() in text(given).split(" ")


def stored(value: Value) -> str:
    """What a calculation is for the rules that refer to it: text, and nothing where it is no number."""
    return "" if isinstance(value, float) and math.isnan(value) else text(value)


BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": differs,
    "<": lambda left, right: number(left) < number(right),
    "<=": lambda left, right: number(left) <= number(right),
    ">": lambda left, right: number(left) > number(right),
    ">=": lambda left, right: number(left) >= number(right),
    "+": lambda left, right: number(left) + number(right),
    "-": lambda left, right: number(left) - number(right),
    "*": lambda left, right: number(left) * number(right),
    "div": lambda left, right: divide(number(left), number(right)),
    "mod": lambda left, right: modulo(number(left), number(right)),
}
"""Operators of two sides; `and` and `or` are not here because their right side may be left out."""

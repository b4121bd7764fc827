"""What values mean in an ODK form: text, number, yes or no, and nothing given.

XPath 1.0 conversions, with an unanswered question as empty text (as JavaRosa and Enketo do it): empty is no number,
a comparison with no number is false. Every function here is total: whatever an answer is, a rule gives a value and
never an error in front of a person. Source: https://docs.getodk.org/form-operators-functions/.
"""

import math
import re
from collections.abc import Callable

Value = bool | float | str

_NUMBER = re.compile(r"\s*(-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))\s*", re.ASCII)
_MAX_PLACES = 6


def number(value: Value) -> float:
    """XPath `number()`: NaN for anything that is none."""
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value)
        return float(found[1]) if found else math.nan
    return float(value)


def text(value: Value) -> str:
    """XPath `string()`: whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value.is_integer() else format(value, "f").rstrip("0")
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
    """ODK `int()`: towards zero."""
    return float(math.trunc(value)) if math.isfinite(value) else math.nan


def rounded(value: float, places: float = 0.0) -> float:
    """ODK `round()`: halves up, to `places` decimals (0 to 6)."""
    if not math.isfinite(value) or math.isnan(places):
        return value if math.isnan(places) or math.isnan(value) or math.isinf(value) else math.nan
    factor = 10.0 ** int(min(max(places, 0), _MAX_PLACES))
    scaled = value * factor
    return math.floor(scaled + 0.5) / factor if math.isfinite(scaled) else value


def selected(given: Value, code: Value) -> bool:
    """ODK `selected()`: whether `code` is among the codes given, which are parted by spaces."""
    return text(code).strip() in text(given).split()


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

FUNCTIONS: dict[str, tuple[int, int]] = {
    "selected": (2, 2),
    "count-selected": (1, 1),
    "coalesce": (2, 2),
    "if": (3, 3),
    "not": (1, 1),
    "regex": (2, 2),
    "string-length": (1, 1),
    "number": (1, 1),
    "string": (1, 1),
    "int": (1, 1),
    "round": (1, 2),
    "true": (0, 0),
    "false": (0, 0),
}
"""Every function a form may use, with the fewest and the most arguments."""

STRICT: dict[str, Callable[..., Value]] = {
    "selected": selected,
    "count-selected": lambda given: float(len(text(given).split())),
    "not": lambda value: not truth(value),
    "string-length": lambda value: float(len(text(value))),
    "number": number,
    "string": text,
    "int": lambda value: whole(number(value)),
    "round": lambda value, places=0.0: rounded(number(value), number(places)),
    "true": lambda: True,
    "false": lambda: False,
}
"""Functions that look at all their arguments."""

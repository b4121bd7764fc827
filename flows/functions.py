"""Every function that a form may use, as one table: what it does, in plain words with an example, and how.

All are ODK's and mean what they mean there. What looks at the time, the place, the device or chance is not here,
because the desk has to find the same when it looks again at what somebody said. docs/forms.md is made of this table.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from flows.odk import Value, number, rounded, selected, text, truth, whole


class Function(NamedTuple):
    """One line of the table."""

    least: int
    most: int | None
    """None: as many as one likes."""
    example: str
    meaning: str
    do: Callable[..., Value] | None = None
    """Missing where flows.expressions looks at the arguments itself."""
    gives: type[Value] | None = None
    """The kind of value, where it is always the same."""


def selected_at(given: Value, place: Value) -> str:
    """ODK `selected-at()`: the code at a place counted from 0; empty beyond."""
    codes, at = text(given).split(" "), whole(number(place))
    return codes[int(at)] if 0 <= at < len(codes) else ""


def least(*values: Value) -> float:
    """ODK `min()`: no number among them, no number."""
    numbers = [number(value) for value in values]
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def greatest(*values: Value) -> float:
    """ODK `max()`: no number among them, no number."""
    numbers = [number(value) for value in values]
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def power(base: Value, exponent: Value) -> float:
    """ODK `pow()`, as Java and JavaScript have it: never an error."""
    of, to = number(base), number(exponent)
    if abs(of) == 1 and not math.isfinite(to):
        return math.nan
    try:
        return math.pow(of, to)
    except OverflowError:
        return math.copysign(math.inf, of) if math.fmod(to, 2) else math.inf
    except ValueError:
        return math.nan if of else math.inf


def length(value: Value) -> float:
    """`string-length()` in UTF-16 units, as in Java and JavaScript, and as the messenger counts."""
    return len(text(value).encode("utf-16-le", "surrogatepass")) / 2


def part(value: Value, begin: Value, end: Value = math.inf) -> str:
    """ODK `substr()`: from one place up to before another, counted from 0, from the end where negative."""
    said = text(value)

    def place(at: Value) -> int:
        cut = whole(number(at))
        return 0 if math.isnan(cut) else int(min(max(cut, -len(said)), len(said)))

    return said[place(begin) : place(end)]


def translated(value: Value, old: Value, new: Value) -> str:
    """XPath `translate()`: sign for sign; those without a partner go."""
    to = text(new)
    table: dict[int, str] = {}
    for at, sign in enumerate(text(old)):
        table.setdefault(ord(sign), to[at : at + 1])
    return text(value).translate(table)


def among(least_: Value, most: Value, *conditions: Value) -> bool:
    """ODK `checklist()`: whether as many hold; a bound below 0 is none."""
    return weighed(least_, most, *[one for condition in conditions for one in (condition, 1.0)])


def weighed(least_: Value, most: Value, *pairs: Value) -> bool:
    """ODK `weighted-checklist()`: the same with a weight behind each condition."""
    weights = [number(weight) for holds, weight in zip(pairs[::2], pairs[1::2], strict=False) if truth(holds)]
    sum_ = sum((weight for weight in weights if not math.isnan(weight)), 0.0)
    low, high = number(least_), number(most)
    return (low < 0 or sum_ >= low) and (high < 0 or sum_ <= high)


def affirmed(value: Value) -> bool:
    """ODK `boolean-from-string()`: `1` and `true` are yes."""
    return text(value) in {"1", "true"}


FUNCTIONS: dict[str, Function] = {
    "selected": Function(
        2, 2, "selected(${signs}, 'leave')", "Whether this choice was picked.", selected, bool
    ),
    "selected-at": Function(
        2, 2, "selected-at(${needs}, 0) = 'water'", "The choice picked at this place; the first is 0.", selected_at, str
    ),
    "count-selected": Function(
        1, 1, "count-selected(.) <= 3", "How many choices were picked.",
        lambda given: float(len([code for code in text(given).split(" ") if code])), float,
    ),
    "jr:choice-name": Function(
        2, 2, "jr:choice-name(${place}, '${place}') = 'North'",
        "What a choice is called in the form's first language. The question stands in quotes the second time.",
        None, str,
    ),
    "coalesce": Function(2, 2, "coalesce(${role}, 'none')", "The first, or the second where the first is empty."),
    "if": Function(3, 3, "if(${age} = 'from_18', 1, 0)", "One of two, by a condition."),
    "once": Function(
        1, 1, "once(${place})",
        "In a constraint, the answer being given, or else this. A calculation follows the answers."
    ),
    "not": Function(1, 1, "not(selected(${signs}, 'leave'))", "The opposite.", lambda value: not truth(value), bool),
    "regex": Function(
        2, 2, "regex(., '[A-Z]{2}[0-9]+')", "Whether the whole text has this shape.", None, bool
    ),
    "string-length": Function(1, 1, "string-length(.) <= 100", "How many signs a text has.", length, float),
    "number": Function(1, 1, "number(${scale}) + 1", "As a number; nothing else than a number is one.", number, float),
    "int": Function(1, 1, "int(${scale} div 2)", "A number without what stands behind the point.",
                    lambda value: whole(number(value)), float),
    "round": Function(1, 2, "round(${scale} div 3, 1)", "Rounded, to as many places as the second number says.",
                      lambda value, places=0.0: rounded(number(value), number(places)), float),
    "min": Function(1, None, "min(${first}, ${second}, 4)", "The smallest; nothing where one of them is no number.",
                    least, float),
    "max": Function(1, None, "max(${first}, ${second}) >= 4", "The greatest; nothing where one of them is no number.",
                    greatest, float),
    "sum": Function(1, 1, "sum(${first})", "The number given: all repeats together, and here nothing is repeated.",
                    number, float),
    "count": Function(1, 1, "count(${first}) = 1", "How often this is asked: once, because nothing is repeated here.",
                      lambda _given: 1.0, float),
    "count-non-empty": Function(1, 1, "count-non-empty(${first}) + count-non-empty(${second}) > 0",
                                "1 if it was answered, else 0.", lambda given: float(bool(text(given))), float),
    "abs": Function(1, 1, "abs(${first} - ${second}) > 1", "A number without its sign.",
                    lambda value: abs(number(value)), float),
    "pow": Function(2, 2, "pow(2, ${scale})", "The first number, as often multiplied with itself as the second says.",
                    power, float),
    "string": Function(1, 1, "string(${scale})", "As a text.", text, str),
    "concat": Function(1, None, "concat(${side}, '-', ${part})", "Texts, one behind the other.",
                       lambda *values: "".join(map(text, values)), str),
    "contains": Function(2, 2, "contains(${place}, 'north')", "Whether the second stands within the first.",
                         lambda value, other: text(other) in text(value), bool),
    "starts-with": Function(2, 2, "starts-with(${place}, 'north')", "Whether the first begins with the second.",
                            lambda value, other: text(value).startswith(text(other)), bool),
    "ends-with": Function(2, 2, "ends-with(${place}, '_town')", "Whether the first ends with the second.",
                          lambda value, other: text(value).endswith(text(other)), bool),
    "substr": Function(2, 3, "substr(${place}, 0, 2) = 'no'", "A piece of a text: from here, up to before there.",
                       part, str),
    "substring-before": Function(2, 2, "substring-before(${place}, '_')", "What stands before the second.",
                                 lambda value, other: text(value)[: max(text(value).find(text(other)), 0)], str),
    "substring-after": Function(
        2, 2, "substring-after(${place}, '_')", "What stands behind the second.",
        lambda value, other: text(value).partition(text(other))[2] if text(other) else text(value), str,
    ),
    "translate": Function(3, 3, "translate(${place}, '_', '-')", "Signs changed into others, one by one.",
                          translated, str),
    "normalize-space": Function(1, 1, "normalize-space(.) != ''", "A text without spaces that nobody sees.",
                                lambda value: " ".join(text(value).split()), str),
    "boolean": Function(1, 1, "boolean(${place})", "Whether there is anything, or a number but 0.", truth, bool),
    "boolean-from-string": Function(1, 1, "boolean-from-string(${danger})", "Whether a text says 'true' or '1'.",
                                    affirmed, bool),
    "checklist": Function(2, None, "checklist(2, -1, ${a} = 'yes', ${b} = 'yes', ${c} = 'yes')",
                          "Whether at least and at most so many hold; -1 is no bound.", among, bool),
    "weighted-checklist": Function(2, None, "weighted-checklist(3, -1, ${a} = 'yes', 2, ${b} = 'yes', 1)",
                                   "The same, where each counts as much as the number behind it.", weighed, bool),
    "true": Function(0, 0, "true()", "Yes.", lambda: True, bool),
    "false": Function(0, 0, "false()", "No.", lambda: False, bool),
}  # fmt: skip

OF_QUESTIONS = frozenset({"count", "count-non-empty", "sum"})
"""Functions that look at a question. ODK's look at all its repeats: here each is asked once."""

NOT_HERE: dict[str, str] = {
    **dict.fromkeys(
        ("today", "now", "date", "date-time", "decimal-date-time", "decimal-time", "format-date", "format-date-time"),
        "No question asks for a date, and a rule must find the same today and at the desk: offer spans as choices.",
    ),
    **dict.fromkeys(("random", "randomize", "uuid"), "Chance cannot be looked up again at the desk: leave it out."),
    **dict.fromkeys(
        ("position", "last", "indexed-repeat", "current", "instance", "pulldata", "join"),
        "There are no repeated groups and no lists in other files: ask once, about all together.",
    ),
    **dict.fromkeys(
        ("area", "distance", "geofence", "property", "version", "digest"),
        "Nothing is known of place, device or person: leave it out.",
    ),
}
"""ODK's functions that are not taken, with what to do instead."""

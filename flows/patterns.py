"""Regular expressions that cannot be made to run away.

An author may write `regex(., '[0-9]{3}')`; nobody may write one that keeps the bot busy. Only a plain part of the
language is understood: repeats stand on single characters or sets, groups are never repeated, and the number of
ways a match can be tried is worked out beforehand and bounded.
"""

import re

MAX_PATTERN = 100
MAX_WAYS = 100_000
"""Ways to try a match, at most: under a tenth of a second on text of the greatest length."""

_TEXT = 1000
"""Longest text a pattern meets (the greatest `max_length` of a text question)."""

_TOKEN = re.compile(
    r"""
      (?P<open>\((?!\?))                                       # a plain group
    | (?P<close>\))
    | (?P<branch>\|)
    | (?P<repeat>[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})
    | (?P<atom>\\[dDwWsS.\-\\()\[\]{}*+?|^$/]                    # an escape that means one character
        | \[\^?\]?(?:[^\]\[\\]|\\[dDwWsS.\-\\()\[\]{}*+?|^$/])*\]  # a set
        | [^()|*+?{}\[\]\\])
    """,
    re.VERBOSE,
)


class PatternError(ValueError):
    """A pattern that is not taken. `position` counts from 0 inside the pattern."""

    def __init__(self, code: str, position: int) -> None:
        super().__init__(code, position)
        self.code = code
        self.position = position


def bounded(pattern: str) -> re.Pattern[str]:
    """The compiled pattern. Raises PatternError where it is too long, too clever or too slow."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError("pattern-too-long", MAX_PATTERN)
    ways, position, repeatable = 1, 0, False
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise PatternError("pattern-not-understood", position)
        if token["repeat"] and not repeatable:
            raise PatternError("pattern-repeats-a-group", position)
        ways *= _ways(token)
        if ways > MAX_WAYS:
            raise PatternError("pattern-too-slow", position)
        repeatable, position = token["atom"] is not None, token.end()
    try:
        return re.compile(pattern)
    except (re.error, OverflowError):
        raise PatternError("pattern-not-understood", 0) from None


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the whole text matches, as in JavaRosa; text beyond the greatest length never does."""
    return len(text) <= _TEXT and pattern.fullmatch(text) is not None


def _ways(token: re.Match[str]) -> int:
    """By how much this token multiplies the ways to try."""
    repeat = token["repeat"]
    if repeat is None:
        return 2 if token["branch"] else 1
    if repeat == "?":
        return 2
    if repeat in {"*", "+"}:
        return _TEXT
    low, comma, high = repeat[1:-1].partition(",")
    return max(1, min(int(high or _TEXT), _TEXT) - int(low) + 1) if comma else 1

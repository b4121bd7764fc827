"""Small phrases of a form that say how many: `start=1 end=5`, `count-selected(.) <= 3`."""

import re

_PAIR = re.compile(r"(\w+)\s*=\s*([^\s,;]+)")
_PICKS = re.compile(r"count-selected\(\s*\.\s*\)\s*(<=|>=|<|>|=)\s*([0-9]{1,3})")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
LAST = 10
"""The highest point of a scale."""


def points(text: str) -> tuple[int, int, bool]:
    """First and last point of a range, and whether it makes a scale; ODK's own defaults where nothing is said."""
    said = {"start": "0", "end": "10", "step": "1", **{name.lower(): value for name, value in _PAIR.findall(text)}}
    whole = all(value.isascii() and value.isdigit() and len(value) <= 2 for value in said.values())  # noqa: PLR2004 - two digits hold every point
    if not whole or int(said["step"]) != 1 or set(said) - {"start", "end", "step"}:
        return 0, LAST, False
    low, high = int(said["start"]), int(said["end"])
    return low, high, low < high <= LAST


def headers_named(text: str) -> dict[str, str]:
    """For a list in a file: its own headers, in lower case, with ours for them; none where anything else is said."""
    said = {what.lower(): header.lower() for what, header in _PAIR.findall(text)}
    ours = {"value": "name", "label": "label"}
    return {header: ours[what] for what, header in said.items()} if said.keys() <= ours.keys() else {}


def picks(rule: str) -> dict[str, int] | None:
    """The fewest and most choices, where a constraint says nothing else; None where it does."""
    if not rule:
        return None
    bounds: dict[str, int] = {}
    for part in _AND.split(rule.strip()):
        found = _PICKS.fullmatch(part.strip())
        if found is None:
            return None
        sign, number = found[1], int(found[2])
        said = {
            "<=": {"max": number},
            "<": {"max": number - 1},
            ">=": {"min": number},
            ">": {"min": number + 1},
            "=": {"min": number, "max": number},
        }[sign]
        if set(said) & set(bounds):
            return None
        bounds |= {name: most for name, most in said.items() if most > 0 or name == "max"}
    return bounds

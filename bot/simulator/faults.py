"""Faults on order: what a network and a server do to a bot sooner or later, switched on one rule at a time."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.simulator.errors import RECORDED, ControlError, Json, TelegramError, recorded
from bot.simulator.updates import Entry, Updates


class Kind(StrEnum):
    """What can go wrong. The first six concern a call, the last two the delivery of updates."""

    SERVER_ERROR = "server_error"
    DELAY = "delay"
    LOST_CALL = "lost_call"
    LOST_REPLY = "lost_reply"
    ERROR = "error"
    MALFORMED = "malformed"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


DELIVERY: Final = frozenset({Kind.DUPLICATE, Kind.REORDER})
WEBHOOK: Final = "webhook"
"""What a delivery to a webhook is called in a rule's methods."""
BAD_GATEWAY: Final = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
MALFORMED: Final = b'{"ok":true,"result":{"message_id":'
MAX_DELAY: Final = 120.0


@dataclass(slots=True)
class Rule:
    """One fault: for some methods (empty: all) of one bot (None: all), `times` more times (None: always)."""

    kind: Kind
    methods: frozenset[str]
    bot: int | None
    probability: float
    times: int | None
    seconds: float
    error: TelegramError | None

    def view(self) -> Json:
        """Return the rule as the control API shows it."""
        return {
            "kind": self.kind,
            "methods": sorted(self.methods),
            "bot": self.bot,
            "probability": self.probability,
            "times": self.times,
            "seconds": self.seconds,
            "error": self.error.body() if self.error else None,
        }


def parse(body: Json) -> Rule:
    """Return the rule a JSON object describes.

    Raises:
        ControlError: an unknown kind, field or recorded error, or a number out of range.
    """
    if unknown := body.keys() - {"kind", "methods", "bot", "probability", "times", "seconds", "error"}:
        raise ControlError(400, "bad_fault", f"Unknown field {min(unknown)}; see docs/simulator.md.")
    try:
        kind = Kind(body.get("kind", ""))
        methods = frozenset(str(method).lower() for method in body.get("methods", []))
        probability, seconds = float(body.get("probability", 1.0)), float(body.get("seconds", 0.0))
        times = None if body.get("times") is None else int(body["times"])
        error = _error(body.get("error", "internal")) if kind is Kind.ERROR else None
    except (TypeError, ValueError, KeyError):
        names = f"Kinds: {', '.join(Kind)}; recorded errors: {', '.join(RECORDED)}."
        raise ControlError(400, "bad_fault", names) from None
    if not 0 < probability <= 1 or not 0 <= seconds <= MAX_DELAY or (times is not None and times < 1):
        raise ControlError(400, "bad_fault", "0 < probability <= 1, 0 <= seconds <= 120, times >= 1.")
    return Rule(kind, methods, body.get("bot"), probability, times, seconds, error)


def _error(given: object) -> TelegramError:
    if isinstance(given, str):
        return recorded(given)
    if not isinstance(given, dict):
        raise TypeError
    parameters = given.get("parameters")
    if parameters is not None and not isinstance(parameters, dict):
        raise TypeError
    return TelegramError(int(given["error_code"]), str(given["description"]), parameters=parameters)


class Faults:
    """The rules in force. Chance comes from a seed, so that a run can be repeated."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._chance = random.Random(0)  # noqa: S311 - repeatable mischief, no secret

    def set(self, rules: list[Rule], seed: int) -> None:
        """Replace all rules."""
        self.rules = rules
        self._chance = random.Random(seed)  # noqa: S311 - as above

    def draw(self, bot_id: int, method: str) -> list[Rule]:
        """Return the call faults that strike this call, each used up by one."""
        return [rule for rule in list(self.rules) if rule.kind not in DELIVERY and self._strikes(rule, bot_id, method)]

    def holds_back(self, bot_id: int) -> float:
        """Return the seconds by which a delivery to a webhook comes later: delays for the method `webhook`."""
        named = [rule for rule in list(self.rules) if rule.kind is Kind.DELAY and WEBHOOK in rule.methods]
        return sum(rule.seconds for rule in named if self._strikes(rule, bot_id, WEBHOOK))

    def batch(self, bot_id: int, entries: list[Entry], updates: Updates) -> list[Entry]:
        """Return a batch of updates as it arrives: some repeated later, some out of order."""
        for rule in [rule for rule in self.rules if rule.kind in DELIVERY]:
            if rule.kind is Kind.REORDER:
                if len(entries) > 1 and self._strikes(rule, bot_id, "getupdates"):
                    entries = self._chance.sample(entries, len(entries))
                continue
            for entry in entries:
                if not entry.forced and self._strikes(rule, bot_id, "getupdates"):
                    updates.repeat(entry)
        return entries

    def _strikes(self, rule: Rule, bot_id: int, method: str) -> bool:
        if rule.bot not in {None, bot_id} or (rule.methods and method not in rule.methods):
            return False
        if rule.probability < 1 and self._chance.random() >= rule.probability:
            return False
        if rule.times is not None:
            rule.times -= 1
            if rule.times == 0:
                self.rules.remove(rule)
        return True

"""The arithmetic of a measurement: percentiles of waits, medians and ranges over rounds. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over several rounds: its median and both ends."""

    middle: float
    low: float
    high: float


def spread(values: Iterable[float]) -> Spread:
    """Median and range of at least one value."""
    ordered = sorted(values)
    return Spread(median(ordered), ordered[0], ordered[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the ascending values do not exceed; NaN where there are none."""
    if not ordered:
        return math.nan
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited from act to card, in milliseconds."""

    mean: float
    p50: float
    p95: float
    p99: float


def waits(seconds: Iterable[float]) -> Waits:
    """The figures of single waits given in seconds."""
    ordered = sorted(1000 * one for one in seconds)
    mean = sum(ordered) / len(ordered) if ordered else math.nan
    return Waits(mean, *(percentile(ordered, share) for share in (0.50, 0.95, 0.99)))

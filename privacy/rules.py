"""The thresholds and display rules of every table, as one frozen value.

Where a number comes from outside, its source stands beside it; where it is our choice, the reason does.
"""

from dataclasses import dataclass
from typing import Self

from flows.model import Sensitivity

HARMFUL = frozenset({Sensitivity.EXPERIENCE, Sensitivity.CHILDREN, Sensitivity.ARMED_ACTOR})
"""Questions whose threshold is doubled: what is learnt about one person here can get her killed."""

T_FLOOR = 10
"""No round can ask for less: the United Kingdom's statistics office names *below 10 hidden, the rest to the nearest 5*
(the 10-5 rule) for small data sets, and UK LLC lets nothing below 10 leave, zero included."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How small is too small, and how the rest is shown. Counts are persons."""

    t: int = T_FLOOR
    """Smallest count that may be shown, before `s` is added."""
    t_sensitive: int = 20
    """The same for harmful questions: our choice, twice the published practice."""
    t_closed: int = 5
    """Smallest count in a closed annex, before `s` is added: exact figures for a signed recipient."""
    s: int = 5
    """Responses that one hostile party may have given or may know: she subtracts them from what she reads."""
    base: int = 5
    """Shown counts are rounded to the nearest multiple of this (10-5 rule)."""
    min_numbers: int = 20
    """Fewer respondents than this: words only, not a single figure."""
    percent_from: int = 50
    """Smallest group whose shares are given in per cent; below it one person moves a share by two points or more. The
    displayed size counts, everywhere: were it the true one, that shares are missing beside *50* would say 48 or 49."""
    crosses_from: int = 100
    """Fewer respondents than this: no cross, and no places of a ranking. At 80 a cross of 4 by 5 hides nine cells in
    ten (reference simulation)."""
    people_a_cell: int = 30
    """Respondents for each inner cell of a cross: with fewer it would be full of withheld figures."""
    width: int = 4
    """A hidden count must keep at least this many values *besides* its own, so five in all, for whoever computes.
    A choice; it equals what rounding to 5 itself leaves open."""

    @property
    def least_group(self) -> int:
        """Smallest opinion group that is shown: as many as of a harmful answer, for who stands in it is worked out."""
        return self.t_sensitive + self.s

    @classmethod
    def of_round(cls, t: int, s: int) -> Self:
        """The rules of a round that recorded `t` and `s`; a round can be stricter than the floor, never laxer."""
        return cls(t=max(t, T_FLOOR), t_sensitive=max(2 * t, 2 * T_FLOOR), s=max(s, 0))

    def threshold(self, sensitivity: Sensitivity) -> int:
        """T = t + s: smallest count of such a question that may be shown."""
        return (self.t_sensitive if sensitivity in HARMFUL else self.t) + self.s

    def rounded(self, count: int) -> int:
        """`count` to the nearest multiple of the base."""
        return self.base * ((count + self.base // 2) // self.base)

    def unrounded(self, shown: int) -> tuple[int, int]:
        """Smallest and largest count that is shown as `shown`."""
        return shown - self.base // 2, shown + (self.base - 1) // 2

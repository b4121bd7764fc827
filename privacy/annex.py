"""Exact figures for a closed annex: a signed recipient gets counts as they are, and some are withheld.

There are no rounded figures here to blur what is hidden, so whoever computes is held off by withholding alone: a small
count must look as if it could be none or one, and as if it could be large enough to be shown. Margins are figures like
any other. The recipient has the public summary as well: the annex is laid into the network of what that tells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from privacy.circulation import Arc, Circulation, Key
from privacy.crossing import Displays, Friends
from privacy.intervals import Limits
from privacy.rules import Rules
from privacy.tables import SafeCell, Shown, Small

FIGURES = frozenset({"cell", "rows", "columns"})
"""Kinds of numbers that an annex tells."""


@dataclass(frozen=True, slots=True, repr=False)
class ExactGrid:
    """A cross on its way into an annex."""

    around: Mapping[Key, Arc]
    """All that the public summary tells of the same people, as a network in which the truth flows."""
    rules: Rules
    own: tuple[tuple[Key, Limits], ...] = ()
    """Numbers of the questions' own tables that are hidden there as small."""

    @property
    def threshold(self) -> int:
        """Smallest count that may be shown: t of a closed annex, and `s`."""
        return self.rules.t_closed + self.rules.s

    def count(self, key: Key) -> int:
        """The true value of a number."""
        return self.around[key].flow

    def primary(self) -> dict[Key, SafeCell]:
        """Each figure by itself: exact, or withheld because it is small."""
        return {key: self._judged(arc.flow) for key, arc in self.around.items() if key[0] in FIGURES}

    def _judged(self, count: int) -> SafeCell:
        return Small(below=self.threshold) if count < self.threshold else Shown(count=count)

    def exposed(self, displays: Displays) -> Iterator[Key]:
        """Small numbers that do not look as if they could be none or one, or could be large."""
        friends = Friends(self._arcs(displays), displays, self.rules.s)
        for key, cell in displays.items():
            if isinstance(cell, Small) and not self._hides(key, friends):
                yield key
        yield from (key for key, limits in self.own if not friends.leave_doubt(key, limits))

    def _hides(self, key: Key, friends: Friends) -> bool:
        """Whether a small number looks like any other to whoever knows `s` answers."""
        count = self.count(key)
        return all(
            max(known, count - fall) <= known + 1 and count + rise >= self.threshold
            for known, fall, rise in friends.ways(key, self.threshold + self.rules.s)
        )

    def bounds(self, key: Key, displays: Displays) -> tuple[int, int]:
        """The smallest and the largest value that a number could have for whoever computes."""
        arcs = self._arcs(displays)
        arc = arcs[key]
        fall, rise = Circulation(arcs).slack(key, arc.flow - arc.low, arc.high - arc.flow)
        return arc.flow - fall, arc.flow + rise

    def doubt(self, key: Key, displays: Displays) -> int:
        """How many values besides its own a number could have."""
        low, high = self.bounds(key, displays)
        return high - low

    def may_give_up(self, displays: Displays, exposed: Key) -> list[Key]:
        """Exact figures that could be withheld: cells, or where none is left, margins."""
        del exposed  # a way round a hidden cell may lead through figures in neither its row nor its column
        shown = [key for key, cell in displays.items() if isinstance(cell, Shown)]
        return [key for key in shown if key[0] == "cell"] or shown

    def _arcs(self, displays: Displays) -> dict[Key, Arc]:
        return {
            key: replace(arc, low=arc.flow, high=arc.flow) if isinstance(displays.get(key), Shown) else arc
            for key, arc in self.around.items()
        }

"""The rule of moves: of each figure told in two snapshots of a round none or many joined, and nobody left.

The desk asks it of true counts. A reader who knows the rule learns more than the figures say: where two of them lie so
close that nobody of *many* fits between, nobody joined. That is among the constraints of the audit, so that nothing is
found safe that the rule itself gives away. Of a count that is hidden both times the rule says nothing, and the audit
asks that its joiners stay in doubt; so it does with a figure that is withheld. Those who left are not opened again, so
nobody can count how many of them stood in a figure: what was told while they were there is not told anew without them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from privacy.audit.figures import EVERYBODY, Display, Figure, Kind, Moment, Population, System
from privacy.audit.run import Finding, Verdict
from privacy.audit.targets import Reason, by_rule
from privacy.succession import left

Told = Mapping[Population, Mapping[int, Figure]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One population told in two snapshots, and how the rule speaks of it."""

    before: Figure
    after: Figure
    nobody_left: bool
    """Whether everybody who was counted first is counted again."""

    @property
    def threshold(self) -> int:
        """Fewest who may have come or gone, if anybody has."""
        return max(self.before.threshold, self.after.threshold)

    @property
    def change(self) -> tuple[int, int]:
        """Smallest and largest difference that readers must reckon with."""
        old, new = self.before.display, self.after.display
        return new.low - (old.high or 0), (new.high or 0) - old.low

    def is_of(self, last: int) -> bool:
        """Whether it ends with this snapshot."""
        return self.after.moment.present == last

    def finding(self, reason: Reason) -> Finding:
        """That few came or went, by the names of both figures."""
        names = (f"{each.table}: {each.cell}" for each in (self.before, self.after))
        return Finding(Verdict.NARROW, reason, self.after.table, tuple(names))


def told(system: System) -> Told:
    """Each population with its figure in each snapshot, everything said about it there taken together."""
    found: dict[Population, dict[int, Figure]] = defaultdict(dict)
    for item in system.items:
        if isinstance(item, Figure) and item.moment.absent is None and item.population != EVERYBODY:
            at = found[item.population]
            before = at.get(item.moment.present)
            at[item.moment.present] = item if before is None else _both(before, item)
    return found


def _both(one: Figure, other: Figure) -> Figure:
    ends = [each.display.high for each in (one, other) if each.display.high is not None]
    low, high = max(one.display.low, other.display.low), min(ends, default=None)
    kinds = [each.display.kind for each in (one, other)]
    kind = next((each for each in kinds if each not in {Kind.WITHHELD, Kind.MOST}), kinds[0])
    threshold = max(one.threshold, other.threshold)
    count = other.count if one.count is None else one.count
    display = Display(kind, low, high)
    return replace(one, display=display, threshold=threshold, rest=one.rest or other.rest, count=count)


def twice(system: System) -> Iterator[Pair]:
    """Every population that is told in two snapshots."""
    for at in told(system).values():
        for before, after in combinations(sorted(at), 2):
            yield Pair(at[before], at[after], not left(system.sizes, before, after))


def pairs(system: System) -> Iterator[Pair]:
    """Those that everybody counted first is counted in again, and of which the rule speaks."""
    return (pair for pair in twice(system) if pair.nobody_left and by_rule(pair.before, pair.after))


def with_rule(system: System) -> System:
    """The system with what readers learn because they know the rule, where nobody left in between."""
    learnt = []
    for pair in pairs(system):
        low, high = pair.change
        # Where some came and not many, the rule was broken: `broken` says so, and readers learn nothing from it.
        if (low < 1) == (high >= pair.threshold):
            continue
        display = Display(Kind.RULE, 0, 0) if high < pair.threshold else Display(Kind.RULE, pair.threshold, None)
        moment = Moment(pair.after.moment.present, pair.before.moment.present)
        joined = f"{pair.after.cell} joined"
        learnt.append(replace(pair.after, cell=joined, moment=moment, display=display, rest=False, count=None))
    return replace(system, items=(*system.items, *learnt), ruled=True)


def broken(system: System, last: int) -> tuple[Finding, ...]:
    """What everybody can see to break the rule, between the last snapshot and each earlier one.

    That is: told once more although some left in between, or joined by some who are not many.
    """
    gone = [pair.finding(Reason.LEFT) for pair in twice(system) if pair.is_of(last) and not pair.nobody_left]
    few = [
        pair.finding(Reason.JOINED)
        for pair in pairs(system)
        if pair.is_of(last) and pair.change[0] >= 1 and pair.change[1] < pair.threshold
    ]
    return (*gone, *few)


def moved(system: System, joiners: Sequence[Mapping[Population, int]]) -> tuple[Finding, ...]:
    """What breaks the rule in truth. `joiners` says for each earlier snapshot who of a population joined since."""
    last = len(joiners)
    gone = [pair.finding(Reason.LEFT) for pair in twice(system) if pair.is_of(last) and not pair.nobody_left]
    few = [
        pair.finding(Reason.JOINED)
        for pair in pairs(system)
        if pair.is_of(last) and not _stands(pair, joiners[pair.before.moment.present])
    ]
    return (*gone, *few)


def _stands(pair: Pair, joiners: Mapping[Population, int]) -> bool:
    """Whether none or many joined; of a delicate figure many, and many of those who joined are not in it."""
    figure, came = pair.after, joiners.get(pair.after.population)
    if came is None:
        # Nobody can say how many joined.
        return False
    if not figure.rest:
        return came == 0 or came >= pair.threshold
    rests = [joiners[group] - came for group in figure.within if group in joiners]
    return min(came, *rests) >= pair.threshold if rests else came >= pair.threshold

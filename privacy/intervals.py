"""What a reader could still work out about a hidden count, in closed form, for one-way tables.

The reader is the worst we can think of. She knows how figures are displayed and when they are hidden; she knows
exactly how many people were asked, because whoever invited them does; she knows the exact size of every group that
another table is about; and she knows the answers of any `s` respondents. Because the group's size is taken as known
exactly, no figure published elsewhere about the same group can tell her more: each table can be judged by itself.

A hidden count must keep `Rules.width` + 1 possible values for her, and must not be forced above half its threshold.
`tests/privacy/referee.py` does the same by trying every table there is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from privacy.rules import Rules
from privacy.tables import Most, Picks, SafeCell, Shown, Small, Withheld


@dataclass(frozen=True, slots=True, repr=False)
class Cell:
    """One cell as the desk sees it: what it shows, what is true, and what a reader can take from the display alone."""

    display: SafeCell
    count: int
    low: int
    high: int

    def __repr__(self) -> str:
        return "<Cell>"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is tested against: the table's threshold and the rules."""

    threshold: int
    rules: Rules

    def leaves_doubt(self, low: int, high: int, known: int) -> bool:
        """Whether [low, high], for a reader who knows `known` of those counted, leaves enough possible values."""
        return high - low >= self.rules.width and low - known <= -(-self.threshold // 2)

    def leaves_room(self, low: int, high: int) -> bool:
        """Whether [low, high] leaves enough values to a reader who knows how this program decides.

        The more of those known can stand in a number, the more they narrow it. So that nothing else was withheld says
        that the number lies `width` or more below `high`, or that no knowledge narrows it.
        """
        return low >= self.rules.s or high - low >= self.rules.width + min(self.rules.s, self.rules.width)

    @property
    def reach(self) -> int:
        """How far from the truth it is worth looking: whatever can move further is in doubt."""
        return self.threshold + self.rules.width + self.rules.s

    def keeps_doubt(self, low: int, high: int, most: int) -> bool:
        """Whether a hidden count within [low, high] is in doubt for whoever knows any of those counted, up to s.

        No more than `most` can be known: as many as could be counted, or as are.
        """
        known = range(min(self.rules.s, most) + 1)
        return all(self.leaves_doubt(max(low, each), high, each) for each in known)


def reading(display: SafeCell, total: int, limits: Limits) -> tuple[int, int]:
    """Smallest and largest count that `display` can stand for in a partition of `total` persons."""
    match display:
        case Shown():
            low, high = limits.rules.unrounded(display.count)
            return max(low, limits.threshold), high
        case Small():
            return 0, limits.threshold - 1
        case Most():
            return max(limits.threshold, display.least), total
        case _:
            return limits.threshold, total


def exposed_in_partition(cells: Sequence[Cell], total: int, limits: Limits) -> Iterator[int]:
    """Indices of small cells that a reader could narrow too far, in a group of exactly `total` persons."""
    lows = sum(cell.low for cell in cells)
    highs = sum(cell.high for cell in cells)
    small = sum(cell.high for cell in cells if _small(cell))
    for index, cell in enumerate(cells):
        if not _small(cell):
            continue
        most = total - (lows - cell.low)
        least = max(cell.low, total - (highs - cell.high))
        # Of the s whose answers she knows, some stand in this cell and the others, at worst, in other hidden ones:
        # in a shown cell they tell her nothing, because it is known to hold more than s. How many can is asked of what
        # is shown and never of the truth: were it, that nothing further is withheld would say how small the cell is.
        for known in range(min(limits.rules.s, cell.high, most) + 1):
            low = max(known, least)
            elsewhere = max(0, min(limits.rules.s - known, small - cell.high, most - low))
            if not limits.leaves_doubt(low, min(cell.high, most - elsewhere), known):
                yield index
                break


@dataclass(frozen=True, slots=True, repr=False)
class Choices:
    """A multiple question: choices that go together, choices that stand alone, and those who gave no answer.

    Everybody who was asked either gave one of the answers that stand alone, or picked among the others, or gave no
    answer: a partition, of which the middle part is not shown but bounded by what is.
    """

    together: tuple[Cell, ...]
    alone: tuple[Cell, ...]
    silent: Cell
    asked: int
    picks: Picks

    @property
    def pickers(self) -> int:
        """Persons who picked among the choices that go together."""
        return self.asked - self.silent.count - sum(cell.count for cell in self.alone)

    @property
    def answered(self) -> int:
        """Persons who answered at all."""
        return self.asked - self.silent.count


def exposed_alone(question: Choices, limits: Limits) -> Iterator[int]:
    """Indices in `(*alone, silent)` of small cells that a reader could narrow too far."""
    lows = [max(cell.low, min(limits.rules.s, cell.count)) for cell in question.together]
    fewest, most = question.picks.fewest, question.picks.most
    low = max(*lows, -(-sum(lows) // most)) if lows else 0
    high = min(question.asked, sum(cell.high for cell in question.together) // fewest)
    # A choice is shown only where at least T of those who answered did not pick it.
    answered = max(
        (
            cell.low + limits.threshold
            for cell in (*question.together, *question.alone)
            if isinstance(cell.display, Shown)
        ),
        default=0,
    )
    others = sum(cell.high for cell in question.alone)
    alone = [
        replace(cell, low=max(cell.low, answered - high - (others - cell.high))) if _small(cell) else cell
        for cell in question.alone
    ]
    silent = replace(question.silent, high=min(question.silent.high, question.asked - answered))
    middle = Cell(Withheld(), question.pickers, low, high)
    yield from exposed_in_partition((*alone, silent, middle), question.asked, limits)


def exposed_together(question: Choices, limits: Limits) -> Iterator[int]:
    """Indices in `together` whose hidden count, or hidden rest, a reader could narrow too far.

    How many people picked at all is taken as known, and how many choices each of them made is bounded by the form.
    What the s known respondents chose tightens every other cell as far as it could: more than they can do at once.
    """
    cells, s = question.together, limits.rules.s
    lows = [max(cell.low, min(s, cell.count)) for cell in cells]
    highs = [min(cell.high, question.answered - min(s, question.answered - cell.count)) for cell in cells]
    need = question.picks.fewest * question.pickers - sum(highs)
    room = question.picks.most * question.pickers - sum(lows)
    for index, cell in enumerate(cells):
        least = max(cell.low, highs[index] + need)
        most = min(cell.high, question.pickers, lows[index] + room)
        if _small(cell):
            doubt = limits.keeps_doubt(least, most, most)
        elif question.answered - cell.count < limits.threshold:
            rest = question.answered - least
            doubt = limits.keeps_doubt(question.answered - most, rest, rest)
        else:
            doubt = True
        if not doubt:
            yield index


def _small(cell: Cell) -> bool:
    return isinstance(cell.display, Small)

"""The one door from what was counted to what may be seen.

A table passes four walls in this order: is the group itself large enough; does everybody in it agree about something
that could harm them; is each figure, and for multiple questions its rest, large enough; and can no hidden figure be
worked out from the shown ones (`privacy.intervals`). Where the last one fails, one more figure is withheld, the
smallest first, until nothing can be worked out or nothing is left.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.model import Sensitivity
from privacy.intervals import Cell, Choices, Limits, exposed_alone, exposed_in_partition, exposed_together, reading
from privacy.rules import Rules
from privacy.tables import (
    NO_ANSWER,
    Most,
    Picks,
    RawTable,
    Refusal,
    Row,
    SafeCell,
    SafeTable,
    Shape,
    Shown,
    Small,
    Withheld,
)

NEAR_TIE = 1.25
"""Counts this close to the smallest are withheld in an order nobody outside can foresee: knowing exactly how the
choice falls would let a reader run it backwards (matching attack, Algorithms 2019, 12(8):165)."""


def protect(raw: RawTable, rules: Rules, seed: bytes) -> SafeTable:
    """The safe table of `raw`: no figure below T = t + s in it, and none that can be worked out from it.

    `seed` is secret and belongs to the round's custodians; it decides ties between figures to withhold.
    """
    desk = _Desk(raw, Limits(rules.threshold(raw.sensitivity), rules), seed)
    if raw.tangled:
        return SafeTable(id=raw.id, refusal=Refusal.TANGLED)
    if desk.group_is_small() or desk.group_agrees():
        return SafeTable(id=raw.id, refusal=Refusal.PROTECTED)
    displays = desk.withhold(desk.primary())
    if displays is None:
        return SafeTable(id=raw.id, refusal=Refusal.PROTECTED)
    rows = tuple(Row(code=code, cell=display) for code, display in zip(raw.codes, displays, strict=True))
    return SafeTable(id=raw.id, asked=rounded_total(raw.asked, rules), rows=rows)


def rounded_total(count: int, rules: Rules) -> Shown:
    """How the size of a whole group is shown; `count` must not be below the rules' smallest."""
    return Shown(count=rules.rounded(count))


@dataclass(frozen=True, slots=True, repr=False)
class _Desk:
    """One table on its way through the door."""

    raw: RawTable
    limits: Limits
    seed: bytes

    def group_is_small(self) -> bool:
        """Whether those asked, those who answered, or those who were left out are too few to say anything of."""
        groups = (self.raw.asked, self.raw.answered, self.raw.left_out)
        return any(size is not None and size < self.limits.threshold for size in groups)

    def group_agrees(self) -> bool:
        """Whether nearly everybody gave one same answer to a question where that could harm them."""
        if self.raw.sensitivity is Sensitivity.OPINION:
            return False
        most = max(count for code, count in zip(self.raw.codes, self.raw.counts, strict=True) if code != NO_ANSWER)
        return self.raw.answered - most < self.limits.threshold

    def primary(self) -> tuple[SafeCell, ...]:
        """Each cell judged by itself: small, a choice whose rest is small, or shown rounded."""
        return tuple(self._judged(code, count) for code, count in zip(self.raw.codes, self.raw.counts, strict=True))

    def _judged(self, code: str, count: int) -> SafeCell:
        if count < self.limits.threshold:
            return Small(below=self.limits.threshold)
        rest = self.raw.answered - count
        if self.raw.shape is Shape.CHOICES and code != NO_ANSWER and rest < self.limits.threshold:
            silent = self.limits.rules.rounded(max(self.raw.asked - self.raw.answered, self.limits.threshold))
            return self._nearly_all(self.raw.asked, silent + self.limits.threshold)
        return self._shown(count)

    def _nearly_all(self, group: int, others: int = 0) -> Most | Withheld:
        """A bound that everybody in a group reaches but a number of people somewhere below `others`.

        It is a multiple of the base and hangs on nothing but figures that are shown anyway.
        """
        rules = self.limits.rules
        bound = rules.rounded(group) - others - rules.base
        least = bound - bound % rules.base
        return Most(least=least) if least >= self.limits.threshold else Withheld()

    def _shown(self, count: int) -> Shown:
        rules = self.limits.rules
        figure = rules.rounded(count)
        if self.raw.asked < rules.percent_from:
            return Shown(count=figure)
        whole = rules.rounded(self.raw.asked)
        return Shown(count=figure, percent=(200 * figure + whole) // (2 * whole))

    def withhold(self, displays: tuple[SafeCell, ...]) -> tuple[SafeCell, ...] | None:
        """`displays` with as many more withheld as it takes; None where nothing is enough."""
        while True:
            cell = next(self._exposed(displays), None)
            if cell is None:
                return displays
            sacrifice = self._next_to_withhold(displays, cell)
            if sacrifice is None:
                return None
            displays = (*displays[:sacrifice], self._without(displays, sacrifice), *displays[sacrifice + 1 :])

    def _without(self, displays: Sequence[SafeCell], index: int) -> SafeCell:
        """What stands in place of a figure that is given up: a bound if it is the last one of its group."""
        if self.raw.shape is Shape.CHOICES:
            return Withheld()
        block = self._block_of(index)
        if any(isinstance(displays[each], Shown) for each in block if each != index):
            return Withheld()
        group = sum(self.raw.counts[each] for each in block)
        return self._nearly_all(group, (self._steps(group, index) + 1) * self.limits.threshold)

    def _steps(self, group: int, index: int) -> int:
        """How many whole T the rest of the group holds: what a bound gives away of it, and nothing finer."""
        return (group - self.raw.counts[index]) // self.limits.threshold

    def _block_of(self, index: int) -> list[int]:
        return next(block for block in self._blocks() if index in block)

    def _exposed(self, displays: Sequence[SafeCell]) -> Iterator[int]:
        if self.raw.shape is Shape.CHOICES:
            yield from self._exposed_choices(displays)
            return
        for block in self._blocks():
            total = sum(self.raw.counts[index] for index in block)
            cells = [self._cell(displays[index], index, total) for index in block]
            yield from (block[place] for place in exposed_in_partition(cells, total, self.limits))

    def _cell(self, display: SafeCell, index: int, total: int) -> Cell:
        low, high = reading(display, total, self.limits)
        if isinstance(display, Most):
            steps, threshold = self._steps(total, index), self.limits.threshold
            low, high = max(low, total - (steps + 1) * threshold + 1), total - steps * threshold
        if self.raw.ceiling is not None and self.raw.codes[index] == self.raw.ceiling[0]:
            high = min(high, self.raw.ceiling[1])
        return Cell(display, self.raw.counts[index], low, high)

    def _blocks(self) -> list[list[int]]:
        """Cells in groups whose exact sums a reader must be assumed to know: all that the known groups tell apart."""
        blocks: dict[tuple[bool, ...], list[int]] = {}
        for index, code in enumerate(self.raw.codes):
            blocks.setdefault(tuple(code in group for group in self.raw.known_groups), []).append(index)
        return list(blocks.values())

    def _exposed_choices(self, displays: Sequence[SafeCell]) -> Iterator[int]:
        cells = [self._choice(display, index) for index, display in enumerate(displays)]
        picks = self.raw.picks or Picks(1, len(cells) - 1, frozenset())
        alone = [index for index, code in enumerate(self.raw.codes) if code in picks.exclusive]
        together = [index for index in range(len(cells) - 1) if index not in alone]
        question = Choices(
            tuple(cells[index] for index in together), tuple(cells[index] for index in alone),
            cells[-1], self.raw.asked, picks,
        )  # fmt: skip
        yield from ((*alone, len(cells) - 1)[place] for place in exposed_alone(question, self.limits))
        yield from (together[place] for place in exposed_together(question, self.limits))

    def _choice(self, display: SafeCell, index: int) -> Cell:
        """A cell of a multiple question, whose display says something about its rest as well."""
        threshold, count, answered = self.limits.threshold, self.raw.counts[index], self.raw.answered
        low, high = reading(display, answered, self.limits)
        if any(self.raw.codes[index] in group for group in self.raw.known_groups):
            low = high = count
        elif self.raw.codes[index] != NO_ANSWER and not isinstance(display, Small):
            rest_is_small = answered - count < threshold
            low = max(low, answered - threshold + 1) if rest_is_small else low
            high = answered if rest_is_small else min(high, answered - threshold)
        return Cell(display, count, low, high)

    def _next_to_withhold(self, displays: Sequence[SafeCell], exposed: int) -> int | None:
        """The shown cell to give up for `exposed`: among the smallest that stand in one sum with it."""
        block = self._block_of(exposed) if self.raw.shape is Shape.PARTITION else range(len(displays) - 1)
        shown = [index for index in block if isinstance(displays[index], Shown)]
        if not shown:
            return None
        smallest = min(self.raw.counts[index] for index in shown)
        near = [index for index in shown if self.raw.counts[index] <= NEAR_TIE * smallest]
        return min(near, key=self._lot)

    def _lot(self, index: int) -> bytes:
        """A place in an order that only who holds the seed can foresee."""
        name = f"{self.raw.id}\0{self.raw.codes[index]}".encode()
        return hashlib.blake2b(name, key=self.seed[:64], digest_size=16).digest()

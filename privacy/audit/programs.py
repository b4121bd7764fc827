"""Linear and integer programs over a block, by HiGHS; what they find is checked in whole numbers before it is believed.

A *world* is a way to fill the columns that fits everything published. Worlds prove doubt: two that differ in a number
show that no reader can tell it. So no verdict of *safe* rests on a solver's arithmetic; a verdict of *unsafe* may, and
then errs on the side of refusing.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor

import highspy
import numpy as np
from highspy._core import _Highs

from privacy.audit.atoms import Mask, Whole
from privacy.audit.errors import Contradiction, TimedOut
from privacy.audit.rows import UNBOUNDED, Block

NEAR = 1e-6
"""How far a solver's answer may lie from a whole number and be taken for it."""
SECONDS = 20.0
"""Longest for all programs about one number; then nothing is known of it, and the release is refused."""


class Program:
    """The worlds of a block."""

    def __init__(self, block: Block, seconds: float = SECONDS) -> None:
        self._block = block
        self._seconds = seconds
        self._columns = block.matrix.shape[1]
        self._every = np.arange(self._columns, dtype=np.int32)
        self._floor: Whole = np.zeros(self._columns, dtype=np.int64)
        self._whole = False
        self.worlds: list[Whole] = []
        self._stacked: Whole = np.zeros((0, self._columns), dtype=np.int64)
        # HiGHS's own class, without the one around it, which prints a banner as soon as it is made.
        self._highs = _Highs()
        self._highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own signature
        self._highs.setOptionValue("threads", 1)
        self.begin()
        self._pass()

    def _pass(self) -> None:
        highs, block = self._highs, self._block
        highs.addVars(self._columns, np.zeros(self._columns), np.full(self._columns, highspy.kHighsInf))
        starts, places, values = [0], [], []
        for row in block.matrix:
            (some,) = np.nonzero(row)
            places.append(some.astype(np.int32))
            values.append(row[some].astype(np.float64))
            starts.append(starts[-1] + len(some))
        high = np.where(block.high >= UNBOUNDED, highspy.kHighsInf, block.high.astype(np.float64))
        highs.addRows(
            len(block.matrix),
            block.low.astype(np.float64),
            high,
            starts[-1],
            np.array(starts[:-1], dtype=np.int32),
            np.concatenate(places) if places else np.array([], dtype=np.int32),
            np.concatenate(values) if values else np.array([], dtype=np.float64),
        )

    def begin(self) -> None:
        """From now on, as long again: HiGHS adds up the time of everything that one model is asked."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + self._seconds)

    def attained(self, mask: Mask, known: Whole | None = None) -> tuple[int, int] | None:
        """Smallest and largest value of a set in the worlds found so far that hold the people known."""
        if not self.worlds:
            return None
        if len(self._stacked) != len(self.worlds):
            self._stacked = np.array(self.worlds)
        holding = (self._stacked >= (self._floor if known is None else known)).all(axis=1)
        values = self._stacked[holding][:, mask].sum(axis=1)
        return (int(values.min()), int(values.max())) if len(values) else None

    def at_least(self, known: Whole) -> None:
        """From now on, only worlds with at least so many people in each column."""
        self._floor = known
        unbounded = np.full(self._columns, highspy.kHighsInf)
        self._highs.changeColsBounds(self._columns, self._every, known.astype(np.float64), unbounded)

    def outer(self, mask: Mask) -> tuple[int, int]:
        """Bounds of a set by linear programs, which may be wider than what is possible, rounded inward."""
        low = self._solved(mask.astype(np.float64), highspy.ObjSense.kMinimize)
        high = self._solved(mask.astype(np.float64), highspy.ObjSense.kMaximize)
        return ceil(low - NEAR), floor(high + NEAR)

    def bounds(self, mask: Mask, enough: Callable[[int, int], bool] = lambda _low, _high: False) -> tuple[int, int]:
        """Smallest and largest number of people that can stand in a set, or two that both can and are far enough apart.

        Raises:
            TimedOut: an integer program was not solved in its time.
            Contradiction: there is no world.
        """
        low, high = self.outer(mask)
        found = self.attained(mask)
        if found != (low, high):
            found = self._in_whole_numbers(mask, _wider_first(found, low, high), enough)
        if found is None:
            raise TimedOut
        return found

    def _in_whole_numbers(
        self, mask: Mask, senses: Sequence[highspy.ObjSense], enough: Callable[[int, int], bool]
    ) -> tuple[int, int] | None:
        """Adds worlds with the smallest and the largest value, by integer programs; or one, where that is enough."""
        cost, found = mask.astype(np.float64), None
        self._set_whole(on=True)
        try:
            for sense in senses:
                value = self._solved(cost, sense)
                if not any(abs(int(world[mask].sum()) - value) < NEAR for world in self.worlds[-1:]):
                    raise TimedOut
                found = self.attained(mask)
                if found is not None and enough(*found):
                    break
        finally:
            self._set_whole(on=False)
        return found

    def _set_whole(self, *, on: bool) -> None:
        kind = highspy.HighsVarType.kInteger if on else highspy.HighsVarType.kContinuous
        self._whole = on
        self._highs.changeColsIntegrality(self._columns, self._every, np.full(self._columns, kind))

    def _solved(self, cost: np.ndarray[tuple[int], np.dtype[np.float64]], sense: highspy.ObjSense) -> float:
        self._highs.changeColsCost(self._columns, self._every, cost)
        self._highs.changeObjectiveSense(sense)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            raise Contradiction(self._block.variables)
        if status != highspy.HighsModelStatus.kOptimal:
            raise TimedOut
        self._keep(np.array(self._highs.getSolution().col_value))
        return float(self._highs.getInfo().objective_function_value)

    def _keep(self, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        """Takes a solution for a world where, rounded, it fits everything exactly."""
        world = np.rint(values).astype(np.int64)
        sums = self._block.matrix @ world
        if (world >= self._floor).all() and (sums >= self._block.low).all() and (sums <= self._block.high).all():
            self.worlds.append(world)


def _wider_first(found: tuple[int, int] | None, low: int, high: int) -> tuple[highspy.ObjSense, highspy.ObjSense]:
    """The end first that may still move further, from worlds that were found to what linear programs allow."""
    ends = highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize
    return ends if found is None or found[0] - low >= high - found[1] else ends[::-1]

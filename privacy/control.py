"""The one door from what was counted to what may be seen.

A table passes four walls in this order: is the group itself large enough; does everybody in it agree about something
that could harm them; is each figure, and for multiple questions its rest, large enough; and can no hidden figure be
worked out from the shown ones (`privacy.intervals`, and behind it the exact audit, `privacy.arbiter`). Where the last
one fails, one more figure is withheld, the smallest first, until nothing can be worked out or nothing is left. A cross
goes through the same walls, and is judged together with the tables of its two questions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.model import Sensitivity
from privacy.annex import ExactGrid
from privacy.arbiter import Arbiter, found_in_table, may_be_placed
from privacy.audit.run import Finding
from privacy.crossing import Displays, Grid
from privacy.frames import Frame, Published, frames
from privacy.intervals import Cell, Choices, Limits, exposed_alone, exposed_in_partition, exposed_together, reading
from privacy.planned import MOST_CROSSES
from privacy.ranking import places
from privacy.rules import Rules
from privacy.schemes import Scheme, schemes
from privacy.tables import (
    NO_ANSWER,
    AnnexCross,
    Limit,
    Most,
    Picks,
    RawCross,
    RawTable,
    Refusal,
    Row,
    SafeCell,
    SafeCross,
    SafeTable,
    Shape,
    Shown,
    Small,
    Withheld,
)
from privacy.telling import annexed, mean_of, share, told
from privacy.withholding import NEAR_TIE, Lots, settled

NOTHING_EXPOSED = -1
"""In place of a figure to give up."""


def protect(raw: RawTable, rules: Rules, seed: bytes) -> SafeTable:
    """The safe table of `raw`: no figure below T = t + s in it, and none that can be worked out from it.

    Categories are brought together first, in the order that the consultation declares, as long as more would have to
    be withheld otherwise. `seed` is secret and belongs to the round's custodians; it decides ties between figures to
    withhold.
    """
    found = published(raw, rules, seed)
    if isinstance(found, Refusal):
        return SafeTable(id=raw.id, refusal=found)
    rows = tuple(
        Row(code=code, cell=cell, of=found.scheme.named(code))
        for code, cell in zip(found.scheme.codes, found.displays, strict=True)
    )
    mean = mean_of(found.scheme, found.displays, rules) if raw.points else None
    asked = rounded_total(raw.asked, rules)
    # What is kept back in a ranking stands among its places once more.
    by_place = () if raw.kept_back else places(found.scheme.table, rules)
    safe = SafeTable(id=raw.id, asked=asked, rows=rows, mean=mean, places=by_place)
    return safe if not by_place or may_be_placed(raw, safe, rules) else safe.model_copy(update={"places": ()})


def published(raw: RawTable, rules: Rules, seed: bytes) -> Published | Refusal:
    """How `raw` may be shown: in the finest categories that need nothing further withheld, else in the coarsest."""
    if raw.tangled:
        return Refusal.TANGLED
    coarsest: Published | None = None
    for scheme in schemes(raw):
        desk = _Desk(scheme, Limits(rules.threshold(raw.sensitivity), rules), seed)
        if desk.group_is_small() or desk.group_agrees():
            continue
        primary = desk.primary()
        displays = desk.withhold(primary)
        if displays is None:
            continue
        coarsest = Published(scheme, displays, desk.bounds(displays), desk.blocks())
        if displays == primary:
            break
    return coarsest or Refusal.PROTECTED


def protect_crosses(raw: Sequence[RawCross], rules: Rules, seed: bytes) -> tuple[SafeCross, ...]:
    """The safe crosses of a round: the first few of its plan, and that there were more."""
    within = [protect_cross(each, rules, seed) for each in raw[:MOST_CROSSES]]
    beyond = [
        SafeCross(id=each.id, by=each.by.id, question=each.question.id, refusal=Limit.BUDGET)
        for each in raw[MOST_CROSSES:]
    ]
    return (*within, *beyond)


def protect_cross(raw: RawCross, rules: Rules, seed: bytes) -> SafeCross:
    """The safe cross of `raw`, in which, together with both questions' own tables, no hidden figure can be worked out.

    Categories are brought together first: until the cross has few enough cells for so many people, and as long as
    more would have to be withheld otherwise. `seed` is that of the questions' own tables.
    """
    found = _crossed(raw, rules, seed)
    if isinstance(found, Refusal | Limit):
        return SafeCross(id=raw.id, by=raw.by.id, question=raw.question.id, refusal=found)
    people = rounded_total(raw.people, rules)
    return SafeCross(id=raw.id, by=raw.by.id, question=raw.question.id, asked=people, **told(*found, rules))


def protect_exact(raw: RawCross, rules: Rules, seed: bytes) -> AnnexCross | Refusal | Limit:
    """The cross of `raw` in exact figures, for a closed annex beside the public summary of the same people.

    What the public cross withholds as a whole, the annex withholds as well; so it does with overlapping answers. Give
    out one annex of a round: two that share a question are not judged together, and could be subtracted.
    """
    found = _crossed(raw, rules, seed)
    if isinstance(found, Refusal | Limit):
        return found
    frame, public = found
    if not isinstance(frame.table, Grid):
        return Refusal.TANGLED
    grid = ExactGrid(frame.table.arcs(public), rules, tuple(frame.table.own()))
    displays = settled(grid, grid.primary(), Lots(f"annex {raw.id}", seed))
    return Refusal.PROTECTED if displays is None else annexed(raw, frame, displays)


def _crossed(raw: RawCross, rules: Rules, seed: bytes) -> tuple[Frame, Displays] | Refusal | Limit:
    by, question = (published(table, rules, seed) for table in (raw.by, raw.question))
    if raw.tangled or Refusal.TANGLED in (by, question):
        return Refusal.TANGLED
    if raw.people < rules.crosses_from:
        return Limit.FEW
    if isinstance(by, Refusal) or isinstance(question, Refusal):
        return Refusal.PROTECTED
    every = list(frames(raw, by, question, rules))
    wanted = every[min(raw.merged, len(every) - 1) :]
    fitting = [frame for frame in wanted if frame.inner * rules.people_a_cell <= raw.people]
    if not fitting:
        return Limit.FEW
    judges = [Arbiter(frame, raw, by, question, rules) for frame in fitting]
    return _finest(raw, judges, rules, Lots(raw.id, seed)) or Refusal.PROTECTED


def _finest(raw: RawCross, judges: list[Arbiter], rules: Rules, lots: Lots) -> tuple[Frame, Displays] | None:
    """The finest frame in which nothing further has to be withheld, else the coarsest that can be shown."""
    coarsest = None
    for judge in judges:
        frame = judge.frame
        if frame.agrees(rules):
            continue
        primary = {
            key: Withheld() if key[1:] in raw.kept_back and isinstance(cell, Shown) else cell
            for key, cell in frame.table.primary().items()
        }
        displays = settled(judge, primary, lots)
        if displays is not None:
            coarsest = frame, displays
            if displays == primary:
                break
    return coarsest


def rounded_total(count: int, rules: Rules) -> Shown:
    """How the size of a whole group is shown; `count` must not be below the rules' smallest."""
    return Shown(count=rules.rounded(count))


@dataclass(frozen=True, slots=True, repr=False)
class _Desk:
    """One table on its way through the door."""

    scheme: Scheme
    limits: Limits
    seed: bytes

    @property
    def raw(self) -> RawTable:
        """The table in its categories."""
        return self.scheme.table

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
        judged = zip(self.raw.codes, map(self._judged, self.raw.codes, self.raw.counts), strict=True)
        return tuple(
            Withheld() if code in self.raw.kept_back and isinstance(cell, Shown) else cell for code, cell in judged
        )

    def _judged(self, code: str, count: int) -> SafeCell:
        if count < self.limits.threshold:
            return Small(below=self.limits.threshold)
        rest = self.raw.answered - count
        if self.raw.shape is Shape.CHOICES and code != NO_ANSWER and rest < self.limits.threshold:
            silent = self.limits.rules.rounded(max(self.raw.asked - self.raw.answered, self.limits.threshold))
            return self._nearly_all(self.raw.asked, silent + self.limits.threshold)
        return self._shown(count)

    def _nearly_all(self, group: int, others: int) -> Most | Withheld:
        """A bound that everybody in a group reaches but a number of people somewhere below `others`.

        It is a multiple of the base and hangs on nothing but figures that are shown anyway.
        """
        rules = self.limits.rules
        bound = rules.rounded(group) - others - rules.base
        least = bound - bound % rules.base
        return Most(least=least) if least >= self.limits.threshold else Withheld()

    def _shown(self, count: int) -> Shown:
        rules = self.limits.rules
        figure, asked = rules.rounded(count), rules.rounded(self.raw.asked)
        return Shown(count=figure, percent=share(figure, asked) if asked >= rules.percent_from else None)

    def withhold(self, displays: tuple[SafeCell, ...]) -> tuple[SafeCell, ...] | None:
        """`displays` with as many more withheld as it takes; None where nothing is enough."""
        while (sacrifice := self._sacrifice(displays)) != NOTHING_EXPOSED:
            if sacrifice is None:
                return None
            displays = self._less(displays, sacrifice)
        return displays

    def _sacrifice(self, displays: tuple[SafeCell, ...]) -> int | None:
        """The figure to give up next; None where none is left that could be, and a sign where none has to be."""
        exposed = next(self._exposed(displays), None)
        if exposed is not None:
            block = self._block_of(exposed) if self.raw.shape is Shape.PARTITION else range(len(displays) - 1)
            return self._smallest(index for index in block if isinstance(displays[index], Shown))
        found = self._found(displays)
        if not found:
            return NOTHING_EXPOSED
        shown = [index for index, cell in enumerate(displays) if isinstance(cell, Shown)]
        # What lies between two figures may stay as narrow whatever else is withheld: first what mends it is looked for.
        mending = (index for index in shown if found[0] not in self._found(self._less(displays, index)))
        return self._smallest(list(mending) or shown)

    def _found(self, displays: tuple[SafeCell, ...]) -> tuple[Finding, ...]:
        return found_in_table(self.scheme, displays, self.limits.rules)

    def _less(self, displays: tuple[SafeCell, ...], index: int) -> tuple[SafeCell, ...]:
        return (*displays[:index], self._without(displays, index), *displays[index + 1 :])

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

    def _block_of(self, index: int) -> Sequence[int]:
        return next(block for block in self.blocks() if index in block)

    def _exposed(self, displays: Sequence[SafeCell]) -> Iterator[int]:
        if self.raw.shape is Shape.CHOICES:
            yield from self._exposed_choices(displays)
            return
        for block in self.blocks():
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

    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Cells in groups whose exact sums a reader must be assumed to know: all that the known groups tell apart."""
        blocks: dict[tuple[bool, ...], list[int]] = {}
        for index, code in enumerate(self.raw.codes):
            blocks.setdefault(tuple(code in group for group in self.raw.known_groups), []).append(index)
        return tuple(map(tuple, blocks.values()))

    def bounds(self, displays: Sequence[SafeCell]) -> tuple[tuple[int, int], ...]:
        """Smallest and largest count that a reader of these displays must reckon with, cell by cell."""
        if self.raw.shape is Shape.CHOICES:
            cells = [self._choice(display, index) for index, display in enumerate(displays)]
        else:
            totals = {index: sum(self.raw.counts[each] for each in block) for block in self.blocks() for index in block}
            cells = [self._cell(display, index, totals[index]) for index, display in enumerate(displays)]
        return tuple((cell.low, cell.high) for cell in cells)

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

    def _smallest(self, shown: Iterable[int]) -> int | None:
        """The one of these figures to give up: among the smallest, by lot."""
        every = list(shown)
        smallest = min((self.raw.counts[index] for index in every), default=0)
        near = [index for index in every if self.raw.counts[index] <= NEAR_TIE * smallest]
        return min(near, key=self._lot, default=None)

    def _lot(self, index: int) -> bytes:
        """A place in an order that only who holds the seed can foresee."""
        return Lots(self.raw.id, self.seed)((self.raw.codes[index],))

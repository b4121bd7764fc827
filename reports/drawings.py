"""From displayed cells to strokes: how long a bar may honestly be, and where nobody may know.

A figure rounded to five is drawn with a solid part, which is certain, and a paler end as long as the rounding. A small
or withheld figure is an outline over everything it could be. Nothing here has ever seen a count that was not displayed.
"""

from collections.abc import Sequence
from itertools import pairwise

from privacy.tables import Most, SafeCell, Shown, Small, Withheld
from reports.document import FULL, Ink, Slope, Stroke

SIDES = {
    2: (Ink.AGAINST_MOST, Ink.TOWARDS_MOST),
    3: (Ink.AGAINST_MOST, Ink.NEUTRAL, Ink.TOWARDS_MOST),
    4: (Ink.AGAINST_MOST, Ink.AGAINST, Ink.TOWARDS, Ink.TOWARDS_MOST),
    5: (Ink.AGAINST_MOST, Ink.AGAINST, Ink.NEUTRAL, Ink.TOWARDS, Ink.TOWARDS_MOST),
}
"""Inks of a scale by the number of its points: the two ends are darkest and differ by outline as well."""


def bar(cell: SafeCell, asked: int, base: int, *, aside: bool = False) -> tuple[Stroke, ...]:
    """The strokes of one figure among `asked`, both as displayed; `base` is what figures are rounded to."""
    match cell:
        case Shown():
            sure, open_end = _share(cell.count - base // 2, asked), _share(cell.count + (base - 1) // 2, asked)
            return (Stroke(0, sure, Ink.ASIDE if aside else Ink.FIGURE), Stroke(sure, open_end, Ink.ROUNDING))
        case Most():
            return (Stroke(0, _share(cell.least, asked), Ink.BOUND),)
        case Small():
            return (Stroke(0, _share(cell.below - 1, asked), Ink.HIDDEN),)
        case _:
            return (Stroke(0, FULL, Ink.HIDDEN),)


def diverging(cells: Sequence[SafeCell], asked: int) -> tuple[Stroke, ...]:
    """One bar for a scale or a vote, its middle in the middle: what is against to the left, what is for to the right.

    Each figure is drawn as long as it is displayed, a lower limit as long as it is; a small one is an outline as long
    as it could be, and where a figure is withheld for another there is no bar at all: its length would tell it.
    """
    lengths = [_share(_extent(cell), 2 * asked) for cell in cells]
    if len(cells) not in SIDES or any(isinstance(cell, Withheld) for cell in cells):
        return ()
    half, odd = divmod(len(cells), 2)
    at = FULL // 2 - sum(lengths[:half]) - (lengths[half] // 2 if odd else 0)
    strokes = []
    for cell, length, ink in zip(cells, lengths, SIDES[len(cells)], strict=True):
        end = min(at + length, FULL)
        strokes.append(Stroke(max(at, 0), end, Ink.HIDDEN if isinstance(cell, Small) else ink))
        at = end
    return tuple(strokes)


def slope(cells: Sequence[SafeCell]) -> Slope | None:
    """A line through displayed shares, earliest first, broken where one is not given; none where no two are neighbours.

    A round that tells nothing is never crossed by a line: what lies between its neighbours is not known.
    """
    shares = tuple(
        10 * cell.percent if isinstance(cell, Shown) and cell.percent is not None else None for cell in cells
    )
    return Slope(shares) if any(None not in pair for pair in pairwise(shares)) else None


def _extent(cell: SafeCell) -> int:
    """How many people a stroke of a diverging bar stands for; a withheld figure has none."""
    match cell:
        case Shown():
            return cell.count
        case Most():
            return cell.least
        case Small():
            return cell.below - 1
        case _:
            return 0


def _share(count: int, asked: int) -> int:
    return max(0, min(FULL, FULL * count // asked)) if asked else 0

"""What is told of figures that may be shown: shares and means, from displayed figures only, and a cross as a value."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from privacy.crossing import Displays
from privacy.frames import Frame
from privacy.rules import Rules
from privacy.schemes import Scheme
from privacy.tables import (
    NOT_ASKED,
    AnnexCell,
    AnnexCross,
    CrossCell,
    Exact,
    Head,
    Impossible,
    Kept,
    RawCross,
    SafeCell,
    Shown,
    Small,
    Withheld,
)


class Told(TypedDict):
    """The fields of a safe cross that say something of people."""

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[CrossCell, ...], ...]


def share(figure: int, whole: int) -> int:
    """A displayed figure in whole per cent of a displayed whole, halves upwards."""
    return (200 * figure + whole) // (2 * whole)


def mean_of(scheme: Scheme, displays: Sequence[SafeCell], rules: Rules) -> float | None:
    """The mean of a scale in some categories from displayed figures."""
    rows = ((code, scheme.named(code), cell) for code, cell in zip(scheme.codes, displays, strict=False))
    return mean_shown(rows, rules)


def mean_shown(rows: Iterable[tuple[str, tuple[str, ...], SafeCell | Impossible]], rules: Rules) -> float | None:
    """The mean of a scale from displayed figures, to one decimal; None unless each point is shown, of 50 or more.

    Each row has its code, the codes that it brings together, and what is displayed.
    """
    shown: dict[str, int] = {}
    for code, of, cell in rows:
        if not code.startswith("_"):
            if not isinstance(cell, Shown) or of:
                return None
            shown[code] = cell.count
    whole = sum(shown.values())
    if whole < rules.percent_from:
        return None
    return round(sum(int(code) * count for code, count in shown.items()) / whole, 1)


def told(frame: Frame, displays: Displays, rules: Rules) -> Told:
    """A cross as its readers will see it."""
    rows, columns = frame.heads
    cells = [[displays.get(("cell", row, column), Impossible()) for column in columns] for row in rows]
    heads = [_head(frame, displays, "rows", row) for row in rows]
    if frame.columns.table.points:
        heads = [_with_mean(frame, head, line, rules) for head, line in zip(heads, cells, strict=True)]
    return Told(
        rows=tuple(heads),
        columns=tuple(_head(frame, displays, "columns", column) for column in columns),
        cells=tuple(
            tuple(_told(cell, head.total, rules) for cell in line) for head, line in zip(heads, cells, strict=True)
        ),
    )


def _head(frame: Frame, displays: Displays, side: str, code: str) -> Head:
    scheme = frame.rows if side == "rows" else frame.columns
    total = displays.get((side, code)) or frame.totals[side, code]
    return Head(code=code, total=total, of=() if code == NOT_ASKED else scheme.named(code))


def _with_mean(frame: Frame, head: Head, line: Sequence[SafeCell | Impossible], rules: Rules) -> Head:
    cells = [Withheld() if isinstance(cell, Impossible) else cell for cell in line]
    return head.model_copy(update={"mean": mean_of(frame.columns, cells, rules)})


def _told(cell: SafeCell | Impossible, total: SafeCell, rules: Rules) -> CrossCell:
    """A cell with its share of the row, where the row is shown and large enough."""
    if isinstance(cell, Shown) and isinstance(total, Shown) and total.count >= rules.percent_from:
        return Shown(count=cell.count, percent=share(cell.count, total.count))
    if isinstance(cell, Shown | Small | Withheld | Impossible):
        return cell
    raise TypeError("a bound stands in no cross")


def annexed(raw: RawCross, frame: Frame, displays: Displays) -> AnnexCross:
    """An annex as its recipient will see it: one sign for what is small and for what protects it."""
    rows, columns = frame.heads
    return AnnexCross(
        id=raw.id,
        people=raw.people,
        rows=rows,
        columns=columns,
        row_totals=tuple(_exact(displays["rows", row]) for row in rows),
        column_totals=tuple(_exact(displays["columns", column]) for column in columns),
        cells=tuple(tuple(_exact(displays.get(("cell", row, column))) for column in columns) for row in rows),
    )


def _exact(cell: SafeCell | None) -> AnnexCell:
    if cell is None:
        return Impossible()
    return Exact(count=cell.count) if isinstance(cell, Shown) else Kept()

"""Category schemes: a question's categories as the form has them, and coarser ones, in the order that its author set.

One scheme is a strict coarsening of the one before it, so that whatever is shown in one can be followed into the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from privacy.tables import RawCross, RawTable, SafeCross, SafeTable, Shape


@dataclass(frozen=True, slots=True)
class Scheme:
    """A table in some of its categories: `of` says which codes of the form each of them brings together."""

    table: RawTable
    of: Mapping[str, tuple[str, ...]]

    @property
    def codes(self) -> tuple[str, ...]:
        """The categories, in the table's order."""
        return self.table.codes

    def named(self, code: str) -> tuple[str, ...]:
        """What a reader is told a category is made of: nothing where it is one of the form's own."""
        return self.of[code] if self.of[code] != (code,) else ()

    def holds(self, finer: str) -> str:
        """The category in which a code of the form stands."""
        return next(code for code, members in self.of.items() if finer in members)


def schemes(raw: RawTable) -> Iterator[Scheme]:
    """The scheme of the form, then coarser ones as long as nobody's known group is torn and none is mixed with it.

    A group that a reader knows exactly stays a sum of categories; a choice that only some were offered stays itself.
    """
    every = list(_every(raw))
    # A repair may ask for more merges than there are: then it has made all, and what is left to show decides.
    yield from every[min(raw.merged, len(every) - 1) :]


def _every(raw: RawTable) -> Iterator[Scheme]:
    scheme = Scheme(raw, {code: (code,) for code in raw.codes})
    yield scheme
    if raw.shape is not Shape.PARTITION:
        return
    for merge in raw.merges:
        _, one, other = merge
        if _known_apart(raw, scheme.of[one] + scheme.of[other]):
            return
        scheme = _coarser(scheme, merge)
        yield scheme


def _known_apart(raw: RawTable, members: tuple[str, ...]) -> bool:
    if raw.ceiling is not None and raw.ceiling[0] in members:
        return True
    return any(len({member in group for member in members}) > 1 for group in raw.known_groups)


def _coarser(scheme: Scheme, merge: tuple[str, str, str]) -> Scheme:
    new, *parts = merge
    counts: dict[str, int] = {}
    of: dict[str, tuple[str, ...]] = {}
    for code, count in zip(scheme.codes, scheme.table.counts, strict=True):
        name = new if code in parts else code
        counts[name] = counts.get(name, 0) + count
        of[name] = (*of.get(name, ()), *scheme.of[code])
    groups = tuple(
        frozenset(new if code in parts else code for code in group) for group in scheme.table.known_groups
    )  # fmt: skip
    table = replace(
        scheme.table, codes=tuple(counts), counts=tuple(counts.values()), known_groups=groups, places=()
    )  # fmt: skip
    return Scheme(table, of)


class Schemes:
    """The categories in which tables were published before: a further release begins with as many merges."""

    def __init__(self, published: Sequence[tuple[Sequence[SafeTable], Sequence[SafeCross]]]) -> None:
        self._tables = {table.id: len(table.rows) for tables, _ in published for table in tables if table.rows}
        self._crosses = {
            cross.id: len(cross.rows) + len(cross.columns)
            for _, crosses in published
            for cross in crosses
            if cross.cells
        }

    def kept(self, raw: RawTable) -> RawTable:
        """A table, told to bring together at least what was together before."""
        merges = len(raw.codes) - self._tables.get(raw.id, len(raw.codes))
        return replace(raw, merged=max(raw.merged, merges))

    def kept_cross(self, raw: RawCross) -> RawCross:
        """A cross, whose questions bring together what they do by themselves."""
        own = len(raw.rows) - raw.by.merged + len(raw.columns) - raw.question.merged
        return replace(raw, merged=max(raw.merged, own - self._crosses.get(raw.id, own)))

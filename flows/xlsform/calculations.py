"""Rows of the type `calculate`: a name for what rules work out of answers, and only where some rule uses it.

What stands in a group that is not asked is empty, as in ODK, so that a calculation takes over the rules of the groups
around it. Those that look at each other come in the order in which they can be worked out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from flows.xlsform.account import Account
from flows.xlsform.entries import At, Entry, remark_on_rest
from flows.xlsform.naming import Names, referred
from flows.xlsform.questions import Asking

_OF_KOBO = re.compile(r"_{1,2}version_{1,2}(?:_?[0-9]{3})?")
_VERSION = ("Kobo notes here by itself which version of the form it is.", "Nothing has to be done.")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that names a calculation."""

    entry: Entry
    calculate: At
    relevant: At | None
    looks_at: frozenset[str]


@dataclass(slots=True)
class Calculations:
    """The calculations of a form so far."""

    account: Account
    asking: Asking
    names: Names
    rows: dict[str, _Row] = field(default_factory=dict)
    """By their name here."""
    wanted: set[str] = field(default_factory=set)
    """What rules of questions and groups look at, by its name in the form."""
    made: list[At] = field(default_factory=list)

    def row(self, entry: Entry, around: list[At]) -> None:
        """One row more, with the rules of the groups around it."""
        name = entry.get("name")
        gone = self.asking.named_gone(entry.get("calculate"), entry.get("relevant"))
        if gone:
            message = f"This calculation looks at {gone}, which cannot be asked or worked out here."
            remedy = "Work it out of other answers, or leave it out."
            finding = self.account.unsupported(entry.place("calculate"), "looks-at-left-out", message, remedy)
            self.account.leave_row(entry.sheet, entry.number, finding)
            self.asking.gone.setdefault(name, entry.number)
            return
        value, own = self.asking.rule(entry, "calculate"), self.asking.rule(entry, "relevant")
        if not name or value is None:
            self._leave(entry, "no-name", "A calculation needs a 'name' and a 'calculation'.", "Write both.")
        elif self.names.new[name] in self.rows:
            self._leave(entry, "twice", f"There is a calculation '{name}' already.", "Give each a name of its own.")
        else:
            entry.texts("label")
            condition = together([*around, own] if own is not None else around)
            looks_at = referred(value.value) | (referred(condition.value) if condition is not None else frozenset())
            self.rows[self.names.new[name]] = _Row(entry, value, condition, looks_at)

    def close(self) -> None:
        """Takes over what some rule uses, in an order in which each looks back only; tells of the rest."""
        used = self._used()
        for name in self._in_order(used):
            row = self.rows[name]
            self.account.take_row(row.entry.sheet, row.entry.number)
            remark_on_rest(row.entry, self.account, "calculate")
            plain = {
                "id": row.entry.value("name", name),
                "calculate": row.calculate,
                "relevant": row.relevant,
            }
            self.made.append(At(plain, row.entry.sheet, row.entry.number, 1))
        for entry in (row.entry for name, row in self.rows.items() if name not in used):
            own = _OF_KOBO.fullmatch(entry.peek("name")) is not None
            message, remedy = (
                _VERSION if own else ("No rule uses this calculation.", "Remove it; its value is not kept.")
            )
            finding = self.account.remark(entry.place("name"), "not-used", message, remedy)
            self.account.leave_row(entry.sheet, entry.number, finding)

    def _used(self) -> set[str]:
        """What rules look at, themselves or through other calculations."""
        used: set[str] = set()
        waiting = [self.names.new.get(name, name) for name in self.wanted]
        while waiting:
            name = waiting.pop()
            if name in self.rows and name not in used:
                used.add(name)
                waiting += self.rows[name].looks_at
        return used

    def _in_order(self, used: set[str]) -> list[str]:
        """Each behind those that it looks at; without those that go round, of which it tells."""
        places = {name: place for place, name in enumerate(self.rows) if name in used}
        while True:
            sorter = TopologicalSorter({name: self.rows[name].looks_at & places.keys() for name in places})
            try:
                sorter.prepare()
            except CycleError as error:
                for name in sorted(set(error.args[1]), key=places.__getitem__):
                    del places[name]
                    self._leave(
                        self.rows[name].entry,
                        "goes-round",
                        "This calculation looks at itself, or at others that look at it.",
                        "Let each look at questions, and at calculations that do without it.",
                    )
            else:
                return list(_as_written(sorter, places))

    def _leave(self, entry: Entry, code: str, message: str, remedy: str) -> None:
        finding = self.account.error(entry.place("calculate"), code, message, remedy)
        self.account.leave_row(entry.sheet, entry.number, finding)


def _as_written(sorter: TopologicalSorter[str], places: dict[str, int]) -> Iterator[str]:
    """An order that can be worked out, and the order of the form wherever it can be kept."""
    ready: list[tuple[int, str]] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (places[name], name))
        _, first = heappop(ready)
        yield first
        sorter.done(first)


def together(rules: list[At]) -> At | None:
    """Several rules as one that holds while all of them do."""
    if len(rules) < 2:  # noqa: PLR2004 - one rule needs no brackets
        return rules[0] if rules else None
    return rules[-1]._replace(value=" and ".join(f"({rule.value})" for rule in rules))

"""The sheet `survey` from top to bottom: groups become sections, rows become items, calculations are named."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flows.xlsform.account import Account
from flows.xlsform.calculations import Calculations, together
from flows.xlsform.entries import YES, At, Entry, remark_on_rest
from flows.xlsform.kinds import ASKED, UNSUPPORTED, Kind, Reason, asked_kind
from flows.xlsform.naming import Names, referred, spelled
from flows.xlsform.questions import QUESTIONS, Asking

_TIMES = {"repeat": "in-repeat", "loop": "in-repeat", "kobomatrix": "in-table"}
"""What asks the rows within it several times, and how the report calls such a row."""
_REPEATS = {f"{end}_{what}": step for what in _TIMES for end, step in (("begin", 1), ("end", -1))}


def left_out(rows: list[Entry], files: Collection[str]) -> dict[str, int]:
    """Names of all rows that cannot be asked, whatever stands before or after them, with their numbers.

    `files` are the lists beside the form.
    """
    gone, asked, depth = dict[str, int](), set[str](), 0
    for entry in rows:
        kind, name = asked_kind(entry.peek("type"), files), entry.peek("name")
        step = _REPEATS.get(kind.name, 0)
        if name and (depth > 0 or step or kind.name in UNSUPPORTED or entry.peek("disabled").lower() in YES):
            gone[name] = entry.number
        else:
            asked.add(name)
        depth = max(0, depth + step)
    return {name: number for name, number in gone.items() if name not in asked}


@dataclass(slots=True)
class _Group:
    """A group that has begun and not ended."""

    entry: Entry
    name: str
    rule: At | None
    title: At | None
    content_note: At | None
    content_note_audio: At | None
    sections: int = 0


@dataclass(slots=True)
class Survey:
    """What the rows so far have made."""

    account: Account
    asking: Asking
    names: Names
    files: Collection[str]
    """The lists beside the form."""
    parts: Names = field(default_factory=Names)
    """Names of sections: questions may be called the same."""
    sections: list[At] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    inside: tuple[int, ...] | None = None
    """Row numbers of the groups that the last section stands in; None where the next item begins a new one."""
    repeats: list[Kind] = field(default_factory=list)
    """Repeats and tables that have begun and not ended, the outermost first."""
    calculations: Calculations = field(init=False)

    def __post_init__(self) -> None:
        self.calculations = Calculations(self.account, self.asking, self.names)

    def row(self, entry: Entry) -> None:
        """One row more."""
        kind = asked_kind(entry.get("type"), self.files)
        step = _REPEATS.get(kind.name, 0)
        if self._left_out(entry, kind, step):
            return
        if kind.name == "begin_group":
            self._begin(entry)
        elif kind.name == "end_group":
            self._end(entry)
        elif kind.name == "calculate":
            self.calculations.row(entry, [group.rule for group in self.groups if group.rule is not None])
        else:
            self._ask(entry, kind)

    def close(self) -> None:
        """What is still open at the end of the sheet."""
        for group in reversed(self.groups):
            finding = self.account.error(
                group.entry.place("type"), "group-open", "This group never ends.", "Add a row 'end_group' after it."
            )
            self.account.leave_row(group.entry.sheet, group.entry.number, finding)
        self.calculations.close()

    def _left_out(self, entry: Entry, kind: Kind, step: int) -> bool:
        """Whether the row is nothing that a consultation can ask; then it is in the report."""
        around = self.repeats[0] if self.repeats else None
        if step:
            self.repeats = [*self.repeats, kind] if step > 0 else self.repeats[:-1]
        place = entry.place("type")
        if around is not None or step:
            code = "not-asked" if around is None else _TIMES[around.name.partition("_")[2]]
            self._unsupported(entry, UNSUPPORTED[(around or kind).name], code)
        elif entry.get("disabled").lower() in YES:
            finding = self.account.remark(place, "disabled", "This row is switched off in the form.", "Nothing to do.")
            self.account.leave_row(entry.sheet, entry.number, finding)
        elif kind.name in UNSUPPORTED:
            self._unsupported(entry, UNSUPPORTED[kind.name], "not-asked")
        elif kind.name not in QUESTIONS | {"begin_group", "end_group", "calculate"}:
            near = difflib.get_close_matches(kind.name, [one.split(" ")[0] for one in ASKED], n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else "Write one of: " + ", ".join(ASKED) + "."
            finding = self.account.error(place, "unknown-type", "There is no such type of question.", remedy)
            self.account.leave_row(entry.sheet, entry.number, finding)
        elif kind.name in QUESTIONS - {"note", "acknowledge"} and not entry.get("name"):
            finding = self.account.error(place, "no-name", "This question has no 'name'.", "Give it a short name.")
            self.account.leave_row(entry.sheet, entry.number, finding)
        else:
            return False
        return True

    def _unsupported(self, entry: Entry, reason: Reason, code: str) -> None:
        finding = self.account.unsupported(entry.place("type"), code, *reason)
        self.account.leave_row(entry.sheet, entry.number, finding)

    def _begin(self, entry: Entry) -> None:
        name = entry.get("name") or "part"
        title, note = self.asking.words(entry, "label"), self.asking.words(entry, "content_note")
        heard = entry.texts("content_note_audio")
        self.groups.append(_Group(entry, name, self._rule(entry, "relevant"), title, note, heard))
        self.inside = None

    def _end(self, entry: Entry) -> None:
        self.inside = None
        if not self.groups:
            finding = self.account.error(
                entry.place("type"), "group-not-begun", "No group has begun that could end here.", "Remove this row."
            )
            self.account.leave_row(entry.sheet, entry.number, finding)
            return
        group = self.groups.pop()
        for one in (group.entry, entry):
            if group.sections:
                self.account.take_row(one.sheet, one.number)
                _ = one.get("name")  # people repeat a group's name where it ends
                remark_on_rest(one, self.account, "a group")
            else:
                finding = self.account.remark(
                    one.place("type"), "group-empty", "Nothing is left in this group.", "Remove it."
                )
                self.account.leave_row(one.sheet, one.number, finding)

    def _ask(self, entry: Entry, kind: Kind) -> None:
        section = self._section(entry)
        self._used(entry, "relevant", "constraint", "typed_constraint", "choice_filter")
        name = self.names.new.get(entry.get("name")) or self.names.give(f"note_{entry.number}")
        section.append(At(self.asking.item(entry, name, kind), entry.sheet, entry.number, 1))
        self.account.take_row(entry.sheet, entry.number)
        remark_on_rest(entry, self.account, kind.name)

    def _section(self, entry: Entry) -> list[At]:
        """The items of the section in which a row stands; a new one where a group begins or ends."""
        here = tuple(group.entry.number for group in self.groups)
        if self.inside != here:
            self.inside = here
            self.sections.append(self._opened(entry))
        items: list[At] = self.sections[-1].value["items"]
        return items

    def _opened(self, entry: Entry) -> At:
        inner = self.groups[-1] if self.groups else None
        fresh = inner is not None and inner.sections == 0
        for group in self.groups:
            group.sections += 1
        wanted = spelled(inner.name if inner else "part", "p")
        section: dict[str, Any] = {
            "id": self.parts.give(wanted),
            "title": inner.title if inner and fresh else None,
            "relevant": self._together(),
            "content_note": inner.content_note if inner and fresh else None,
            "content_note_audio": inner.content_note_audio if inner and fresh else None,
            "items": [],
        }
        return At(section, entry.sheet, inner.entry.number if inner else entry.number, 1)

    def _together(self) -> At | None:
        """The rules of all groups around, as one."""
        return together([group.rule for group in self.groups if group.rule is not None])

    def _rule(self, entry: Entry, field_: str) -> At | None:
        self._used(entry, field_)
        return self.asking.rule(entry, field_)

    def _used(self, entry: Entry, *fields: str) -> None:
        """Notes the names that a row's rules look at: calculations may be among them."""
        for name in fields:
            self.calculations.wanted |= referred(entry.cells.get((name, None), (0, ""))[1])

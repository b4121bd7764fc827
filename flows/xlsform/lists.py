"""The sheet `choices` and lists beside it: by name, each choice with its texts and the attributes filters look at."""

import math
from dataclasses import dataclass, field
from typing import Any

from flows.xlsform.account import Account
from flows.xlsform.entries import YES, At, Entry, remark_on_rest
from flows.xlsform.naming import spelled
from flows.xlsform.spans import Span

VOTE, STANCES = "vote", ("agree", "disagree", "pass")
"""A list of this name with exactly these choices is the vote on a sentence, which the bot puts in its own words."""


@dataclass(slots=True)
class Lists:
    """All lists, and which of them some question has used."""

    account: Account
    attributes: dict[str, str]
    """Columns that filters may look at: as the form calls them, and as we do."""
    of: dict[str, list[Entry]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    """Names of choices as the form has them: what rules, and attributes of other lists, may stand for."""
    used: dict[str, str] = field(default_factory=dict)
    """List → what it was used as."""

    def add(self, entry: Entry, file: str = "") -> None:
        """One row more: of a file, which is one list, or of the sheet, where each row names its own."""
        name = file or " ".join(entry.get("list_name").split())
        if not name or not entry.get("name"):
            missing = "list_name" if not name else "name"
            finding = self.account.error(
                (entry.sheet, entry.number, 1),
                "no-name",
                f"This choice has no '{missing}'.",
                "Write the list it belongs to and a short name of its own.",
            )
            self.account.leave_row(entry.sheet, entry.number, finding)
            return
        self.of.setdefault(name, []).append(entry)
        self.known.add(entry.get("name"))

    def choices(self, name: str) -> list[At]:
        """The choices of a list, as a question has them."""
        self.used.setdefault(name, "choices")
        return [At(self._choice(entry), entry.sheet, entry.number, 1) for entry in self.of.get(name, ())]

    def bands(self, name: str) -> list[At]:
        """The bands of a list: choices that say from which number to which."""
        self.used.setdefault(name, "bands")
        return [At(self._band(entry), entry.sheet, entry.number, 1) for entry in self.of.get(name, ())]

    def spans(self, name: str) -> tuple[Span, ...]:
        """The bands of a list, for rules that compare; none where one of them is not what it should be."""
        found = []
        for entry in self.of.get(name, ()):
            low, high = whole(entry.peek("low")), whole(entry.peek("high")) if entry.peek("high") else math.inf
            if isinstance(low, str) or isinstance(high, str):
                return ()
            found.append(Span(spelled(entry.peek("name")), low, high))
        return tuple(found)

    def is_vote(self, name: str) -> bool:
        """Whether a list is the vote on a sentence."""
        return name == VOTE and sorted(entry.get("name") for entry in self.of.get(name, ())) == sorted(STANCES)

    def vote(self, name: str) -> None:
        """Uses a list as a vote: its words are not taken."""
        first = self.of[name][0]
        if name not in self.used:
            self.account.findings.append(
                self.account.remark(
                    first.place("name"),
                    "own-words",
                    "A vote is put in the bot's own words in every language.",
                    "Nothing has to be done, unless other words are wanted: then give the choices other names.",
                )
            )
            for entry in self.of[name]:
                entry.texts("label")
        self.used.setdefault(name, "vote")

    def recoded(self, name: str) -> bool:
        """Whether a choice of this list is called otherwise here."""
        return any(spelled(entry.get("name")) != entry.get("name") for entry in self.of.get(name, ()))

    def close(self) -> None:
        """Accounts for every row, once it is known which lists are used."""
        for name, rows in self.of.items():
            for entry in rows:
                if name in self.used:
                    self.account.take_row(entry.sheet, entry.number)
                    remark_on_rest(entry, self.account, f"{self.used[name]} of '{name}'")
                else:
                    finding = self.account.remark(
                        entry.place("list_name"),
                        "list-not-used",
                        f"No question that is asked uses the list '{name}'.",
                        "Remove it, or mend the question that should use it.",
                    )
                    self.account.leave_row(entry.sheet, entry.number, finding)
            self._say_new_names(name, rows)

    def _choice(self, entry: Entry) -> dict[str, Any]:
        return {
            "id": self._id(entry),
            "text": entry.texts("label"),
            "exclusive": entry.value("exclusive", value=True) if entry.get("exclusive").lower() in YES else None,
            "attributes": {
                ours: entry.value(theirs, spelled(value) if value in self.known else value)
                for theirs, ours in self.attributes.items()
                if (value := entry.get(theirs))
            }
            or None,
        }

    @staticmethod
    def _band(entry: Entry) -> dict[str, Any]:
        return {
            "id": Lists._id(entry),
            "text": entry.texts("label"),
            "low": entry.value("low", whole(entry.get("low"))),
            "high": entry.value("high", whole(high)) if (high := entry.get("high")) else None,
        }

    @staticmethod
    def _id(entry: Entry) -> At:
        return entry.value("name", spelled(entry.get("name")))

    def _say_new_names(self, name: str, rows: list[Entry]) -> None:
        new = [f"{old} → {spelled(old)}" for entry in rows if spelled(old := entry.get("name")) != old]
        if new and name in self.used:
            told = ", ".join(new[:5]) + (" and so on" if len(new) > 5 else "")  # noqa: PLR2004 - enough to see how
            self.account.findings.append(
                self.account.remark(
                    rows[0].place("name"),
                    "called-otherwise",
                    f"Choices of '{name}' are called otherwise here: {told}.",
                    "Nothing has to be done: rules that name them are changed too.",
                )
            )


def whole(text: str) -> int | str:
    """The whole number that a cell holds; the text itself where it holds none, for the model to refuse."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10 else text  # noqa: PLR2004 - nothing longer is a count of people or years

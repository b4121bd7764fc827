"""From a row of the sheet `survey` to an item of a consultation."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flows.checks.groups import SCHEME
from flows.xlsform.account import Account
from flows.xlsform.entries import NO, YES, At, Entry
from flows.xlsform.kinds import OTHER, Kind
from flows.xlsform.lists import Lists, whole
from flows.xlsform.naming import Spelling, referred
from flows.xlsform.parameters import headers_named, picks, points
from flows.xlsform.spans import Span, edges, spans_of

Item = dict[str, Any]
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|\*\*|__|\]\(|^#{1,6} ", re.MULTILINE)
"""How forms write bold, colours, links and headings: HTML and Markdown."""
_COUNTS = (0, 1, 3, 6, 11, 21)
"""Where the bands begin of a number of which the form does not say how it may be kept."""


def usual(entry: Entry) -> tuple[Span, ...]:
    """The bands of a number that names none: of an age those that tables need, of anything else small counts."""
    about_age = entry.peek("disaggregation") == "age" or "age" in entry.peek("name").lower().split("_")
    return spans_of(tuple(SCHEME) if about_age else _COUNTS)


@dataclass(slots=True)
class Asking:
    """What the rows of a form have in common while they are mapped."""

    account: Account
    lists: Lists
    languages: list[str]
    spelling: Spelling
    gone: dict[str, int] = field(default_factory=dict)
    """Names that no rule can look at, because their rows are not asked here, with the numbers of those rows."""

    def item(self, entry: Entry, name: str, kind: Kind) -> Item:
        """The item that a row asks."""
        if kind.name in {"note", "acknowledge"}:
            return self._note(entry, name, kind)
        item: Item = {"id": entry.value("name", name), "text": self.words(entry, "label")}
        item["hint"] = self.words(entry, "hint")
        item["relevant"], item["audio"] = self.rule(entry, "relevant"), entry.texts("audio")
        self._never_required(entry)
        item |= _MAKERS[kind.name](self, entry, kind)
        for tag in ("sensitivity", "theme", "disaggregation"):
            item[tag] = entry.value(tag, value) if (value := entry.get(tag)) else None
        item["heavy"] = entry.value("heavy", value=True) if entry.get("heavy").lower() in YES else None
        item["risk_factor"] = entry.value("risk_factor", whole(risk)) if (risk := entry.get("risk_factor")) else None
        return item

    def words(self, entry: Entry, column: str) -> At | None:
        """A text in all languages. No card shows an earlier answer, so that a text cannot contain one."""
        said = entry.texts(column)
        for one in said.value.values() if said else ():
            if _MARKUP.search(one.value):
                self.account.findings.append(
                    self.account.remark(
                        (one.sheet, one.row, one.column),
                        "markup",
                        "Signs for bold, colour or pictures are shown here as they are written.",
                        "Write plain words.",
                    )
                )
            if "${" in one.value:
                self.account.findings.append(
                    self.account.error(
                        (one.sheet, one.row, one.column),
                        "answer-in-text",
                        "A text here cannot show an earlier answer.",
                        "Word it so that it fits every answer: what was said is sealed at once.",
                    )
                )
        return said

    def rule(self, entry: Entry, column: str) -> At | None:
        """A rule in our spelling."""
        text = entry.get(column)
        if not text or self._looks_at_gone(entry, column, text):
            return None
        if self.spelling.compares_numbers(text):
            self.account.findings.append(
                self.account.error(
                    entry.place(column),
                    "code-as-number",
                    "This takes the name of a choice for a number.",
                    "Compare with each choice by itself: ${question} = '1' or ${question} = '2'.",
                )
            )
        for one in self.spelling.cuts(text):
            begins = edges(self.spelling.bands[one.name])
            self.account.findings.append(
                self.account.error(
                    entry.place(column),
                    "band-cut",
                    f"Of '{one.name}' only a band is kept, and {one.number} lies inside one: nobody can know then.",
                    f"Compare with where a band begins or ends (they begin at {begins}), or give the question a list of"
                    " bands of your own: name it in its column 'bands'.",
                )
            )
        return entry.value(column, self.spelling.rule(text, current=entry.get("name") in self.spelling.coded))

    def named_gone(self, *texts: str) -> str:
        """What rules name that is not asked here, with its rows; empty where they name nothing of it."""
        named = frozenset[str]().union(*map(referred, texts)) & self.gone.keys()
        return ", ".join(f"'{name}' (row {self.gone[name]})" for name in sorted(named, key=self.gone.__getitem__))

    def _looks_at_gone(self, entry: Entry, column: str, text: str) -> bool:
        """Whether a rule looks at what is not asked here; says which, at the cell of the rule.

        It stays an error also where the rest is wanted: without its rule, a question that was meant for some would be
        asked of everybody, and nobody would have decided that.
        """
        named = self.named_gone(text)
        if named:
            self.account.findings.append(
                self.account.error(
                    entry.place(column),
                    "looks-at-left-out",
                    f"This rule looks at {named}, which cannot be asked or worked out here.",
                    f"Take that part out of it, or clear '{column}' if everybody may be asked this;"
                    " or ask what it needs to know in a question with choices.",
                )
            )
        return bool(named)

    def _note(self, entry: Entry, name: str, kind: Kind) -> Item:
        if kind.name == "acknowledge":
            self.account.findings.append(
                self.account.remark(
                    entry.place("type"),
                    "said-not-asked",
                    "What is only to be confirmed becomes a note with 'Continue'.",
                    "Nothing has to be done.",
                )
            )
            self._never_required(entry)
        said = self.words(entry, "label") or self.words(entry, "hint")
        item: Item = {"kind": "note", "id": entry.value("name", name), "text": said, "audio": entry.texts("audio")}
        return {**item, "relevant": self.rule(entry, "relevant")}

    def _never_required(self, entry: Entry) -> None:
        if entry.get("required").lower() not in NO:
            self.account.findings.append(
                self.account.unsupported(
                    entry.place("required"),
                    "required",
                    "No answer can be demanded: every question can be skipped.",
                    "Write nothing in 'required'.",
                )
            )

    def _constrained(self, entry: Entry) -> Item:
        rule = {"constraint": self.rule(entry, "constraint")}
        return {**rule, **self._because(entry, rule)}

    def _because(self, entry: Entry, rule: Item) -> Item:
        """What a person is told whose answer does not fit; nothing, where every answer does."""
        return {"constraint_message": self.words(entry, "constraint_message") if rule["constraint"] else None}

    def _choices(self, entry: Entry, kind: Kind) -> Item:
        choices = self.lists.choices(kind.list)
        if kind.file and headers_named(entry.peek("parameters")):
            _ = entry.get("parameters")
        if not choices:
            self.account.findings.append(
                self.account.error(
                    entry.place("type"),
                    "no-list",
                    f"There is no list '{kind.list}' on the sheet 'choices'.",
                    "Look at the spelling, or write its choices.",
                )
            )
        if kind.or_other:
            choices += self._other(entry, choices)
        return {"choices": choices, "choice_filter": self.rule(entry, "choice_filter")}

    def _other(self, entry: Entry, choices: list[At]) -> list[At]:
        self.account.findings.append(
            self.account.remark(
                entry.place("type"),
                "other-not-typed",
                "'Other' can be picked; what else it is, is not asked in words.",
                "Add a text question of your own, if the words are needed.",
            )
        )
        if any(choice.value["id"].value == "other" for choice in choices):
            return []
        said = {language: OTHER[language] for language in self.languages if language in OTHER}
        for language in (one for one in self.languages if one not in OTHER):
            self.account.findings.append(
                self.account.error(
                    entry.place("type"),
                    "other-unknown",
                    f"Nobody has written 'Other' in '{language}' yet.",
                    "Write the choice on the sheet 'choices', and remove or_other.",
                )
            )
        return [At({"id": "other", "text": said}, *entry.place("type"))]

    def single(self, entry: Entry, kind: Kind) -> Item:
        """`select_one`; a number where it is the list of bands, and a vote where it is the list of votes."""
        if entry.get("bands") == kind.list:
            typed = {"constraint": self.rule(entry, "typed_constraint")}
            return {"kind": "number", "bands": self.lists.bands(kind.list), **typed, **self._because(entry, typed)}
        if self.lists.is_vote(kind.list) and not kind.or_other:
            self.lists.vote(kind.list)
            return {"kind": "vote"}
        return {"kind": "single", **self._choices(entry, kind), **self._constrained(entry)}

    def multiple(self, entry: Entry, kind: Kind) -> Item:
        """`select_multiple`; a constraint that only counts says how many may be picked."""
        bounds = picks(entry.get("constraint"))
        if bounds is None:
            limits: Item = self._constrained(entry)
        else:
            limits = {name: entry.value("constraint", number) for name, number in bounds.items()}
            self._said_anyway(entry)
        limits |= {name: entry.value(name, whole(most)) for name in ("min", "max") if (most := entry.get(name))}
        return {"kind": "multiple", **self._choices(entry, kind), **limits}

    def _said_anyway(self, entry: Entry) -> None:
        """The bot tells how many choices may be picked, and leaves no room for more than the most."""
        for one in said.value.values() if (said := entry.texts("constraint_message")) else ():
            self.account.findings.append(
                self.account.remark(
                    (one.sheet, one.row, one.column),
                    "own-words",
                    "How many choices can be picked, the bot says in its own words.",
                    "Nothing has to be done.",
                )
            )

    def ranking(self, entry: Entry, kind: Kind) -> Item:
        """`rank`; the column `top` says how many places are asked for."""
        found = self._choices(entry, kind)
        top = entry.value("top", whole(entry.get("top"))) if entry.get("top") else len(found["choices"])
        return {"kind": "ranking", "choices": found["choices"], "top": top}

    def scale(self, entry: Entry, _kind: Kind) -> Item:
        """`range` in whole steps of one."""
        low, high, sound = points(entry.get("parameters"))
        if not sound:
            self.account.findings.append(
                self.account.error(
                    entry.place("parameters"),
                    "range",
                    "A scale goes in steps of 1, from 0 or more to 10 at most.",
                    "Write for example: start=1 end=5 step=1.",
                )
            )
        ends: Item = {"low_text": self.words(entry, "low_text"), "high_text": self.words(entry, "high_text")}
        for end, number in (("low_text", low), ("high_text", high)):
            if ends[end] is None:
                ends[end] = dict.fromkeys(self.languages, str(number))
                self.account.findings.append(
                    self.account.remark(
                        entry.place("parameters"),
                        "scale-ends",
                        f"Nothing says what {number} means here.",
                        f"Add columns '{end}::…' in every language, or say it in the question.",
                    )
                )
        return {"kind": "scale", "low": low, "high": high, **ends, **self._constrained(entry)}

    def number(self, entry: Entry, _kind: Kind) -> Item:
        """`integer`, kept as a band: those of the list that the column `bands` names, or ours."""
        named = entry.get("bands")
        bands = self.lists.bands(named) if named else self._usual(entry)
        return {"kind": "number", "bands": bands, **self._constrained(entry)}

    def _usual(self, entry: Entry) -> list[At]:
        spans = tuple((one.low, None if math.isinf(one.high) else int(one.high)) for one in usual(entry))
        told = ", ".join(_span(low, high) for low, high in spans)
        self.account.findings.append(
            self.account.remark(
                entry.place("type"),
                "banded",
                f"The number is kept as one of these bands only: {told}.",
                "For other bands, name a list in a column 'bands', whose choices have the columns 'low' and 'high'.",
            )
        )
        return [
            At(
                {
                    "id": f"from_{low}",
                    "text": dict.fromkeys(self.languages, _span(low, high)),
                    "low": low,
                    "high": high,
                },
                *entry.place("type"),
            )
            for low, high in spans
        ]

    def text(self, entry: Entry, _kind: Kind) -> Item:
        """`text`, of a length that the column `max_length` can bound."""
        longest = entry.get("max_length")
        length = entry.value("max_length", whole(longest)) if longest else None
        return {"kind": "text", "max_length": length, **self._constrained(entry)}


def _span(low: int, high: int | None) -> str:
    return f"{low}+" if high is None else str(low) if low == high else f"{low}–{high}"  # noqa: RUF001 - a range takes an en dash


_MAKERS: dict[str, Callable[[Asking, Entry, Kind], Item]] = {
    "select_one": Asking.single,
    "select_multiple": Asking.multiple,
    "rank": Asking.ranking,
    "range": Asking.scale,
    "integer": Asking.number,
    "text": Asking.text,
}
QUESTIONS = frozenset({*_MAKERS, "note", "acknowledge"})
"""Types that become an item."""

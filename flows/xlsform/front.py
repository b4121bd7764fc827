"""What a consultation says before it asks: from the sheets `settings` and `consultation`."""

from collections.abc import Iterator
from typing import Any

from flows.model import PURPOSES
from flows.xlsform.account import Account
from flows.xlsform.entries import NO, At, Entry, remark_on_rest
from flows.xlsform.naming import spelled

ONCE = ("title", "asked_by", "process", *PURPOSES)
"""Rows of the sheet `consultation` that stand there once, with a text in every language."""

HEARD = ("age", "check", "review", "support")
"""Rows that only name recordings: of cards that the bot words itself."""

REVIEW = {"reviewed": "reviewed", "reviewed_by": "by", "reviewed_on": "date", "reviewed_texts": "texts"}
"""Row → field of a language's review."""
_EXAMPLE = "Take the sheet 'consultation' over from examples/protection.xlsx and fill it in."


class Front:
    """The rows of the sheet `consultation`, by what they say."""

    def __init__(self, account: Account, languages: list[str]) -> None:
        self.account = account
        self.languages = languages
        self.texts: dict[str, At] = {}
        self.about: list[At] = []
        self.heard: dict[str, list[At | None]] = {}
        """Recordings by row, in the order of the rows; None for a row without one."""
        self.regions: list[At] = []
        self.reviews: dict[str, dict[str, Any]] = {}
        self.why_longer: At | None = None
        self.begun = False

    def row(self, entry: Entry) -> None:
        """One row more."""
        self.begun = True
        name = "_".join(entry.get("name").lower().split())
        said = entry.texts("label") if name not in HEARD else None
        finding = None
        if not self._recorded(name, entry) and said is None:
            finding = self.account.error(
                entry.place("name"), "no-text", "Nothing is said in this row.", "Write a text for every language."
            )
        elif self._stands(name):
            finding = self.account.error(
                entry.place("name"), "twice", f"'{name}' stands here twice.", "Keep one of the two rows."
            )
        elif said is not None and not self._kept(name, entry, said):
            known = ", ".join((*ONCE, "about", "region", "why_longer", *REVIEW, *HEARD))
            finding = self.account.error(
                entry.place("name"), "unknown-row", "There is no such row.", f"Write one of: {known}."
            )
        if finding is not None:
            self.account.leave_row(entry.sheet, entry.number, finding)
            return
        self.account.take_row(entry.sheet, entry.number)
        remark_on_rest(entry, self.account, name)

    def _stands(self, name: str) -> bool:
        """Whether a row that can stand once stands there again."""
        again = name in self.texts or (name == "why_longer" and self.why_longer is not None)
        return again or (name in {"age", "review", "support"} and len(self.heard[name]) > 1)

    def _recorded(self, name: str, entry: Entry) -> bool:
        """Whether the row is one that can be heard without a text; notes its recording."""
        if name not in (*HEARD, "about", *PURPOSES):
            return False
        heard = entry.texts("audio")
        self.heard.setdefault(name, []).append(heard)
        return name in HEARD or (heard is not None and name == "about")

    def _kept(self, name: str, entry: Entry, said: At) -> bool:
        if name in ONCE:
            self.texts[name] = said
        elif name == "about":
            self.about.append(said)
        elif name == "region":
            self.regions.append(
                At({"id": entry.value("id", spelled(entry.get("id"), "r")), "text": said}, entry.sheet, entry.number, 1)
            )
        elif name == "why_longer":
            self.why_longer = next(iter(said.value.values()))
        elif name in REVIEW:
            for language, cell in said.value.items():
                value = cell if name != "reviewed" else cell._replace(value=cell.value.lower() not in NO)
                self.reviews.setdefault(language, {})[REVIEW[name]] = value
        else:
            return False
        return True

    def close(self) -> None:
        """Says once what is missing where nothing is there."""
        if not self.begun:
            self.account.findings.append(
                self.account.error(
                    ("consultation", 1, 1),
                    "no-consent",
                    "Nothing says who asks, why, and what a person agrees to.",
                    _EXAMPLE,
                )
            )

    def consent(self) -> At:
        """The part of a consultation that is called so."""
        texts = {name: self._said(name) for name in PURPOSES}
        about = self.about or [self._said("about")]
        return At({"about": about, **texts}, "consultation", 1, 1)

    def aloud(self) -> At | None:
        """The recordings of the cards around the questions; None where none is named."""
        named: dict[str, Any] = {}
        for name, heard in self.heard.items():
            last = max((place for place, one in enumerate(heard, start=1) if one is not None), default=0)
            several = [one or At({}, "consultation", 1, 1) for one in heard[:last]]
            if several:
                named[name] = several if name in {"about", "check"} else several[0]
        return At(named, "consultation", 1, 1) if named else None

    def said(self) -> dict[str, Any]:
        """Title, who asks, and for which process."""
        return {name: self._said(name) for name in ("title", "asked_by", "process")}

    def reviewed(self) -> dict[str, Any]:
        """Which language has been read by a native speaker, as far as anything is said."""
        return {language: {"reviewed": False, **said} for language, said in self.reviews.items()}

    def _said(self, name: str) -> At:
        """A text that has to be there; words in brackets stand for it, and the report says so."""
        if name in self.texts:
            return self.texts[name]
        if self.begun:
            self.account.findings.append(
                self.account.error(("consultation", 1, 1), "row-missing", f"The row '{name}' is missing.", _EXAMPLE)
            )
        return At(dict.fromkeys(self.languages, f"[{name}]"), "consultation", 1, 1)


def settings(entry: Entry, account: Account, language: str, file: str) -> dict[str, Any]:
    """Id, edition and title from the one row of the sheet `settings`."""
    id_ = entry.get("id_string") or file.rsplit(".", 1)[0]
    version = entry.get("version")
    whole = version.isascii() and version.isdigit() and len(version) < 10 and int(version) > 0  # noqa: PLR2004 - nine digits count every edition
    if version and not whole:
        account.findings.append(
            account.remark(
                entry.place("version"),
                "edition",
                "An edition is counted 1, 2, 3; this version is not taken over.",
                "Write a whole number in 'version'.",
            )
        )
    title = entry.get("title")
    return {
        "id": entry.value("id_string", spelled(id_, "f")),
        "edition": entry.value("version", int(version)) if whole else None,
        "title": At({language: entry.value("title", title)}, *entry.place("title")) if title and language else None,
    }


def merges(rows: list[Entry], account: Account, items: dict[str, dict[str, Any]], names: dict[str, str]) -> None:
    """Puts the rows of the sheet `merges` to the questions that they belong to."""
    for entry in rows:
        item = items.get(names.get(entry.get("question"), ""))
        if item is None:
            finding = account.error(
                entry.place("question"), "unknown-name", "No question of that name is asked.", "Look at the spelling."
            )
            account.leave_row(entry.sheet, entry.number, finding)
            continue
        of = [entry.value(name, _code(entry.get(name))) for name in ("first", "second")]
        made = {"id": entry.value("name", spelled(entry.get("name"))), "of": of, "text": entry.texts("label")}
        item.setdefault("collapse", []).append(At(made, entry.sheet, entry.number, 1))
        account.take_row(entry.sheet, entry.number)
        remark_on_rest(entry, account, "a merge")


def _code(text: str) -> str:
    """A category as tables call it: a point of a scale stays a number."""
    return text if text.isdigit() else spelled(text)


def every(sections: list[At]) -> Iterator[dict[str, Any]]:
    """All items that were made."""
    for section in sections:
        for item in section.value["items"]:
            yield item.value

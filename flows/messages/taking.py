"""Which translations of a file are taken over, and what is to be said about it before anything is written.

Nothing is guessed. A translation whose source has changed since is told and left out, because it may say something
else now; so is one that its translator was not sure of. One error, and nothing of the file is taken: a translator mends
a list once, and nobody has to wonder which half of her work is in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flows.findings import Finding, Severity
from flows.messages import letters
from flows.messages.brought import Brought, Entry, version
from flows.messages.checks import faults
from flows.messages.units import Unit

Key = tuple[str, tuple[str, ...]]
"""Context and source."""
_HALF = 2
_FEW = 5
"""Texts from which on a file tells of a language."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file."""

    texts: dict[Key, tuple[str, ...]]
    """Translations that are taken over."""
    rows: dict[str, Entry]
    """Context → the entry that is taken over; where several share one, the last."""
    findings: tuple[Finding, ...]
    unsure: int
    """Translations that stay out until somebody has looked at them."""
    changed: int
    """Translations whose source has changed."""
    gone: int
    """Translations of texts that are no longer there."""


def taken(brought: Brought, units: Iterable[Unit], of: str, language: str, *, directed: bool = False) -> Taken:
    """Looks a file over against the texts as they are today.

    Args:
        brought: the file.
        units: every text in this language.
        of: what it has to be a translation of.
        language: the language it has to be in.
        directed: whether texts may hold marks of direction.
    """
    matching = _Matching(brought, tuple(units), language, directed=directed)
    told = [*_wrong(brought, of, language)]
    if not told:
        told += matching.all()
    if brought.version and brought.version != version(matching.units) and (matching.changed or matching.gone):
        message = f"The texts are no longer those that this file was made from: {matching.changed} changed, "
        message += f"{matching.gone} are gone."
        remedy = "Export a new file with --from this one: it holds what is still right, and suggestions for the rest."
        told.append(brought.finding(Severity.WARNING, "other-version", message, remedy))
    told += _as_a_whole(brought, matching, language)
    return Taken(
        matching.texts, matching.rows, tuple(told), unsure=matching.unsure, changed=matching.changed, gone=matching.gone
    )


def suggested(brought: Brought, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units of a new file, with what an older one said of them; unsure where the source has changed since."""
    said = {(entry.context, entry.source): entry for entry in brought.entries}
    named = Counter(entry.context for entry in brought.entries)
    by_name = {entry.context: entry for entry in brought.entries if named[entry.context] == 1}
    made = []
    for unit in units:
        same, older = said.get((unit.context, unit.source)), by_name.get(unit.context)
        if same is not None and any(same.said):
            made.append(replace(unit, said=_padded(same.said, unit), unsure=same.unsure))
        elif same is None and older is not None and any(older.said) and len(older.said) <= len(unit.said):
            was = f"The source was: {' '.join(older.source[0].split())}"
            made.append(replace(unit, said=_padded(older.said, unit), unsure=True, note=f"{unit.note} {was}".strip()))
        else:
            made.append(unit)
    return tuple(made)


def _padded(said: tuple[str, ...], unit: Unit) -> tuple[str, ...]:
    return (*said, *("" for _ in range(len(unit.said) - len(said))))[: len(unit.said)]


class _Matching:
    """Entries beside units, one after the other."""

    def __init__(self, brought: Brought, units: tuple[Unit, ...], language: str, *, directed: bool) -> None:
        self.brought, self.units, self.language, self.directed = brought, units, language, directed
        self.texts: dict[Key, tuple[str, ...]] = {}
        self.rows: dict[str, Entry] = {}
        self.unsure = self.changed = self.gone = 0
        self._seen: set[Key] = set()
        self._known = {(unit.context, unit.source): unit for unit in units}
        named = Counter(unit.context for unit in units)
        self._names = {unit.context for unit in units if named[unit.context] == 1}

    def all(self) -> Iterator[Finding]:
        """What is to be said of the entries."""
        for entry in self.brought.entries:
            yield from self._one(entry)

    def _one(self, entry: Entry) -> Iterator[Finding]:
        key = entry.context, entry.source
        unit = self._known.get(key)
        if key in self._seen:
            yield self._told(entry, Severity.ERROR, "twice", "This text stands here twice.", "Keep one of the two.")
        elif unit is None:
            yield from self._unknown(entry)
        elif entry.unsure and any(entry.said):
            self.unsure += 1
            message = "This translation is marked as unsure (fuzzy) and is not used."
            yield self._told(entry, Severity.WARNING, "unsure", message, "Look at it again, and take the mark off.")
        elif any(entry.said):
            yield from self._said(entry, unit)
        self._seen.add(key)

    def _unknown(self, entry: Entry) -> Iterator[Finding]:
        if not any(entry.said):
            return
        if entry.context in self._names:
            self.changed += 1
            message = "The source of this text has changed since this file was made; the translation is not used."
            remedy = "Export a new file with --from this one, and look at it again there."
            yield self._told(entry, Severity.WARNING, "source-changed", message, remedy)
            return
        self.gone += 1
        message = "There is no such text any more, or its source has changed; the translation is not used."
        yield self._told(entry, Severity.WARNING, "text-gone", message, "Nothing is to be done.")

    def _said(self, entry: Entry, unit: Unit) -> Iterator[Finding]:
        if len(entry.said) != len(unit.said) or not all(entry.said):
            forms = f"This text needs {len(unit.said)} forms for different numbers, each with words in it."
            if len(unit.said) == 1:
                forms = "This text needs one translation, and here are several."
            yield self._told(entry, Severity.ERROR, "forms", forms, "Fill in each of them, and no more.")
            return
        said = tuple(form.strip() or form for form in entry.said)
        found = [*faults(replace(unit, said=said), self.language, directed=self.directed)]
        for fault in found:
            yield self._told(entry, fault.severity, fault.code, fault.message, fault.remedy)
        if not all(form.strip() for form in said):
            yield self._told(entry, Severity.ERROR, "empty", "There are only spaces here.", "Write words, or nothing.")
        self.texts[entry.context, entry.source] = said
        self.rows[entry.context] = entry

    def _told(self, entry: Entry, severity: Severity, code: str, message: str, remedy: str) -> Finding:
        return self.brought.finding(severity, code, message, remedy, entry)


def _wrong(brought: Brought, of: str, language: str) -> Iterator[Finding]:
    """Why a file is not even looked into."""
    if brought.of and brought.of != of:
        message = f"This file holds the texts of '{brought.of}', not of '{of}'."
        yield brought.finding(Severity.ERROR, "wrong-file", message, "Choose the file that was made for this.")
    if brought.language.lower() not in {"", language.lower()}:
        message = f"This file is in '{brought.language}', not in '{language}'."
        yield brought.finding(Severity.ERROR, "wrong-language", message, "Choose the other file, or another --lang.")


def _as_a_whole(brought: Brought, matching: _Matching, language: str) -> Iterator[Finding]:
    """What only many texts together tell."""
    texts = [form for said in matching.texts.values() for form in said]
    foreign = sum(letters.foreign(text, language) for text in texts)
    same = sum(said[0] == source[0] and any(map(str.isalpha, said[0])) for (_, source), said in matching.texts.items())
    if _HALF * foreign > len(texts):
        message = f"{foreign} of {len(texts)} texts are not written in the letters of '{language}'."
        yield brought.finding(Severity.ERROR, "wrong-language", message, "Look whether this is the right file.")
    else:
        for (context, _), said in matching.texts.items():
            if any(letters.foreign(form, language) for form in said):
                message = f"Most letters here are not those of '{language}'."
                at = matching.rows[context]
                yield brought.finding(Severity.WARNING, "other-letters", message, "Look whether it is translated.", at)
    if len(matching.texts) >= _FEW and _HALF * same > len(matching.texts):
        message = f"{same} of {len(matching.texts)} translations are the same as their source."
        yield brought.finding(Severity.WARNING, "untranslated", message, "Look whether they are translated.")
    strange = sorted({letter for text in texts for letter in letters.strange(text, language)})
    if strange:
        message = f"Letters stand here that '{language}' is not written with: {' '.join(strange)}."
        yield brought.finding(Severity.WARNING, "neighbour-letters", message, "Look whether it is another language.")

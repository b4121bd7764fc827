"""The `sauti-results` file: the published summary, and what happened with it, as people write it (W4).

Read precisely or refused with line and column. What a machine can see is seen to here: every language, the length of a
message, what a locked phone may show, days that have come. That the summary is the text of a release whose figures are
protected is for now a duty of those who publish it: nothing in a text tells where its numbers come from.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from flows import plain_yaml
from flows.checks.texts import hidden_signs
from flows.checks.wording import NOTIFICATION, revealing
from flows.findings import ConsultationError, Finding, Path, Places, Severity
from flows.model import Texts
from flows.shape import shaped
from storage.results import Results

ROOM = 3_500
"""UTF-16 units of the summary in one language, and of all that happened: each is one message of Telegram's 4,096."""
DATED = 40
"""Units that the date of an entry and the lines around it may take in any language."""


class ResultsFile(Results):
    """A file with the results of one round, which replaces what the round has."""

    format: Literal["sauti-results"]
    version: Literal[1]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a newer file says differently, so that whoever publishes it sees what it replaces."""

    summary: tuple[str, ...]
    """Languages in which the summary is another one."""
    added: int
    """Entries that were not there before, word for word."""
    removed: int
    first: bool = False
    """There was nothing to replace."""


def load(data: bytes, name: str, languages: tuple[str, ...], today: dt.date) -> Results:
    """The results in `data`, newest entry first; `name` is what findings call the file.

    Args:
        data: the file.
        name: what it is called.
        languages: those of the consultation; each has to be there everywhere.
        today: in UTC. An entry may be one day ahead of it, because it is tomorrow somewhere.

    Raises:
        ConsultationError: with every finding.
    """
    tree = plain_yaml.read(data, name)
    read = shaped(ResultsFile, tree)
    findings = tuple(_findings(read, languages, today, tree.places))
    if findings:
        raise ConsultationError(findings)
    newest_first = sorted(read.happened, key=lambda entry: entry.date, reverse=True)
    return Results(summary=read.summary, happened=tuple(newest_first))


def changes(before: Results | None, after: Results) -> Changes:
    """What of `before` is different in `after`."""
    if before is None:
        return Changes(tuple(after.summary), len(after.happened), 0, first=True)
    old, new = before.summary.root, after.summary.root
    other = tuple(sorted(language for language in {*old, *new} if old.get(language) != new.get(language)))
    added = sum(entry not in before.happened for entry in after.happened)
    return Changes(other, added, sum(entry not in after.happened for entry in before.happened))


def _findings(read: Results, languages: tuple[str, ...], today: dt.date, places: Places) -> Iterator[Finding]:
    texts: list[tuple[Path, Texts]] = [(("summary",), read.summary)]
    texts += [(("happened", number, "text"), entry.text) for number, entry in enumerate(read.happened)]
    found = chain(
        chain.from_iterable(_of_text(path, text, languages) for path, text in texts),
        _of_length(read, languages),
        _of_dates(read, today),
    )
    for code, path, message, remedy in found:
        yield places.finding(Severity.ERROR, code, path, message, remedy)


_Fault = tuple[str, Path, str, str]
"""Code, place, message, remedy."""


def _of_text(path: Path, text: Texts, languages: tuple[str, ...]) -> Iterator[_Fault]:
    """It is there for everybody who was asked, and can be read over her shoulder (Q6)."""
    for language in languages:
        if language not in text:
            yield "language-missing", path, f"There is no text in {language} here.", f"Add '{language}: …'."
    for language, words in text.root.items():
        if hidden_signs(words):
            message = "An invisible character stands in this text; it can turn the meaning round."
            yield "invisible-character", (*path, language), message, "Remove it, or type the text anew."
        position = revealing(words, language)
        if position is not None and position < NOTIFICATION:
            message = (
                f"The first {NOTIFICATION} characters may stand on a locked phone, and these tell what it is about."
            )
            yield "first-lines", (*path, language), message, "Begin with something harmless."


def _of_length(read: Results, languages: tuple[str, ...]) -> Iterator[_Fault]:
    """Summary and entries are one message each."""
    for language in languages:
        summary = _units(read.summary.root.get(language, ""))
        if summary > ROOM:
            message = f"This is {summary} characters long; one message has room for {ROOM}."
            yield "too-long", ("summary", language), message, "Shorten it."
        entries = sum(DATED + _units(entry.text.root.get(language, "")) for entry in read.happened)
        if entries > ROOM:
            message = f"With their dates, the entries in {language} take {entries} characters; a message has {ROOM}."
            yield "too-long", ("happened",), message, "Shorten older entries, or make one of several."


def _of_dates(read: Results, today: dt.date) -> Iterator[_Fault]:
    """What has not happened yet has not happened."""
    for number, entry in enumerate(read.happened):
        if entry.date > today + dt.timedelta(days=1):
            message, remedy = "This day has not come yet.", "Say only what has happened; add the rest when it has."
            yield "date-ahead", ("happened", number, "date"), message, remedy


def _units(text: str) -> int:
    # A mark of direction stands before every line where the script runs from right to left.
    return len(text.encode("utf-16-le")) // 2 + text.count("\n")

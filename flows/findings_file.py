"""Findings for other programs: what `sauti check FILE --format json` prints."""

from collections.abc import Iterable
from typing import Literal

from flows.aloud import Frozen
from flows.findings import Finding, Severity, lettered


class Told(Frozen):
    """One finding, as a person is told it."""

    severity: Severity
    """`error` keeps the consultation from being used; `warning` is for its author to weigh."""
    code: str
    """Names the rule and never changes; the words may."""
    line: int
    """Counts from 1; of a workbook, the row; 0 where the place is not known."""
    column: int
    path: str
    """The value in the consultation that the finding is about, as `sections[0].items[3].text.fr`; may be empty."""
    message: str
    remedy: str
    file: str
    sheet: str
    """Of a form, the sheet; otherwise empty."""
    cell: str
    """Of a form, sheet and cell as people write it, `survey!C7`; otherwise empty."""


class FindingsFile(Frozen):
    """All that is to be said about a consultation file, in its order."""

    format: Literal["sauti-findings"]
    version: Literal[1]
    findings: tuple[Told, ...]

    @classmethod
    def of(cls, found: Iterable[Finding]) -> "FindingsFile":
        """The file of these findings."""
        return cls(format="sauti-findings", version=1, findings=tuple(map(_told, found)))


def _told(one: Finding) -> Told:
    cell = f"{one.sheet}!{lettered(one.column)}{one.line}" if one.sheet else ""
    return Told(
        severity=one.severity,
        code=one.code,
        line=one.line,
        column=one.column,
        path=one.path,
        message=one.message,
        remedy=one.remedy,
        file=one.file,
        sheet=one.sheet,
        cell=cell,
    )

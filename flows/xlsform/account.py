"""Who has been accounted for: every row and every column of a form is taken over or reported, and only once."""

from dataclasses import dataclass, field

from flows.findings import Finding, Severity
from flows.xlsform.book import Book

LEFT_OUT = frozenset({"not-asked", "in-repeat", "in-table", "required", "media", "unknown-language"})
"""Codes of what no consultation can hold, and the rest of a form can do without."""

Place = tuple[str, int]
"""A sheet's name and the number of a row or column."""


class SettledTwice(RuntimeError):  # noqa: N818 - says what happened; it is our fault and never the author's
    """A row or column was accounted for a second time."""


@dataclass(slots=True)
class Account:
    """What becomes of each row and column, and all that is to be said about them."""

    file: str
    drop: bool = False
    """Whether what cannot be asked is left out with a warning, instead of being an error."""
    rows: dict[Place, bool] = field(default_factory=dict)
    """Row → whether it was taken over; a row that was not has a finding of its own."""
    columns: dict[Place, bool] = field(default_factory=dict)
    """Column → whether it was taken over, likewise."""
    findings: list[Finding] = field(default_factory=list)

    def take_row(self, sheet: str, number: int) -> None:
        """The row is in the consultation."""
        _settle(self.rows, (sheet, number), taken=True)

    def take_column(self, sheet: str, number: int) -> None:
        """The column's cells were looked at."""
        _settle(self.columns, (sheet, number), taken=True)

    def leave_row(self, sheet: str, number: int, finding: Finding) -> None:
        """The row is not in the consultation; `finding` says why and what to do instead."""
        _settle(self.rows, (sheet, number), taken=False)
        self.findings.append(finding)

    def leave_column(self, sheet: str, number: int, finding: Finding) -> None:
        """No cell of the column is in the consultation, likewise."""
        _settle(self.columns, (sheet, number), taken=False)
        self.findings.append(finding)

    def error(self, place: tuple[str, int, int], code: str, message: str, remedy: str) -> Finding:
        """What has to be mended in the workbook."""
        sheet, row, column = place
        return Finding(Severity.ERROR, code, row, column, "", message, remedy, self.file, sheet)

    def unsupported(self, place: tuple[str, int, int], code: str, message: str, remedy: str) -> Finding:
        """What no consultation can hold: an error, or a warning where the author wants the rest."""
        sheet, row, column = place
        severity = Severity.WARNING if self.drop else Severity.ERROR
        return Finding(severity, code, row, column, "", message, remedy, self.file, sheet)

    def remark(self, place: tuple[str, int, int], code: str, message: str, remedy: str) -> Finding:
        """What is left out or said otherwise without harm."""
        sheet, row, column = place
        return Finding(Severity.WARNING, code, row, column, "", message, remedy, self.file, sheet)

    def close(self, book: Book, names: tuple[str, ...]) -> None:
        """Reports whatever nobody has looked at on these sheets and in lists beside them: nothing is lost silently."""
        for sheet in (*map(book.sheet, names), *book.lists):
            rows = [(sheet.name, row.number) for row in sheet.rows]
            for place in (place for place in rows if place not in self.rows):
                finding = self.error((*place, 1), "not-read", "This row was not understood.", "Please tell us of it.")
                self.leave_row(*place, finding)
            used = {column for row in (sheet.header, *sheet.rows) for column in row.cells}
            for place in ((sheet.name, column) for column in sorted(used) if (sheet.name, column) not in self.columns):
                finding = self.error(
                    (place[0], sheet.header.number, place[1]),
                    "not-read",
                    "This column was not understood.",
                    "Please tell us of it.",
                )
                self.leave_column(*place, finding)


def _settle(ledger: dict[Place, bool], place: Place, *, taken: bool) -> None:
    if place in ledger:
        raise SettledTwice(place)
    ledger[place] = taken

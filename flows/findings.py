"""What is wrong with a consultation file, so that its author can mend it: where, which rule, why, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Path = tuple[str | int, ...]
"""Keys and indices from the top of the file: ("sections", 0, "items", 3, "text", "fr")."""


class Severity(StrEnum):
    """Whether the file is refused or only commented on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. Lines (of a workbook: rows) and columns count from 1; 0 means the place is not known."""

    severity: Severity
    code: str
    line: int
    column: int
    path: str
    message: str
    remedy: str
    file: str = ""
    sheet: str = ""
    """The sheet of a workbook; empty for a file that has none."""

    def __str__(self) -> str:
        if self.sheet:
            place, where = f"{self.file} {self.sheet}!{lettered(self.column)}{self.line}", ""
        else:
            place, where = f"{self.file}:{self.line}:{self.column}", f" ({self.path})" if self.path else ""
        return f"{place}: {self.severity}: {self.message}{where} {self.remedy} [{self.code}]"


class ConsultationError(ValueError):
    """A consultation file that cannot be used, and every reason that was found."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a file each value stands."""

    file: str = ""
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    sheets: Mapping[Path, str] = field(default_factory=dict)
    """For a workbook: the sheet of each mark."""

    def at(self, path: Path) -> tuple[int, int]:
        """Line and column of the value, or of the nearest value around it; (0, 0) without a file."""
        return self.marks.get(self._nearest(path), (0, 0))

    def _nearest(self, path: Path) -> Path:
        return next((path[:length] for length in range(len(path), -1, -1) if path[:length] in self.marks), path)

    def finding(self, severity: Severity, code: str, path: Path, message: str, remedy: str) -> Finding:
        """A finding at `path`."""
        line, column = self.at(path)
        sheet = self.sheets.get(self._nearest(path), "")
        return Finding(severity, code, line, column, spelled(path), message, remedy, self.file, sheet)


def spelled(path: Path) -> str:
    """A path as people write it: `sections[0].items[3].text.fr`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def lettered(column: int) -> str:
    """A column as spreadsheets call it: A for 1, AA for 27."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

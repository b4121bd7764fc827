"""The work log as a file: what `sauti log show --format json` prints, and `sauti log verify --earlier` reads again."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from flows.model import Frozen
from storage.work_log import Line


class LogLine(Frozen):
    """One act."""

    number: Annotated[int, Field(ge=1)]
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    who: str
    """A label of staff; `office` is whoever uses the command line, `clock` nobody."""
    what: str
    subject: str
    """A round's id, a label of staff, or empty."""
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """SHA-256 over this line and the hash of the one before it."""


class WorkLogFile(Frozen):
    """The whole log, from its first line."""

    format: Literal["sauti-work-log"]
    version: Literal[1]
    lines: tuple[LogLine, ...]

    @classmethod
    def of(cls, found: Iterable[Line]) -> "WorkLogFile":
        """The file of these lines."""
        told = (
            LogLine(
                number=one.number, day=one.day, who=one.who, what=one.what, subject=one.subject, hash=one.hash.hex()
            )
            for one in found
        )
        return cls(format="sauti-work-log", version=1, lines=tuple(told))

    @property
    def known(self) -> tuple[Line, ...]:
        """The lines in it; whether they hold is not looked at."""
        return tuple(
            Line(one.number, one.day, one.who, one.what, one.subject, bytes.fromhex(one.hash)) for one in self.lines
        )

"""What staff and the clock did, as a chain that nobody can mend: one line for each act, and no content (F5).

A line says who (a label of staff, `office` for whoever uses the command line, `clock`), the day, what, and of what: a
round's id or a label. It is written in the transaction of the act, so there is no act without its line. Nothing that
a participant does writes one, so the log counts nobody, and its days come from the database's own clock.

Each line carries a SHA-256 over itself and the line before it. What was changed, left out or moved is therefore found;
only the newest lines can go without a trace, unless somebody has kept an earlier copy (`WorkLogFile`) to check against.
Both databases refuse to change or delete a line. The hash has no key: whoever owns the database can take the refusal
away and write the whole chain anew, and only a kept copy shows that.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, MetaData, Table, bindparam, insert, select, text

from flows.model import canonical
from storage.database import reading, writing
from storage.statements import Statement
from storage.tables import work_log

OFFICE: Final = "office"
"""Whoever uses the command line: it asks nobody for a name, and a name it was told could be anybody's."""
CLOCK: Final = "clock"
START: Final = bytes(32)
"""What stands before the first line."""
_LABEL: Final = "sauti-work-log-1"
_LOCK: Final = 0x5361757469576C67
"""Number of the advisory lock that keeps two lines from following the same one; taken last of all locks."""
_ALONE: Final = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=_LOCK)
_END: Final = Table("work_log_end", MetaData(), *map(Column, ("day", "number", "hash")))
"""A view: today, and number and hash of the newest line. The staff bot's role reads this and no line."""
_end = select(_END.c.day, _END.c.number, _END.c.hash)
_add = Statement(insert(work_log).values({name: bindparam(name) for name in work_log.c.keys()}))  # noqa: SIM118 - columns


@dataclass(frozen=True, slots=True)
class Line:
    """One act."""

    number: int
    """From 1, without a gap."""
    day: str
    """As in 2026-11-27, UTC."""
    who: str
    what: str
    subject: str
    """A round's id in hexadecimal, or a label of staff; may be empty."""
    hash: bytes = b""
    """32 bytes."""

    def after(self, before: bytes) -> bytes:
        """The hash that this line has to carry where the line before it carries `before`."""
        said = canonical([_LABEL, self.number, self.day, self.who, self.what, self.subject])
        return hashlib.sha256(before + said).digest()


class LogBroken(Exception):  # noqa: N818 - named for what it says
    """The chain does not hold; `number` is the first line that does not follow from the one before it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return (
            f"log-broken: line {self.number} is not what was written, or lines are missing before it. Somebody has "
            "changed the database by hand: keep this copy of it, and ask who could."
        )


def note(connection: Connection, who: str, what: str, subject: bytes | str = "") -> None:
    """Writes that `who` does `what`, within the transaction in which it is done.

    Raises:
        StorageUnavailable, StorageRefused: the act is not to be done either.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)
    day, number, before = connection.execute(_end).one()
    line = Line(number + 1, day, who, what, subject.hex() if isinstance(subject, bytes) else subject)
    _add.run(
        connection, number=line.number, day=day, who=who, what=what, subject=line.subject,
        hash=line.after(bytes(before or START)),
    )  # fmt: skip


def record(engine: Engine, who: str, what: str, subject: bytes | str = "") -> None:
    """The same for what changes nothing in the database, before it is done. Raises as `note`."""
    with writing(engine) as connection:
        note(connection, who, what, subject)


def lines(engine: Engine) -> tuple[Line, ...]:
    """All lines, in their order; whether they hold is not looked at."""
    with reading(engine) as connection:
        return tuple(_line(row) for row in connection.execute(select(work_log).order_by(work_log.c.number)).all())


def check(found: Iterable[Line], known: Iterable[Line] = ()) -> int:
    """How many lines there are, where each follows from the one before it and all that were `known` are among them.

    Raises:
        LogBroken: the first that does not.
    """
    before, count, kept = START, 0, {line.number: line.hash for line in known}
    for line in found:
        count += 1
        if line.number != count or line.after(before) != line.hash or kept.pop(count, line.hash) != line.hash:
            raise LogBroken(count)
        before = line.hash
    if kept:
        raise LogBroken(min(kept))
    return count


def _line(row: Any) -> Line:  # noqa: ANN401 - a row of the database
    return Line(row.number, row.day, row.who, row.what, row.subject, bytes(row.hash))


def told(found: Iterable[Line]) -> Iterator[str]:
    """Each line for people to read."""
    for line in found:
        yield f"{line.number:>6}  {line.day}  {line.who:<24}  {line.what}  {line.subject}".rstrip()

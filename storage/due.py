"""What is to be done at a certain time, and that it is done once: the only memory of a clock.

A row says which job is due, for whom, and its *slot*: the time for which it was planned, never the time at which
somebody looked. Whoever does it takes the row off in the same transaction in which the work takes effect: of two
processes that try, one takes off nothing and undoes nothing, and one that dies has not taken it off. A slot that
passed while nobody was there stands there still, so looking back needs no list of what was missed.

Subjects are keys of other rows, which are random or keyed hashes; slots are multiples of ten minutes (D2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, Engine, bindparam, delete, select

from storage.database import reading
from storage.statements import Put, Statement
from storage.tables import due
from storage.times import GRAIN

PAGE = 500
_job: BindParameter[str] = bindparam("of_job")
_subject: BindParameter[bytes] = bindparam("of_subject")
_slot: BindParameter[int] = bindparam("of_slot")
_this = (due.c.job == _job, due.c.subject == _subject, due.c.slot == _slot)
_put = Put(due)
_claim = Statement(delete(due).where(*_this))
_forget = Statement(delete(due).where(due.c.subject == _subject))
_cancel = Statement(delete(due).where(due.c.job == _job, due.c.subject == _subject))
_at = select(due.c.slot).where(due.c.job == _job, due.c.subject == _subject)
_passed = (
    select(due.c.subject, due.c.slot)
    .where(due.c.job == _job, due.c.slot <= _slot, due.c.subject > bindparam("after"))
    .order_by(due.c.subject)
    .limit(PAGE)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to be done: `slot` is in seconds since 1970, UTC."""

    job: str
    subject: bytes
    slot: int

    def late(self, now: int) -> int:
        """Seconds by which its slot has passed, in whole slots of ten minutes; 0 while it is in time."""
        return max(0, now - self.slot) // GRAIN * GRAIN


def put(connection: Connection, one: Due) -> None:
    """Plans it; whatever slot this job had for this subject gives way."""
    _put(connection, job=one.job, subject=one.subject, slot=one.slot)


def claim(connection: Connection, one: Due) -> bool:
    """Takes it off, for whoever does it now in this transaction; False where it is done, or planned otherwise."""
    return bool(_claim.run(connection, of_job=one.job, of_subject=one.subject, of_slot=one.slot).rowcount)


def forget(connection: Connection, subject: bytes) -> None:
    """Takes off all that was planned for a subject, which is gone or wants nothing any more."""
    _forget.run(connection, of_subject=subject)


def cancel(connection: Connection, job: str, subject: bytes) -> None:
    """Takes off one job of a subject, whatever its slot: it was done otherwise, or is not wanted any more."""
    _cancel.run(connection, of_job=job, of_subject=subject)


def planned(engine: Engine, job: str, subject: bytes) -> Due | None:
    """What is planned, whenever."""
    with reading(engine) as connection:
        slot = connection.execute(_at, {"of_job": job, "of_subject": subject}).scalar()
    return None if slot is None else Due(job, subject, slot)


def passed(engine: Engine, job: str, now: int) -> Iterator[Due]:
    """All whose slot has come, also long ago, in no order that says anything. Blocks; not for the writer's thread."""
    last = b""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(_passed, {"of_job": job, "of_slot": now, "after": last}).all()
        for subject, slot in rows:
            yield Due(job, subject, slot)
        if len(rows) < PAGE:
            return
        last = rows[-1].subject

"""How many have sent, told late and in tens (F3).

A live count would show who has just answered. So what is shown was noted on an earlier day: once a day the number sent
so far, rounded down to ten, and what is shown is the newest note of the day before yesterday or earlier, at least 24
hours old whenever that day's note was taken. Withdrawn responses stay counted, or a falling number would tell of one.
What a seized database adds by this table is three multiples of ten.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.statements import Keep
from storage.tables import mailbag, participation, responses, tombstones
from storage.times import day

STEP = 10
_LATE = 2
_note = Keep(participation)
_counts = [
    select(func.count()).select_from(table).where(table.c.round == bindparam("round_id"))
    for table in (mailbag, responses, tombstones)
]


def note(connection: Connection, round_id: bytes, now: datetime) -> None:
    """Notes today's number, once a day, and forgets the notes that nothing will show any more."""
    sent = sum(connection.execute(count, {"round_id": round_id}).scalar_one() for count in _counts)
    _note(connection, round=round_id, day=day(now), tens=sent // STEP * STEP)
    shown = _shown_day(connection, round_id, now)
    if shown is not None:
        connection.execute(
            delete(participation).where(participation.c.round == round_id, participation.c.day < shown)
        )  # fmt: skip


def shown(connection: Connection, round_id: bytes, now: datetime) -> int:
    """The number to show now: a multiple of ten, at least a day old."""
    newest = _shown_day(connection, round_id, now)
    if newest is None:
        return 0
    where = (participation.c.round == round_id, participation.c.day == newest)
    tens: int = connection.execute(select(participation.c.tens).where(*where)).scalar_one()
    return tens


def _shown_day(connection: Connection, round_id: bytes, now: datetime) -> int | None:
    old = (participation.c.round == round_id, participation.c.day <= day(now) - _LATE)
    newest: int | None = connection.execute(select(func.max(participation.c.day)).where(*old)).scalar()
    return newest

"""From sent to kept: responses wait until there are ten, then move together, shuffled (D3).

While a response waits, its place among fewer than ten others could be told from the order of arrival; once it is
among `responses`, only the ISO week is known, and rows lie by random id. On SQLite that is also their place in the
file. PostgreSQL appends: until closing rewrites them, its files show which responses moved in the same batch, but
not their order within it, and dead rows of this table show the order of arrival (see storage.closing).
"""

from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from storage.envelope.bundle import blob_hash
from storage.envelope.response import SealedResponse
from storage.statements import Statement
from storage.tables import mailbag, responses
from storage.times import iso_week

BATCH = 10
_add = Statement(insert(mailbag))
_count = Statement(select(func.count()).select_from(mailbag).where(mailbag.c.round == bindparam("round_id")))
_waiting = (
    select(mailbag.c.response_id, mailbag.c.blob, mailbag.c.receipt)
    .where(mailbag.c.round == bindparam("round_id"))
    .with_for_update(skip_locked=True)
)
_keep = insert(responses)
_remove = delete(mailbag).where(mailbag.c.response_id == bindparam("moved"))


def put(connection: Connection, round_id: bytes, response_id: bytes, blob: SealedResponse, receipt: bytes) -> None:
    """A response that was sent just now; `receipt` is its receipt's keyed hash."""
    _add.run(connection, response_id=response_id, round=round_id, blob=blob, receipt=receipt)


def move(connection: Connection, round_id: bytes, now: datetime, *, least: int = BATCH) -> int:
    """Moves all waiting responses of a round if they are at least `least`; how many were moved.

    Rows that another worker is moving right now are left to it, and do not count.
    """
    if _count.run(connection, round_id=round_id).fetchone()[0] < least:
        return 0
    waiting = list(connection.execute(_waiting, {"round_id": round_id}).all())
    if len(waiting) < least or not waiting:
        return 0
    SystemRandom().shuffle(waiting)
    week = iso_week(now)
    connection.execute(
        _keep,
        [
            {
                "response_id": response_id, "round": round_id, "blob": blob, "receipt": receipt,
                "digest": blob_hash(blob), "week": week,
            }
            for response_id, blob, receipt in waiting
        ],
    )  # fmt: skip
    connection.execute(_remove, [{"moved": row.response_id} for row in waiting])
    return len(waiting)

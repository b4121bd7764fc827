"""From sent to kept: responses wait until there are ten, then move together, shuffled (D3).

While a response waits, its place among fewer than ten others could be told from the order of arrival; once it is
among `responses`, only the ISO week is known, and rows lie by random id. On SQLite that is also their place in the
file. PostgreSQL appends: until closing rewrites them, its files show which responses moved in the same batch, but
not their order within it, and dead rows of this table show the order of arrival (see storage.closing).
"""

from collections.abc import Sequence
from datetime import datetime
from secrets import SystemRandom
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from storage.envelope.bundle import blob_hash
from storage.envelope.response import SealedResponse
from storage.statements import Statement
from storage.tables import mailbag, responses
from storage.times import iso_week

BATCH = 10
_add = Statement(insert(mailbag))
_count = Statement(select(func.count()).select_from(mailbag).where(mailbag.c.round == bindparam("round_id")))
_waiting = Statement(
    select(mailbag.c.response_id, mailbag.c.blob, mailbag.c.receipt)
    .where(mailbag.c.round == bindparam("round_id"))
    .with_for_update(skip_locked=True)
)
_keep = Statement(insert(responses))
_remove = Statement(delete(mailbag).where(mailbag.c.response_id == bindparam("moved")))


class Sent(NamedTuple):
    """A response that was sent; `receipt` is its receipt's keyed hash."""

    response_id: bytes
    blob: SealedResponse
    receipt: bytes


def put(connection: Connection, round_id: bytes, sent: Sequence[Sent]) -> None:
    """Has them wait."""
    _add.run_each(connection, [{"round": round_id, **one._asdict()} for one in sent])


def move(
    connection: Connection, round_id: bytes, now: datetime, sent: Sequence[Sent] = (), *, least: int = BATCH
) -> int:  # fmt: skip
    """Moves what was `sent` just now, with all that waits, if they are at least `least`; how many were moved.

    Where they are fewer, what was sent waits, too. Rows that another worker is moving right now are left to it, and do
    not count.
    """
    waiting: list[Sent] = []
    if _count.run(connection, round_id=round_id).fetchone()[0] + len(sent) >= least:
        waiting = [Sent(*row) for row in _waiting.run(connection, round_id=round_id).fetchall()]
    moved = [*waiting, *sent]
    if len(moved) < least or not moved:
        put(connection, round_id, sent)
        return 0
    SystemRandom().shuffle(moved)
    week = iso_week(now)
    rows = [{"round": round_id, "digest": blob_hash(one.blob), "week": week, **one._asdict()} for one in moved]
    _keep.run_each(connection, rows)
    _remove.run_each(connection, [{"moved": one.response_id} for one in waiting])
    return len(moved)

"""The sweep box: messages that Telegram still shows and that should go, joined to nothing else that is stored.

Every row has the same size and holds a chat id and at most 100 message ids, which is what one call can delete. Rows
leave when Telegram has confirmed, or after 48 hours, when it refuses anyway.
"""

import secrets
import struct
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.intake_keys import Lock
from storage.statements import Statement
from storage.tables import sweep
from storage.times import before
from storage.values import SweepItem

IDS = 100
KEPT = timedelta(hours=48)
READING_TIME = timedelta(minutes=30)
"""How long the last card, which may show a receipt, stays on screen unless somebody removes it earlier."""
_SIZE = 4 + 8 + 8 * IDS
_add = Statement(insert(sweep))
_due = select(sweep.c.id, sweep.c.body).where(sweep.c.due <= bindparam("now")).limit(bindparam("most"))
_remove = delete(sweep).where(sweep.c.id == bindparam("item"))
_forget = delete(sweep).where(sweep.c.expires <= bindparam("now"))


def put(connection: Connection, lock: Lock, chat_id: int, message_ids: Sequence[int], *, now: datetime,
        later: timedelta = timedelta()) -> None:  # fmt: skip
    """Keeps message ids for deletion, due after `later`."""
    rows = []
    for start in range(0, len(message_ids), IDS):
        ids = message_ids[start : start + IDS]
        row = secrets.token_bytes(16)
        body = lock.close(struct.pack(f">q{len(ids)}q", chat_id, *ids), row, size=_SIZE)
        rows.append({"id": row, "body": body, "due": before(now, later), "expires": before(now, KEPT)})
    if rows:
        _add.run_each(connection, rows)


def due(connection: Connection, lock: Lock, now: datetime, limit: int) -> tuple[SweepItem, ...]:
    """At most `limit` rows whose messages should be deleted by now."""
    return tuple(
        _item(lock, row, body)
        for row, body in connection.execute(_due, {"now": int(now.timestamp()), "most": limit})
    )  # fmt: skip


def _item(lock: Lock, row: bytes, body: bytes) -> SweepItem:
    plain = lock.open(body, row)
    chat_id, *message_ids = struct.unpack(f">{len(plain) // 8}q", plain)
    return SweepItem(row, chat_id, tuple(message_ids))


def remove(connection: Connection, rows: Sequence[bytes]) -> None:
    """Forgets rows whose messages are gone."""
    if rows:
        connection.execute(_remove, [{"item": row} for row in rows])


def forget_old(connection: Connection, now: datetime) -> None:
    """Forgets rows older than Telegram's limit for deletions."""
    connection.execute(_forget, {"now": int(now.timestamp())})

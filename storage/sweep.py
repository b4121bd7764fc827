"""The sweep box: messages that Telegram still shows and that should go, joined to nothing else that is stored.

Every row has the same size and holds a chat id and at most 100 message ids, which is what one call can delete, and the
exact moment from which they are due; beside it stands that moment to ten minutes. A row without message ids says that a
whole chat is to be wiped. Rows leave when Telegram has confirmed, or after 48 hours, when it refuses anyway.

Which rows belong to one chat, only opening them tells: 100,000 rows take a second of one core. So nobody looks on the
writer's thread, and those who wait are looked for together (`storage.finding`).
"""

import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from storage.database import reading
from storage.errors import StorageRefused
from storage.intake_keys import Lock
from storage.statements import Statement, Values
from storage.tables import sweep
from storage.times import GRAIN, before
from storage.values import SweepItem

IDS = 100
KEPT = timedelta(hours=48)
PAGE = 1_000
"""Rows read in one transaction, so that a long look keeps no old snapshot of the database alive."""
_ID = 8
_DUE = 4
_SIZE = 4 + _DUE + _ID + _ID * IDS
_add = Statement(insert(sweep))
_page = (
    select(sweep.c.id, sweep.c.body)
    .where(sweep.c.id > bindparam("after"), sweep.c.due <= bindparam("until"))
    .order_by(sweep.c.id)
    .limit(PAGE)
)  # fmt: skip
_EVER = (1 << 31) - 1
_remove = delete(sweep).where(sweep.c.id == bindparam("item"))
_forget = delete(sweep).where(sweep.c.expires <= bindparam("now"))


def put(connection: Connection, lock: Lock, chat_id: int, message_ids: Sequence[int], *, now: datetime,
        later: timedelta = timedelta()) -> None:  # fmt: skip
    """Keeps message ids for deletion, due after `later`."""
    add(connection, rows(lock, chat_id, message_ids, now=now, later=later))


def add(connection: Connection, made: Sequence[Values]) -> None:
    """Keeps what `rows` and `wiping` have made."""
    _add.run_each(connection, made)


def rows(
    lock: Lock, chat_id: int, message_ids: Sequence[int], *, now: datetime, later: timedelta = timedelta()
) -> list[Values]:
    """Message ids for deletion, due after `later`; none for none."""
    groups = [message_ids[start : start + IDS] for start in range(0, len(message_ids), IDS)]
    return [_row(lock, chat_id, ids, now + later, now) for ids in groups]


def wiping(lock: Lock, chat_id: int, *, now: datetime, later: timedelta) -> list[Values]:
    """That a whole chat is to be wiped after `later`, unless that has been done by then."""
    return [_row(lock, chat_id, (), now + later, now)]


def _row(lock: Lock, chat_id: int, ids: Sequence[int], due: datetime, now: datetime) -> Values:
    row, moment = secrets.token_bytes(16), int(due.timestamp())
    body = lock.close(struct.pack(f">Iq{len(ids)}q", moment, chat_id, *ids), row, size=_SIZE)
    return {"id": row, "body": body, "due": moment // GRAIN * GRAIN, "expires": before(now, KEPT)}


def due(engine: Engine, lock: Lock, now: datetime, limit: int) -> tuple[SweepItem, ...]:
    """At most `limit` rows whose time has come. Blocks; not for the writer's thread."""
    seconds = int(now.timestamp())
    ready = (item for moment, item in _opened(engine, lock, seconds) if moment <= seconds)
    return tuple(islice(ready, limit))


def of_chats(engine: Engine, lock: Lock, chat_ids: frozenset[int]) -> dict[int, list[SweepItem]]:
    """Everything the box holds of these chats, due or not. Opens every row there is: not for the writer's thread."""
    found: dict[int, list[SweepItem]] = {chat_id: [] for chat_id in chat_ids}
    for _, item in _opened(engine, lock, _EVER):
        if item.chat_id in found:
            found[item.chat_id].append(item)
    return found


def _opened(engine: Engine, lock: Lock, until: int) -> Iterator[tuple[int, SweepItem]]:
    """(moment, item) of all rows that may be due by `until`, page by page."""
    last = b""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(_page, {"after": last, "until": until}).all()
        for row, body in rows:
            # One that is damaged, or of another secret, must not keep all others in their chats; it goes by itself.
            with suppress(StorageRefused):
                yield _item(lock, row, body)
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def _item(lock: Lock, row: bytes, body: bytes) -> tuple[int, SweepItem]:
    plain = lock.open(body, row)
    # A row of the first form has no moment of its own: it is due when the moment beside it has come.
    start = len(plain) % _ID
    moment = int.from_bytes(plain[:start], "big")
    chat_id, *message_ids = struct.unpack_from(f">{len(plain) // _ID}q", plain, start)
    return moment, SweepItem(row, chat_id, tuple(message_ids))


def remove(connection: Connection, rows: Sequence[bytes]) -> None:
    """Forgets rows whose messages are gone."""
    if rows:
        connection.execute(_remove, [{"item": row} for row in rows])


def forget_old(connection: Connection, now: datetime) -> None:
    """Forgets rows older than Telegram's limit for deletions."""
    connection.execute(_forget, {"now": int(now.timestamp())})

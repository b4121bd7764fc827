"""Reminders that were asked for: one row in `due` for a draft, from which nothing but the draft itself leads to a chat.

The row's subject is the draft's pseudonym; the chat stands only in the encrypted draft (D2). The row is written with
the word of hers that asks for it, moves with each word, and goes when she takes it back, hides, stops, sends or is
reminded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, select

from storage import drafts, due
from storage.database import reading
from storage.due import Due
from storage.intake_keys import RoundKeys
from storage.tables import drafts as draft_rows
from storage.tables import due as due_rows

JOB: Final = "reminder"
PAGE = 500
_passed = (
    select(draft_rows.c.key, draft_rows.c.round, draft_rows.c.body, draft_rows.c.expires, due_rows.c.slot)
    .join(due_rows, due_rows.c.subject == draft_rows.c.key)
    .where(
        due_rows.c.job == JOB,
        due_rows.c.slot <= bindparam("now"),
        draft_rows.c.expires > bindparam("now"),
        draft_rows.c.round.in_(bindparam("awake", expanding=True)),
        draft_rows.c.key > bindparam("after"),
    )
    .order_by(draft_rows.c.key)
    .limit(PAGE)
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Reminder:
    """One that is due; `repr` is silent."""

    chat_id: int
    due: Due
    late: int = 0
    """Seconds by which its time has passed, as `Due.late`."""

    def __repr__(self) -> str:
        return "<Reminder>"


def plan(connection: Connection, key: bytes, slot: int | None, *, planned: bool) -> None:
    """Plans the reminder of a draft for `slot`, or with None takes off the one that may have been `planned`."""
    if slot is not None:
        due.put(connection, Due(JOB, key, slot))
    elif planned:
        due.forget(connection, key)


def passed(engine: Engine, awake: Mapping[bytes, RoundKeys], now: datetime) -> Iterator[Reminder]:
    """All that are due in the rounds of `awake`. Blocks, and opens their drafts: not for the writer's thread.

    Much may happen before somebody acts on this, so whoever does has to claim it.
    """
    seconds, last = int(now.timestamp()), b""
    while awake:
        with reading(engine) as connection:
            rows = connection.execute(_passed, {"now": seconds, "awake": list(awake), "after": last}).all()
        for row in rows:
            draft = drafts.opened(awake[row.round], row)
            if draft is not None:
                planned = Due(JOB, row.key, row.slot)
                yield Reminder(draft.chat_id, planned, planned.late(seconds))
        if len(rows) < PAGE:
            return
        last = rows[-1].key

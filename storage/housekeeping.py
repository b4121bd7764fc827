"""What time alone does to the database: one work that runs alone, in any process, and finds nothing the second time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, delete, exists, select

from storage import admission, contacts, drafts, mailbag, participation, sweep
from storage.database import reading
from storage.intake_keys import BotKeys, RoundKeys
from storage.rounds import ENDED
from storage.secrets import Secrets
from storage.tables import drafts as draft_rows
from storage.tables import links, rounds, update_tags
from storage.tables import mailbag as waiting
from storage.turns import Tools
from storage.values import Expired, Resting

LIMIT = 500
"""Drafts that end in one go, so that conversations do not wait long for housekeeping."""
_old_tags = delete(update_tags).where(update_tags.c.expires <= bindparam("now"))
_over = (
    select(draft_rows.c.key, draft_rows.c.round, draft_rows.c.body, draft_rows.c.expires)
    .where(draft_rows.c.expires <= bindparam("now"))
    .limit(LIMIT)
)  # fmt: skip
PAGE = 500
_perhaps = (
    select(draft_rows.c.key, draft_rows.c.round, draft_rows.c.body, draft_rows.c.expires)
    .where(draft_rows.c.idle <= bindparam("now"), draft_rows.c.key > bindparam("after"))
    .order_by(draft_rows.c.key)
    .limit(PAGE)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run of housekeeping found: conversations that ended, rounds whose salt may go now."""

    expired: tuple[Expired, ...]
    settled: tuple[bytes, ...]


def keep_house(connection: Connection, tools: Tools) -> Kept:
    """Ends drafts whose time is over, forgets what is old, hides new codes, moves mailbags, notes participation."""
    now = tools.clock()
    seconds = int(now.timestamp())
    connection.execute(_old_tags, {"now": seconds})
    sweep.forget_old(connection, now)
    running = tools.running.read(connection)
    keys = {round_id: one.keys for round_id, one in running.items()}
    over = connection.execute(_over, {"now": seconds}).all()
    expired = [end_row(connection, tools.keys, keys.get(row.round), row, now) for row in over]
    for round_id in running:
        admission.adopt(connection, keys[round_id], round_id, LIMIT)
        mailbag.move(connection, round_id, now)
        contacts.move(connection, round_id)
        participation.note(connection, round_id, now)
    return Kept(tuple(one for one in expired if one is not None), _settled(connection, tools.running.secrets))


def end_row(
    connection: Connection, bot: BotKeys, keys: RoundKeys | None, row: Row[*tuple[Any, ...]], now: datetime
) -> Expired | None:
    """Destroys a stored draft; its messages go to the sweep box if the round's keys still open it."""
    drafts.erase(connection, row.key)
    draft = None if keys is None else drafts.opened(keys, row)
    if draft is None:
        # Nobody can say where its messages are. One damaged row must not keep all others, or a round, from ending.
        return None
    sweep.put(connection, bot.sweep, draft.chat_id, draft.messages, now=now)
    return Expired(draft.chat_id, draft.card.message_id if draft.card else None)


def resting(engine: Engine, keys: Mapping[bytes, RoundKeys], now: datetime) -> Iterator[Resting]:
    """Conversations in which nothing has happened for their time, as far as `keys` open them.

    The column tells to ten minutes which may be at rest, the row itself to the second. Blocks, and opens all who may:
    not for the writer's thread. Somebody may come back meanwhile, so whoever acts on this has to look again.
    """
    seconds, last = int(now.timestamp()), b""
    while True:
        with reading(engine) as connection:
            rows = connection.execute(_perhaps, {"now": seconds, "after": last}).all()
        for row in rows:
            if row.round in keys:
                draft = drafts.opened(keys[row.round], row)
                if draft is not None and draft.rests_at <= seconds < draft.expires:
                    yield Resting(draft.chat_id, draft.round_id)
        if len(rows) < PAGE:
            return
        last = rows[-1].key


def _settled(connection: Connection, secrets: Secrets) -> tuple[bytes, ...]:
    """Closed rounds that still have a salt and no row that needs it."""
    needs: list[ColumnElement[bool]] = [
        exists().where(table.c.round == rounds.c.id) for table in (draft_rows, links, waiting)
    ]
    over = select(rounds.c.id).where(rounds.c.state.in_([one.value for one in ENDED]), *(~need for need in needs))
    found = connection.execute(over).scalars().all()
    return tuple(round_id for round_id in found if secrets.salt(round_id) is not None)

"""Closing a round: what was sent is kept, and every way from it to a person is destroyed.

One transaction, alone on the database: the state changes unless it has already, the last responses leave the mailbag,
drafts, link rows and invitations go, and on PostgreSQL all that outlives them (responses, contact box, tombstones, skip
list) is written again in the order of random keys, so that neither place nor `xmin` of a row tells when it came, or
with what: a refusal that came with a tombstone was that of somebody who had taken part. Then the salt is destroyed, and
PostgreSQL's files are rewritten without dead rows. Its WAL segments and SQLite's freed pages on a flash disk outlive
this; for them the operator's disk is encrypted.

Should the process die between commit and salt, housekeeping finds the round settled and finishes. A round that staff
bot or clock have closed, which reach no more than its state, is finished by the leader of the participant bots.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine, select, text

from storage import contacts, due, invitations, links, mailbag, participation, work_log
from storage.database import checkpoint, reading, translated, writing
from storage.housekeeping import end_row
from storage.intake_keys import BotKeys, RoundKeys
from storage.rounds import ENDED, RoundRow, RoundState, RoundStore, change
from storage.secrets import Secrets
from storage.settling import unsettled
from storage.tables import drafts
from storage.times import iso_week

_REWRITTEN = {"responses": "response_id", "contacts": "key", "tombstones": "response_id", "skips": "key"}
"""What outlives closing, each with its random key or keyed hash."""
_REWRITE = (
    "CREATE TEMPORARY TABLE rewritten_{name} ON COMMIT DROP AS SELECT * FROM {name} WHERE round = :round",
    "DELETE FROM {name} WHERE round = :round",
    "INSERT INTO {name} SELECT * FROM rewritten_{name} ORDER BY {key}",
)
_COMPACTED = (
    "drafts", "chunks", "links", "mailbag", "responses", "sweep", "due", "participation", "rounds",
    "contact_bag", "contacts", "skips", "told", "tombstones", "update_tags", "invitations", "new_invitations",
)  # fmt: skip


def close_round(store: RoundStore, secrets: Secrets, row: RoundRow, now: datetime) -> None:
    """Closes a round that is still in the state `row` says, or finishes one whose state is *closed* or later.

    Raises:
        StorageRefused: `state-moved-on`.
        StorageUnavailable: the round is not closed, or closed and not yet compacted; look at its state.
    """
    salt = secrets.salt(row.id)
    bot = BotKeys(secrets.intake_secret())
    keys = None if salt is None else RoundKeys(secrets.intake_secret(), salt)
    with writing(store.engine, alone=True) as connection:
        if row.state not in ENDED:
            change(connection, row, state=RoundState.CLOSED.value, closed_week=iso_week(now))
            work_log.note(connection, store.hand, "close", row.id)
        due.forget(connection, row.id)
        for draft in connection.execute(select(drafts).where(drafts.c.round == row.id)).all():
            end_row(connection, bot, keys, draft, now)
        links.erase(connection, row.id)
        invitations.erase(connection, row.id)
        mailbag.move(connection, row.id, now, least=1)
        contacts.move(connection, row.id, least=1)
        participation.note(connection, row.id, now)
        _rewrite(connection, row.id)
    secrets.destroy_salt(row.id)
    compact(store.engine)


def settle(store: RoundStore, secrets: Secrets, now: datetime) -> tuple[bytes, ...]:
    """Finishes whatever rounds others have closed by their state alone; their ids. Safe to repeat, and by two at once.

    Raises:
        StorageUnavailable: not all are finished; do it again.
    """
    with reading(store.engine) as connection:
        waiting = unsettled(connection)
    for round_id in waiting:
        close_round(store, secrets, store.get(round_id), now)
    return waiting


def _rewrite(connection: Connection, round_id: bytes) -> None:
    # SQLite keeps rows in the order of their keys anyway: there is nothing to rewrite.
    if connection.dialect.name == "postgresql":
        for name, key in _REWRITTEN.items():
            for statement in _REWRITE:
                connection.execute(text(statement.format(name=name, key=key)), {"round": round_id})


def compact(engine: Engine) -> None:
    """Removes what deleted rows left in the database's files, as far as the database can. Safe to repeat."""
    if engine.dialect.name == "postgresql":
        with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in _COMPACTED:
                connection.execute(text(f"VACUUM FULL {name}"))
    checkpoint(engine)

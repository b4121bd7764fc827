"""The kill switch: what this server holds of a round is gone, the secrets first (D5). It needs no key.

Salt and receipt key are destroyed before anything else: from that moment nobody can tell whose a response is, no draft
opens, and every process meets the round's people as strangers. Then all rows of the round go, and the round's own row
with the names that stand in its record; a foreign key would refuse if one were forgotten. What is left is a line that
names the round, with who signs for its shares and which bundles left. Whatever half of this was done, doing it again
does the rest.

Sealed answers that have left as bundles, and the custodians' shares, lie elsewhere. So the most that may be said after
this is *destruction pending*, until those who have them sign that they are gone (`privacy.destruction`).
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage import contacts, invitations, recordings, work_log
from storage.closing import compact
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.housekeeping import end_row
from storage.intake_keys import BotKeys, RoundKeys
from storage.rounds import ENDED, RUNNING, Gone, RoundRow, RoundState, RoundStore
from storage.secrets import OF_ROUND, Secrets
from storage.tables import (
    chunks,
    destroyed,
    drafts,
    due,
    exported,
    links,
    mailbag,
    metadata,
    participation,
    responses,
    rounds,
    tombstones,
)
from storage.tables import recordings as sounds
from storage.tables import sweep as box
from storage.tables import update_tags as tags

_OF_ROUND = (drafts, links, mailbag, responses, tombstones, participation, sounds)
BOX_MONTHS = 12
"""How long after closing a contact box is kept at most, however long the answers are (W5)."""


def destroy(store: RoundStore, secrets: Secrets, doomed: Gone) -> Gone:
    """Destroys what is held here of a round (`RoundStore.doomed`), in whatever state it is. Safe to repeat.

    Raises:
        StorageUnavailable: the secrets are gone, the rows are not, or not yet for certain; do it again.
    """
    secrets.destroy_round(doomed.id)
    with writing(store.engine, alone=True) as connection:
        _erase(connection, doomed)
        work_log.note(connection, store.hand, "destroy", doomed.id)
    compact(store.engine)
    return doomed


def looked_through(store: RoundStore, secrets: Secrets, round_id: bytes) -> tuple[str, ...]:
    """Looks for a destroyed round wherever one can be, and names the places: tables of rounds, kinds of secrets.

    Raises:
        StorageRefused: `not-gone`: something is left.
    """
    places = [table for table in metadata.sorted_tables if "round" in table.c and table is not exported]
    with reading(store.engine) as connection:
        rows = [rounds.c.id == round_id, *(table.c.round == round_id for table in places)]
        left = any(connection.execute(select(exists().where(row))).scalar() for row in rows)
    if left or secrets.keeps(round_id):
        raise StorageRefused("not-gone")
    return (rounds.name, *(table.name for table in places), *(f"secrets/{kind}" for kind in OF_ROUND))


def overdue(row: RoundRow, today: date) -> bool:
    """Whether a closed round has been kept for as long as its record allows, counted from the end of its last week."""
    months = row.conditions.retention_months
    return months is not None and _closed_for(row, months, today)


def box_overdue(row: RoundRow, today: date) -> bool:
    """Whether a closed round's contact box has been kept for as long as any may be."""
    return row.notification_key is not None and _closed_for(row, BOX_MONTHS, today)


def _closed_for(row: RoundRow, months: int, today: date) -> bool:
    if row.state not in ENDED or row.closed_week is None:
        return False
    year, week = map(int, row.closed_week.split("-W"))
    closed = date.fromisocalendar(year, week, 7)
    later, month = divmod(closed.year * 12 + closed.month - 1 + months, 12)
    # Whoever closes on the 31st waits until the first of the month after: never a day less than was said.
    last = date(later, month + 1, 1) + timedelta(days=closed.day - 1)
    return today > last


def destroy_box(store: RoundStore, secrets: Secrets, round_id: bytes) -> None:
    """Destroys a round's contact box with the key and all that was noted beside it, the key first. Safe to repeat.

    Raises:
        StorageUnavailable: the key is gone, the rows may not be; do it again.
    """
    secrets.destroy_contact_key(round_id)
    with writing(store.engine, alone=True) as connection:
        contacts.erase(connection, round_id)
        work_log.note(connection, store.hand, "destroy-box", round_id)
    compact(store.engine)


def _erase(connection: Connection, gone: Gone) -> None:
    own = select(drafts.c.key).where(drafts.c.round == gone.id)
    connection.execute(delete(chunks).where(chunks.c.draft.in_(own)))
    connection.execute(delete(due).where(due.c.subject.in_(own)))
    connection.execute(delete(due).where(due.c.subject == gone.id))
    for table in _OF_ROUND:
        connection.execute(delete(table).where(table.c.round == gone.id))
    contacts.erase(connection, gone.id)
    invitations.erase(connection, gone.id)
    recordings.forget_uploads(connection)
    connection.execute(delete(rounds).where(rounds.c.id == gone.id))
    if not connection.execute(select(exists().where(destroyed.c.id == gone.id))).scalar():
        connection.execute(insert(destroyed), asdict(gone))
    others = exists().where(rounds.c.state.in_([state.value for state in RUNNING]))
    if not connection.execute(select(others)).scalar():
        # Nobody else's conversations are under way: chats and updates that are still noted can only be of this round.
        connection.execute(delete(box))
        connection.execute(delete(tags))


def silence(store: RoundStore, secrets: Secrets, round_id: bytes, now: datetime) -> None:
    """Ends every open conversation of a round and puts all its messages into the sweep box; nobody can begin another.

    Raises:
        StorageUnavailable: nothing was changed.
    """
    salt, bot = secrets.salt(round_id), BotKeys(secrets.intake_secret())
    keys = None if salt is None else RoundKeys(secrets.intake_secret(), salt)
    with writing(store.engine, alone=True) as connection:
        this = (rounds.c.id == round_id, rounds.c.state == RoundState.OPEN.value)
        connection.execute(update(rounds).where(*this).values(state=RoundState.PAUSED.value))
        for draft in connection.execute(select(drafts).where(drafts.c.round == round_id)).all():
            end_row(connection, bot, keys, draft, now)

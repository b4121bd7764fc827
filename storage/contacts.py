"""The contact box: chats that may be told of results, sealed to a key that is elsewhere, joined to nothing (W5).

Each response that is sent brings one entry of one size, whatever its giver allowed. Entries wait in a bag of their own
until at least ten can leave together, or until the round closes; they leave shuffled, under new random keys, and carry
no time. Two entries of one account look like those of two people. Nothing here can open one: whoever holds database
and secrets sees how many responses were sent, which he knows anyway.

The box lives until its second broadcast is over, or a year after closing (`storage.destroying`). No backup holds it.
"""

import secrets
from collections.abc import Set as AbstractSet
from secrets import SystemRandom

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select

from flows.model import Purpose
from flows.records import Manifest, consent_hash, encode_manifest
from storage.database import reading
from storage.envelope import contact
from storage.mailbag import BATCH
from storage.rounds import RoundRow
from storage.sealing import seal
from storage.statements import Statement
from storage.tables import contact_bag, contacts, skips, told

KEY = 16
_OF_ROUND = (contact_bag, contacts, skips, told)
_add = Statement(insert(contact_bag))
_count = Statement(select(func.count()).select_from(contact_bag).where(contact_bag.c.round == bindparam("round_id")))
_waiting = (
    select(contact_bag.c.key, contact_bag.c.body)
    .where(contact_bag.c.round == bindparam("round_id"))
    .with_for_update(skip_locked=True)
)
_keep = insert(contacts)
_remove = delete(contact_bag).where(contact_bag.c.key == bindparam("moved"))


def put(
    connection: Connection, row: RoundRow, chat_id: int, purposes: AbstractSet[Purpose], language: str
) -> None:  # fmt: skip
    """The entry of somebody who sends now; it leads to her chat if `purposes` allow that, and else to nobody."""
    if row.notification_key is None:
        return
    allowed = Purpose.RESULTS in purposes
    manifest = Manifest(
        row.consultation_hash, consent_hash(row.consultation, language),
        frozenset({Purpose.RESULTS}) if allowed else frozenset(), language, rehearsal=row.rehearsal, repeat=False,
    )  # fmt: skip
    permission = encode_manifest(manifest, row.consultation)
    entry = contact.pack(row.id, chat_id if allowed else contact.NOBODY, permission)
    _add.run(connection, key=secrets.token_bytes(KEY), round=row.id, body=seal(row.notification_key, entry))


def move(connection: Connection, round_id: bytes, *, least: int = BATCH) -> int:
    """Moves all waiting entries of a round into its box if they are at least `least`; how many were moved."""
    if _count.run(connection, round_id=round_id).fetchone()[0] < least:
        return 0
    waiting = list(connection.execute(_waiting, {"round_id": round_id}).all())
    if len(waiting) < least or not waiting:
        return 0
    bodies = [row.body for row in waiting]
    SystemRandom().shuffle(bodies)
    connection.execute(
        _keep, [{"key": secrets.token_bytes(KEY), "round": round_id, "body": body} for body in bodies]
    )  # fmt: skip
    connection.execute(_remove, [{"moved": row.key} for row in waiting])
    return len(waiting)


def sealed(engine: Engine, round_id: bytes) -> list[bytes]:
    """Every entry of a round's box, in no order that says anything."""
    with reading(engine) as connection:
        return list(connection.execute(select(contacts.c.body).where(contacts.c.round == round_id)).scalars())


def held(connection: Connection) -> frozenset[bytes]:
    """Rounds of which anything of a box is here."""
    found = (connection.execute(select(table.c.round).distinct()).scalars() for table in _OF_ROUND)
    return frozenset(round_id for several in found for round_id in several)


def erase(connection: Connection, round_id: bytes) -> None:
    """Destroys a round's box, and what was noted beside it."""
    for table in _OF_ROUND:
        connection.execute(delete(table).where(table.c.round == round_id))

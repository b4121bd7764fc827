"""What a database that may be an old copy must forget before anybody uses it (W2, D5).

A backup holds what was in the database when it was made, also answers that were taken back since and rounds that were
destroyed since, and contact boxes; and it does not know which bundles have left since. What says so lies beside the
database, in the folder of secrets: the tombstones, and the marks of destroyed rounds, boxes and bundles. Every
process that opens the database for work calls `catch_up` first.
"""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, select

from storage import contacts, destroying, register, withdrawal
from storage.closing import compact
from storage.database import reading, writing
from storage.rounds import RoundStore
from storage.secrets import Secrets
from storage.tables import rounds, tombstones
from storage.times import iso_week


def catch_up(store: RoundStore, secrets: Secrets, now: datetime) -> int:
    """Destroys what was withdrawn or destroyed since this database was copied; how many responses went.

    A database that is up to date is only read.

    Raises:
        StorageRefused: `bad-tombstones`.
        StorageUnavailable: nothing can be said; do not go on.
    """
    with reading(store.engine) as connection:
        known = connection.execute(select(rounds.c.id)).scalars().all()
        behind = _behind(connection, secrets)
        boxes = contacts.held(connection)
    register.catch_up(store.engine, secrets)
    for round_id in filter(secrets.destroyed, known):
        destroying.destroy(store, secrets, store.doomed(round_id.hex(), iso_week(now)))
    for round_id in filter(secrets.boxless, boxes):
        destroying.destroy_box(store, secrets, round_id)
    if not behind:
        return 0
    with writing(store.engine, alone=True) as connection:
        gone = sum(withdrawal.destroy(connection, of, ids) for of, ids in behind.items() if not secrets.destroyed(of))
    compact(store.engine)
    return gone


def _behind(connection: Connection, secrets: Secrets) -> dict[bytes, list[bytes]]:
    """By round, responses that were withdrawn and of which this database does not know it."""
    known = set(connection.execute(select(tombstones.c.response_id)).scalars())
    behind: dict[bytes, list[bytes]] = defaultdict(list)
    for round_id, response_id in secrets.tombstones.read():
        if response_id not in known:
            behind[round_id].append(response_id)
    rows = set(connection.execute(select(rounds.c.id)).scalars())
    return {round_id: ids for round_id, ids in behind.items() if round_id in rows}

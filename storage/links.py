"""From a chat to its responses, while a round is open: rows whose place and content both need the user id.

Whoever has the database and the intake secret but no list of accounts finds rows of one size that do not open. At
closing all rows of the round are destroyed, then its salt.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from storage.envelope.ceremony import RESPONSE_ID
from storage.intake_keys import LinkKeys
from storage.statements import Put, Statement
from storage.tables import links

_PAD = 512
_put = Put(links)
_read = Statement(select(links.c.body).where(links.c.key == bindparam("row")))
_delete = Statement(delete(links).where(links.c.key == bindparam("row")))


def read(connection: Connection, keys: LinkKeys) -> tuple[bytes, ...]:
    """Ids of this account's responses in the round; empty where it sent none."""
    found = _read.run(connection, row=keys.row).fetchone()
    if found is None:
        return ()
    ids = keys.content.open(found[0], keys.row)
    return tuple(ids[start : start + RESPONSE_ID] for start in range(0, len(ids), RESPONSE_ID))


def write(connection: Connection, keys: LinkKeys, round_id: bytes, response_ids: Sequence[bytes]) -> None:
    """Replaces the row; without ids there is none."""
    if response_ids:
        body = keys.content.close(b"".join(response_ids), keys.row, size=_PAD)
        _put(connection, key=keys.row, round=round_id, body=body)
    else:
        _delete.run(connection, row=keys.row)


def erase(connection: Connection, round_id: bytes) -> None:
    """Destroys every row of a round."""
    connection.execute(delete(links).where(links.c.round == round_id))

"""Taking a response back: it is destroyed where it lies, and a tombstone says so to bundles and backups (W2).

The mailbag is searched before the final store: a response moves in that direction only, so one that another worker
moves meanwhile is found in the second place.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from storage import links
from storage.intake_keys import LinkKeys, receipt_hash
from storage.statements import Keep
from storage.tables import mailbag, responses, tombstones

_PLACES = (mailbag, responses)
_bury = Keep(tombstones)


def destroy(connection: Connection, round_id: bytes, response_ids: Iterable[bytes]) -> int:
    """Destroys these responses and leaves tombstones; how many were still there."""
    destroyed = 0
    for response_id in response_ids:
        destroyed += sum(
            connection.execute(delete(place).where(place.c.response_id == response_id)).rowcount for place in _PLACES
        )
        _bury(connection, response_id=response_id, round=round_id)
    return destroyed


def from_chat(connection: Connection, keys: LinkKeys, round_id: bytes) -> int:
    """Destroys every response of one account in a round, and the way to them; how many."""
    destroyed = destroy(connection, round_id, links.read(connection, keys))
    links.write(connection, keys, round_id, ())
    return destroyed


def find(connection: Connection, receipt_key: bytes, digits: str) -> bytes | None:
    """Id of the response that a receipt belongs to, if it is still kept."""
    kept = receipt_hash(receipt_key, digits)
    for place in _PLACES:
        found: bytes | None = connection.execute(select(place.c.response_id).where(place.c.receipt == kept)).scalar()
        if found is not None:
            return found
    return None


def from_receipt(connection: Connection, receipt_key: bytes, round_id: bytes, digits: str) -> bytes | None:
    """Destroys the response of a receipt (30 ASCII digits); its id, or None where this round has none."""
    found = find(connection, receipt_key, digits)
    if found is not None:
        destroy(connection, round_id, [found])
    return found


def forget(connection: Connection, keys: LinkKeys, round_id: bytes, response_id: bytes) -> None:
    """Takes a destroyed response out of an account's row, where it was its own."""
    kept = links.read(connection, keys)
    if response_id in kept:
        links.write(connection, keys, round_id, [other for other in kept if other != response_id])

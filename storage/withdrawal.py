"""Taking a response back: it is destroyed where it lies, and a tombstone says so to bundles and backups (W2).

The mailbag is searched before the final store: a response moves in that direction only, so one that another worker
moves meanwhile is found in the second place.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from storage import links
from storage.intake_keys import LinkKeys, receipt_hash
from storage.running import RunningRounds
from storage.statements import Keep
from storage.tables import mailbag, responses, rounds, tombstones
from storage.values import Verdict

_PLACES = (mailbag, responses)
_bury = Keep(tombstones)
_all_rounds = select(rounds.c.id)


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


def asked(
    connection: Connection, running: RunningRounds, verdict: Verdict, user_id: int, round_id: bytes | None
) -> int:  # fmt: skip
    """Takes back what a verdict says, in the named round or in all; how many responses."""
    withdrawn = 0
    if verdict.withdraw_chat:
        for name, one in running.read(connection).items():
            if round_id in {None, name}:
                link = one.keys.link(user_id)
                running.secrets.tombstones.add(name, links.read(connection, link))
                withdrawn += from_chat(connection, link, name)
    if verdict.withdraw_receipt is not None:
        withdrawn += _by_receipt(connection, running, verdict.withdraw_receipt, user_id)
    return withdrawn


def _by_receipt(connection: Connection, running: RunningRounds, digits: str, user_id: int) -> int:
    for (name,) in connection.execute(_all_rounds).all():
        key = running.secrets.receipt_key(name)
        found = key and from_receipt(connection, key, name, digits)
        if found:
            running.secrets.tombstones.add(name, [found])
            one = running.read(connection).get(name)
            if one is not None:
                forget(connection, one.keys.link(user_id), name, found)
            return 1
    return 0

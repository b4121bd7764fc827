"""Invitations as whoever prints them hands them in, reaching nothing else of a round (F4).

What is handed in is the hash of a code, and how many it lets in; within minutes `storage.admission` lays that under a
key of the round's salt, and then nobody can tell from the database alone whether a slip that somebody holds belongs
here, or was used.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert

from storage.invitation_codes import hashed
from storage.tables import invitations, new_invitations


def offer(connection: Connection, round_id: bytes, codes: Sequence[str], places: int) -> None:
    """Codes that let so many people in each; whoever may do no more than this reads nothing of any other."""
    connection.execute(
        insert(new_invitations), [{"key": hashed(code), "round": round_id, "places": places} for code in codes]
    )  # fmt: skip


def erase(connection: Connection, round_id: bytes) -> None:
    """Destroys all that let people into a round."""
    for table in (invitations, new_invitations):
        connection.execute(delete(table).where(table.c.round == round_id))

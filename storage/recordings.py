"""Recordings: frozen with their round, and found by what they hold.

A round's consultation names each by its SHA-256, so what is heard is frozen by the hash that freezes what is read. What
a messenger calls one (`storage.uploads`) goes with the last round that holds it.
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, delete, insert, select

from flows import prompts
from storage.database import reading
from storage.errors import StorageRefused
from storage.tables import recordings, uploads


def put(connection: Connection, round_id: bytes, sounds: Mapping[bytes, bytes]) -> None:
    """Keeps the recordings of a round, by their SHA-256."""
    rows = [{"round": round_id, "digest": digest, "sound": sound} for digest, sound in sounds.items()]
    if rows:
        connection.execute(insert(recordings), rows)


def get(engine: Engine, round_id: bytes, digest: bytes) -> bytes:
    """A recording of a round. Blocks. Raises StorageRefused `no-such-recording`, also where it was altered."""
    wanted = select(recordings.c.sound).where(recordings.c.round == round_id, recordings.c.digest == digest)
    with reading(engine) as connection:
        sound = connection.execute(wanted).scalar()
    if sound is None or hashlib.sha256(sound).digest() != digest:
        raise StorageRefused("no-such-recording")
    return bytes(sound)


def of_round(engine: Engine, round_id: bytes) -> prompts.Fetch:
    """Brings a round's recordings by the names that its consultation has for them. Blocks."""

    def fetch(name: str) -> bytes | None:
        held = prompts.digest(name)
        try:
            return None if held is None else get(engine, round_id, held)
        except StorageRefused:
            return None

    return fetch


def forget_uploads(connection: Connection) -> None:
    """Forgets what a messenger calls recordings that no round holds any more."""
    connection.execute(delete(uploads).where(uploads.c.digest.not_in(select(recordings.c.digest))))

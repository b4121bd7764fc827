"""Recordings: frozen with their round, found by what they hold, and sent to a messenger once.

A round's consultation names each by its SHA-256, so what is heard is frozen by the hash that freezes what is read. What
a messenger calls a recording it has been given (`file_id`) holds for one bot and says nothing of anybody: who has heard
it stands in no table. It goes with the last round that holds the recording.
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from flows import prompts
from storage.database import reading
from storage.errors import StorageRefused
from storage.statements import Put
from storage.tables import recordings, uploads
from storage.writer import Writer

_put_upload = Put(uploads)
_upload = select(uploads.c.file_id).where(
    uploads.c.bot == bindparam("this_bot"), uploads.c.digest == bindparam("this")
)  # fmt: skip
_forget = delete(uploads).where(
    uploads.c.bot == bindparam("this_bot"), uploads.c.digest == bindparam("this"), uploads.c.file_id == bindparam("old")
)


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


class Uploads:
    """What one bot's messenger calls the recordings it has been given."""

    def __init__(self, writer: Writer, bot_id: int) -> None:
        self._writer, self._bot = writer, bot_id

    def get(self, digest: bytes) -> str | None:
        """The name of a recording there; None where it was never sent. Blocks."""
        with reading(self._writer.engine) as connection:
            found: str | None = connection.execute(_upload, {"this_bot": self._bot, "this": digest}).scalar()
        return found

    async def keep(self, digest: bytes, file_id: str) -> None:
        """Remembers the name."""
        await self._writer.do(lambda connection: _put_upload(
            connection, bot=self._bot, digest=digest, file_id=file_id
        ))  # fmt: skip

    async def forget(self, digest: bytes, file_id: str) -> None:
        """Forgets a name that is good for nothing any more, unless another process knows a newer one."""
        values = {"this_bot": self._bot, "this": digest, "old": file_id}

        def work(connection: Connection) -> None:
            connection.execute(_forget, values)

        await self._writer.do(work)

"""What a messenger calls the recordings it has been given, so that each is sent to it once.

A name there (`file_id`) holds for one bot and says nothing of anybody: who has heard a recording stands in no table.
"""

from sqlalchemy import Connection, bindparam, delete, select

from storage.database import reading
from storage.statements import Put
from storage.tables import uploads
from storage.writer import Writer

_put_upload = Put(uploads)
_upload = select(uploads.c.file_id).where(
    uploads.c.bot == bindparam("this_bot"), uploads.c.digest == bindparam("this")
)  # fmt: skip
_forget = delete(uploads).where(
    uploads.c.bot == bindparam("this_bot"), uploads.c.digest == bindparam("this"), uploads.c.file_id == bindparam("old")
)


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

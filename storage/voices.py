"""One voice at a time in each chat, among many processes.

Two processes that answer one person send their cards at the same moment, and the line decides which comes last: a card
of a minute ago would stay on screen, and words typed under it would count for the question of now. So whoever changes
a card holds a lock for it on PostgreSQL. It belongs to a connection of its own and dies with the process. It is held
for one call only, and nobody waits for it for long: a card out of order is better than none.

SQLite is for one process that speaks, and has no such lock.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import TextClause

PATIENCE = 10.0
"""Seconds that one voice waits for another."""
PAUSE = 0.02
"""Seconds between two tries."""
_TAKE = text("SELECT pg_try_advisory_lock(:key)")
_LEAVE = text("SELECT pg_advisory_unlock(:key)")


def several(engine: Engine) -> "Voices | None":
    """What many processes on this database take turns by; None where there is only one."""
    return Voices(engine) if engine.dialect.name == "postgresql" else None


class Voices:
    """The locks of one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, "sauti-voices")

    @asynccontextmanager
    async def turn(self, lock: bytes) -> AsyncIterator[None]:
        """Nobody else is in a turn with an equal lock, unless waiting for it took too long or the database is away."""
        # The writer's locks of persons are made of the first eight bytes; these must not meet them.
        key = int.from_bytes(lock[8:16], "big") >> 1
        taken = await self._taken(key)
        try:
            yield
        finally:
            if taken:
                await self._ask(_LEAVE, key)

    async def _taken(self, key: int) -> bool:
        loop = asyncio.get_running_loop()
        ends = loop.time() + PATIENCE
        while True:
            free = await self._ask(_TAKE, key)
            if free is not False or loop.time() > ends:
                return free is True
            await asyncio.sleep(PAUSE)

    async def _ask(self, statement: TextClause, key: int) -> bool | None:
        """What the database says; None where it does not answer."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, statement, key)

    def _answer(self, statement: TextClause, key: int) -> bool | None:
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                # Out of the pool: in it, locks would go on to whoever is given this connection next.
                self._connection.detach()
            return bool(self._connection.execute(statement, {"key": key}).scalar())
        except SQLAlchemyError:
            self._forget()
            return None

    def _forget(self) -> None:
        """Ends the connection, and with it every lock of this process."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()

    def close(self) -> None:
        """Lets everything go."""
        self._thread.submit(self._forget)
        self._thread.shutdown()

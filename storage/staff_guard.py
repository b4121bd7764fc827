"""What the staff bot's process may touch of the database, held by the database itself.

On PostgreSQL, a role that the operator has made is granted this and nothing else; the check that it owns and may do
nothing besides is made here, too. SQLite has no roles: there each connection of the process carries an authorizer,
which refuses when a statement is prepared, by table and column. That stops mistakes and whatever reaches our own
connection; it is no wall against somebody who may read the file, so where that matters, take PostgreSQL.
"""

import re
import sqlite3
from typing import Any, Final

from sqlalchemy import Engine, event, text

from storage import work_log
from storage.database import writing
from storage.errors import StorageRefused

MAY: Final = {
    "alembic_version": ("SELECT",),
    "rounds": ("SELECT", "UPDATE"),
    "recordings": ("SELECT",),
    "staff_participation": ("SELECT",),
    "due": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "new_invitations": ("INSERT",),
    "watched": ("SELECT", "INSERT", "UPDATE"),
    "work_log": ("INSERT",),
    "work_log_end": ("SELECT",),
    "staff": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "staff_offers": ("SELECT", "DELETE"),
    "staff_messages": ("SELECT", "INSERT", "DELETE"),
    "staff_sent": ("SELECT", "INSERT", "UPDATE", "DELETE"),
}
"""Table or view → what this process does with it."""
CHANGES: Final = ("state", "opened_week", "closed_week", "referrals")
"""The columns of `rounds` that may be changed: a round's life, and where help can be found."""
PLANS: Final = ("round-opens", "round-closes")
"""The jobs of `due` that are rounds' (`rounds.moving`); the others are about conversations."""
_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_TRUSTED: Final = text(
    "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls) AND NOT EXISTS "
    "(SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = :role"
)
_NARROW: Final = ("rounds", "UPDATE")
_OWN: Final = " OR ".join(f"job = '{job}'" for job in PLANS)
_ROWS: Final = (
    "ALTER TABLE due ENABLE ROW LEVEL SECURITY",
    "DROP POLICY IF EXISTS staff_due ON due",
    f'CREATE POLICY staff_due ON due TO "{{role}}" USING ({_OWN}) WITH CHECK ({_OWN})',
)
"""Whoever owns the tables, as `sauti bot` and the operator do, is not held to policies."""
_STATEMENTS: Final = {
    sqlite3.SQLITE_READ: "SELECT",
    sqlite3.SQLITE_INSERT: "INSERT",
    sqlite3.SQLITE_UPDATE: "UPDATE",
    sqlite3.SQLITE_DELETE: "DELETE",
}
_HARMLESS: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_PRAGMA}
)


def grant(engine: Engine, role: str) -> None:
    """Takes everything from a role that was made for the staff bot, and grants it what the bot needs. Safe to repeat.

    Raises:
        StorageRefused: `no-roles-here` on SQLite; `bad-role` for one that is not there, or may do too much already.
    """
    if engine.dialect.name != "postgresql":
        raise StorageRefused("no-roles-here")
    with writing(engine, alone=True) as connection:
        if not _ROLE.fullmatch(role) or connection.execute(_TRUSTED, {"role": role}).scalar() is not True:
            raise StorageRefused("bad-role")
        connection.execute(text(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"'))
        for name, verbs in MAY.items():
            granted = [f"UPDATE ({', '.join(CHANGES)})" if (name, one) == _NARROW else one for one in verbs]
            connection.execute(text(f'GRANT {", ".join(granted)} ON {name} TO "{role}"'))
        for statement in _ROWS:
            connection.execute(text(statement.format(role=role)))
        work_log.note(connection, work_log.OFFICE, "staff-grant", role)


def guarded(engine: Engine) -> Engine:
    """The engine, whose SQLite connections refuse what the role would be refused on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _guard)
    return engine


def _guard(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.set_authorizer(allowed)


def allowed(action: int, first: str | None, second: str | None, _database: str | None, through: str | None) -> int:
    """SQLite's question before it prepares a statement (sqlite.org/c3ref/set_authorizer); the view reads its table."""
    verb = _STATEMENTS.get(action)
    known = first is not None and verb in MAY.get(first, ())
    narrow = (first, verb) == _NARROW and second not in CHANGES
    fine = action in _HARMLESS or through in _VIEWS or (known and not narrow)
    return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY


_VIEWS: Final = ("staff_participation", "work_log_end")

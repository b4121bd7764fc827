"""Statements of the busiest path: written with SQLAlchemy, compiled once, run on the driver itself.

A turn is six small statements. SQLAlchemy's own execution costs ten times what SQLite needs to carry one out (measured:
35 to 50 µs against 3), and on the writer thread that is the whole time of a turn. What is compiled here is the same
SQL, with the same parameters, in the same transaction. Errors of the driver become ours and lose their words.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from storage.errors import StorageRefused, StorageUnavailable

Values = Mapping[str, object]
Arrange = Callable[[Values], Values | tuple[object, ...]]
LENGTHS = (2, 8, 32, 128)
"""Keys that one statement may be about: few texts, so that both drivers keep all of them prepared."""


class Statement:
    """One statement with named parameters, the same on both databases or given for each."""

    def __init__(self, same: ClauseElement | None = None, **by_dialect: ClauseElement) -> None:
        self._same = same
        self._by_dialect = by_dialect
        self._compiled: dict[str, tuple[str, Arrange]] = {}

    def run(self, connection: Connection, **values: object) -> Any:  # noqa: ANN401 - the driver's own cursor
        """Runs it once; the driver's cursor, for `fetchone`, `fetchall` and `rowcount`.

        Raises:
            StorageRefused: `database-refused`; the rest of the transaction is whole.
            StorageUnavailable: the transaction is lost.
        """
        text, arranged = self._for(connection.dialect)
        return _guarded(connection, "execute", text, arranged(values))

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Runs it for each of `rows`, if there are any; raises as `run` does."""
        if not rows:
            return
        text, arranged = self._for(connection.dialect)
        _guarded(connection, "executemany", text, list(map(arranged, rows)))

    def _for(self, dialect: Dialect) -> tuple[str, Arrange]:
        if dialect.name not in self._compiled:
            statement = self._same if self._same is not None else self._by_dialect[dialect.name]
            compiled: Any = statement.compile(dialect=dialect)
            self._compiled[dialect.name] = (str(compiled), _arranging(compiled.positiontup))
        return self._compiled[dialect.name]


class Listed:
    """A SELECT of rows by their keys, however many: written for some lengths, and filled up with the last key."""

    def __init__(self, write: Callable[[Sequence[BindParameter[bytes]]], ClauseElement]) -> None:
        self._names = [f"key{place}" for place in range(LENGTHS[-1])]
        self._of = {
            length: Statement(write([bindparam(name) for name in self._names[:length]])) for length in LENGTHS
        }  # fmt: skip

    def rows(self, connection: Connection, keys: Sequence[bytes]) -> list[Any]:
        """The rows that are there, each once, in any order; raises as `Statement.run` does."""
        found = []
        for start in range(0, len(keys), LENGTHS[-1]):
            part = [*keys[start : start + LENGTHS[-1]]]
            length = next(length for length in LENGTHS if length >= len(part))
            part += part[-1:] * (length - len(part))
            found += self._of[length].run(connection, **dict(zip(self._names, part, strict=False))).fetchall()
        return found


def _arranging(order: Sequence[str] | None) -> Arrange:
    """What puts parameters as the driver wants them: by position, or by name where `order` is None."""
    if order is None:
        return lambda values: values
    if len(order) < 2:  # noqa: PLR2004 - of one name, itemgetter gives no tuple
        return lambda values: tuple([values[name] for name in order])
    return itemgetter(*order)


def _guarded(connection: Connection, method: str, text: str, parameters: object) -> Any:  # noqa: ANN401 - as `run`
    driver: Any = connection.dialect.loaded_dbapi
    raw: Any = connection.connection.driver_connection
    cursor = raw.cursor()
    try:
        getattr(cursor, method)(text, parameters)
    except (driver.IntegrityError, driver.DataError, driver.ProgrammingError):
        raise StorageRefused("database-refused") from None
    except driver.Error:
        raise StorageUnavailable from None
    return cursor


def mark(connection: Connection, text: str) -> None:
    """Runs a statement without parameters or rows, such as SAVEPOINT. Raises as `Statement.run` does."""
    _guarded(connection, "execute", text, ())


class Keep:
    """An INSERT that does nothing where the key is taken already."""

    def __init__(self, table: Table) -> None:
        self._statement = Statement(
            sqlite=sqlite.insert(table).on_conflict_do_nothing(),
            postgresql=postgresql.insert(table).on_conflict_do_nothing(),
        )

    def __call__(self, connection: Connection, **values: object) -> bool:
        """Whether the row is new."""
        return bool(self._statement.run(connection, **values).rowcount > 0)


class Put:
    """An INSERT that replaces the row where the key is taken already."""

    def __init__(self, table: Table) -> None:
        key = [column.name for column in table.primary_key]
        rest = [column.name for column in table.columns if column.name not in key]
        lite, post = sqlite.insert(table), postgresql.insert(table)
        self._statement = Statement(
            sqlite=lite.on_conflict_do_update(index_elements=key, set_={n: lite.excluded[n] for n in rest}),
            postgresql=post.on_conflict_do_update(
                index_elements=key, set_={name: post.excluded[name] for name in rest}
            ),
        )

    def __call__(self, connection: Connection, **values: object) -> None:
        """Stores the row."""
        self._statement.run(connection, **values)

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Stores each of `rows`, if there are any."""
        self._statement.run_each(connection, rows)

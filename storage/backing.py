"""What a backup holds, and putting it back: sealed answers and what frames them, and no way to anybody (D7).

Tables are named one by one, so that a new one is in no backup until somebody has thought about it. Not among them are
drafts, links, sweep box, contact box, skip list, update tags, uploads and the mailbag: two backups on either side of an
answer in the mailbag would show that answer alone. So up to nine responses of a running round are in no backup yet.

Putting it back forgets at once, in the same transaction, what was withdrawn or destroyed since: no process can ever see
it. What says so lies in the folder of secrets, which is in no backup.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, LargeBinary, MetaData, Table, exists, insert, inspect, select

from flows.model import canonical
from storage.database import reading, writing
from storage.envelope.errors import NotABackup
from storage.errors import StorageRefused
from storage.migrations import NEWEST, migrate
from storage.rounds import ENDED, RUNNING, RoundState
from storage.secrets import Secrets
from storage.tables import destroyed, exported, participation, recordings, responses, rounds, tombstones
from storage.times import iso_week

HELD: Final = (rounds, destroyed, exported, tombstones, participation, recordings, responses)
"""In the order in which they can be put back."""
_AT_ONCE: Final = 100
Row = dict[str, Any]


@dataclass(slots=True)
class Restored:
    """What was put back, and what was not because it had been taken back or destroyed since."""

    rounds: int = 0
    responses: int = 0
    forgotten: int = 0
    """Responses that were withdrawn since."""
    destroyed: int = 0
    """Rounds that were destroyed since."""
    closed: int = 0
    """Rounds that were running and whose salts are gone: nobody could go on with them."""


def lines(engine: Engine) -> Iterator[bytes]:
    """A backup of a database as it is at one moment, each line with its line feed.

    Raises:
        StorageUnavailable: the database did not answer; what came so far is no backup.
    """
    with reading(engine, snapshot=True) as connection:
        yield canonical({"revision": NEWEST}) + b"\n"
        for table in HELD:
            # By key, which is random or means nothing: neither place nor order of a row says when it came.
            wanted = select(table).order_by(*table.primary_key.columns)
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(wanted):
                yield canonical([table.name, _written(row._asdict())]) + b"\n"
        yield canonical({"end": True}) + b"\n"


def public_keys(engine: Engine) -> frozenset[bytes]:
    """Every key that a backup must not be sealed to: those of answers and of contact boxes."""
    with reading(engine) as connection:
        found = connection.execute(select(rounds.c.public_key, rounds.c.notification_key)).all()
    return frozenset(key for row in found for key in row if key is not None)


def restore(engine: Engine, secrets: Secrets, given: Iterable[bytes], now: datetime) -> Restored:
    """Puts a backup into an empty database, without what was withdrawn or destroyed since; all of it or nothing.

    Rounds that were running rest until somebody looks at them; those whose salt is gone are closed, because nobody's
    conversation can be found again. What was planned is to be planned again.

    Raises:
        NotABackup: a line that no backup has, or the last one is missing.
        StorageRefused: `not-empty`; `no-register`; `newer-backup`; `bad-tombstones`.
        StorageUnavailable: the database did not keep it.
    """
    if not secrets.used():
        raise StorageRefused("no-register")
    ahead = iter(given)
    revision = _revision(next(ahead, b""))
    migrate(engine, revision)
    with writing(engine, alone=True) as connection:
        work = _Restoring(connection, secrets, now)
        work.all(ahead)
    migrate(engine)
    return work.done


def _revision(line: bytes) -> str:
    said = _read(line)
    revision = said.get("revision") if isinstance(said, dict) else None
    if not isinstance(revision, str):
        raise NotABackup
    if revision > NEWEST:
        raise StorageRefused("newer-backup")
    return revision


@dataclass(slots=True)
class _Restoring:
    """One restore, within its transaction."""

    connection: Connection
    secrets: Secrets
    now: datetime
    done: Restored = field(default_factory=Restored)
    _tables: dict[str, Table] = field(default_factory=dict)
    _waiting: list[Row] = field(default_factory=list)
    _into: str = ""
    _gone: set[bytes] = field(default_factory=set)
    """Rounds that were destroyed since."""

    def all(self, given: Iterator[bytes]) -> None:
        """Every line up to the last."""
        self._prepare()
        buried = self.secrets.tombstones.read()
        known = {"rounds": self._round, "destroyed": self._destroyed, "responses": self._response(buried)}
        for line in given:
            said = _read(line)
            if said == {"end": True}:
                self._flush()
                self._bury(buried)
                return
            name, row = self._row(said)
            kept = self._of_round(name, known.get(name, _as_it_is), row)
            if kept is not None:
                self._put(name, kept)
        raise NotABackup

    def _prepare(self) -> None:
        known = set(inspect(self.connection).get_table_names())
        for name in (table.name for table in HELD if table.name in known):
            self._tables[name] = Table(name, MetaData(), autoload_with=self.connection)
        for name in ("rounds", "destroyed"):
            if self.connection.execute(select(exists(select(self._tables[name])))).scalar():
                raise StorageRefused("not-empty")

    def _row(self, said: object) -> tuple[str, Row]:
        match said:
            case [str(name), dict(row)] if name in self._tables:
                return name, _unwritten(self._tables[name], row)
        raise NotABackup

    def _of_round(self, name: str, judge: Callable[[Row], Row | None], row: Row) -> Row | None:
        # The register of bundles outlives its round: without it, a round could be called destroyed while bundles exist.
        return None if name != exported.name and row.get("round") in self._gone else judge(row)

    def _round(self, row: Row) -> Row | None:
        if self.secrets.destroyed(row["id"]):
            self._gone.add(row["id"])
            self.done.destroyed += 1
            gone: Row = {name: row[name] for name in ("id", "code", "shares", "threshold", "custody") if name in row}
            self.connection.execute(insert(self._tables["destroyed"]), {**gone, "week": iso_week(self.now)})
            return None
        self.done.rounds += 1
        return row | self._rests(row)

    def _rests(self, row: Row) -> Row:
        state = RoundState(row["state"])
        if state is RoundState.SCHEDULED:
            return {"state": RoundState.CHECKED.value}
        if state not in RUNNING:
            return {}
        if self.secrets.salt(row["id"]) is not None:
            return {"state": RoundState.PAUSED.value}
        self.done.closed += 1
        return {"state": ENDED[0].value, "closed_week": iso_week(self.now)}

    def _destroyed(self, row: Row) -> Row:
        # The folder may be an older one than the backup: what either of them knows to be gone is gone.
        self.secrets.destroy_round(row["id"])
        return row

    def _response(self, buried: frozenset[tuple[bytes, bytes]]) -> Callable[[Row], Row | None]:
        def judge(row: Row) -> Row | None:
            if (row["round"], row["response_id"]) in buried:
                self.done.forgotten += 1
                return None
            self.done.responses += 1
            return row

        return judge

    def _bury(self, buried: frozenset[tuple[bytes, bytes]]) -> None:
        """Tombstones: those of the folder into the database, those of the backup into the folder."""
        table = self._tables["tombstones"]
        known = {tuple(row) for row in self.connection.execute(select(table.c.round, table.c.response_id)).all()}
        rows = set(self.connection.execute(select(self._tables["rounds"].c.id)).scalars())
        for of, response in sorted(buried - known):
            if of in rows:
                self.connection.execute(insert(table), {"round": of, "response_id": response})
        for of in rows:
            self.secrets.tombstones.add(of, [response for round_id, response in known if round_id == of])

    def _put(self, name: str, row: Row) -> None:
        if name != self._into or len(self._waiting) >= _AT_ONCE:
            self._flush()
        self._into = name
        self._waiting.append(row)

    def _flush(self) -> None:
        if self._waiting:
            self.connection.execute(insert(self._tables[self._into]), self._waiting)
        self._waiting = []


def _as_it_is(row: Row) -> Row:
    return row


def _read(line: bytes) -> object:
    try:
        said: object = json.loads(line)
    except (ValueError, RecursionError):
        raise NotABackup from None
    return said


def _written(row: Mapping[str, Any]) -> Row:
    return {name: b64encode(value).decode() if isinstance(value, bytes) else value for name, value in row.items()}


def _unwritten(table: Table, row: Mapping[str, Any]) -> Row:
    """A row of the database of that time. Raises NotABackup where it has other columns, or no bytes for bytes."""
    if set(row) != set(table.c.keys()):
        raise NotABackup
    try:
        return {
            name: b64decode(value, validate=True) if _bytes(table, name) and value is not None else value
            for name, value in row.items()
        }
    except (ValueError, TypeError):
        raise NotABackup from None


def _bytes(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, LargeBinary)

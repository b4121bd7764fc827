"""The one writer: a thread that stores what many conversations said with one fsync.

Work that arrives while a commit is under way waits and goes with the next one: no timer, no fixed batch size. What one
pass of an event loop brings comes as a whole, because the thread is called at its end (`storage.tray`). All that
waits is tried together first, so that its rows are read and written by a few statements for everybody. Where one work
fails, nothing of that try is kept, and the same works run once more one after the other, each in its own SAVEPOINT, so
that one that fails takes nothing else with it. A future resolves only after COMMIT; until then nobody may be told that
anything was received. When the commit fails, or the connection is lost so that nobody knows, every work of the batch
fails as `StorageUnavailable`, and what was kept is found out by giving the same update again.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.batch import Batch, Shared
from storage.database import OF_ONE_STATEMENT, open_for_writing, take_locks
from storage.errors import StorageRefused, StorageUnavailable
from storage.statements import mark
from storage.tray import Tray
from storage.waiting import Answer, Waiting

T = TypeVar("T")
Work = Callable[[Connection], T]
Named = Callable[[], bytes]
"""What gives a lock's name, asked where there are several who write and nowhere else: it is a keyed hash each time."""

BATCH = 128
"""Works that share a commit at most, so that the first of them does not wait long for the last."""
WAITING = 4_096
"""Works that may wait; beyond that, callers are told to come back."""


class _Apart(Generic[T]):
    """A work that shares nothing but the transaction."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work

    def ahead(self, batch: Batch) -> None:
        """Nothing can be said ahead."""

    def run(self, batch: Batch) -> T:
        """Does it."""
        return self._work(batch.connection)

    def stored(self) -> None:
        """Nothing follows from it."""


@dataclass(slots=True)
class _Task(Generic[T]):
    work: Shared[T]
    lock: Named | None
    alone: bool
    future: Future[T] | Answer[T]


@dataclass(slots=True)
class _Outcome:
    task: _Task[Any]
    result: object = None
    error: Exception | None = None

    def tell(self) -> None:
        if self.error is None:
            self.task.work.stored()
            self.task.future.set_result(self.result)
        else:
            self.task.future.set_exception(self.error)


class Writer:
    """Stores works in batches, on one connection of `engine`, until `close`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.waiting = Waiting()
        self._tray = Tray[_Task[Any]]()
        self._connection: Connection | None = None
        self._closing = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name="sauti-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], lock: Named | None = None) -> Future[T]:
        """Queues `work`, which runs once in a transaction; its future resolves after that has been committed.

        Args:
            work: may only touch the database; what it raises reaches its own future, and nothing of it is kept. It
                may be tried twice, and comes before those works of its batch that share their rows.
            lock: works whose locks give equal bytes never run at the same time, in whatever process.

        Raises:
            StorageUnavailable: `busy` or `closed`; the work was not taken.
        """
        future = Future[T]()
        self._take(_Task(_Apart(work), lock, alone=False, future=future))
        self._tray.call()
        return future

    def _take(self, task: _Task[T]) -> None:
        with self._closing:
            if self._closed:
                raise StorageUnavailable("closed")
            if len(self._tray) >= WAITING:
                raise StorageUnavailable("busy")
            self._tray.put(task)

    async def do(self, work: Work[T], lock: Named | None = None, *, alone: bool = False) -> T:
        """What `work` gives, once it is committed; arguments and errors as for `submit`.

        With `alone`, no other writing transaction of the database runs at the same time.
        """
        answer = Answer[T](self.waiting)
        self._take(_Task(_Apart(work), lock, alone, answer))
        self._tray.call_soon()
        return await answer.get()

    async def share(self, work: Shared[T], lock: Named | None = None) -> T:
        """The same for a work that reads and writes together with others."""
        answer = Answer[T](self.waiting)
        self._take(_Task(work, lock, alone=False, future=answer))
        self._tray.call_soon()
        return await answer.get()

    def close(self) -> None:
        """Stores what is waiting, then ends the thread and its connection. May be called twice."""
        with self._closing:
            self._closed = True
            self._tray.close()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._tray.take(BATCH):
            self._store([task for task in batch if task.future.set_running_or_notify_cancel()])
        self._forget()

    def _store(self, tasks: list[_Task[Any]]) -> None:
        if not tasks:
            return
        try:
            outcomes = self._transact(tasks)
        except Exception:  # noqa: BLE001 - whatever it was, somebody waits, and the thread must live
            self._forget()
            outcomes = [_Outcome(task, error=StorageUnavailable()) for task in tasks]
        for outcome in outcomes:
            outcome.tell()
        self.waiting.wake()

    def _transact(self, tasks: list[_Task[Any]]) -> list[_Outcome]:
        connection = self._begin(tasks)
        outcomes = _together(connection, tasks) if len(tasks) > 1 else None
        if outcomes is None:
            if len(tasks) > 1:
                connection.rollback()
                connection = self._begin(tasks)
            outcomes = [_attempt(connection, task) for task in tasks]
        connection.commit()
        return outcomes

    def _begin(self, tasks: list[_Task[Any]]) -> Connection:
        """A connection in a fresh transaction that holds all locks of the batch.

        A connection that died while nothing was under way is replaced here, once: no work has run yet.
        """
        try:
            return self._locked(tasks)
        except DBAPIError as lost:
            self._forget()
            if not lost.connection_invalidated:
                raise
            return self._locked(tasks)

    def _locked(self, tasks: list[_Task[Any]]) -> Connection:
        connection = self._connection = self._connection or open_for_writing(self.engine)
        connection.begin()
        take_locks(connection, _keys(task.lock for task in tasks), alone=any(task.alone for task in tasks))
        return connection

    def _forget(self) -> None:
        """Throws the connection away, and with it whatever its transaction did."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.invalidate()
            with contextlib.suppress(SQLAlchemyError):
                connection.close()


def _keys(locks: Iterable[Named | None]) -> Iterator[int]:
    """The 63-bit numbers by which PostgreSQL knows the locks; two that collide only wait for each other needlessly."""
    return (int.from_bytes(lock()[:8], "big") >> 1 for lock in locks if lock is not None)


def _together(connection: Connection, tasks: list[_Task[Any]]) -> list[_Outcome] | None:
    """Runs all works on one batch. Raises SQLAlchemyError or StorageUnavailable where the transaction is lost.

    None where one of them cannot be done, or not beside the others: then the transaction must not be kept.
    """
    # What shares its rows reads them once, and so after all that may change them by itself.
    ordered = sorted(tasks, key=lambda task: not isinstance(task.work, _Apart))
    batch = Batch(connection)
    try:
        for task in ordered:
            task.work.ahead(batch)
        outcomes = [_Outcome(task, result=task.work.run(batch)) for task in ordered]
        batch.write()
    except OF_ONE_STATEMENT:
        return None
    except (SQLAlchemyError, StorageUnavailable):
        raise
    except Exception:  # noqa: BLE001 - whose it is shows when each runs by itself
        return None
    return outcomes


def _attempt(connection: Connection, task: _Task[Any]) -> _Outcome:
    """Runs one work in its SAVEPOINT. Raises SQLAlchemyError or StorageUnavailable where the transaction is lost."""
    mark(connection, "SAVEPOINT work")
    batch = Batch(connection)
    try:
        task.work.ahead(batch)
        outcome = _Outcome(task, result=task.work.run(batch))
        batch.write()
    except OF_ONE_STATEMENT:
        outcome = _Outcome(task, error=StorageRefused("database-refused"))
    except (SQLAlchemyError, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a work raises is its own caller's, and undone
        outcome = _Outcome(task, error=error)
    if outcome.error is not None:
        mark(connection, "ROLLBACK TO SAVEPOINT work")
    mark(connection, "RELEASE SAVEPOINT work")
    return outcome

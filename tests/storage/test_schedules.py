"""Nothing lost, nothing doubled: random schedules of people, failures, restarts and restores, with a referee.

Two workers share one SQLite file. Commits fail before or after they happened, workers die, the file is replaced by an
older copy of itself while stream states live on in memory. The referee is a plain list of what was confirmed.
"""

import asyncio
import copy
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from flows.answers import Said
from storage.database import checkpoint, connect
from storage.errors import StorageUnavailable
from storage.intake import Fate, Turned, Verdict
from storage.migrations import migrate
from storage.sealing import Segment
from storage.writer import Writer
from tests.storage.asked import CONSENTED, ERASE, SEND, START, say, words
from tests.storage.world import Clock, World

USERS = st.integers(1, 3)
WORKERS = st.integers(0, 1)
MOST = 8
"""Things one person says, so that they fit into the response."""


@dataclass
class Referee:
    """What was confirmed to people, and nothing else."""

    drafts: dict[int, list[str]] = field(default_factory=dict)
    """By user: what she has said."""
    sent: dict[int, list[tuple[str, ...]]] = field(default_factory=dict)
    receipts: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    last: int | None = None
    """The last update that was confirmed."""


class Schedules(RuleBasedStateMachine):
    """People, workers and accidents."""

    _template: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sauti-schedules-"))
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.referee = Referee()
        self.update = 0
        self.words = 0
        self.pushed: set[tuple[bytes, int]] = set()
        self.copy: tuple[Path, Referee] | None = None
        self._watch_streams()

    def _watch_streams(self) -> None:
        self._push = push = Segment.push
        pushed = self.pushed

        def watched(segment: Segment, payload: bytes, **flags: bool) -> bytes:
            state = (segment.tag, segment.next_index)
            assert state not in pushed, "a stream state was pushed twice"
            pushed.add(state)
            return push(segment, payload, **flags)

        Segment.push = watched  # type: ignore[method-assign,assignment]  # watched while the machine runs

    @initialize()
    def begin(self) -> None:
        """Two workers on a migrated file, one open round."""
        if Schedules._template is None:
            Schedules._template = Path(tempfile.mkdtemp(prefix="sauti-template-")) / "empty.db"
            engine = connect(f"sqlite:///{Schedules._template}")
            migrate(engine)
            checkpoint(engine)
            engine.dispose()
        self.file = self.folder / "sauti.db"
        shutil.copy(Schedules._template, self.file)
        self.makers = [World.make(f"sqlite:///{self.file}", self.folder / "secrets", self.clock) for _ in range(2)]
        self.workers = [maker.__enter__() for maker in self.makers]
        self.row = self.workers[0].open_round()
        self.workers[1].keys = self.workers[0].keys

    def run(self, turn: Coroutine[Any, Any, Turned]) -> Turned:
        return self.loop.run_until_complete(turn)

    def told(self, worker: int, user: int, verdict: Verdict, *, named: bool = False) -> Turned:
        """Gives an update until it is confirmed, as Telegram does; the confirmed turn."""
        self.update += 1
        for _ in range(5):
            try:
                turned = self.run(
                    self.workers[worker].turn(
                        user, verdict, update=self.update, round_id=self.row.id if named else None
                    )
                )
            except StorageUnavailable:
                continue
            self.referee.last = self.update
            return turned
        raise AssertionError("an update was refused five times")

    def agreed(self, user: int, worker: int) -> list[str]:
        """What she has said since she agreed, which she does now if she had not."""
        if user not in self.referee.drafts:
            self.told(worker, user, START, named=True)
            self.told(worker, user, CONSENTED)
        return self.referee.drafts.setdefault(user, [])

    @rule(user=USERS, worker=WORKERS, long=st.booleans())
    def speak(self, user: int, worker: int, *, long: bool) -> None:
        """She answers."""
        said = self.agreed(user, worker)
        if len(said) < MOST:
            self.words += 1
            text = f"{self.words} " * (40 if long else 1)
            self.told(worker, user, say(words(text)))
            said.append(text)

    @rule(user=USERS, worker=WORKERS)
    def send(self, user: int, worker: int) -> None:
        """She sends; the receipt comes, also when the reply to the first try was lost."""
        said = self.referee.drafts.get(user)
        if said is not None:
            receipt = self.told(worker, user, SEND).receipt
            assert receipt is not None
            self.referee.sent.setdefault(user, []).append(tuple(said))
            self.referee.receipts[receipt] = (user, tuple(said))
            del self.referee.drafts[user]

    @rule(user=USERS, worker=WORKERS)
    def stop(self, user: int, worker: int) -> None:
        """She stops and deletes."""
        self.told(worker, user, ERASE)
        self.referee.drafts.pop(user, None)

    @rule(user=USERS, worker=WORKERS)
    def withdraw(self, user: int, worker: int) -> None:
        """She takes back everything that was sent from her chat."""
        self.told(worker, user, Verdict(Fate.NONE, withdraw_chat=True))
        self.referee.sent.pop(user, None)

    @precondition(lambda self: self.referee.receipts)
    @rule(data=st.data(), worker=WORKERS)
    def withdraw_by_receipt(self, data: st.DataObject, worker: int) -> None:
        """Somebody shows a receipt."""
        receipt = data.draw(st.sampled_from(sorted(self.referee.receipts)))
        user, said = self.referee.receipts.pop(receipt)
        self.told(worker, 99, Verdict(Fate.NONE, withdraw_receipt=receipt))
        if said in self.referee.sent.get(user, []):
            self.referee.sent[user].remove(said)

    @rule(worker=WORKERS, user=USERS)
    def repeat(self, worker: int, user: int) -> None:
        """The last update comes again, to any worker."""
        if self.referee.last is not None:
            again = self.run(self.workers[worker].turn(user, ERASE, update=self.referee.last))
            assert again.repeated

    @rule(worker=WORKERS, happened=st.booleans())
    def next_commit_fails(self, worker: int, *, happened: bool) -> None:
        """The disk or the connection fails at the next commit: before it, or after it where nobody is told."""
        engine = self.workers[worker].engine

        def fail(connection: Connection) -> None:
            event.remove(engine, "commit", fail)
            if happened:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("COMMIT")
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

        event.listen(engine, "commit", fail)
        failing = self.workers[worker].turn(77, Verdict(Fate.NONE))
        try:
            self.run(failing)
        except StorageUnavailable:
            return
        raise AssertionError("a commit that failed was confirmed")

    @rule(worker=WORKERS, happened=st.booleans(), user=USERS)
    def speaking_fails(self, worker: int, user: int, *, happened: bool) -> None:
        """The commit of an answer fails, and the update comes again."""
        engine = self.workers[worker].engine

        def fail(connection: Connection) -> None:
            event.remove(engine, "commit", fail)
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("COMMIT" if happened else "ROLLBACK")
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

        event.listen(engine, "commit", fail)
        self.speak(user=user, worker=worker, long=False)
        if event.contains(engine, "commit", fail):
            event.remove(engine, "commit", fail)

    @rule(worker=WORKERS)
    def restart(self, worker: int) -> None:
        """A worker is killed and started again: whatever it had in memory is gone."""
        self.makers[worker].__exit__(None, None, None)
        self.makers[worker] = World.make(f"sqlite:///{self.file}", self.folder / "secrets", self.clock)
        keys = self.workers[worker].keys
        self.workers[worker] = self.makers[worker].__enter__()
        self.workers[worker].keys = keys

    @rule()
    def back_up(self) -> None:
        """The file is copied."""
        checkpoint(self.workers[0].engine)
        target = self.folder / "copy.db"
        self._with_file_released(lambda: shutil.copy(self.file, target))
        self.copy = (target, copy.deepcopy(self.referee))

    @precondition(lambda self: self.copy is not None)
    @rule()
    def restore(self) -> None:
        """The older copy takes the file's place under workers that still hold newer stream states."""
        assert self.copy is not None
        source, self.referee = self.copy[0], copy.deepcopy(self.copy[1])
        self._with_file_released(lambda: shutil.copy(source, self.file))

    def _with_file_released(self, act: Callable[[], object]) -> None:
        for worker in self.workers:
            worker.writer.close()
            worker.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        act()
        for worker in self.workers:
            worker.writer = worker.intake._writer = Writer(worker.engine)

    @rule(worker=WORKERS)
    def keep_house(self, worker: int) -> None:
        """Housekeeping runs; it ends nobody's conversation before its time."""
        assert self.loop.run_until_complete(self.workers[worker].keep_house()) == ()

    def teardown(self) -> None:
        """Everybody who agreed sends; then what opens is what was confirmed, no more, no less."""
        try:
            for user in list(self.referee.drafts):
                self.send(user=user, worker=0)
            opened = self.workers[0].opened(self.row)
            found = Counter(tuple(_text(answer) for answer in answers) for _, *answers in opened)
            assert found == Counter(said for all_said in self.referee.sent.values() for said in all_said)
            assert len({len(blob) for blob in self.workers[0].blobs(self.row)}) <= 1
        finally:
            Segment.push = self._push  # type: ignore[method-assign]  # given back
            for maker in self.makers:
                maker.__exit__(None, None, None)
            self.loop.close()
            shutil.rmtree(self.folder)


def _text(answer: object) -> str:
    assert isinstance(answer, tuple)
    position, said = answer
    assert position == 1
    assert isinstance(said, Said)
    return said.text


def test_random_schedules_lose_and_double_nothing() -> None:
    """Whatever happens in whatever order, opened responses are what was confirmed; no stream state is used twice.

    Proves: S1, S4, T3, D1
    """
    run_state_machine_as_test(
        Schedules,
        settings=settings(max_examples=25, stateful_step_count=40, suppress_health_check=list(HealthCheck)),
    )

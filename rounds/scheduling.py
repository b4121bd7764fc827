"""Rounds open and close by themselves: what the clock does, in whichever process it runs.

A plan is a row of `due`: its slot is the planned time, and it is taken off in the transaction in which the round moves.
So of any number of processes that try, one moves the round, and one that dies has moved it and taken the plan off, or
neither. A plan whose time passed while nobody looked stands there still: it is carried out late, in the order of the
slots, and marked late. What may not happen yet (the gate finds something missing) stays planned and is tried again,
until the round was to close; then the plan is given up.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rounds import moving
from rounds.clock import Job, Leads
from rounds.gap import Gap
from rounds.gate import GateClosed
from rounds.life import Act, Role, WrongState
from storage import due
from storage.database import writing
from storage.due import Due
from storage.errors import StorageError, StorageRefused
from storage.rounds import RUNNING, RoundRow, RoundState, RoundStore

EVERY: Final = 30.0
"""Seconds between two looks: an opening is at most that late while a leader lives."""
_OVERTAKEN: Final = frozenset({"state-moved-on", "no-such-round"})


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done with a plan whose time had come, or why it was not."""

    round_id: bytes
    act: Act
    late: int
    """Seconds, in whole slots of ten minutes; 0 while it was in time."""
    gaps: tuple[Gap, ...] = ()
    """What kept the round shut; then nothing was moved, and it is tried again."""


Tell = Callable[[Moved], None]
Broken = Callable[[StorageError], None]


class Scheduling:
    """The plans of one database."""

    def __init__(
        self, rounds: RoundStore, bot_api_url: str, clock: Callable[[], datetime], tell: Tell, broken: Broken
    ) -> None:  # fmt: skip
        self._rounds, self._url, self._clock, self._tell, self._broken = rounds, bot_api_url, clock, tell, broken
        self._shut: dict[bytes, tuple[Gap, ...]] = {}

    @property
    def job(self) -> Job:
        """Twice a minute, by whoever leads (`storage.leading.Place.ROUNDS`)."""
        return Job("rounds", EVERY, self._look)

    async def _look(self, leads: Leads) -> None:
        try:
            await asyncio.to_thread(self.once, leads)
        except StorageError as error:
            self._broken(error)

    def once(self, leads: Leads = lambda: True) -> None:
        """Does all whose time has come, for as long as this process `leads`; the others stay planned. Blocks."""
        seconds = int(self._clock().timestamp())
        plans = [plan for job in moving.JOBS for plan in due.passed(self._rounds.engine, job, seconds)]
        for plan in sorted(plans, key=lambda one: (one.slot, moving.JOBS.index(one.job))):
            if not leads():
                return
            moved = self._done(plan)
            if moved is not None and self._news(moved):
                self._tell(moved)

    def _news(self, moved: Moved) -> bool:
        """Whether this was not told before: a round that stays shut is told of once for each thing that it lacks."""
        before = self._shut.pop(moved.round_id, ())
        if moved.gaps:
            self._shut[moved.round_id] = moved.gaps
        return not moved.gaps or moved.gaps != before

    def _done(self, plan: Due) -> Moved | None:
        """What became of a plan; None where others did it, or nothing is left to do."""
        now = self._clock()
        late = plan.late(int(now.timestamp()))
        try:
            row = self._rounds.get(plan.subject)
            act = self._act(row, plan, now)
        except GateClosed as shut:
            return Moved(plan.subject, Act.OPEN, late, shut.gaps)
        except WrongState:
            return None
        except StorageRefused as error:
            # Somebody was quicker, or moved the round by hand meanwhile: what stands there now is looked at next time.
            if error.code not in _OVERTAKEN:
                self._broken(error)
            return None
        return None if act is None else Moved(plan.subject, act, late)

    def _act(self, row: RoundRow, plan: Due, now: datetime) -> Act | None:
        if plan.job == moving.OPENS and row.state is RoundState.SCHEDULED:
            moving.open_(self._rounds, row, by=Role.CLOCK, bot_api_url=self._url, now=now, slot=plan)
            return Act.OPEN
        if plan.job == moving.CLOSES and row.state in RUNNING:
            moving.close(self._rounds, row, by=Role.CLOCK, now=now, slot=plan)
            return Act.CLOSE
        if plan.job == moving.CLOSES and row.state is RoundState.SCHEDULED:
            moving.unschedule(self._rounds, row, by=Role.CLOCK, slot=plan)
            return Act.UNSCHEDULE
        with writing(self._rounds.engine) as connection:
            # Of no use to a round in this state; no way leads here but a database that was edited or restored.
            due.claim(connection, plan)
        return None

"""Reminders through restarts, jumping clocks, changes of the hour and two leaders at once, beside a slow referee.

Everything is real but Telegram and time: two processes on one database, whoever takes an update or leads is drawn, and
each may die between looking and acting. The referee knows when she spoke last and what she wished then, and works out
by `tests.rounds.test_reminders.referee` when she may be reminded; the chat must agree after every look.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.participant import texts
from flows.events import Control
from storage.batch import Batch
from storage.database import connect, reading
from storage.drafts import StoredDraft
from storage.migrations import migrate
from storage.rounds import Record, RoundRow
from storage.tables import due
from tests.bot.talk import Talk, conversation
from tests.rounds.test_reminders import CHANGES, _night, referee
from tests.storage.world import World

REMIND = texts.CONTROLS[Control.REMIND].text
PLACES = ("Europe/Kyiv", "Asia/Gaza", "America/Bogota", "Asia/Kathmandu")
Step = str | tuple[str, float] | tuple[str, str]
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.sampled_from(
            ("asks", "asks", "asks", "goes on", "hides", "returns", "stops", "rests", "expires", "restarts")
        ),
        st.tuples(st.just("passes"), st.sampled_from((0.2, 0.6, 1, 3, 8, 11, 20, 22, 23.5, 23.9))),
        st.tuples(st.just("jumps"), st.sampled_from((-20, -3, -1, -0.2, 5, 26))),
        st.tuples(st.just("looks"), st.sampled_from(("one", "two", "both", "dies"))),
    ),
    min_size=4,
    max_size=22,
)


@lru_cache(maxsize=1)
def _migrated() -> Path:
    """A migrated file to copy."""
    path = Path(tempfile.mkdtemp(), "sauti.db")
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@dataclass
class Play:
    """One person, two processes; `planned` is what the referee expects, `sent` what came."""

    processes: list[World]
    talks: list[Talk]
    row: RoundRow
    zone: str
    minutes: int
    planned: int | None = None
    sent: int = 0
    taker: int = 0

    @property
    def talk(self) -> Talk:
        """The chat, through whichever process is next."""
        self.taker ^= 1
        return self.talks[self.taker]

    @property
    def now(self) -> datetime:
        return self.processes[0].clock()

    def draft(self) -> StoredDraft | None:
        """Her conversation as it is stored, if it is not over."""
        world = self.processes[0]
        with reading(world.engine) as connection:
            running = world.intake._tools.running.read(connection)[self.row.id]
            batch = Batch(connection)
            found = batch.load(batch.expect(running.keys, self.talks[0].user))
        alive = [one for one in found if one.expires > self.now.timestamp()]
        return max(alive, key=lambda one: one.turn, default=None)

    async def spoke(self) -> None:
        """After a word of hers: what the referee expects from now on."""
        draft = self.draft()
        wished = draft is not None and draft.session.remind and not draft.session.reminded
        self.planned = referee(self.now, self.minutes, self.row.conditions) if wished else None

    async def asks(self) -> None:
        await self.at_work()
        await self.talk.type("/pause")
        if REMIND in "".join(self.talk.card.labels):
            await self.talk.press(REMIND)

    async def at_work(self) -> None:
        """In a conversation, with consent and not hidden."""
        draft = self.draft()
        if draft is None or draft.response_id is None:
            await self.talk.begin(self.row.code)
            await self.talk.consent()
        elif draft.session.veiled is not None:
            await self.returns()

    async def returns(self) -> None:
        draft = self.draft()
        await self.talk.type(f"/start {self.row.code}")
        if draft is not None and draft.session.veiled is not None:
            await self.talk.press("English")
            await self.talk.press("Yes")

    async def rests(self) -> None:
        for one in await self.processes[0].intake.resting():
            outcome = await self.talks[0].conversation.rest(one)
            if outcome is not None:
                await self.talks[0].show(outcome)

    async def looks(self, who: str) -> None:
        """The leader, both, or one that dies between looking and acting, look for what is due and act on it."""
        draft, awake = self.draft(), not _night(int(self.now.timestamp()), self.row.conditions)
        passed = self.planned is not None and self.planned <= self.now.timestamp()
        expected = int(passed and awake and draft is not None and draft.hidden)
        leaders = {"one": (0,), "two": (1,), "both": (0, 1), "dies": (1,)}[who]
        seen = [(self.talks[each], await self.processes[each].intake.reminders()) for each in leaders]
        came = 0
        for talk, found in seen if who != "dies" else ():
            for one in found:
                outcome = await talk.conversation.remind(one)
                if outcome is not None:
                    came += 1
                    await talk.show(outcome)
        assert all(bool(found) or not expected for _, found in seen)
        assert came == (0 if who == "dies" else expected)
        if came:
            self.planned, self.sent = None, self.sent + 1
            after = self.draft()
            assert after is not None
            assert (after.session.remind, after.session.reminded) == (False, True)


async def _play(play: Play, steps: list[Step]) -> None:
    per_draft = Counter[bytes]()
    for step in steps:
        before = play.sent
        await _does(play, step)
        draft = play.draft()
        if play.sent > before and draft is not None and draft.response_id is not None:
            per_draft[draft.response_id] += 1
    assert set(per_draft.values()) <= {1}
    await _never_lost(play)


async def _does(play: Play, step: Step) -> None:
    """One step, and what the referee makes of it."""
    match step:
        case "rests":
            await play.rests()
        case "expires":
            await play.processes[1].keep_house()
            play.planned = play.planned if play.draft() else None
        case "restarts":
            play.talks[0].conversation = conversation(play.processes[0])
            play.talks.reverse()
            play.processes.reverse()
        case ("looks", str() as who):
            await play.rests()
            await play.looks(who)
        case (_, float() | int() as hours):
            play.processes[0].clock.now += timedelta(hours=hours)
        case doing:
            await _speaks(play, str(doing))
            await play.spoke()


async def _speaks(play: Play, doing: str) -> None:
    match doing:
        case "asks":
            await play.asks()
        case "goes on":
            await play.at_work()
            await play.talk.type("/pause")
            await play.talk.press("Go on")
        case "hides":
            await play.talk.type("/hide")
        case "returns":
            await play.returns()
        case _:
            await play.talk.type("/stop")


async def _never_lost(play: Play) -> None:
    """From here on somebody looks every five minutes: what is planned comes, or is late and waits for the day."""
    planned, before = play.planned, play.sent
    slots = [slot for *_, slot in play.processes[0].rows(due)]
    if play.draft() is not None:
        assert slots == ([] if planned is None else [planned])
    if planned is None:
        return
    clock, early = play.processes[0].clock, datetime.fromtimestamp(planned, UTC) - timedelta(minutes=15)
    in_time = clock.now <= early
    clock.now = max(clock.now, early)
    while play.draft() is not None and play.planned is not None:
        await play.rests()
        await play.looks("one")
        clock.pass_(minutes=5)
    # The referee has agreed with every look; this says in one line what it comes to.
    assert play.sent - before == 1 or not in_time


@contextmanager
def _stage(zone: str, minutes: int, begun: datetime) -> Iterator[Play]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(_migrated(), Path(folder, "sauti.db"))
        url, secrets = f"sqlite:///{folder}/sauti.db", Path(folder, "secrets")
        with World.make(url, secrets) as one, World.make(url, secrets, one.clock) as two:
            one.clock.now, two.updates = begun, itertools.count(900_000)
            row = one.open_round(record=Record(f'{{"time_zone":"{zone}"}}'.encode(), draft_minutes=minutes))
            first = Talk(one, conversation(one))
            second = Talk(
                two, conversation(two), messages=first.messages, standing=first.standing, deleted=first.deleted
            )
            yield Play([one, two], [first, second], row, zone, minutes)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    STEPS,
    st.sampled_from(PLACES),
    st.sampled_from((60, 180, 720, 1_440)),
    st.builds(lambda day, hours: day + timedelta(hours=hours), st.sampled_from(CHANGES), st.integers(-40, 20)),
)
def test_never_lost_never_doubled_never_at_night(steps: list[Step], zone: str, minutes: int, begun: datetime) -> None:
    """Through restarts, deaths, jumps, changes of the hour and two leaders: exactly what the referee expects comes.

    Proves: P7, S1, S4
    """
    with _stage(zone, minutes, begun.astimezone(UTC)) as play:
        asyncio.run(_play(play, steps))

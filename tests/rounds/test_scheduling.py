"""Rounds open and close at their time, once, whatever clocks and processes do: with a clock that a test moves."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from rounds import invented, moving, wall
from rounds.life import Act, Role
from rounds.scheduling import Moved, Scheduling
from storage import due
from storage.database import connect
from storage.errors import StorageError, StorageRefused, StorageUnavailable
from storage.migrations import migrate
from storage.rounds import Record, RoundRow, RoundState
from storage.tables import due as rows
from tests.rounds.test_service import HERE
from tests.storage.asked import CONSULTATION
from tests.storage.world import World

START = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """One process that moves rounds, and what it told."""

    world: World
    told: list[Moved] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    url: str = HERE

    def __post_init__(self) -> None:
        self.work = Scheduling(self.world.rounds, self.url, self.world.clock, self.told.append, self._fails)

    def _fails(self, error: StorageError) -> None:
        self.broken.append(error.code)

    def at(self, moment: datetime) -> list[tuple[Act, int]]:
        """What this process does when its clock shows this."""
        self.world.clock.now = moment
        before = len(self.told)
        self.work.once()
        return [(one.act, one.late) for one in self.told[before:]]


def ready(world: World, zone: str = "UTC") -> RoundRow:
    """A rehearsal that was checked, in this zone."""
    world.clock.now = START
    made = invented.record(CONSULTATION).model_copy(update={"time_zone": zone})
    row = world.drafted(record=Record(made.frozen, made.referrals))
    world.secrets.make_round(row.id)
    world.secrets.make_contact_key(row.id)
    world.rounds.set_state(row, RoundState.CHECKED, proved=True)
    return world.rounds.get(row.id)


def planned(world: World, row: RoundRow, opens: datetime | None, closes: datetime | None) -> RoundRow:
    """The round, planned for these moments on the clocks of its place."""
    said = [None if one is None else wall.shown(int(one.timestamp()), moving.zone(row)) for one in (opens, closes)]
    return moving.schedule(world.rounds, row, opens=said[0], closes=said[1], by=Role.FACILITATOR, now=world.clock())


@pytest.fixture
def office(world: World) -> Office:
    """One process."""
    return Office(world)


def test_a_round_opens_and_closes_by_itself(office: Office) -> None:
    """Not a minute early, at its slot, once; then it closes at its own, and nothing is left to do."""
    row = planned(office.world, ready(office.world), START + HOUR, START + 5 * HOUR)
    done = [office.at(START + minutes * timedelta(minutes=1)) for minutes in (59, 60, 61, 299, 300, 301)]

    assert done == [[], [(Act.OPEN, 0)], [], [], [(Act.CLOSE, 0)], []]
    closed = office.world.rounds.get(row.id)
    assert (closed.state, closed.opened_week, closed.closed_week) == (RoundState.CLOSED, "2026-W36", "2026-W36")
    assert office.world.rows(rows) == []


def test_what_was_missed_is_made_up_for_in_its_order_and_marked_late(office: Office) -> None:
    """After two days without a process, all that was planned happens, earliest first, each told as late."""
    first = planned(office.world, ready(office.world), START + 2 * HOUR, START + 30 * HOUR)
    second = planned(office.world, ready(office.world), START + HOUR, None)
    office.at(START + 48 * HOUR)

    assert [(one.round_id, one.act, one.late) for one in office.told] == [
        (second.id, Act.OPEN, 47 * 3600), (first.id, Act.OPEN, 46 * 3600), (first.id, Act.CLOSE, 18 * 3600),
    ]  # fmt: skip


def test_a_round_that_may_not_open_waits_and_is_told_of_once(world: World) -> None:
    """A rehearsal whose messenger is not on this machine stays shut; told once; when that is mended it opens, late.

    Proves: O2
    """
    away = Office(world, url="https://api.telegram.org")
    row = planned(world, ready(world), START + HOUR, START + 5 * HOUR)
    away.at(START + HOUR)
    away.at(START + HOUR + timedelta(minutes=1))

    assert [(one.act, [gap.code for gap in one.gaps]) for one in away.told] == [(Act.OPEN, ["rehearsal-outside"])]
    assert world.rounds.get(row.id).state is RoundState.SCHEDULED
    assert Office(world).at(START + 2 * HOUR) == [(Act.OPEN, 3600)]


def test_a_round_that_never_opened_does_not_close(world: World) -> None:
    """Where a round stayed shut until it was to close, the plan is given up: it is as it was before."""
    away = Office(world, url="https://api.telegram.org")
    row = planned(world, ready(world), START + HOUR, START + 5 * HOUR)
    away.at(START + HOUR)

    assert away.at(START + 5 * HOUR)[-1] == (Act.UNSCHEDULE, 0)
    assert world.rounds.get(row.id).state is RoundState.CHECKED
    assert world.rows(rows) == []


def test_what_was_done_by_hand_is_not_done_again(office: Office) -> None:
    """Opened early, paused: the slot of opening passes without a sign. Closed by hand: so does the slot of closing."""
    world = office.world
    row = planned(world, ready(world), START + HOUR, START + 5 * HOUR)
    early = moving.open_(world.rounds, row, by=Role.OPERATOR, bot_api_url=HERE, now=world.clock())
    moving.pause(world.rounds, early, by=Role.FACILITATOR)
    assert [one[0] for one in world.rows(rows)] == [moving.CLOSES]
    assert office.at(START + HOUR) == []
    assert world.rounds.get(row.id).state is RoundState.PAUSED
    moving.close(world.rounds, world.rounds.get(row.id), by=Role.OPERATOR, now=world.clock())

    assert office.at(START + 5 * HOUR) == []


def test_a_paused_round_closes_at_its_time(office: Office) -> None:
    """Whoever paused a round has not put off its end."""
    row = planned(office.world, ready(office.world), START + HOUR, START + 5 * HOUR)
    office.at(START + HOUR)
    moving.pause(office.world.rounds, office.world.rounds.get(row.id), by=Role.FACILITATOR)

    assert office.at(START + 5 * HOUR) == [(Act.CLOSE, 0)]


def test_whoever_leads_no_more_stops_between_two_rounds(office: Office) -> None:
    """A process whose lock is gone finishes the round in its hands and leaves the next one planned."""
    for _ in range(3):
        planned(office.world, ready(office.world), START + HOUR, None)
    office.world.clock.now = START + HOUR
    office.work.once(lambda: not office.told)

    assert len(office.told) == 1
    assert len(office.world.rows(rows)) == 2


def test_a_damaged_round_is_told_and_stops_nobody_else(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is told by its code, again and again; the other rounds open in time."""
    world = office.world
    bad, good = (planned(world, ready(world), START + HOUR, None) for _ in range(2))
    get = world.rounds.get

    def damaged(name: bytes | str) -> RoundRow:
        if name == bad.id:
            raise StorageRefused("round-changed")
        return get(name)

    monkeypatch.setattr(world.rounds, "get", damaged)
    office.at(START + HOUR)

    assert office.broken == ["round-changed"]
    assert [one.round_id for one in office.told] == [good.id]


async def test_a_database_that_is_away_ends_no_clock(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look fails, is told, and the next one finds what is still planned."""
    planned(office.world, ready(office.world), START + HOUR, None)
    office.world.clock.now = START + HOUR
    with monkeypatch.context() as away:
        away.setattr(due, "passed", _away)
        await office.work.job.work(lambda: True)
    await office.work.job.work(lambda: True)

    assert office.broken == ["unavailable"]
    assert [one.act for one in office.told] == [Act.OPEN]


def _away(*_anything: object) -> None:
    raise StorageUnavailable


@pytest.mark.parametrize("number", range(3))
def test_two_that_believe_to_lead_move_each_round_once(tmp_path: Path, number: int) -> None:
    """Two processes look at the same moment at the same plans: each is carried out by one of them. Attempt {number}.

    Proves: S4
    """
    url = f"sqlite:///{tmp_path}/{number}.db"
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    with World.make(url, tmp_path / "secrets") as one, World.make(url, tmp_path / "secrets") as two:
        for _ in range(6):
            planned(one, ready(one), START + HOUR, START + 2 * HOUR)
        offices, gate = (Office(one), Office(two)), threading.Barrier(2)

        def works(office: Office) -> None:
            gate.wait()
            office.at(START + 3 * HOUR)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(works, offices))
        left = [moved for office in (Office(one),) for moved in office.at(START + 3 * HOUR)]

    told = [(moved.round_id, moved.act) for office in offices for moved in office.told]
    assert len(told) == len(set(told)) == 12 - len(left)
    assert all(not office.broken for office in offices)


ZONES = ("Africa/Nairobi", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu")
LEAP = st.integers(-72, 200).map(lambda hours: timedelta(hours=hours))
PLANS = st.lists(
    st.tuples(st.sampled_from(ZONES), st.integers(1, 3_000), st.none() | st.integers(1, 1_000)), min_size=1, max_size=3
)


class Killed(BaseException):
    """A process that is gone in the middle of a transaction."""


@pytest.fixture(scope="module")
def worlds() -> Iterator[Callable[[], World]]:
    """Fresh databases on disk, copied from one that was migrated."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder}/template.db")
        migrate(engine)
        engine.dispose()
        template, count, open_worlds = (folder / "template.db").read_bytes(), iter(range(10_000)), []

        def fresh() -> World:
            path = folder / f"{next(count)}.db"
            path.write_bytes(template)
            entered = World.make(f"sqlite:///{path}", folder / f"{path.stem}.secrets")
            open_worlds.append(entered)
            return entered.__enter__()

        yield fresh
        for entered in open_worlds:
            entered.__exit__(None, None, None)


@settings(max_examples=40)
@given(plans=PLANS, leaps=st.lists(st.tuples(LEAP, st.booleans()), max_size=12))
def test_each_effect_once_and_none_missed(
    worlds: Callable[[], World],
    plans: list[tuple[str, int, int | None]],
    leaps: list[tuple[timedelta, bool]],
) -> None:
    """Whatever leaps the calendar makes, however often a process dies in the very transaction, each plan happens once.

    Through both changes of clocks in every zone, nothing happens before its slot has come on some process's calendar,
    and when all slots have passed for one living process, every round has opened once and closed once.

    Proves: S1
    """
    world = worlds()
    office = Office(world)
    slots: dict[tuple[bytes, Act], datetime] = {}
    for zone, opens, lasts in plans:
        first = START + timedelta(minutes=10 * opens)
        last = None if lasts is None else first + timedelta(minutes=10 * lasts)
        row = planned(world, ready(world, zone), first, last)
        slots |= {(row.id, Act.OPEN): first} | ({} if last is None else {(row.id, Act.CLOSE): last})
    shown, latest = START, START
    for leap, dies in leaps:
        shown += leap
        latest = max(latest, shown)
        before = len(office.told)
        look(office, shown, dies=dies)
        assert all(slots[one.round_id, one.act] <= shown for one in office.told[before:])
        office.work = Office(world, told=office.told).work  # another process, which remembers nothing
    look(office, START + timedelta(days=60), dies=False)

    assert sorted((one.round_id, one.act.value) for one in office.told) == sorted(
        (round_id, act.value) for round_id, act in slots
    )
    assert world.rows(rows) == []


def look(office: Office, shown: datetime, *, dies: bool) -> None:
    """One look at the plans; one that dies does so after its claim and before the commit."""
    with pytest.MonkeyPatch.context() as bent:
        if dies:
            claim = due.claim

            def claims_and_dies(connection: Connection, one: due.Due) -> bool:
                claim(connection, one)
                raise Killed

            bent.setattr(due, "claim", claims_and_dies)
        try:
            office.at(shown)
        except Killed:
            return

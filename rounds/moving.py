"""Moving a round through its life with the database alone: what staff bot, clock and command line do in the same way.

Here is no secret, no draft and no answer: who takes over a process that imports this can open and close rounds, and
read nothing of anybody. What more an act needs is done elsewhere. Salts are made when a round is checked
(`rounds.service`), and what closing destroys is destroyed by the leader of the participant bots
(`storage.closing.settle`).

Each move is one transaction that finds the round as its row says, or refuses. What was planned for it and is spent goes
off the plan in the same transaction; where the clock acts, its slot is claimed there too (`storage.due`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from locales import catalog
from rounds import record, signed, wall
from rounds.gap import Gap
from rounds.gate import GateClosed, Interface, Opening, gaps
from rounds.life import Act, Role, after
from rounds.wall import TimeRefused
from storage import due, recordings, work_log
from storage.database import reading, writing
from storage.due import Due
from storage.errors import StorageRefused
from storage.participation import shown
from storage.referrals import Referral
from storage.rounds import RUNNING, RoundRow, RoundState, RoundStore, change
from storage.times import iso_week

OPENS: Final = "round-opens"
CLOSES: Final = "round-closes"
JOBS: Final = (OPENS, CLOSES)
"""What is planned for a round: rows of `due` whose subject is its id."""
_SPENT: Final = {Act.OPEN: (OPENS,), Act.CLOSE: JOBS, Act.UNSCHEDULE: JOBS}


@dataclass(frozen=True, slots=True)
class Status:
    """What may be known of a round while it is open."""

    id: bytes
    code: str
    state: RoundState
    rehearsal: bool
    proved: bool
    languages: tuple[str, ...]
    opened_week: str | None
    closed_week: str | None
    participation: int
    """Responses sent, rounded down to ten and at least 24 hours old."""
    stale_referrals: int
    """Entries of the referral list that nobody has tried within 30 days; 0 in a rehearsal, whose list is invented."""
    opens: str | None = None
    """When it opens by itself, on the clocks of its place, as in 2026-12-01T09:00+03:00."""
    closes: str | None = None


def open_(
    store: RoundStore, row: RoundRow, *, by: Role, bot_api_url: str, now: datetime, slot: Due | None = None
) -> RoundRow:  # fmt: skip
    """Opens a round that was checked, or a paused one again.

    Raises:
        NotYours, WrongState: see `rounds.life`.
        GateClosed: everything that is missing now.
        StorageRefused: `state-moved-on`.
    """
    after(row.state, Act.OPEN, by)
    found = missing(store, row, bot_api_url, now)
    if found:
        raise GateClosed(found)
    return _move(store, row, Act.OPEN, by, slot, opened_week=row.opened_week or iso_week(now))


def pause(store: RoundStore, row: RoundRow, *, by: Role) -> RoundRow:
    """Lets all conversations of a round rest. Raises NotYours, WrongState, or StorageRefused `state-moved-on`."""
    return _move(store, row, Act.PAUSE, by)


def close(store: RoundStore, row: RoundRow, *, by: Role, now: datetime, slot: Due | None = None) -> RoundRow:
    """Ends a round for good: from now on nothing comes in, and within a minute the rest is done by `sauti bot`.

    Raises:
        NotYours, WrongState: see `rounds.life`.
        StorageRefused: `state-moved-on`.
    """
    return _move(store, row, Act.CLOSE, by, slot, closed_week=iso_week(now))


def schedule(
    store: RoundStore, row: RoundRow, *, opens: str | None, closes: str | None, by: Role, now: datetime
) -> RoundRow:  # fmt: skip
    """Plans when a checked round opens and closes, or when a running one closes; in place of what was planned.

    Args:
        store: of all rounds.
        row: the round.
        opens: date and time on the clocks of the round's place, as in 2026-12-01T09:00.
        closes: the same; None: it is closed by hand.
        by: who plans it.
        now: what has passed cannot be planned.

    Raises:
        NotYours, WrongState: see `rounds.life`.
        TimeRefused: what is wrong with the times.
        StorageRefused: `state-moved-on`.
    """
    state = after(row.state, Act.SCHEDULE, by)
    times = wall.planned(opens, closes, zone(row), now)
    if row.state in RUNNING and times[0] is not None:
        raise TimeRefused("opened-already")
    if row.state not in RUNNING and times[0] is None:
        raise TimeRefused("no-opening")
    with writing(store.engine, alone=True) as connection:
        change(connection, row, state=state.value)
        work_log.note(connection, store.hand, Act.SCHEDULE, row.id)
        for job, seconds in zip(JOBS, times, strict=True):
            due.cancel(connection, job, row.id)
            if seconds is not None:
                due.put(connection, Due(job, row.id, seconds))
    return store.get(row.id)


def unschedule(store: RoundStore, row: RoundRow, *, by: Role, slot: Due | None = None) -> RoundRow:
    """Forgets what was planned. Raises NotYours, WrongState, or StorageRefused `state-moved-on`."""
    return _move(store, row, Act.UNSCHEDULE, by, slot)


def renew_referrals(
    store: RoundStore, row: RoundRow, referrals: tuple[Referral, ...], now: datetime, *, by: Role = Role.OPERATOR
) -> RoundRow:  # fmt: skip
    """Replaces where help can be found, for everybody who asks from now on.

    Raises:
        GateClosed: in an open round, what the new list would lack; the old one stays.
        NotYours, WrongState: see `rounds.life`.
        StorageRefused: `state-moved-on`.
    """
    after(row.state, Act.REFERRALS, by)
    if row.state in RUNNING:
        found = tuple(record.of_help(replace(row, referrals=referrals), now.date()))
        if found:
            raise GateClosed(found)
    store.set_referrals(row, referrals)
    return store.get(row.id)


def missing(
    store: RoundStore, row: RoundRow, bot_api_url: str, now: datetime, *, proved: bool = False
) -> tuple[Gap, ...]:  # fmt: skip
    """What keeps a round from opening now; `proved` where its key was proved a moment ago, and that is not stored."""
    sounds = recordings.of_round(store.engine, row.id)
    return gaps(row, Opening(proved or row.proved, bot_api_url, interface(), now.date(), sounds))


def zone(row: RoundRow) -> str:
    """The time zone of the place where people are asked; UTC where nobody said."""
    return row.conditions.time_zone or "UTC"


def status(store: RoundStore, row: RoundRow, now: datetime) -> Status:
    """A round as it may be shown to anyone who runs it (F3)."""
    with reading(store.engine) as connection:
        participation = shown(connection, row.id, now)
    opens, closes = (due.planned(store.engine, job, row.id) for job in JOBS)
    return Status(
        row.id, row.code, row.state, row.rehearsal, row.proved, row.consultation.languages,
        row.opened_week, row.closed_week, participation, row.stale_referrals(now.date()),
        None if opens is None else wall.shown(opens.slot, zone(row)),
        None if closes is None else wall.shown(closes.slot, zone(row)),
    )  # fmt: skip


def _move(
    store: RoundStore, row: RoundRow, act: Act, by: Role, slot: Due | None = None, **facts: object
) -> RoundRow:  # fmt: skip
    state = after(row.state, act, by)
    with writing(store.engine, alone=True) as connection:
        if slot is not None and not due.claim(connection, slot):
            raise StorageRefused("state-moved-on")
        change(connection, row, state=state.value, **facts)
        work_log.note(connection, work_log.CLOCK if by is Role.CLOCK else store.hand, act, row.id)
        for job in _SPENT.get(act, ()):
            due.cancel(connection, job, row.id)
    return store.get(row.id)


def interface() -> Interface:
    """What the catalogues say of the languages in which the bot can speak."""
    spoken = frozenset(catalog.languages("participant"))
    told = frozenset(catalog.languages("reports"))
    return Interface(spoken, frozenset(one for one in spoken if signed.holds(one, "participant")), told)

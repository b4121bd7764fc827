"""What staff bot, clock and command line do to a round in the same way, with the database alone."""

from datetime import timedelta

import pytest

from docs.generate_architecture import imports, reach
from privacy.keys import drill
from rounds import moving, service
from rounds.gate import GateClosed
from rounds.life import Act, NotYours, Role, WrongState
from rounds.wall import TimeRefused
from storage import due
from storage.closing import settle
from storage.errors import StorageRefused
from storage.rounds import RoundRow, RoundState
from storage.tables import drafts, links, mailbag
from tests.rounds.records import record
from tests.rounds.test_service import HERE, make
from tests.storage.world import World

FIELD = Role.FACILITATOR


def checked(world: World) -> RoundRow:
    """A rehearsal whose key was proved and that lacks nothing."""
    row, key = make(world)
    proof = drill(service.challenge(world.rounds, row), key)
    return service.check(
        world.rounds, world.secrets, world.rounds.get(row.id), proof=proof, bot_api_url=HERE, now=world.clock()
    )


def planned(world: World, row: RoundRow, opens: str | None, closes: str | None) -> RoundRow:
    """The round with these times."""
    return moving.schedule(world.rounds, row, opens=opens, closes=closes, by=FIELD, now=world.clock())


def opened(world: World, row: RoundRow) -> RoundRow:
    """The round, opened by a facilitator."""
    return moving.open_(world.rounds, row, by=FIELD, bot_api_url=HERE, now=world.clock())


def test_nothing_of_anybody_is_within_reach() -> None:
    """A process that can open and close rounds can import neither drafts, answers, boxes, keys, secrets nor the engine.

    Proves: D1, D2
    """
    found = reach(imports(), ("rounds.moving", "rounds.scheduling"))
    never = (
        "drafts",
        "mailbag",
        "links",
        "sweep",
        "contacts",
        "secrets",
        "intake",
        "intake_keys",
        "sealing",
        "closing",
    )

    assert found & {*(f"storage.{name}" for name in never), "flows.engine", "privacy", "nacl", "aiogram"} == set()


def test_a_facilitator_runs_a_checked_round(world: World) -> None:
    """Once an operator has checked it, a facilitator opens, pauses, opens and closes it; neither checks nor destroys.

    Proves: O3
    """
    row, _ = make(world)
    with pytest.raises(WrongState):
        opened(world, row)
    ready = checked(world)
    assert (ready.state, ready.proved) == (RoundState.CHECKED, True)
    assert world.secrets.has_salt(ready.id)

    running = opened(world, moving.pause(world.rounds, opened(world, ready), by=FIELD))
    with pytest.raises(NotYours):
        moving.pause(world.rounds, running, by=Role.ANALYST)
    with pytest.raises(NotYours):
        moving.close(world.rounds, running, by=Role.TRANSLATOR, now=world.clock())
    closed = moving.close(world.rounds, running, by=FIELD, now=world.clock())

    assert (running.state, closed.state, closed.closed_week) == (RoundState.OPEN, RoundState.CLOSED, "2026-W47")


def test_the_gate_looks_again_before_a_round_opens(world: World) -> None:
    """What was in order when a round was checked may be stale when it opens: then it stays shut.

    Proves: O2
    """
    world.open_round()
    row = world.drafted(rehearsal=False)
    world.rounds.set_state(row, RoundState.CHECKED, proved=True)

    with pytest.raises(GateClosed, match="no-deployment"):
        opened(world, world.rounds.get(row.id))


async def test_who_closes_the_state_leaves_the_rest_to_the_bot(world: World) -> None:
    """A round closed by its state alone takes nothing more; nothing leaves it until drafts, links and salt are gone.

    Proves: D2, D3
    """
    row = world.open_round()
    await world.sent_by(range(12), row)
    await world.sent(70, row, "late")
    await world.consented(50, row)
    closed = moving.close(world.rounds, row, by=FIELD, now=world.clock())
    assert world.rows(drafts)
    with pytest.raises(StorageRefused, match="not-settled"):
        service.witnessed(world.rounds, closed, Act.ANALYSED)

    assert settle(world.rounds, world.secrets, world.clock()) == (row.id,)
    assert world.rows(drafts) == world.rows(links) == world.rows(mailbag) == []
    assert world.secrets.salt(row.id) is None
    assert len(world.opened(row)) == 13
    assert settle(world.rounds, world.secrets, world.clock()) == ()
    assert service.witnessed(world.rounds, closed, Act.ANALYSED).state is RoundState.ANALYSED


def test_closing_by_hand_finishes_what_others_began(world: World) -> None:
    """`sauti round close` after a clock that closed the state alone does the rest, and once more is refused."""
    row = world.open_round()
    world.rounds.set_state(row, RoundState.PAUSED)
    closed = moving.close(world.rounds, world.rounds.get(row.id), by=Role.CLOCK, now=world.clock())
    with pytest.raises(WrongState):
        service.close(world.rounds, world.secrets, closed, world.clock())


def test_a_plan_is_shown_on_the_clocks_of_its_place(world: World) -> None:
    """Times are said and shown in the round's zone; a later plan replaces an earlier one; opening by hand spends it."""
    row = planned(world, checked(world), "2026-12-01T09:00", "2026-12-08T18:00")
    seen = moving.status(world.rounds, row, world.clock())
    assert (seen.state, seen.opens, seen.closes) == (
        RoundState.SCHEDULED, "2026-12-01T09:00+00:00", "2026-12-08T18:00+00:00",
    )  # fmt: skip

    again = planned(world, row, "2026-12-02T09:00", None)
    seen = moving.status(world.rounds, again, world.clock())
    assert (seen.opens, seen.closes) == ("2026-12-02T09:00+00:00", None)

    running = planned(world, opened(world, again), None, "2026-12-09T18:00")
    seen = moving.status(world.rounds, running, world.clock())
    assert (seen.state, seen.opens, seen.closes) == (RoundState.OPEN, None, "2026-12-09T18:00+00:00")
    for wrong in ("2026-12-03T09:00", "2026-11-01T09:00"):
        with pytest.raises(TimeRefused):
            planned(world, running, wrong, None)
    moving.close(world.rounds, running, by=FIELD, now=world.clock())
    assert all(due.planned(world.engine, job, row.id) is None for job in moving.JOBS)


def test_a_plan_that_is_forgotten_leaves_the_round_checked(world: World) -> None:
    """Without its plan a scheduled round is what it was before; a running one goes on."""
    row = moving.unschedule(world.rounds, planned(world, checked(world), "2026-12-01T09:00", None), by=FIELD)
    assert row.state is RoundState.CHECKED
    assert moving.status(world.rounds, row, world.clock()).opens is None
    with pytest.raises(TimeRefused, match="no-opening"):
        planned(world, row, None, "2026-12-08T18:00")

    running = planned(world, opened(world, row), None, "2026-12-08T18:00")
    assert moving.unschedule(world.rounds, running, by=FIELD).state is RoundState.OPEN


def test_a_plan_needs_somebody_who_may(world: World) -> None:
    """A translator plans nothing, and the clock makes no plans of its own."""
    row = checked(world)
    for role in (Role.TRANSLATOR, Role.CLOCK):
        with pytest.raises(NotYours):
            moving.schedule(world.rounds, row, opens="2026-12-01T09:00", closes=None, by=role, now=world.clock())


def test_a_list_of_help_is_renewed_by_the_field(world: World) -> None:
    """A facilitator renews where help can be found while the round is open; a stale list is refused.

    Proves: O2
    """
    row = world.open_round()
    fresh = record().referrals
    assert moving.renew_referrals(world.rounds, row, fresh, world.clock(), by=FIELD).referrals == fresh
    with pytest.raises(GateClosed):
        moving.renew_referrals(world.rounds, world.rounds.get(row.id), (), world.clock() + timedelta(days=1), by=FIELD)

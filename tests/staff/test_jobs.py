"""Who is told what unasked: the daily note everybody who is linked, alarms whoever can do something about them."""

from collections import defaultdict

import pytest

from bot.staff import texts
from bot.staff.jobs import Jobs
from locales.catalog import catalogue
from rounds.life import Role
from storage import staff_offers
from storage.rounds import RoundRow
from storage.staff import Account, StaffStore
from storage.staff_keys import StaffKeys
from tests.staff.phone import TOKEN, USER, Phone
from tests.storage.world import World

STAFF = tuple(sorted(set(Role) - {Role.CLOCK}))
RUN = {Role.OPERATOR, Role.FACILITATOR}


class Heard:
    """Notes who is told what, instead of telling them."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = defaultdict(list)

    async def tell(self, account: Account, text: str) -> None:
        self.of[account.name].append(text)


async def told(world: World, times: int = 1) -> Heard:
    """Who was told what by one look of the staff bot, or several; no bot gives a sign of life, so one alarm holds."""
    heard = Heard()
    jobs = Jobs(None, StaffStore(world.engine, StaffKeys(TOKEN)), world.rounds, heard, world.clock)  # type: ignore[arg-type]  # nothing is sent
    for _ in range(times):
        await jobs._tell()
    return heard


def everybody(world: World) -> None:
    """One linked account of each role, called like it."""
    for number, role in enumerate(STAFF):
        Phone.linked(world, role, role, USER + number)


@pytest.mark.usefixtures("row")
async def test_alarms_go_to_those_who_run_rounds(world: World) -> None:
    """Operators and facilitators are told of an alarm once a day; every other role has the daily note and no more.

    Proves: F1
    """
    everybody(world)
    heard = await told(world, times=2)
    words = catalogue("en", texts.DOMAIN)
    alarm = words.text(*texts.ALARMS["clock"])

    assert {name for name, said in heard.of.items() if alarm in said} == RUN
    assert {name: len(said) for name, said in heard.of.items()} == {one: 2 if one in RUN else 1 for one in STAFF}


async def test_whoever_was_unlinked_is_told_nothing(world: World, row: RoundRow) -> None:
    """From the moment in which access ends neither note nor alarm goes to that phone; nor to a code nobody used.

    Proves: F1
    """
    everybody(world)
    staff_offers.unlink(world.engine, Role.OPERATOR)
    staff_offers.offer(world.engine, "north-2", Role.OPERATOR, world.clock(), 60)
    heard = await told(world)

    assert row.id
    assert set(heard.of) == set(STAFF) - {Role.OPERATOR}

"""Invitations: a link that stops, a code for one person, and what nobody can tell from either."""

import asyncio
import struct
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import backing
from storage.batch import Batch
from storage.destroying import destroy
from storage.errors import StorageUnavailable
from storage.intake_keys import RoundKeys
from storage.invitation_codes import hashed, new_code
from storage.rounds import RoundRow
from storage.tables import contact_bag, invitations, new_invitations
from storage.values import Turned
from tests.architecture.house import ROOT
from tests.storage.asked import CONSENTED, ERASE, SEND, START, say, words
from tests.storage.world import World


@pytest.fixture
def row(world: World) -> RoundRow:
    """A live round that is open."""
    return world.open_round(rehearsal=False)


async def come(world: World, user: int, row: RoundRow, code: str | None) -> Turned:
    """She scans a slip."""
    start = replace(START, invitation=None if code is None else hashed(code))
    return await world.turn(user, start, round_id=row.id)


async def whole(world: World, user: int, row: RoundRow, code: str) -> tuple[Turned, ...]:
    """She scans a slip, agrees, answers and sends."""
    begun = await come(world, user, row, code)
    return begun, *[await world.turn(user, one) for one in (CONSENTED, say(words(f"peace {user}")), SEND)]


def taken(world: World, row: RoundRow, code: str) -> int:
    """How many have come by a code, as only the round's salt can tell."""
    salt = world.secrets.salt(row.id)
    assert salt is not None
    keys = RoundKeys(world.secrets.intake_secret(), salt)
    key = keys.invitation(hashed(code))
    bodies = {name: body for name, _, body in world.rows(invitations)}
    body = bodies[key]
    assert isinstance(body, bytes)
    _, count = struct.unpack(">II", keys.invitations.open(body, row.id + key))
    return int(count)


async def test_a_link_stops_when_its_places_are_taken(world: World, row: RoundRow) -> None:
    """Consent takes a place, looking does not; when all are gone nobody begins, and another batch goes on.

    Proves: F4, K2
    """
    code, other = world.offered(row, 30), world.offered(row, 30)
    for user in range(100, 140):
        assert (await come(world, user, row, code)).draft is not None
        await world.turn(user, ERASE)
    before = taken(world, row, code)
    for user in range(1, 31):
        await come(world, user, row, code)
        await world.turn(user, CONSENTED)

    assert before == 0
    assert taken(world, row, code) == 30
    assert (await come(world, 31, row, code)).draft is None
    assert (await come(world, 31, row, other)).draft is not None


async def test_nobody_enters_a_live_round_uninvited(world: World, row: RoundRow) -> None:
    """Without a code, with one that nobody printed, and with another round's, no conversation begins.

    Proves: F4, P9
    """
    elsewhere = world.open_round(rehearsal=False)
    codes = (None, row.code, new_code(row.code), world.offered(elsewhere, 30))
    for user, code in enumerate(codes, 1):
        turned = await come(world, user, row, code)
        assert (turned.draft, turned.sweep, turned.receipt) == (None, (), None)


async def test_whoever_has_begun_needs_no_second_place(world: World, row: RoundRow) -> None:
    """The code again, in the middle or after hiding, leads back to the conversation, also when the link has stopped.

    Proves: F4, P8
    """
    code = world.offered(row, 30)
    await come(world, 1, row, code)
    await world.turn(1, CONSENTED)
    await come(world, 1, row, code)
    for user in range(2, 31):
        await come(world, user, row, code)
        await world.turn(user, CONSENTED)
    again = await come(world, 1, row, code)

    assert taken(world, row, code) == 30
    assert again.draft is not None
    await world.turn(1, SEND)
    assert len(world.blobs(row)) == 1


async def test_two_workers_give_the_last_place_once(url: str, tmp_path: Path) -> None:
    """Of two people who agree at the same moment, in two processes, one is let in; the other is as if never there.

    Proves: F4, S4
    """
    with World.make(url, tmp_path / "secrets") as one, World.make(url, tmp_path / "secrets") as other:
        row = one.open_round(rehearsal=False)
        for turn in range(6):
            code = one.offered(row, 2)
            crowd = range(10 * turn + 1, 10 * turn + 5)
            for user in crowd:
                await come(one, user, row, code)
            said = await asyncio.gather(
                *((one, other)[user % 2].turn(user, CONSENTED, update=user + 10_000) for user in crowd)
            )  # fmt: skip
            assert sum(turned.draft is not None for turned in said) == 2
            assert taken(one, row, code) == 2


async def test_who_finds_no_place_leaves_nothing_behind(world: World, row: RoundRow) -> None:
    """Whoever agrees after the last place went has no conversation, and every message of it goes. Proves: F4."""
    code = world.offered(row, 2)
    start = replace(START, invitation=hashed(code))
    for user in (1, 2, 3):
        await world.turn(user, start, round_id=row.id, messages=(10 * user,))
        await world.intake.card_sent(user_id=user, round_id=row.id, message_id=10 * user + 1)
    for user in (1, 2):
        await world.turn(user, CONSENTED)
    refused = await world.turn(3, CONSENTED)

    assert refused.draft is None
    assert refused.sweep == (30, 31)
    assert await world.intake.standing(user_id=3, round_id=row.id) is None


async def test_a_code_for_one_is_kept_once_and_looks_fresh(world: World, row: RoundRow) -> None:
    """Whoever comes second sees what the first saw, with a receipt; only what was sent first is kept.

    Proves: F4, R1
    """
    code = world.offered(row, 1)
    first, second = await whole(world, 1, row, code), await whole(world, 2, row, code)

    def looks(turned: Turned) -> tuple[object, ...]:
        draft = turned.draft and (turned.draft.session, turned.draft.card, turned.draft.round_id)
        return draft, turned.receipt is None, turned.repeated, turned.withdrawn, turned.sweep

    assert list(map(looks, first)) == list(map(looks, second))
    assert len(world.blobs(row)) == 1
    assert len(world.rows(contact_bag)) == 1


async def test_a_slip_can_be_begun_again_until_something_is_sent(world: World, row: RoundRow) -> None:
    """Stopping half-way, also after consent, costs nobody her only code. Proves: F4, W1."""
    code = world.offered(row, 1)
    await come(world, 1, row, code)
    await world.turn(1, CONSENTED)
    await world.turn(1, ERASE)
    await whole(world, 1, row, code)

    assert len(world.blobs(row)) == 1


async def test_two_who_send_with_one_code_at_once_are_one(url: str, tmp_path: Path) -> None:
    """Two processes, one code, one moment: one response. Proves: F4, R1."""
    with World.make(url, tmp_path / "secrets") as one, World.make(url, tmp_path / "secrets") as other:
        row = one.open_round(rehearsal=False)
        code = one.offered(row, 1)
        for user in (1, 2):
            await come(one, user, row, code)
            await one.turn(user, CONSENTED)
        said = await asyncio.gather(one.turn(1, SEND, update=1), other.turn(2, SEND, update=2))

        assert all(turned.receipt for turned in said)
        assert len(one.blobs(row)) == 1


async def test_a_database_tells_nothing_of_codes(world: World, row: RoundRow) -> None:
    """After minutes no code can be looked up, and used ones, unused ones and links are rows alike.

    Proves: F4, D2, D3
    """
    codes = [world.offered(row, places) for places in (1, 1, 30)]
    await whole(world, 1, row, codes[0])
    await come(world, 2, row, codes[2])
    await world.keep_house()
    rows = world.rows(invitations)

    assert world.rows(new_invitations) == []
    assert len({len(body) for _, _, body in rows if isinstance(body, bytes)}) == 1
    assert not {hashed(code) for code in codes} & {cell for one in rows for cell in one}
    if world.engine.dialect.name == "sqlite":  # PostgreSQL keeps an order of its own until closing, as everywhere
        assert [key for key, _, _ in rows] == sorted(key for key, _, _ in rows if isinstance(key, bytes))
    assert [taken(world, row, code) for code in codes] == [1, 0, 0]


async def test_each_place_taken_rewrites_a_row_and_a_used_code_too(world: World, row: RoundRow) -> None:
    """Whoever compares two copies of the database cannot tell a used code from a fresh one. Proves: F4."""
    code = world.offered(row, 1)
    bodies = []
    for user in (1, 2, 3):
        await whole(world, user, row, code)
        ((_, _, body),) = world.rows(invitations)
        bodies.append(body)

    assert len(set(bodies)) == 3


@pytest.mark.parametrize("ending", ["closed", "destroyed"])
async def test_invitations_die_with_their_round(world: World, row: RoundRow, ending: str) -> None:
    """Closing and destroying leave no code and no count, used or printed a moment ago. Proves: F4, D5."""
    await whole(world, 1, row, world.offered(row, 30))
    world.offered(row, 30)
    if ending == "closed":
        world.close(row)
    else:
        destroy(world.rounds, world.secrets, world.rounds.doomed(row.code, "2026-W48"))

    assert world.rows(invitations) == world.rows(new_invitations) == []


async def test_a_backup_holds_no_invitation(world: World, row: RoundRow) -> None:
    """Neither codes nor counts are in a backup: slips printed before it let nobody in afterwards. Proves: F4, D7."""
    await whole(world, 1, row, world.offered(row, 30))
    world.offered(row, 30)

    assert not [line for line in backing.lines(world.engine) if b"invitations" in line]


async def test_what_was_not_kept_was_not_counted(
    world: World, row: RoundRow, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """A transaction that fails takes no place; the update again takes one, and once more none. Proves: F4, T3."""
    code, write, failures = world.offered(row, 30), Batch.write, [StorageUnavailable()]
    await come(world, 1, row, code)

    def fails(batch: Batch) -> None:
        write(batch)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(Batch, "write", fails)
    with pytest.raises(StorageUnavailable):
        await world.turn(1, CONSENTED, update=5)
    between = taken(world, row, code)
    await world.turn(1, CONSENTED, update=5)
    await world.turn(1, CONSENTED, update=5)

    assert (between, taken(world, row, code)) == (0, 1)


_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage import writer
from storage.batch import Batch
from tests.storage.asked import CONSENTED
from tests.storage.world import World

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

with World.make(sys.argv[1], Path(sys.argv[2])) as world:
    if sys.argv[3] == "before":
        write = Batch.write
        Batch.write = lambda batch: (write(batch), die())
    asyncio.run(world.turn(1, CONSENTED, update=5))
    die()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_around_its_commit_a_place_is_taken_once(url: str, tmp_path: Path, moment: str) -> None:
    """A process that dies by SIGKILL while somebody agrees: when her update comes again, one place is taken.

    Proves: F4, S1
    """
    secrets = tmp_path / "secrets"
    with World.make(url, secrets) as world:
        row = world.open_round(rehearsal=False)
        code = world.offered(row, 30)
        await come(world, 1, row, code)
        died = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _KILLED, url, str(secrets), moment, cwd=ROOT
        )  # fmt: skip
        code_of_death = await died.wait()
        between = taken(world, row, code)
        again = await world.turn(1, CONSENTED, update=5)

        assert code_of_death == -9
        assert (between, again.repeated) == ((0, False) if moment == "before" else (1, True))
        assert taken(world, row, code) == 1


ACTS = st.sampled_from([START, CONSENTED, SEND, ERASE])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 1), ACTS), max_size=40))
def test_whatever_people_do_the_count_holds(world: World, row: RoundRow, steps: list[tuple[int, int, object]]) -> None:
    """In any order of coming, agreeing, sending and stopping: as many are let in as agreed, and one is kept for one.

    Proves: F4
    """
    asyncio.run(_any_order(world, row, steps))


async def _any_order(world: World, row: RoundRow, steps: list[tuple[int, int, object]]) -> None:
    codes = [world.offered(row, 3), world.offered(row, 1)]
    kept, agreed, sent = len(world.blobs(row)), Counter[int](), Counter[int]()
    at: dict[int, tuple[int, bool]] = {}
    for user in range(1, 7):
        await world.turn(user, ERASE)
    for user, which, act in steps:
        link, consented = at.get(user, (-1, False))
        if act is START and user not in at:
            full = which == 0 and agreed[0] == 3
            turned = await come(world, user, row, codes[which])
            assert (turned.draft is None) == full
            at |= {} if full else {user: (which, False)}
        elif act is CONSENTED and user in at and not consented:
            full = link == 0 and agreed[0] == 3
            assert ((await world.turn(user, CONSENTED)).draft is None) == full
            agreed[link] += not full
            del at[user]
            at |= {} if full else {user: (link, True)}
        elif act is SEND and consented:
            assert (await world.turn(user, SEND)).receipt
            sent[link] += 1
            del at[user]
        elif act is ERASE:
            await world.turn(user, ERASE)
            at.pop(user, None)

    assert len(world.blobs(row)) - kept == sent[0] + min(sent[1], 1)

"""Whom a broadcast has been to: once each, at most twice a round, and nothing that names a chat."""

from dataclasses import replace

import pytest

from storage import broadcasts, skipping
from storage.broadcasts import Errand, Let
from storage.database import writing
from storage.errors import StorageRefused
from storage.leading import Place, seat
from storage.rounds import RoundRow
from storage.tables import contacts, told
from tests.storage.test_contacts import CANARY, all_sent
from tests.storage.world import World


async def closed(world: World) -> RoundRow:
    """A closed round with ten entries in its box."""
    row = world.open_round()
    await all_sent(world, range(1, 11), row, wants=True)
    return world.close(row)


def begun(world: World, row: RoundRow) -> Errand:
    """The broadcast that is under way, or the next."""
    return broadcasts.begin(world.rounds, world.secrets, world.rounds.get(row.id))


def claim(world: World, errand: Errand, chat: int) -> Let:
    """One claim, in a transaction of its own."""
    with writing(world.engine) as connection:
        return errand.claim(connection, chat)


async def test_a_chat_is_claimed_once_also_after_a_kill(world: World) -> None:
    """Whoever comes second, also in a process that begins again after a kill, finds a chat taken and the others free.

    Proves: T4, W5
    """
    row = await closed(world)
    first = begun(world, row)
    assert [claim(world, first, chat) for chat in (1, 2, 1)] == [Let.GO, Let.GO, Let.DONE]
    again = begun(world, row)

    assert (first.number, again.number) == (1, 1)
    assert again.been(world.engine, [1, 2, 3]) == {1, 2}
    assert [claim(world, again, chat) for chat in (1, 2, 3)] == [Let.DONE, Let.DONE, Let.GO]


async def test_what_was_surely_not_sent_can_be_claimed_again(world: World) -> None:
    """A chat that is given back is free, and the others stay taken."""
    errand = begun(world, await closed(world))
    for chat in (1, 2):
        claim(world, errand, chat)
    with writing(world.engine) as connection:
        errand.release(connection, 1)

    assert [claim(world, errand, chat) for chat in (1, 2)] == [Let.GO, Let.DONE]


async def test_the_skip_list_is_looked_at_before_each_message(world: World) -> None:
    """Who says no while a broadcast is under way gets nothing from then on, and is not noted as told.

    Proves: W5
    """
    errand = begun(world, await closed(world))
    assert claim(world, errand, 1) is Let.GO
    with writing(world.engine) as connection:
        skipping.put(connection, world.secrets, 2)

    assert (claim(world, errand, 2), len(world.rows(told))) == (Let.LISTED, 1)


async def test_two_broadcasts_and_the_box_is_gone(world: World) -> None:
    """The second broadcast reaches everybody anew and destroys the box; a third is refused, as is the box's return.

    Proves: W5
    """
    row = await closed(world)
    first = begun(world, row)
    claim(world, first, 1)
    assert broadcasts.end(world.rounds, world.secrets, first) is False
    assert (world.rows(told), len(world.rows(contacts))) == ([], 10)
    second = begun(world, row)
    assert (second.number, claim(world, second, 1)) == (2, Let.GO)
    assert broadcasts.end(world.rounds, world.secrets, second) is True

    assert (world.rows(told), world.rows(contacts), world.secrets.contact_key(row.id)) == ([], [], None)
    with pytest.raises(StorageRefused, match="box-destroyed"):
        begun(world, row)


async def test_a_kill_at_the_end_of_the_second_leaves_no_third(world: World) -> None:
    """Where the box went and the process died before it said so, nothing more is sent.

    Proves: W5
    """
    row = await closed(world)
    for _ in range(2):
        errand = begun(world, row)
        with writing(world.engine) as connection:
            from storage.rounds import change

            change(connection, world.rounds.get(row.id), telling=errand.number == 2)
    from storage.destroying import destroy_box

    destroy_box(world.rounds, world.secrets, row.id)
    assert world.rounds.get(row.id).telling
    with pytest.raises(StorageRefused, match="box-destroyed"):
        begun(world, row)


async def test_nothing_names_a_chat_and_no_two_broadcasts_agree(world: World) -> None:
    """What is noted is a hash that needs the key, another one for each round and each broadcast.

    Proves: W5, D2
    """
    one, two = await closed(world), await closed(world)
    errands = [begun(world, one), begun(world, two)]
    for errand in errands:
        claim(world, errand, CANARY)
    names = {errand.keys.told(number, CANARY) for errand in errands for number in (1, 2)}

    assert len(names) == 4
    assert {key for key, _ in world.rows(told)} <= names
    assert all(CANARY.to_bytes(8, "big") not in name for name in names)
    assert not names & {errand.keys.skip(CANARY) for errand in errands}


def test_a_round_without_a_box_has_no_broadcast(world: World) -> None:
    """No notification key, or a folder without the box's key: refused by name."""
    row = world.drafted()
    for wrong, code in ((replace(row, notification_key=None), "no-contact-box"), (row, "no-secret")):
        with pytest.raises(StorageRefused, match=code):
            broadcasts.box_keys(world.secrets, wrong)


def test_one_broadcast_at_a_time(world: World) -> None:
    """The seat of a broadcast is another than the leader's, and there is one."""
    leader, first, second = seat(world.engine), seat(world.engine, Place.BROADCAST), seat(world.engine, Place.BROADCAST)
    try:
        assert [leader.held(), first.held(), second.held(), first.held()] == [True, True, False, True]
        first.leave()
        assert second.held()
    finally:
        for one in (leader, first, second):
            one.leave()

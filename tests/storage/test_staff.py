"""Accounts of staff: linked once, by whoever holds the code, and known by nothing that a thief of the disk can read."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from storage import participation, staff_offers
from storage.database import reading, writing
from storage.errors import StorageRefused
from storage.staff import KEPT, SHUT, TRIES, VIEWS, StaffStore
from storage.staff_keys import StaffKeys, hashed, new_code, normal, open_under_code, seal_under_code
from storage.tables import metadata, responses
from storage.times import GRAIN
from tests.staff.clock import today
from tests.storage.world import World

TOKEN = "7000000009:" + "s" * 30
USER = 7_305_419_118_236_471


def store(engine: Engine, token: str = TOKEN) -> StaffStore:
    """The staff bot's side, with this token."""
    return StaffStore(engine, StaffKeys(token))


def code_for(world: World, name: str = "north-1", role: str = "facilitator") -> str:
    """A one-time code, as the bot takes it."""
    return normal(staff_offers.offer(world.engine, name, role, world.clock(), 60).code) or ""


def test_a_code_links_one_account_once(world: World) -> None:
    """Whoever brings the code first is linked in the role it was made for; to anybody else it says nothing any more.

    Proves: F1
    """
    code, staff = code_for(world), store(world.engine)

    linked = staff.link(code, USER, "en", world.clock())
    again = staff.link(code, USER + 1, "en", world.clock())

    assert linked is not None
    assert (linked.name, linked.role, linked.chat_id) == ("north-1", "facilitator", USER)
    assert again is None
    assert staff.who(USER + 1) is None
    assert [one.state for one in staff_offers.everybody(world.engine, world.clock())] == ["linked"]


def test_a_code_dies_with_its_hour(world: World) -> None:
    """An hour later nobody is linked by it, and its name is free again."""
    code = code_for(world)
    world.clock.pass_(minutes=61)

    assert store(world.engine).link(code, USER, "en", world.clock()) is None
    assert staff_offers.everybody(world.engine, world.clock()) == ()


@pytest.mark.parametrize("name", ["", "A", "north 1", "Amina Khalil", "-x", "x" * 25])
def test_a_name_is_a_label(world: World, name: str) -> None:
    """What could be somebody's name as people write it is no label."""
    with pytest.raises(StorageRefused, match="bad-staff-name"):
        staff_offers.offer(world.engine, name, "facilitator", world.clock(), 60)


def test_a_name_is_taken_by_whoever_is_linked_or_invited(world: World) -> None:
    """Two people never share a label, or ending the access of one would be that of the other."""
    store(world.engine).link(code_for(world), USER, "en", world.clock())
    code_for(world, "north-2")

    for name in ("north-1", "north-2"):
        with pytest.raises(StorageRefused, match="staff-name-taken"):
            staff_offers.offer(world.engine, name, "operator", world.clock(), 60)


def test_unlinking_ends_it_at_once_and_is_forgotten_when_wiped(world: World) -> None:
    """After `unlink` the account is a stranger's; its chat can still be found to be wiped, and then nothing is left."""
    staff = store(world.engine)
    linked = staff.link(code_for(world), USER, "en", world.clock())
    assert linked is not None
    staff.note(linked, 12, world.clock())

    staff_offers.unlink(world.engine, "north-1")
    left = staff.unlinked()

    assert staff.who(USER) is None
    assert [staff.standing(one) for one in left] == [(12,)]
    staff.forget(left[0])
    assert all(world.rows(table) == [] for name, table in metadata.tables.items() if name.startswith("staff"))
    with pytest.raises(StorageRefused, match="no-such-staff"):
        staff_offers.unlink(world.engine, "north-1")


def test_a_step_up_code_counts_once(world: World) -> None:
    """The step of a code that was taken, and every earlier one, is never taken again."""
    staff = store(world.engine)
    linked = staff.link(code_for(world), USER, "en", world.clock())
    assert linked is not None

    assert [staff.step_up(linked, step) for step in (100, 100, 99, 101)] == [True, False, False, True]


def test_too_many_wrong_codes_shut_the_door_for_an_hour(world: World) -> None:
    """The fifth wrong code in a row shuts; until then no more is counted, and a right one begins anew."""
    staff = store(world.engine)
    linked = staff.link(code_for(world), USER, "en", world.clock())
    assert linked is not None

    early = [staff.wrong(linked, world.clock()) for _ in range(TRIES - 1)]
    staff.step_up(linked, 1)
    late = [staff.wrong(linked, world.clock()) for _ in range(TRIES)]

    shut = staff.who(USER)
    assert [*early, *late] == [False] * (2 * TRIES - 2) + [True]
    assert shut is not None
    assert SHUT <= shut.shut - int(world.clock().timestamp()) <= SHUT + GRAIN


def test_another_token_knows_nobody(world: World) -> None:
    """Whoever revokes the token has unlinked everybody: another one opens no account."""
    store(world.engine).link(code_for(world), USER, "en", world.clock())
    other = store(world.engine, "7000000009:" + "t" * 30)

    assert other.who(USER) is None
    assert other.linked() == ()


def test_the_disk_names_no_account_no_code_and_no_factor(sqlite_world: World, tmp_path: Path) -> None:
    """A thief of the database finds neither the number of an account, nor a code, nor a second factor.

    Proves: D2
    """
    made = staff_offers.offer(sqlite_world.engine, "north-1", "operator", sqlite_world.clock(), 60)
    waiting = staff_offers.offer(sqlite_world.engine, "north-2", "operator", sqlite_world.clock(), 60)
    staff = store(sqlite_world.engine)
    linked = staff.link(normal(made.code) or "", USER, "en", sqlite_world.clock())
    assert linked is not None
    staff.claim(linked, "digest", 1)

    disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    sought = [str(USER).encode(), USER.to_bytes(8, "big"), USER.to_bytes(8, "little")]
    for one in (made, waiting):
        sought += [one.code.encode(), (normal(one.code) or "").encode(), one.factor.encode()]
    assert [needle for needle in sought if needle in disk] == []
    assert b"north-1" in disk, "the label is there, so the search would find what is there"


def test_messages_wait_for_their_time(world: World) -> None:
    """A message is to be deleted half a day later at the latest, and before that when everything is."""
    staff = store(world.engine)
    linked = staff.link(code_for(world), USER, "en", world.clock())
    assert linked is not None
    staff.note(linked, 1, world.clock())
    staff.note(linked, 1, world.clock())

    early, all_ = staff.standing(linked, world.clock()), staff.standing(linked)
    world.clock.now += KEPT

    assert (early, all_, staff.standing(linked, world.clock())) == ((), (1,), (1,))
    staff.swept(linked, (1,))
    assert staff.standing(linked) == ()


def test_a_day_is_told_once(world: World) -> None:
    """Of two processes that would tell an account the same of one day, one does."""
    staff = store(world.engine)
    linked = staff.link(code_for(world), USER, "en", world.clock())
    assert linked is not None

    told = [store(world.engine).claim(linked, what, slot) for what, slot in (("a", 5), ("a", 5), ("b", 5), ("a", 6))]

    assert told == [True, False, True, True]


def sent(world: World, round_id: bytes, count: int) -> None:
    """So many responses lie in the final store."""
    rows = [
        {"response_id": bytes([one]) * 16, "round": round_id, "blob": b"", "receipt": bytes([one]) * 32,
         "digest": bytes(32), "week": "2026-W47"}
        for one in range(count)
    ]  # fmt: skip
    with writing(world.engine) as connection:
        connection.execute(insert(responses), rows)
        participation.note(connection, round_id, world.clock())


def test_participation_is_shown_in_tens_and_a_day_late(world: World) -> None:
    """What staff see on a phone is the number of the day before yesterday, rounded down to ten.

    Proves: F3
    """
    row = world.open_round()
    staff = store(world.engine)
    sent(world, row.id, 27)

    counts = []
    for _ in range(3):
        counts.append(staff.count(row.id, world.clock()))
        world.clock.pass_(days=1)

    assert counts == [0, 0, 20]


def test_not_even_the_view_shows_a_younger_number(world: World) -> None:
    """The database itself keeps the notes of today and yesterday back, whatever the process asks for.

    Proves: F3
    """
    row = world.open_round()
    # By the clock of the machine, which the view goes by: the world's clock stands in the past.
    world.clock.now = today()
    sent(world, row.id, 27)
    with reading(world.engine) as connection:
        shown = connection.execute(select(VIEWS.tables["staff_participation"])).all()

    assert shown == []


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(1, 255))
def test_what_waits_behind_a_code_opens_with_it_alone(body: bytes, place: int, change: int) -> None:
    """Sealed under a code, it opens with that code and no other, and not at all once a bit of it was changed."""
    code, other = normal(new_code()) or "", normal(new_code()) or ""
    sealed = seal_under_code(code, body)
    spoiled = bytearray(sealed)
    spoiled[place % len(sealed)] ^= change

    assert open_under_code(code, sealed) == body
    assert hashed(code) != hashed(other)
    refused: list[tuple[str, bytes]] = [(other, sealed), (code, bytes(spoiled))]
    for key, text in refused:
        with pytest.raises(ValueError, match="MAC check failed"):
            open_under_code(key, text)


def test_a_row_cannot_be_moved_to_another_account() -> None:
    """What is sealed for one account opens in no other's row, and with no other token."""
    keys = StaffKeys(TOKEN)
    mine, yours = keys.account(1), keys.account(2)
    sealed = keys.seal(mine, b"body")
    tries: list[Callable[[], bytes]] = [
        lambda: keys.open(yours, sealed), lambda: StaffKeys(TOKEN + "x").open(mine, sealed)
    ]  # fmt: skip

    assert keys.open(mine, sealed) == b"body"
    for each in tries:
        with pytest.raises(ValueError, match="MAC check failed"):
            each()
    assert timedelta(hours=48) > KEPT

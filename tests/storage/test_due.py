"""What is due is done once, whoever tries, and stands there until it is done."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import due
from storage.database import writing
from storage.due import Due
from storage.tables import due as rows
from tests.storage.world import World

SLOT = 1_800_000_000 // 600 * 600
ONE = Due("job", b"one", SLOT)


class _Lost(Exception):  # noqa: N818 - a process that dies in its middle
    pass


def test_a_claim_succeeds_once(world: World) -> None:
    """Of many processes that do what is due at the same moment, one takes it off; the others have done nothing.

    Proves: S4, S1
    """
    with writing(world.engine) as connection:
        due.put(connection, ONE)
    start = threading.Barrier(4)

    def tries(_number: int) -> bool:
        start.wait()
        with writing(world.engine) as connection:
            return due.claim(connection, ONE)

    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(tries, range(4)))

    assert sorted(claimed) == [False, False, False, True]
    assert world.rows(rows) == []


def test_a_claim_dies_with_its_effect(world: World) -> None:
    """Where the transaction is lost after the claim, what was due still is.

    Proves: S1
    """
    with writing(world.engine) as connection:
        due.put(connection, ONE)

    def half() -> None:
        with writing(world.engine) as connection:
            assert due.claim(connection, ONE)
            raise _Lost

    with pytest.raises(_Lost):
        half()

    assert list(due.passed(world.engine, "job", SLOT)) == [ONE]


def test_what_was_planned_anew_is_not_claimed_as_it_was(world: World) -> None:
    """A plan has one slot; who has seen the old one takes off nothing, and each job has its own plans."""
    later = Due("job", b"one", SLOT + 600)
    with writing(world.engine) as connection:
        due.put(connection, ONE)
        due.put(connection, Due("other", b"one", SLOT))
        due.put(connection, later)
        assert not due.claim(connection, ONE)

    assert due.planned(world.engine, "job", b"one") == later
    assert list(due.passed(world.engine, "job", SLOT)) == []
    assert list(due.passed(world.engine, "other", SLOT)) == [Due("other", b"one", SLOT)]
    with writing(world.engine) as connection:
        due.forget(connection, b"one")
    assert world.rows(rows) == []


def test_looking_back_leaves_nothing_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that passed is found, however much and however long ago, and nothing that is still to come.

    Proves: S1
    """
    monkeypatch.setattr(due, "PAGE", 500)
    old = [Due("job", number.to_bytes(4, "big"), SLOT - number * 600) for number in range(1_203)]
    with writing(world.engine) as connection:
        for one in old:
            due.put(connection, one)
        due.put(connection, Due("job", b"to come", SLOT + 600))

    assert sorted(one.subject for one in due.passed(world.engine, "job", SLOT)) == sorted(one.subject for one in old)


@pytest.mark.parametrize(("now", "late"), [(-600, 0), (0, 0), (599, 0), (600, 600), (7_300, 7_200)])
def test_what_is_late_says_by_how_much(now: int, late: int) -> None:
    """In whole slots, and nothing while it is in time. Proves: S1."""
    assert ONE.late(SLOT + now) == late

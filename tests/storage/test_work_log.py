"""The log of what staff did: a line for each act, a chain that shows every mending, and nothing of who took part."""

import json
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rounds import moving
from rounds.life import Role
from storage import destroying, staff_offers
from storage.closing import settle
from storage.database import writing
from storage.errors import StorageRefused
from storage.rounds import RoundState
from storage.staff import StaffStore
from storage.staff_keys import StaffKeys, normal
from storage.times import iso_week
from storage.work_log import CLOCK, OFFICE, START, Line, LogBroken, check, lines, note, record
from storage.work_log_file import WorkLogFile
from tests.architecture.house import ROOT
from tests.storage.world import World

FROZEN = ROOT / "tests/vectors/work-log.json"
WORDS = st.text("abc-", max_size=4)


def chain(said: list[tuple[str, str, str]]) -> list[Line]:
    """Lines that follow from each other."""
    made, before = [], START
    for number, (who, what, subject) in enumerate(said, start=1):
        line = Line(number, "2026-11-27", who, what, subject)
        made.append(replace(line, hash=line.after(before)))
        before = made[-1].hash
    return made


SAID = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=2, max_size=8)


@given(SAID, st.data())
def test_whatever_is_done_to_a_line_is_found(said: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """A line that is changed in any field, left out, doubled or moved breaks the chain, wherever it stands.

    Proves: F5
    """
    whole = chain(said)
    place = data.draw(st.integers(0, len(whole) - 1))
    line = whole[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(line, number=line.number + 1), replace(line, day="2026-11-26"),
                replace(line, who=line.who + "x"), replace(line, what=line.what + "x"),
                replace(line, subject=line.subject + "x"), replace(line, hash=bytes(32)),
                replace(line, who=line.who + "a", what=line.what[1:] + "b"),
            ]
        )
    )  # fmt: skip
    other = (place + 1) % len(whole)
    swapped = [*whole]
    swapped[place], swapped[other] = swapped[other], swapped[place]
    mended = [[*whole[:place], changed, *whole[place + 1 :]], [*whole[:place], line, *whole[place:]], swapped]
    if place < len(whole) - 1:
        mended.append([*whole[:place], *whole[place + 1 :]])
        # Whoever rewrites a line can work out its hash anew; the next line still carries the old one.
        rewritten = replace(line, who=line.who + "x")
        rewritten = replace(rewritten, hash=rewritten.after(whole[place - 1].hash if place else START))
        mended.append([*whole[:place], rewritten, *whole[place + 1 :]])

    assert check(whole) == len(whole)
    for each in mended:
        with pytest.raises(LogBroken):
            check(each)


@given(SAID, st.data())
def test_what_was_taken_off_the_end_is_found_by_an_earlier_copy(
    said: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    """A chain that lost its newest lines, or was written anew as a whole, holds; a copy from before tells it.

    Proves: F5
    """
    whole = chain(said)
    copied = data.draw(st.integers(1, len(whole)))
    left = data.draw(st.integers(0, copied - 1))
    anew = chain([("somebody", "else", ""), *said[1:]])

    assert check(whole, whole[:copied]) == len(whole)
    assert check(whole[:left]) == left
    for mended in (whole[:left], anew):
        with pytest.raises(LogBroken):
            check(mended, whole[:copied])


def done(world: World) -> list[tuple[str, str, str]]:
    """Who did what, of what."""
    return [(line.who, line.what, line.subject) for line in lines(world.engine)]


async def test_each_act_writes_its_line(world: World) -> None:
    """Rounds made, moved and destroyed, staff invited, linked and unlinked: each once, with who did it, and the day.

    Proves: F5
    """
    row = world.open_round()
    name, field = row.id.hex(), world.rounds.by("north-1")
    paused = moving.pause(field, row, by=Role.FACILITATOR)
    moving.close(world.rounds, paused, by=Role.CLOCK, now=world.clock())
    settle(world.rounds, world.secrets, world.clock())
    offer = staff_offers.offer(world.engine, "north-2", "operator", world.clock(), 60)
    store = StaffStore(world.engine, StaffKeys("1:" + "x" * 30))
    store.link(normal(offer.code) or "", 7, "en", world.clock())
    store.unlink("north-2", "north-1")
    gone = world.rounds.doomed(name, iso_week(world.clock()))
    destroying.destroy(world.rounds.by(CLOCK), world.secrets, gone)
    world.rounds.set_proof(gone, b"{}")

    assert done(world) == [
        (OFFICE, "new", name), (OFFICE, "open", name), ("north-1", "pause", name), (CLOCK, "close", name),
        (OFFICE, "staff-invite", "north-2"), ("north-2", "staff-link", "north-2"),
        ("north-1", "staff-unlink", "north-2"), (CLOCK, "destroy", name), (OFFICE, "destroyed", name),
    ]  # fmt: skip
    assert check(lines(world.engine)) == 9
    assert all(len(line.day) == 10 for line in lines(world.engine))


async def test_nothing_that_people_do_writes_a_line(world: World) -> None:
    """Whoever begins, answers, sends, withdraws or leaves adds nothing: the log counts no participant.

    Proves: D6, F5
    """
    from tests.storage.test_withdrawal import FROM_CHAT

    row = world.open_round()
    before = lines(world.engine)
    for user in range(12):
        await world.sent(user, row, "x")
    await world.turn(3, FROM_CHAT)
    await world.consented(20, row)
    world.clock.pass_(days=3)
    await world.intake.housekeeping()

    assert lines(world.engine) == before


def test_what_is_refused_writes_nothing(world: World) -> None:
    """An act that does not happen has no line, and one whose line cannot be written does not happen.

    Proves: F5
    """
    row = world.open_round()
    world.rounds.set_state(row, RoundState.PAUSED)
    before = lines(world.engine)
    with pytest.raises(StorageRefused):
        moving.pause(world.rounds, row, by=Role.OPERATOR)
    with pytest.raises(StorageRefused):
        staff_offers.offer(world.engine, "A Name", "operator", world.clock(), 60)

    assert lines(world.engine) == before


@pytest.mark.parametrize(
    "statement", ["UPDATE work_log SET who = 'nobody'", "DELETE FROM work_log", "DELETE FROM work_log WHERE number = 2"]
)
def test_no_line_can_be_changed_or_deleted(world: World, statement: str) -> None:
    """Both databases refuse it, to their owner, too.

    Proves: F5
    """
    world.open_round()
    before = lines(world.engine)
    with pytest.raises(DBAPIError, match="append-only"), world.engine.begin() as connection:
        connection.execute(text(statement))

    assert lines(world.engine) == before != ()


@pytest.mark.parametrize(
    "statement", ["UPDATE work_log SET who = 'nobody' WHERE number = 2", "DELETE FROM work_log WHERE number = 1"]
)
def test_whoever_takes_the_refusal_away_is_found(world: World, statement: str) -> None:
    """Whoever owns the database can drop what refuses; the chain shows what they did then.

    Proves: F5
    """
    world.open_round()
    record(world.engine, OFFICE, "backup")
    on = " ON work_log" if world.engine.dialect.name == "postgresql" else ""
    names = ("work_log_stays",) if on else ("work_log_stays", "work_log_is_kept")
    with writing(world.engine) as connection:
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
        connection.execute(text(statement))

    with pytest.raises(LogBroken) as found:
        check(lines(world.engine))
    assert found.value.number in {1, 2}
    assert str(found.value.number) in str(found.value)


def test_many_who_act_at_once_make_one_chain(world: World) -> None:
    """Sixty acts of six hands at the same time: sixty lines, each after another one.

    Proves: F5
    """

    def acts(who: str) -> None:
        for number in range(10):
            with writing(world.engine) as connection:
                note(connection, who, f"act-{number}")

    hands = [threading.Thread(target=acts, args=(f"hand-{one}",)) for one in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert check(lines(world.engine)) == 60
    assert len(set(done(world))) == 60


def test_a_copy_of_years_ago_is_still_read() -> None:
    """Frozen bytes: the same lines have the same hashes for ever.

    Proves: F5
    """
    copy = WorkLogFile.model_validate_json(FROZEN.read_bytes())

    assert check(copy.known) == len(copy.lines) == 4
    assert WorkLogFile.of(copy.known) == copy
    assert json.loads(FROZEN.read_text("utf-8"))["lines"][0]["hash"] == copy.known[0].hash.hex()

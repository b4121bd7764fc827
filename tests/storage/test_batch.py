"""Turns that wait are stored together; whoever cannot be stored costs nobody else anything."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Never

import pytest
from sqlalchemy import Connection, event, select, update

from flows.answers import Said
from flows.session import State
from storage.errors import StorageRefused
from storage.intake import Decide, Draft, Fate, Turned, Verdict
from storage.rounds import RoundRow
from storage.sealing import Segment
from storage.statements import LENGTHS, Listed
from storage.tables import drafts, mailbag, responses, tombstones, update_tags
from storage.writer import BATCH
from tests.storage.asked import ASKING, CONSENTED, SEND, START, always, say, seen, words
from tests.storage.world import World

POISONED = 7
NEIGHBOURS = (*range(1, POISONED), *range(POISONED + 1, 13))


async def together(world: World, acts: Sequence[Awaitable[Turned]]) -> list[Turned | BaseException]:
    """Does all in one batch: they wait while the writer is held."""
    begun, released = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> None:
        begun.set()
        assert released.wait(10)

    held = world.writer.submit(hold)
    assert await asyncio.to_thread(begun.wait, 10)
    waiting = [asyncio.ensure_future(act) for act in acts]
    await asyncio.sleep(0)
    released.set()
    held.result(10)
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def raises(_draft: Draft | None) -> Never:
    """What no engine should do."""
    raise ZeroDivisionError


async def spoil(world: World, user: int) -> None:
    """Alters the row of a draft, so that it does not open."""
    [running] = world.intake._tools.running._held.values()
    name, _ = running.keys.pseudonyms(user)
    spoiled = update(drafts).where(drafts.c.key == name).values(body=b"\0" * 600)
    await world.writer.do(lambda connection: connection.execute(spoiled))


Poison = Callable[[World], Awaitable[Callable[[], Awaitable[Turned]]]]


async def _raises(world: World) -> Callable[[], Awaitable[Turned]]:
    return lambda: world.turn(POISONED, raises)


async def _refused(world: World) -> Callable[[], Awaitable[Turned]]:
    return lambda: world.turn(POISONED, CONSENTED)


async def _does_not_open(world: World) -> Callable[[], Awaitable[Turned]]:
    await spoil(world, POISONED)
    return lambda: world.turn(POISONED, say(words("lost")))


async def _cannot_be_written(world: World) -> Callable[[], Awaitable[Turned]]:
    return lambda: world.turn(POISONED, say(words("too long")), messages=(1 << 70,))


async def _refused_by_the_database(world: World) -> Callable[[], Awaitable[Turned]]:
    broken = replace(ASKING, state=State.ASKING)

    def decide(_draft: Draft | None) -> Verdict:
        return Verdict(Fate.KEEP, broken, seal=(words("twice"),), remind_at=1 << 80)

    return lambda: world.turn(POISONED, decide)


POISONS = [_raises, _refused, _does_not_open, _cannot_be_written, _refused_by_the_database]


@pytest.mark.parametrize("poison", POISONS)
async def test_a_poisoned_turn_costs_nobody_else_anything(world: World, poison: Poison) -> None:
    """In the midst of a batch one turn fails, at whatever point: all others are stored once, and only hers fails.

    Proves: S1, T3
    """
    row = world.open_round()
    for user in (*NEIGHBOURS, POISONED):
        await world.consented(user, row)
    act = await poison(world)
    told: dict[int, list[Draft | None]] = {user: [] for user in NEIGHBOURS}
    acts: list[Awaitable[Turned]] = [world.turn(user, seen(told[user], said(user))) for user in NEIGHBOURS]
    acts.insert(len(acts) // 2, act())
    done = await together(world, acts)

    assert [number for number, one in enumerate(done) if not isinstance(one, Turned)] == [len(NEIGHBOURS) // 2]
    assert [one.repeated for one in done if isinstance(one, Turned)] == [False] * len(NEIGHBOURS)
    assert len(told[NEIGHBOURS[0]]) == 2, "the batch was not tried together first"
    for user in NEIGHBOURS:
        await world.turn(user, said(user, "after"))
        await world.turn(user, SEND)
    assert sorted(spoken(world, row)) == sorted((f"{user}", f"{user} after") for user in NEIGHBOURS)


def said(user: int, more: str = "") -> Verdict:
    """She says her number."""
    return say(words(f"{user} {more}".strip()))


def spoken(world: World, row: RoundRow) -> list[tuple[str, ...]]:
    """What each response says in words."""
    return [tuple(answer.text for _, answer in said if isinstance(answer, Said)) for _, *said in world.opened(row)]


async def test_a_stream_that_a_failed_try_used_is_never_used_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was pushed for a batch that was not kept is pushed under another key when it is tried again.

    Proves: D1
    """
    row = world.open_round()
    for user in (*NEIGHBOURS, POISONED):
        await world.consented(user, row)
    push, pushed = Segment.push, []

    def noted(segment: Segment, payload: bytes, **flags: bool) -> bytes:
        pushed.append((segment.tag, segment.next_index))
        return push(segment, payload, **flags)

    monkeypatch.setattr(Segment, "push", noted)
    await together(world, [*(world.turn(user, said(user)) for user in NEIGHBOURS), world.turn(POISONED, raises)])
    tried = pushed.copy()
    for user in NEIGHBOURS:
        await world.turn(user, said(user, "after"))

    assert len(tried) == 2 * len(NEIGHBOURS)
    assert len({tag for tag, _ in tried}) == len(tried), "each try has a stream of its own"
    assert len(set(pushed)) == len(pushed) == 3 * len(NEIGHBOURS), "no state is pushed twice"
    lost = {tag for tag, _ in tried[: len(NEIGHBOURS)]}
    assert lost.isdisjoint(tag for tag, _ in pushed[len(NEIGHBOURS) :])


async def test_several_turns_of_one_person_keep_their_order(world: World) -> None:
    """Two answers and a *send* in one batch: each finds what the one before has left, and all of it is sent.

    Proves: T3
    """
    row = world.open_round()
    await world.consented(7, row)
    shown: list[Draft | None] = []
    acts = [
        world.turn(7, replace(say(words("first")), session=replace(ASKING, place=1)), messages=(1,)),
        world.turn(7, seen(shown, say(words("second"))), messages=(2,)),
        world.turn(7, seen(shown, SEND)),
        world.turn(7, seen(shown, Verdict(Fate.NONE))),
        world.turn(8, START, round_id=row.id),
    ]
    done = await together(world, acts)

    assert not any(isinstance(one, BaseException) for one in done)
    first, second, after = shown
    assert (first and first.session.place, first and first.messages) == (1, (1,))
    assert (second and second.session.place, second and second.messages) == (0, (1, 2))
    assert after is None
    assert spoken(world, row) == [("first", "second")]
    assert len(world.rows(drafts)) == 1


async def test_an_update_that_comes_twice_in_one_batch_counts_once(world: World) -> None:
    """The same number twice at the same moment is one update.

    Proves: T3
    """
    row = world.open_round()
    await world.consented(7, row)
    done = await together(world, [world.turn(7, said(7), update=5) for _ in range(3)])
    await world.turn(7, SEND)

    assert [isinstance(one, Turned) and one.repeated for one in done] == [False, True, True]
    assert spoken(world, row) == [("7",)]


async def test_a_conversation_may_end_and_begin_anew_in_one_batch(world: World) -> None:
    """What is erased and begun again before anything was written is there once, as a new one."""
    row = world.open_round()
    await world.consented(7, row)
    erase = Verdict(Fate.ERASE, replace(ASKING, state=State.STOPPED))
    acts: list[tuple[Verdict | Decide, bytes | None]] = [
        (said(7), None), (erase, None), (START, row.id), (CONSENTED, None), (said(7, "anew"), None),
    ]  # fmt: skip
    await together(world, [world.turn(7, verdict, round_id=round_id) for verdict, round_id in acts])
    await world.turn(7, SEND)

    assert spoken(world, row) == [("7 anew",)]


@pytest.mark.parametrize("senders", [3, 12])
async def test_what_is_sent_and_taken_back_in_one_batch_is_gone(world: World, senders: int) -> None:
    """A *send* is found by whoever takes it back in the same transaction, before it has gone to mailbag or store.

    Proves: W2
    """
    row = world.open_round()
    for user in range(senders):
        await world.consented(user, row)
    back = world.turn(1, Verdict(Fate.NONE, withdraw_chat=True))
    done = await together(world, [*(world.turn(user, SEND) for user in range(senders)), back])

    assert [one.withdrawn for one in done if isinstance(one, Turned)] == [0] * senders + [1]
    assert len(world.blobs(row)) == senders - 1
    assert len(world.rows(tombstones)) == 1


async def test_a_send_that_comes_twice_in_one_batch_shows_its_receipt_twice(world: World) -> None:
    """The second delivery finds what the first has sent, though nothing is committed yet.

    Proves: T3, W1
    """
    row = world.open_round()
    await world.consented(7, row)
    once, again = await together(world, [world.turn(7, SEND, update=5), world.turn(7, SEND, update=5)])

    assert isinstance(once, Turned)
    assert isinstance(again, Turned)
    assert again.repeated
    assert once.receipt == again.receipt is not None
    assert len(world.blobs(row)) == 1


async def test_those_who_send_together_move_together(world: World) -> None:
    """Of twelve who send in one transaction none waits, and no row of the mailbag was ever theirs.

    Proves: D3
    """
    row = world.open_round()
    for user in range(12):
        await world.consented(user, row)
    await together(world, [world.turn(user, SEND) for user in range(12)])

    assert (len(world.rows(mailbag)), len(world.rows(responses))) == (0, 12)


async def test_a_batch_is_read_by_one_statement(sqlite_world: World) -> None:
    """However many turns wait, their drafts are read by one statement, and so are their tags."""
    world = sqlite_world
    row = world.open_round()
    for user in range(20):
        await world.consented(user, row)
    texts: list[str] = []

    def trace(connection: Connection) -> None:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(texts.append)

    world.writer.submit(trace).result(10)
    await together(world, [world.turn(user, said(user)) for user in range(20)])

    for table in (drafts, update_tags):
        assert sum(f"FROM {table.name}" in text for text in texts) == 1
    assert sum(text.startswith("SAVEPOINT") for text in texts) == 1, "of whoever held the writer, who was alone"


async def test_a_batch_that_fails_is_read_by_each(sqlite_world: World) -> None:
    """The second time everybody has a savepoint of her own."""
    world = sqlite_world
    row = world.open_round()
    texts: list[str] = []
    await world.consented(7, row)
    event.listen(world.engine, "rollback", lambda _connection: texts.append("ROLLBACK"))
    with pytest.raises(StorageRefused, match="begun-twice"):
        await world.turn(7, CONSENTED)
    assert texts == [], "whoever is alone is not tried twice"
    await together(world, [world.turn(7, CONSENTED), world.turn(8, always(START), round_id=row.id)])

    assert texts == ["ROLLBACK"]
    assert len(world.rows(drafts)) == 2


@pytest.mark.parametrize("many", [0, 1, 2, 3, *LENGTHS, LENGTHS[-1] + 1, 2 * BATCH + 1])
async def test_rows_are_found_however_many_are_asked_for(world: World, many: int) -> None:
    """Each row that is there comes once, whatever the number of keys and however often one is named."""
    tags = [number.to_bytes(16, "big") for number in range(300)]
    listed = Listed(lambda keys: select(update_tags.c.tag).where(update_tags.c.tag.in_(keys)))

    def work(connection: Connection) -> list[bytes]:
        connection.execute(update_tags.insert(), [{"tag": tag, "expires": 0} for tag in tags[::2]])
        return [row[0] for row in listed.rows(connection, tags[:many])]

    found = await world.writer.do(work)

    assert sorted(found) == tags[:many:2]
